"""From what was made of a reference to a capture on its way in, with what the ledger and the archive are to say of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from pipeline.errors import Quarantine
from pipeline.events import Event
from pipeline.foreign.reading import Loose, read_reference
from pipeline.foreign.references import Reference
from pipeline.foreign.working import Made
from pipeline.store.imports import with_later_captures
from pipeline.store.ingest import Arrival, Rejection, Verdict
from pipeline.store.runs import Outcome


def arrival_of(reference: Reference, made: Made, loose: Loose, event: Event | None) -> Arrival:
    """Return a reference as a capture on its way in; its bytes are read again.

    Raises:
        Quarantine: it cannot be read.
        Unwanted: it is to be passed over.
    """
    read = read_reference(reference, loose)
    capture, verdict = read.capture, None
    prepared = made.prepared or made.trouble
    if made.prepared is not None and read.notes:
        prepared = replace(made.prepared, notes=(*made.prepared.notes, *read.notes))
    if made.judgement is not None and made.judgement.reason is not None:
        verdict = Verdict(made.judgement.reason, made.judgement.message)
    elif made.trouble is not None and not made.trouble.reason.startswith("extraction-"):
        verdict = Verdict(made.trouble.reason, f"{capture.address}: {made.trouble}", stands=False)
    # As the crawl says it, for whoever goes through the archive without a database.
    origin: dict[str, Any] = {"article": True, "imported": dict(read.origin)}
    if event is not None:
        origin |= {"event": event.key, "wanted": False}
    name = f"{capture.address}#{reference.place}" if reference.is_repeat else capture.address
    return Arrival(name, capture, None, prepared, verdict, read.exchange, origin)


def rejection_of(reference: Reference, trouble: Quarantine) -> Rejection:
    """Return a reference that could not be read, for the ledger."""
    return failed(reference.place, trouble.reason, str(trouble))


def failed(place: str, reason: str, message: str) -> Rejection:
    """Return a place in an input of which nothing came, for the ledger."""
    return Rejection(Outcome(place, "failed", reason, message))


def without_superseded(database: Engine, batch: Iterable[Arrival | Rejection]) -> list[Arrival | Rejection]:
    """Return a batch in which captures older than one that is stored, or comes before them, are captures and no more.

    Archives come in any order: an old text must not pass for an article's newest version.
    """
    items = list(batch)
    oldest: dict[str, datetime] = {}
    for item in items:
        if isinstance(item, Arrival):
            capture = item.capture
            oldest[capture.address] = min(
                capture.captured_at, oldest.get(capture.address, capture.captured_at)
            )
    newest = with_later_captures(database, oldest)
    return [_judged(item, newest) if isinstance(item, Arrival) else item for item in items]


def _judged(item: Arrival, newest: dict[str, datetime]) -> Arrival:
    address, at = item.capture.address, item.capture.captured_at
    if item.verdict is None and at < newest.get(address, at):
        said = f"{item.ledger_address}: A later capture of it is stored, of {newest[address]:%Y-%m-%d %H:%M:%S} UTC."
        return replace(item, verdict=Verdict("superseded", said))
    newest[address] = max(at, newest.get(address, at))
    return item
