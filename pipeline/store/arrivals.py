"""Captures on their way into the database: what they are, what is known of them, and what was made of them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from pipeline.archive.warc import ArchiveWriter, Location
from pipeline.errors import Quarantine, Refuse
from pipeline.items import Capture, Exchange, Prepared
from pipeline.prepare import prepare
from pipeline.store.captures import CaptureKey, KnownCapture, known_captures
from pipeline.store.facts import facts_of, with_facts
from pipeline.store.runs import Outcome, RunRecord


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a capture is kept and no article made of it: a word for the ledger, and a sentence.

    `stands` where the text itself is not what is looked for, whatever recipe it is prepared by; not where there is none.
    """

    reason: str
    message: str
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Arrival:
    """A capture on its way in, and the name the ledger knows it by (a file's address, or its own).

    `location` is set where its bytes stand in the archive already; `prepared` where `prepare` ran elsewhere,
    and holds its result or why there is none; `verdict` where it was judged not to be what is looked for. `exchange`
    is the answer that it came in, to be archived as it came; `origin` is what the archive alone is to say of it.
    """

    ledger_address: str
    capture: Capture
    location: Location | None = None
    prepared: Prepared | Quarantine | None = None
    verdict: Verdict | None = None
    exchange: Exchange | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejection:
    """An address that never became a capture, and why."""

    outcome: Outcome


@dataclass(slots=True)
class Entry:
    """One capture of a batch on its way through.

    `capture_id` is set where its row is known; `location` where it is to be written; `tells` where its facts
    are more than is known of the same bytes; `again` where something earlier in the batch decides whether it
    changes anything.
    """

    arrival: Arrival
    sha256: bytes
    facts: dict[str, Any]
    tells: bool = True
    again: bool = False
    capture_id: int | None = None
    location: Location | None = None
    prepared: Prepared | None = None
    trouble: Quarantine | None = None

    @classmethod
    def of(cls, arrival: Arrival) -> "Entry":
        """Return an arrival as it stands before anything is known of it."""
        capture = arrival.capture
        return cls(arrival, hashlib.sha256(capture.body).digest(), facts_of(capture))

    @property
    def key(self) -> CaptureKey:
        """What its row is known by."""
        return self.arrival.capture.address, self.sha256

    @property
    def addresses(self) -> set[str | None]:
        """The addresses by which its article may be known."""
        capture, prepared = self.arrival.capture, self.prepared
        return {capture.address, capture.provisional_address, prepared.article_address if prepared else None}


def make_ready(
    engine: Engine, run: RunRecord, entries: Sequence[Entry], archive: ArchiveWriter
) -> tuple[list[Outcome], list[Entry]]:
    """Archive and prepare what has to be stored; account for what is stored already, and newest."""
    with Session(engine) as session:
        stored = known_captures(session, (entry.key for entry in entries))
    unchanged: list[Outcome] = []
    work: list[Entry] = []
    facts = {key: known.facts for key, known in stored.items()}
    places: dict[CaptureKey, Location] = {}
    touched: set[str | None] = set()
    seen: set[CaptureKey] = set()
    for entry in entries:
        known = stored.get(entry.key)
        before = facts.get(entry.key)
        if before is not None:
            # A capture that says less than is known undoes nothing.
            entry.facts = {**before, **entry.facts}
        facts[entry.key] = entry.facts
        entry.tells = before != entry.facts
        entry.capture_id = known.row_id if known and not entry.tells else None
        if not entry.tells and entry.arrival.verdict is None:
            current = known is not None and is_current(known, run)
            if (
                known
                and current
                and touched.isdisjoint({known.article_address, entry.arrival.capture.address})
            ):
                unchanged.append(unchanged_outcome(entry, known))
                continue
            # Something earlier in the batch may have made another version of the same article, or this one.
            entry.again = current or entry.key in seen
        if entry.tells:
            places[entry.key] = entry.arrival.location or _archived(entry, archive)
        entry.location = places.get(entry.key)
        _prepare(entry, run)
        work.append(entry)
        seen.add(entry.key)
        touched |= (entry.addresses - {None}) if entry.prepared else set()
    return unchanged, work


def _archived(entry: Entry, archive: ArchiveWriter) -> Location:
    arrival, facts = entry.arrival, {**entry.arrival.origin, **entry.facts}
    if arrival.exchange is not None:
        return archive.append_exchange(arrival.exchange, facts)
    return archive.append(arrival.capture, facts)


def is_current(known: KnownCapture, run: RunRecord) -> bool:
    """Tell whether a capture led to its article's newest version, under the run's recipe."""
    return known.newest and known.recipe_id == run.recipe_of(known.address)


def unchanged_outcome(entry: Entry, known: KnownCapture) -> Outcome:
    """Account for a capture that is stored already."""
    outcome = outcome_of(entry, "unchanged", None, None, known.row_id, known.version_id)
    return replace(outcome, source_id=known.source_id)


def _prepare(entry: Entry, run: RunRecord) -> None:
    """Prepare a capture, unless that was done elsewhere. No transaction is open: extraction holds no lock."""
    capture, ready = entry.arrival.capture, entry.arrival.prepared
    if entry.arrival.verdict is not None:
        return
    try:
        # What was prepared elsewhere may not have known all that is declared of the same bytes.
        if ready is None or (isinstance(ready, Prepared) and entry.facts != facts_of(capture)):
            ready = prepare(with_facts(capture, entry.facts), run.furniture)
    except Quarantine as trouble:
        ready = trouble
    if isinstance(ready, Quarantine):
        entry.trouble = ready
    else:
        entry.prepared = ready


def outcome_of(
    entry: Entry,
    outcome: str,
    reason: str | None = None,
    message: str | None = None,
    capture_id: int | None = None,
    version_id: int | None = None,
) -> Outcome:
    """Account for a capture under the name the ledger knows it by."""
    return Outcome(entry.arrival.ledger_address, outcome, reason, message, capture_id, version_id)


def trouble_outcome(
    entry: Entry, outcome: str, error: Quarantine | Refuse, capture_id: int | None
) -> Outcome:
    """Account for a capture that came to nothing, in a sentence that names it."""
    message = f"{entry.arrival.ledger_address}: {error}"
    return outcome_of(entry, outcome, error.reason, message, capture_id=capture_id)
