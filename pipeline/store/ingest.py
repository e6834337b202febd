"""The one way in: captures go into the archive and the database, in batches, each on its own feet.

Whatever fetched or read a capture, it comes through here. A capture that cannot be used costs itself alone:
it is archived, and the ledger says why nothing came of it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Engine, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from pipeline.archive.warc import ArchiveWriter, Location
from pipeline.errors import Quarantine, Refuse
from pipeline.items import Capture, Prepared
from pipeline.prepare import prepare
from pipeline.settings import BATCH, LONGEST_ADDRESS
from pipeline.store.facts import facts_of, with_facts
from pipeline.store.models import Capture as CaptureRow
from pipeline.store.models import Version
from pipeline.store.relate import relate
from pipeline.store.retrying import retry_passing
from pipeline.store.runs import Outcome, RunRecord, record_outcomes
from pipeline.store.sources import source_row
from pipeline.store.versions import store_version

Alongside = Callable[[Session, Sequence[Outcome]], None]
"""Writes rows that belong to a batch, in its transaction."""

_Led = aliased(Version)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a capture is kept and no article made of it: a word for the ledger, and a sentence."""

    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """A capture on its way in, and the name the ledger knows it by (a file's address, or its own).

    `location` is set where its bytes stand in the archive already; `prepared` where `prepare` ran elsewhere,
    and holds its result or why there is none; `verdict` where it was judged not to be what is looked for.
    """

    ledger_address: str
    capture: Capture
    location: Location | None = None
    prepared: Prepared | Quarantine | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """An address that never became a capture, and why."""

    outcome: Outcome


def ingest(
    engine: Engine, run: RunRecord, arrivals: Iterable[Arrival | Rejection], archive: ArchiveWriter
) -> Iterator[Outcome]:
    """Store captures and account for each in the run's ledger; yield the outcomes as they are committed.

    Each batch is archived and flushed, then written in one transaction, then committed, and only then
    looked at for relations: looking first would miss the copies that other writers store at the same moment.
    """
    for batch in _batches(arrivals):
        outcomes, documents = store_batch(engine, run, batch, archive)
        relate(engine, documents)
        run.outcomes.extend(outcomes)
        yield from outcomes


def _batches(arrivals: Iterable[Arrival | Rejection]) -> Iterator[list[Arrival | Rejection]]:
    waiting = iter(arrivals)
    while batch := list(islice(waiting, BATCH)):
        yield batch


@dataclass(frozen=True, slots=True)
class _Known:
    """What is stored of a capture already.

    Its row, the version and recipe it led to, if any, and whether that is its article's newest version.
    """

    row_id: int
    facts: dict[str, Any]
    version_id: int | None
    recipe_id: int | None
    newest: bool


@dataclass(slots=True)
class _Entry:
    """One capture of a batch on its way through."""

    arrival: Arrival
    sha256: bytes
    facts: dict[str, Any]
    known: _Known | None = None
    location: Location | None = None
    prepared: Prepared | None = None
    trouble: Quarantine | None = None


def store_batch(
    engine: Engine,
    run: RunRecord,
    batch: Sequence[Arrival | Rejection],
    archive: ArchiveWriter,
    alongside: Alongside | None = None,
) -> tuple[list[Outcome], list[int]]:
    """Store one batch in one transaction; return what became of each, and the documents to be related.

    `alongside` writes further rows in the same transaction: it is called once, with the outcomes, after all
    else is written and before the commit.
    """
    outcomes = [item.outcome for item in batch if isinstance(item, Rejection)]
    entries = []
    for item in batch:
        if isinstance(item, Arrival):
            if len(item.capture.address.encode()) > LONGEST_ADDRESS:
                outcomes.append(_too_long(item))
            else:
                entries.append(
                    _Entry(item, hashlib.sha256(item.capture.body).digest(), facts_of(item.capture))
                )
    with Session(engine) as session:
        for entry in entries:
            entry.known = _known(session, entry)
            if entry.known is not None:
                entry.facts = {**entry.known.facts, **entry.facts}
    work = []
    for entry in entries:
        known = entry.known
        same_facts = known is not None and known.facts == entry.facts
        if known is not None and same_facts and known.newest and known.recipe_id == run.recipe_id:
            outcomes.append(
                _outcome(entry, "unchanged", capture_id=known.row_id, version_id=known.version_id)
            )
            continue
        if not same_facts:
            entry.location = entry.arrival.location or archive.append(entry.arrival.capture, entry.facts)
        _prepare(entry)
        work.append(entry)
    archive.flush()
    stored, documents = _write_batch(engine, run, work, outcomes, alongside)
    return outcomes + stored, documents


def _prepare(entry: _Entry) -> None:
    """Prepare a capture, unless that was done elsewhere. No transaction is open: extraction holds no lock."""
    ready = entry.arrival.prepared
    try:
        if ready is None and entry.arrival.verdict is None:
            ready = prepare(with_facts(entry.arrival.capture, entry.facts))
    except Quarantine as trouble:
        ready = trouble
    if isinstance(ready, Quarantine):
        entry.trouble = ready
    else:
        entry.prepared = ready


@retry_passing
def _write_batch(
    engine: Engine,
    run: RunRecord,
    work: list[_Entry],
    others: list[Outcome],
    alongside: Alongside | None = None,
) -> tuple[list[Outcome], list[int]]:
    stored: list[Outcome] = []
    documents: list[int] = []
    with Session(engine) as session, session.begin():
        # Writers that take their locks in one order do not stand in each other's way.
        for entry in sorted(work, key=_lock_order):
            capture_id = _write_capture(session, run, entry)
            verdict = entry.arrival.verdict
            if verdict is not None:
                stored.append(_outcome(entry, "rejected", verdict.reason, verdict.message, capture_id))
                continue
            if entry.trouble is not None:
                trouble = entry.trouble
                stored.append(_trouble(entry, "failed", trouble, capture_id))
                continue
            assert entry.prepared is not None  # noqa: S101 - either it was prepared or it is in trouble
            try:
                with session.begin_nested():
                    result = store_version(
                        session, run, entry.arrival.capture, entry.prepared, capture_id, entry.sha256
                    )
            except Refuse as refusal:
                stored.append(_trouble(entry, "refused", refusal, capture_id))
                continue
            session.execute(
                update(CaptureRow)
                .where(CaptureRow.id == capture_id)
                .values(version_id=result.version_id, recipe_id=run.recipe_id)
            )
            doubts = " ".join(entry.prepared.notes) or None
            stored.append(
                _outcome(entry, result.outcome, None, doubts, capture_id, version_id=result.version_id)
            )
            if result.unchecked:
                documents.append(result.document_id)
        names = [entry.arrival.ledger_address for entry in work]
        stored.sort(key=lambda outcome: names.index(outcome.address))
        record_outcomes(session, run, others + stored)
        if alongside is not None:
            alongside(session, others + stored)
    return stored, documents


def _too_long(item: Arrival) -> Outcome:
    said = f"{item.ledger_address}: Its address has over {LONGEST_ADDRESS} bytes; give it a shorter one."
    return Outcome(item.ledger_address, "failed", "address-too-long", said)


def _lock_order(entry: _Entry) -> str:
    """Order by what is locked; two files that declare one hash keep the order they came in."""
    return entry.prepared.content_hash if entry.prepared else ""


def _known(session: Session, entry: _Entry) -> _Known | None:
    newest = (
        select(func.max(Version.number))
        .where(Version.article_id == _Led.article_id)
        .correlate(_Led)
        .scalar_subquery()
    )
    row = session.execute(
        select(CaptureRow, (_Led.number == newest).label("newest"))
        .outerjoin(_Led, _Led.id == CaptureRow.version_id)
        .where(CaptureRow.address == entry.arrival.capture.address, CaptureRow.sha256 == entry.sha256)
    ).first()
    if row is None:
        return None
    capture = row.Capture
    return _Known(capture.id, capture.facts, capture.version_id, capture.recipe_id, newest=bool(row.newest))


def _write_capture(session: Session, run: RunRecord, entry: _Entry) -> int:
    """Return the id of the capture's row; a new location is written where the capture was archived again."""
    capture = entry.arrival.capture
    same = select(CaptureRow).where(CaptureRow.address == capture.address, CaptureRow.sha256 == entry.sha256)
    if entry.location is None:
        return session.scalars(same).one().id
    described: dict[str, Any] = {
        "facts": entry.facts,
        "archive_file": entry.location.file,
        "archive_offset": entry.location.offset,
        "archive_length": entry.location.length,
    }
    if capture.source is not None:
        described["source_id"] = source_row(session, capture.source)
    statement = insert(CaptureRow).values(
        address=capture.address,
        sha256=entry.sha256,
        media_type=capture.media_type,
        byte_count=len(capture.body),
        captured_at=capture.captured_at,
        headers=dict(capture.headers),
        run_id=run.id,
        **described,
    )
    # Another process may have stored the same bytes meanwhile: both records are good, the later one counts.
    statement = statement.on_conflict_do_update(index_elements=["address", "sha256"], set_=described)
    return session.execute(statement.returning(CaptureRow.id)).scalar_one()


def _outcome(
    entry: _Entry,
    outcome: str,
    reason: str | None = None,
    message: str | None = None,
    capture_id: int | None = None,
    version_id: int | None = None,
) -> Outcome:
    return Outcome(entry.arrival.ledger_address, outcome, reason, message, capture_id, version_id)


def _trouble(entry: _Entry, outcome: str, error: Quarantine | Refuse, capture_id: int) -> Outcome:
    """Account for a capture that came to nothing, in a sentence that names it."""
    message = f"{entry.arrival.ledger_address}: {error}"
    return _outcome(entry, outcome, error.reason, message, capture_id=capture_id)
