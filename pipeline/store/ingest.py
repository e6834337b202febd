"""The one way in: captures go into the archive and the database, in batches, each on its own feet.

Whatever fetched or read a capture, it comes through here. A capture that cannot be used costs itself alone:
it is archived, and the ledger says why nothing came of it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Engine, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from pipeline.archive.warc import ArchiveWriter, Location
from pipeline.errors import Quarantine, Refuse
from pipeline.items import Capture, Prepared
from pipeline.prepare import prepare
from pipeline.settings import BATCH
from pipeline.store.models import Capture as CaptureRow
from pipeline.store.models import Version
from pipeline.store.relate import relate
from pipeline.store.retrying import retry_passing
from pipeline.store.runs import Outcome, RunRecord, record_outcomes
from pipeline.store.sources import source_row
from pipeline.store.versions import store_version


@dataclass(frozen=True, slots=True)
class Arrival:
    """A capture on its way in, and the name the ledger knows it by (a file's address, or its own)."""

    ledger_address: str
    capture: Capture


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
        outcomes, documents = _store_batch(engine, run, batch, archive)
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


def _store_batch(
    engine: Engine, run: RunRecord, batch: Iterable[Arrival | Rejection], archive: ArchiveWriter
) -> tuple[list[Outcome], list[int]]:
    outcomes = [item.outcome for item in batch if isinstance(item, Rejection)]
    entries = [_entry(item) for item in batch if isinstance(item, Arrival)]
    with Session(engine) as session:
        for entry in entries:
            entry.known = _known(session, entry)
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
            entry.location = archive.append(entry.arrival.capture, entry.facts)
        try:
            # No transaction is open here: extraction holds no lock.
            entry.prepared = prepare(entry.arrival.capture)
        except Quarantine as trouble:
            entry.trouble = trouble
        work.append(entry)
    archive.flush()
    stored, documents = _write_batch(engine, run, work, outcomes)
    return outcomes + stored, documents


@retry_passing
def _write_batch(
    engine: Engine, run: RunRecord, work: list[_Entry], others: list[Outcome]
) -> tuple[list[Outcome], list[int]]:
    stored: list[Outcome] = []
    documents: list[int] = []
    with Session(engine) as session, session.begin():
        # Writers that take their locks in one order do not stand in each other's way.
        for entry in sorted(work, key=_lock_order):
            capture_id = _write_capture(session, run, entry)
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
            doubts = " ".join(entry.prepared.notes) or None
            stored.append(
                _outcome(entry, result.outcome, None, doubts, capture_id, version_id=result.version_id)
            )
            if result.unrelated:
                documents.append(result.document_id)
        record_outcomes(session, run, others + stored)
    return stored, documents


def _lock_order(entry: _Entry) -> bytes:
    return entry.prepared.sha256 if entry.prepared else b""


def _entry(arrival: Arrival) -> _Entry:
    capture = arrival.capture
    declared = capture.declared
    facts = {
        "content_hash": declared.content_hash,
        "title": declared.title,
        "published": declared.published.isoformat() if declared.published else None,
        "language": declared.language,
        "timezone": capture.timezone,
        "source": capture.source.key if capture.source else None,
    }
    known_facts = {key: value for key, value in facts.items() if value is not None}
    return _Entry(arrival, hashlib.sha256(capture.body).digest(), known_facts)


def _known(session: Session, entry: _Entry) -> _Known | None:
    later = aliased(Version)
    superseded = exists().where(later.article_id == Version.article_id, later.number > Version.number)
    row = session.execute(
        select(CaptureRow, Version.id.label("version_id"), Version.recipe_id, superseded.label("superseded"))
        .outerjoin(Version, Version.capture_id == CaptureRow.id)
        .where(CaptureRow.address == entry.arrival.capture.address, CaptureRow.sha256 == entry.sha256)
        .order_by(Version.number.desc().nulls_last())
        .limit(1)
    ).first()
    if row is None:
        return None
    return _Known(row.Capture.id, row.Capture.facts, row.version_id, row.recipe_id, newest=not row.superseded)


def _write_capture(session: Session, run: RunRecord, entry: _Entry) -> int:
    """Return the id of the capture's row; a new location is written where the capture was archived again."""
    capture = entry.arrival.capture
    same = select(CaptureRow).where(CaptureRow.address == capture.address, CaptureRow.sha256 == entry.sha256)
    if entry.location is None:
        return session.scalars(same).one().id
    described = {
        "facts": entry.facts,
        "source_id": source_row(session, capture.source) if capture.source else None,
        "archive_file": entry.location.file,
        "archive_offset": entry.location.offset,
        "archive_length": entry.location.length,
    }
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
