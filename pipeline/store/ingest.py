"""The one way in: captures go into the archive and the database, in batches, each on its own feet.

Whatever fetched or read a capture, it comes through here. A capture that cannot be used costs itself alone:
it is archived, and the ledger says why nothing came of it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.orm import Session

from pipeline.archive.warc import ArchiveWriter, Location
from pipeline.errors import Quarantine, Refuse
from pipeline.items import Capture, Prepared
from pipeline.prepare import prepare
from pipeline.settings import BATCH, LONGEST_ADDRESS
from pipeline.store.captures import (
    ArchivedCapture,
    CaptureKey,
    KnownCapture,
    known_captures,
    note_versions,
    write_captures,
)
from pipeline.store.documents import Text, contested
from pipeline.store.facts import facts_of, with_facts
from pipeline.store.relate import relate
from pipeline.store.retrying import retry_passing
from pipeline.store.runs import Outcome, RunRecord, record_outcomes
from pipeline.store.sources import source_rows
from pipeline.store.versions import Found, StoredVersion, store_versions

Alongside = Callable[[Session, Sequence[Outcome]], None]
"""Writes rows that belong to a batch, in its transaction."""


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


@dataclass(slots=True)
class _Entry:
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

    @property
    def key(self) -> CaptureKey:
        """What its row is known by."""
        return self.arrival.capture.address, self.sha256

    @property
    def addresses(self) -> set[str | None]:
        """The addresses by which its article may be known."""
        capture, prepared = self.arrival.capture, self.prepared
        return {capture.address, capture.provisional_address, prepared.article_address if prepared else None}


def store_batch(
    engine: Engine,
    run: RunRecord,
    batch: Sequence[Arrival | Rejection],
    archive: ArchiveWriter,
    alongside: Alongside | None = None,
) -> tuple[list[Outcome], list[int]]:
    """Store one batch in one transaction; return what became of each, and the documents to be related.

    What becomes of them is what would become of them one by one, in their order. `alongside` writes further
    rows in the same transaction: it is called once, with the outcomes, after all else is written and before
    the commit; and again, where the transaction has to be repeated.
    """
    outcomes = [item.outcome for item in batch if isinstance(item, Rejection)]
    entries = []
    for item in batch:
        if isinstance(item, Arrival):
            if len(item.capture.address.encode(errors="surrogatepass")) > LONGEST_ADDRESS:
                outcomes.append(_too_long(item))
            else:
                entries.append(
                    _Entry(item, hashlib.sha256(item.capture.body).digest(), facts_of(item.capture))
                )
    unchanged, work = _make_ready(engine, run, entries, archive)
    archive.flush()
    outcomes += unchanged
    try:
        stored, documents = _write_batch(engine, run, work, outcomes, alongside)
    except (DBAPIError, ValueError) as error:
        if not _is_of_a_row(error):
            raise
        stored, documents = _write_batch(engine, run, work, outcomes, alongside, singly=True)
    return outcomes + stored, documents


def _make_ready(
    engine: Engine, run: RunRecord, entries: Sequence[_Entry], archive: ArchiveWriter
) -> tuple[list[Outcome], list[_Entry]]:
    """Archive and prepare what has to be stored; account for what is stored already, and newest."""
    with Session(engine) as session:
        stored = known_captures(session, (entry.key for entry in entries))
    unchanged: list[Outcome] = []
    work: list[_Entry] = []
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
            current = known is not None and _is_current(known, run)
            if (
                known
                and current
                and touched.isdisjoint({known.article_address, entry.arrival.capture.address})
            ):
                unchanged.append(_unchanged(entry, known))
                continue
            # Something earlier in the batch may have made another version of the same article, or this one.
            entry.again = current or entry.key in seen
        if entry.tells:
            places[entry.key] = entry.arrival.location or archive.append(entry.arrival.capture, entry.facts)
        entry.location = places.get(entry.key)
        _prepare(entry)
        work.append(entry)
        seen.add(entry.key)
        touched |= (entry.addresses - {None}) if entry.prepared else set()
    return unchanged, work


def _is_current(known: KnownCapture, run: RunRecord) -> bool:
    return known.newest and known.recipe_id == run.recipe_id


def _unchanged(entry: _Entry, known: KnownCapture) -> Outcome:
    return _outcome(entry, "unchanged", capture_id=known.row_id, version_id=known.version_id)


def _prepare(entry: _Entry) -> None:
    """Prepare a capture, unless that was done elsewhere. No transaction is open: extraction holds no lock."""
    capture, ready = entry.arrival.capture, entry.arrival.prepared
    if entry.arrival.verdict is not None:
        return
    try:
        # What was prepared elsewhere may not have known all that is declared of the same bytes.
        if ready is None or (isinstance(ready, Prepared) and entry.facts != facts_of(capture)):
            ready = prepare(with_facts(capture, entry.facts))
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
    work: Sequence[_Entry],
    others: list[Outcome],
    alongside: Alongside | None,
    *,
    singly: bool = False,
) -> tuple[list[Outcome], list[int]]:
    """Write a batch, in one transaction; `singly` with a savepoint each, so that a bad row costs itself alone."""
    written: list[_Written] = []
    with Session(engine) as session, session.begin():
        record_outcomes(session, run, others)
        if singly:
            written = [_write_one(session, run, entry) for entry in work]
            record_outcomes(session, run, [item.outcome for item in written])
        else:
            captures = _write_captures(session, run, work)
            for group in _groups(work):
                written += (now := _write(session, run, group, captures))
                # A refusal names what was taken in before it.
                record_outcomes(session, run, [item.outcome for item in now])
        stored = [item.outcome for item in written]
        if alongside is not None:
            alongside(session, others + stored)
    return stored, [item.document_id for item in written if item.document_id is not None]


def _groups(work: Sequence[_Entry]) -> list[list[_Entry]]:
    """Part a batch where what becomes of a capture depends on what is written of those before it."""
    texts = [Text(entry.prepared, entry.sha256) for entry in work if entry.prepared]
    every = contested(texts)
    groups: list[list[_Entry]] = []
    for entry in work:
        if every or entry.again or not groups:
            groups.append([])
        groups[-1].append(entry)
    return groups


@dataclass(frozen=True, slots=True)
class _Written:
    """What became of a capture, and its document where that is to be related."""

    outcome: Outcome
    document_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Captures:
    """The ids of the captures' rows by what they are known by, and of their outlets' by their keys."""

    ids: dict[CaptureKey, int]
    sources: dict[str, int]

    def id_of(self, entry: _Entry) -> int:
        """Return the id of a capture's row."""
        return entry.capture_id or self.ids[entry.key]

    def source_of(self, entry: _Entry) -> int | None:
        """Return the id of a capture's outlet."""
        source = entry.arrival.capture.source
        return self.sources[source.key] if source else None


def _write_captures(session: Session, run: RunRecord, entries: Sequence[_Entry]) -> _Captures:
    sources = [(entry.arrival.capture.source, entry.tells) for entry in entries]
    told = [source for source, tells in sources if source and tells]
    known = [source for source, tells in sources if source and not tells]
    found = _Captures({}, source_rows(session, told, known))
    found.ids.update(
        write_captures(
            session,
            run.id,
            [
                ArchivedCapture(
                    entry.arrival.capture, entry.sha256, entry.facts, found.source_of(entry), entry.location
                )
                for entry in entries
                if entry.location is not None
            ],
        )
    )
    return found


def _write(
    session: Session, run: RunRecord, entries: Sequence[_Entry], captures: _Captures
) -> list[_Written]:
    """Write what was made of captures whose rows are written, in their order."""
    if entries and entries[0].again:
        known = known_captures(session, [entries[0].key]).get(entries[0].key)
        if known is not None and _is_current(known, run):
            rest = _write(session, run, entries[1:], captures) if entries[1:] else []
            return [_Written(_unchanged(entries[0], known)), *rest]
    usable = [
        (entry, entry.prepared)
        for entry in entries
        if entry.prepared is not None and not entry.arrival.verdict
    ]
    results = store_versions(
        session,
        run.recipe_id,
        [
            Found(
                entry.arrival.capture,
                entry.sha256,
                prepared,
                captures.id_of(entry),
                captures.source_of(entry),
            )
            for entry, prepared in usable
        ],
    )
    led = {id(entry): result for (entry, _), result in zip(usable, results, strict=True)}
    written = [_account(entry, captures.id_of(entry), led.get(id(entry))) for entry in entries]
    note_versions(
        session,
        run.recipe_id,
        {
            captures.id_of(entry): result.version_id
            for (entry, _), result in zip(usable, results, strict=True)
            if isinstance(result, StoredVersion)
        },
    )
    return written


def _write_one(session: Session, run: RunRecord, entry: _Entry) -> _Written:
    """Write one capture; where the database takes only its row, or nothing of it, say so."""
    captures: _Captures | None = None
    try:
        with session.begin_nested():
            captures = _write_captures(session, run, [entry])
        with session.begin_nested():
            return _write(session, run, [entry], captures)[0]
    except (DBAPIError, ValueError) as error:
        if not _is_of_a_row(error):
            raise
        capture_id = captures.id_of(entry) if captures else entry.capture_id
        said = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines() or [
            "no reason"
        ]
        trouble = Quarantine("database", f"The database did not take it ({said[0]}); the rest was stored.")
        return _Written(_trouble(entry, "failed", trouble, capture_id))


def _account(entry: _Entry, capture_id: int, result: StoredVersion | Refuse | None) -> _Written:
    verdict = entry.arrival.verdict
    if verdict is not None:
        return _Written(_outcome(entry, "rejected", verdict.reason, verdict.message, capture_id))
    if isinstance(result, Refuse):
        return _Written(_trouble(entry, "refused", result, capture_id))
    if result is None or entry.prepared is None:
        trouble = entry.trouble or Quarantine("no-article", "Nothing was made of it.")
        return _Written(_trouble(entry, "failed", trouble, capture_id))
    doubts = " ".join(entry.prepared.notes) or None
    return _Written(
        _outcome(entry, result.outcome, None, doubts, capture_id, result.version_id),
        result.document_id if result.unchecked else None,
    )


def _is_of_a_row(error: DBAPIError | ValueError) -> bool:
    """Tell an error that one row of many caused from one of the connection, the server or the transaction."""
    if isinstance(error, ValueError):  # Text that has no encoding does not get as far as the server.
        return isinstance(error, UnicodeError)
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # The driver refused a value.
        return isinstance(error, DataError)
    return state[:2] not in {"08", "25", "40", "53", "55", "57", "58", "XX"}


def _too_long(item: Arrival) -> Outcome:
    said = f"{item.ledger_address}: Its address has over {LONGEST_ADDRESS} bytes; give it a shorter one."
    return Outcome(item.ledger_address, "failed", "address-too-long", said)


def _outcome(
    entry: _Entry,
    outcome: str,
    reason: str | None = None,
    message: str | None = None,
    capture_id: int | None = None,
    version_id: int | None = None,
) -> Outcome:
    return Outcome(entry.arrival.ledger_address, outcome, reason, message, capture_id, version_id)


def _trouble(entry: _Entry, outcome: str, error: Quarantine | Refuse, capture_id: int | None) -> Outcome:
    """Account for a capture that came to nothing, in a sentence that names it."""
    message = f"{entry.arrival.ledger_address}: {error}"
    return _outcome(entry, outcome, error.reason, message, capture_id=capture_id)
