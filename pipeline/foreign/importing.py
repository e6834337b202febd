"""Importing files: planned here, read and prepared on an engine, stored here in the order of the files."""

import hashlib
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine as Database
from sqlalchemy.orm import Session

from pipeline.address import host_of
from pipeline.archive.warc import ArchiveWriter, recover
from pipeline.crawl.targets import implied_source
from pipeline.engines.base import Engine
from pipeline.errors import Quarantine, SetupError
from pipeline.foreign.arriving import arrival_of, failed, rejection_of, without_superseded
from pipeline.foreign.filters import Filters
from pipeline.foreign.inputs import Input, inputs_of
from pipeline.foreign.loose import plan_lines, plan_page
from pipeline.foreign.planning import Planner, Step
from pipeline.foreign.reading import Loose, Unwanted
from pipeline.foreign.references import Damaged, PassedOver, Position, Reference
from pipeline.foreign.sequence import Ordered
from pipeline.foreign.working import Made, make_batch
from pipeline.items import Source
from pipeline.judge import criteria as event_criteria
from pipeline.settings import BATCH, Settings
from pipeline.store.imports import begin_file, note_import, owner_of_host
from pipeline.store.ingest import Arrival, Rejection, store_batch
from pipeline.store.relate import relate, sweep
from pipeline.store.runs import Outcome, RunRecord, running

_REFERENCES = 16  # worked on at once: some half a second
_MOST_WAITING = 32 * 1024 * 1024  # bytes of captures that wait to be stored
_MOST_PASSED = 20_000  # records passed over, after which the place is noted though nothing is stored


@dataclass(slots=True)
class Figures:
    """How far an import is: bytes of all inputs, of which so many are passed, records seen, captures stored."""

    total: int = 0
    passed: int = 0
    records: int = 0
    stored: int = 0
    file: str = ""
    begun: float = field(default_factory=time.monotonic)


@dataclass(slots=True)
class Imported:
    """What an import did: its run, the files that an earlier run had read to the end, and how often it said what."""

    run: RunRecord
    done_before: dict[str, int] = field(default_factory=dict)
    outcomes: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)

    @property
    def is_flawed(self) -> bool:
        """Whether some of the input could not be used."""
        return any(outcome in ("failed", "refused") for outcome, _ in self.outcomes)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A step of the plan as the storing side needs it: the file's row, the place behind it, and what it says."""

    file_id: int
    step: Step | Rejection | None
    ends_file: bool = False


def import_files(
    database: Database,
    settings: Settings,
    paths: Sequence[Path],
    filters: Filters,
    loose: Loose,
    engine: Engine,
    figures: Figures,
    *,
    anew: bool = False,
) -> Imported:
    """Import archives and loose pages as one run. What was committed before a crash is not read again.

    Raises:
        SetupError: the archive cannot be written to.
    """
    recover(settings.archive)
    sweep(database)
    arguments = {
        "files": [path.name.encode("utf-8", "replace").decode() for path in paths],
        **_said(filters, loose),
    }
    with (
        running(database, "ingest", arguments) as run,
        ArchiveWriter(settings.archive, "ingest") as archive,
    ):
        work = _Import(database, run, archive, filters, loose, figures, anew=anew)
        try:
            work.do(paths, engine)
        except OSError as error:
            raise SetupError(
                f"The import had to stop: {error.strerror or error}. If the archive {settings.archive} has no space left, "
                "free some; then run it again: what was committed is kept, and it goes on from there."
            ) from error
        return work.imported


class _Import:
    def __init__(
        self,
        database: Database,
        run: RunRecord,
        archive: ArchiveWriter,
        filters: Filters,
        loose: Loose,
        figures: Figures,
        *,
        anew: bool,
    ) -> None:
        self._database, self._run, self._archive = database, run, archive
        self._filters, self._loose, self._figures, self._anew = filters, loose, figures, anew
        self._ordered: Ordered[_Mark] = Ordered()
        self._planner = Planner(filters, lru_cache(maxsize=10_000)(self._owner))
        self._events = (
            {host: item.source for item in filters.event.sources for host in item.source.hosts}
            if filters.event
            else {}
        )
        self._waiting: list[Arrival | Rejection] = []
        self._bytes = 0
        self._tally: Counter[str] = Counter()
        self._positions: dict[int, Position] = {}
        self._finished: set[int] = set()
        self.imported = Imported(run)

    def do(self, paths: Sequence[Path], engine: Engine) -> None:
        work = partial(make_batch, self._filters, self._loose)
        for outcome in engine.map(work, self._batches(paths)):
            self._ordered.note(outcome)
            self._take_ready()
        self._take_ready()
        self._store()

    def _owner(self, address: str) -> Source | None:
        host = host_of(address)
        if not host:
            return None
        return (
            self._events.get(host) or owner_of_host(self._database, host) or implied_source(host, None).source
        )

    def _batches(self, paths: Sequence[Path]) -> Iterator[list[Reference]]:
        references = self._references(paths)
        while batch := list(islice(references, _REFERENCES)):
            yield batch

    def _references(self, paths: Sequence[Path]) -> Iterator[Reference]:
        """Plan all files, one after the other; everything but the references goes straight to the storing side."""
        for one in self._inputs(paths):
            begun = begin_file(
                self._database,
                self._run.id,
                one.identity,
                self._criteria(one),
                one.name,
                one.size,
                anew=self._anew,
            )
            if begun.finished_by is not None:
                self.imported.done_before[one.name] = begun.finished_by
                self._figures.passed += one.size
                continue
            passed = self._figures.passed
            self._figures.file = one.name
            try:
                yield from self._steps(one, begun.id, begun.position, passed)
            except OSError as error:
                said = f"{one.name} cannot be read any further: {error.strerror or error}."
                self._ordered.plan(_Mark(begun.id, failed(one.name, "unreadable", said)), None)
            else:
                self._ordered.plan(_Mark(begun.id, None, ends_file=True), None)
            self._figures.passed = passed + one.size

    def _steps(self, one: Input, file_id: int, done: Position, passed: int) -> Iterator[Reference]:
        def note(byte: int) -> None:
            self._figures.passed = passed + min(byte, one.size)

        if one.sort == "archive":
            steps = self._planner.archive(one.path, one.member, note)
        elif one.sort == "page":
            steps = plan_page(one, self._planner, self._loose)
        else:
            steps = plan_lines(one, self._planner, self._loose, note)
        for step in steps:
            self._figures.records += 1
            if step.position < done:  # seen for the sake of later revisits alone
                continue
            if isinstance(step, Reference):
                self._ordered.plan(_Mark(file_id, step), step)
                yield step
            else:
                self._ordered.plan(_Mark(file_id, step), None)
                if len(self._ordered) > _MOST_PASSED:
                    self._take_ready()

    def _inputs(self, paths: Sequence[Path]) -> Iterator[Input]:
        """Give what there is to import; a file that is none has its line in the ledger, one given twice counts once."""
        found: dict[bytes, Input] = {}
        for path in dict.fromkeys(paths):
            try:
                found |= {one.identity: one for one in inputs_of(path)}
            except Quarantine as trouble:
                name = path.name.encode("utf-8", "replace").decode()
                self._ordered.plan(_Mark(0, failed(name, trouble.reason, str(trouble))), None)
        self._figures.total = sum(one.size for one in found.values())
        yield from found.values()

    def _take_ready(self) -> None:
        """Take what is done, in order, and store it a batch at a time."""
        for mark, reference, made in self._ordered.ready():
            if reference is not None and made is not None:
                self._take_made(reference, made)
            elif isinstance(mark.step, PassedOver):
                self._tally[mark.step.reason] += 1
            elif isinstance(mark.step, Damaged):
                self._waiting.append(failed(mark.step.place, mark.step.reason, mark.step.sentence))
            elif isinstance(mark.step, Rejection):
                self._waiting.append(mark.step)
            if mark.file_id:
                self._note_place(mark)
            if (
                len(self._waiting) >= BATCH
                or self._bytes >= _MOST_WAITING
                or sum(self._tally.values()) >= _MOST_PASSED
            ):
                self._store()

    def _note_place(self, mark: _Mark) -> None:
        if mark.ends_file:
            self._finished.add(mark.file_id)
        elif mark.step is not None and not isinstance(mark.step, Rejection):
            offset, inner = mark.step.position
            self._positions[mark.file_id] = (offset, inner + 1)  # behind where it begins

    def _take_made(self, reference: Reference, made: Made) -> None:
        if made.passed_over is not None:
            self._tally[made.passed_over] += 1
            return
        try:
            arrival = arrival_of(reference, made, self._loose, self._filters.event)
        except Unwanted as unwanted:
            self._tally[unwanted.reason] += 1
        except Quarantine as trouble:
            self._waiting.append(rejection_of(reference, made.trouble or trouble))
        else:
            self._waiting.append(arrival)
            self._bytes += len(arrival.capture.body)

    def _store(self) -> None:
        """Store what waits, and note in the same transaction how far the files were read."""
        tally, positions, finished = self._tally, self._positions, frozenset(self._finished)

        def note(session: Session, _: Sequence[Outcome]) -> None:
            note_import(session, self._run.id, positions, finished, tally)

        batch = without_superseded(self._database, self._waiting)
        self._waiting, self._bytes = [], 0
        outcomes, documents = store_batch(self._database, self._run, batch, self._archive, note)
        relate(self._database, documents)
        self._tally, self._positions, self._finished = Counter(), {}, set()
        self._figures.stored += len(outcomes)
        self.imported.passed_over.update(tally)
        self.imported.outcomes.update((one.outcome, one.reason) for one in outcomes)

    def _criteria(self, one: Input) -> str:
        """Return a digest of all that makes another result of a file; what is told of loose pages does not of an archive."""
        event = self._filters.event
        loose = Loose() if one.sort == "archive" else self._loose
        said = f"{_said(replace(self._filters, event=None), loose)}{event_criteria(event) if event else ''}"
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def _said(filters: Filters, loose: Loose) -> dict[str, Any]:
    """Return what was asked for, as the run keeps it; what was not is not there."""
    said: dict[str, Any] = {
        "hosts": sorted(filters.hosts),
        "since": filters.since.isoformat() if filters.since else None,
        "until": filters.until.isoformat() if filters.until else None,
        "languages": sorted(filters.languages),
        "statuses": sorted(filters.statuses),
        "types": sorted(filters.types),
        "event": filters.event.key if filters.event else None,
        "base": loose.base,
        "captured_at": loose.captured_at.isoformat() if loose.captured_at else None,
    }
    return {name: value for name, value in said.items() if value}
