"""Writing a batch: in one transaction, a dozen statements for all; a bad row costs itself alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Engine
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.orm import Session

from pipeline.errors import Quarantine, Refuse
from pipeline.store.arrivals import Entry, is_current, outcome_of, trouble_outcome, unchanged_outcome
from pipeline.store.captures import (
    ArchivedCapture,
    CaptureKey,
    Extracted,
    known_captures,
    note_extractions,
    note_turned_down,
    write_captures,
)
from pipeline.store.documents import Text, contested
from pipeline.store.retrying import retry_passing
from pipeline.store.runs import Outcome, RunRecord, record_outcomes
from pipeline.store.sources import source_rows
from pipeline.store.versions import Found, StoredVersion, store_versions

Alongside = Callable[[Session, Sequence[Outcome]], None]
"""Writes rows that belong to a batch, in its transaction."""


@retry_passing
def write_batch(
    engine: Engine,
    run: RunRecord,
    work: Sequence[Entry],
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


def _groups(work: Sequence[Entry]) -> list[list[Entry]]:
    """Part a batch where what becomes of a capture depends on what is written of those before it."""
    texts = [Text(entry.prepared, entry.sha256) for entry in work if entry.prepared]
    every = contested(texts)
    groups: list[list[Entry]] = []
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

    def id_of(self, entry: Entry) -> int:
        """Return the id of a capture's row."""
        return entry.capture_id or self.ids[entry.key]

    def source_of(self, entry: Entry) -> int | None:
        """Return the id of a capture's outlet."""
        source = entry.arrival.capture.source
        return self.sources[source.key] if source else None


def _write_captures(session: Session, run: RunRecord, entries: Sequence[Entry]) -> _Captures:
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


def _write(session: Session, run: RunRecord, entries: Sequence[Entry], captures: _Captures) -> list[_Written]:
    """Write what was made of captures whose rows are written, in their order."""
    if entries and entries[0].again:
        known = known_captures(session, [entries[0].key]).get(entries[0].key)
        if known is not None and is_current(known, run):
            rest = _write(session, run, entries[1:], captures) if entries[1:] else []
            if "source" not in entries[0].facts:  # Only something later in the batch tells it.
                known = replace(known, source_id=None)
            return [_Written(unchanged_outcome(entries[0], known)), *rest]
    usable = [
        (entry, entry.prepared)
        for entry in entries
        if entry.prepared is not None and not entry.arrival.verdict
    ]
    results = store_versions(
        session,
        run.id,
        [
            Found(
                entry.arrival.capture,
                entry.sha256,
                prepared,
                captures.id_of(entry),
                captures.source_of(entry),
                run.recipe_of(entry.arrival.capture.address),
            )
            for entry, prepared in usable
        ],
    )
    led = {id(entry): result for (entry, _), result in zip(usable, results, strict=True)}
    written = [_account(entry, captures, led.get(id(entry))) for entry in entries]
    note_extractions(session, run.id, _extracted(run, entries, captures, led), keep=True)
    verdicts = ((captures.id_of(entry), entry.arrival.verdict) for entry in entries)
    note_turned_down(
        session, {row: verdict.reason for row, verdict in verdicts if verdict and verdict.stands}
    )
    return written


def _extracted(
    run: RunRecord,
    entries: Sequence[Entry],
    captures: _Captures,
    led: Mapping[int, StoredVersion | Refuse],
) -> Iterator[Extracted]:
    """Yield what was made of captures; what was not prepared, or refused for another's sake, says nothing."""
    for entry in entries:
        capture_id, recipe_id = captures.id_of(entry), run.recipe_of(entry.arrival.capture.address)
        result = led.get(id(entry))
        if isinstance(result, StoredVersion):
            yield Extracted(capture_id, recipe_id, result.version_id, result.document_id)
        elif entry.trouble is not None:
            yield Extracted(capture_id, recipe_id, None, None, entry.trouble.reason, str(entry.trouble))


def _write_one(session: Session, run: RunRecord, entry: Entry) -> _Written:
    """Write one capture; where the database takes only its row, or nothing of it, say so."""
    captures: _Captures | None = None
    try:
        with session.begin_nested():
            captures = _write_captures(session, run, [entry])
        with session.begin_nested():
            return _write(session, run, [entry], captures)[0]
    except (DBAPIError, ValueError) as error:
        if not is_of_a_row(error):
            raise
        capture_id = captures.id_of(entry) if captures else entry.capture_id
        said = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines() or [
            "no reason"
        ]
        trouble = Quarantine("database", f"The database did not take it ({said[0]}); the rest was stored.")
        return _Written(trouble_outcome(entry, "failed", trouble, capture_id))


def _account(entry: Entry, captures: _Captures, result: StoredVersion | Refuse | None) -> _Written:
    verdict, capture_id = entry.arrival.verdict, captures.id_of(entry)
    document_id = None
    if verdict is not None:
        outcome = outcome_of(entry, "rejected", verdict.reason, verdict.message, capture_id)
    elif entry.trouble is not None:
        outcome = trouble_outcome(entry, "failed", entry.trouble, capture_id)
    elif isinstance(result, Refuse):
        outcome = trouble_outcome(entry, "refused", result, capture_id)
    else:
        assert result is not None  # noqa: S101 - it was prepared, so it was stored
        assert entry.prepared is not None  # noqa: S101 - or it is in trouble
        doubts = " ".join(entry.prepared.notes) or None
        outcome = outcome_of(entry, result.outcome, None, doubts, capture_id, result.version_id)
        document_id = result.document_id if result.unchecked else None
    return _Written(replace(outcome, source_id=captures.source_of(entry)), document_id)


def is_of_a_row(error: DBAPIError | ValueError) -> bool:
    """Tell an error that one row of many caused from one of the connection, the server or the transaction."""
    if isinstance(error, ValueError):  # Text that has no encoding does not get as far as the server.
        return isinstance(error, UnicodeError)
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # The driver refused a value.
        return isinstance(error, DataError)
    return state[:2] not in {"08", "25", "40", "53", "55", "57", "58", "XX"}
