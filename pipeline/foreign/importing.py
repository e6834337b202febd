"""Importing files: planned here, read and prepared on an engine, stored here in the order of the files."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine as Database

from pipeline.address import host_of
from pipeline.archive.warc import ArchiveWriter, recover
from pipeline.crawl.targets import implied_source
from pipeline.engines.base import Engine
from pipeline.errors import Quarantine, SetupError
from pipeline.foreign.arriving import failed
from pipeline.foreign.filters import Filters
from pipeline.foreign.inputs import Input, inputs_of
from pipeline.foreign.loose import plan_lines, plan_page
from pipeline.foreign.planning import Planner
from pipeline.foreign.reading import Loose
from pipeline.foreign.references import Position, Reference
from pipeline.foreign.storing import Figures, Imported, Mark, Storing, relate_many
from pipeline.foreign.working import make_batch
from pipeline.items import Source
from pipeline.judge import criteria as event_criteria
from pipeline.settings import Settings
from pipeline.store.imports import begin_file, owner_of_host, unrelated_documents
from pipeline.store.relate import sweep
from pipeline.store.runs import running

_REFERENCES = 16  # worked on at once: some half a second
_MOST_PLANNED = 20_000  # steps that may wait to be taken while the plan finds nothing to be read


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
    # An import that was stopped may have left many; what else is unfinished is for the sweep.
    relate_many(database, engine, unrelated_documents(database))
    sweep(database)
    arguments = {
        "files": [path.name.encode("utf-8", "replace").decode() for path in paths],
        **_said(filters, loose),
    }
    with (
        running(database, "ingest", arguments) as run,
        ArchiveWriter(settings.archive, "ingest") as archive,
    ):
        storing = Storing(database, run, archive, loose, filters.event, figures)
        work = _Import(database, storing, filters, loose, figures, anew=anew)
        try:
            work.do(paths, engine)
        except OSError as error:
            raise SetupError(
                f"The import had to stop: {error.strerror or error}. If the archive {settings.archive} has no space left, "
                "free some; then run it again: what was committed is kept, and it goes on from there."
            ) from error
        return storing.imported


class _Import:
    """The planning side of an import: its files one after the other, from where each was left."""

    def __init__(
        self,
        database: Database,
        storing: Storing,
        filters: Filters,
        loose: Loose,
        figures: Figures,
        *,
        anew: bool,
    ) -> None:
        self._database, self._storing, self._anew = database, storing, anew
        self._filters, self._loose, self._figures = filters, loose, figures
        self._owner = lru_cache(maxsize=10_000)(self._owner_of)
        self._planner = Planner(filters, lambda address: self._owner(host_of(address)))
        sources = filters.event.sources if filters.event else ()
        self._events = {host: item.source for item in sources for host in item.source.hosts}

    def do(self, paths: Sequence[Path], engine: Engine) -> None:
        work = partial(make_batch, self._filters, self._loose, self._storing.imported.run.furniture)
        for outcome in engine.map(work, self._batches(paths)):
            self._storing.ordered.note(outcome)
            self._storing.take_ready()
        self._storing.end(engine)

    def _owner_of(self, host: str) -> Source | None:
        """Return whose a host is: the event's, else the database's, else that of the host alone."""
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
                self._storing.imported.run.id,
                one.identity,
                self._criteria(one),
                one.name,
                one.size,
                anew=self._anew,
            )
            if begun.finished_by is not None:
                self._storing.imported.done_before[one.name] = begun.finished_by
                self._figures.passed += one.size
                continue
            passed = self._figures.passed
            self._figures.file = one.name
            try:
                yield from self._steps(one, begun.id, begun.position, passed)
            except OSError as error:
                said = f"{one.name} cannot be read any further: {error.strerror or error}."
                self._storing.ordered.plan(Mark(begun.id, failed(one.name, "unreadable", said)), None)
            else:
                self._storing.ordered.plan(Mark(begun.id, None, ends_file=True), None)
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
                self._storing.ordered.plan(Mark(file_id, step), step)
                yield step
            else:
                self._storing.ordered.plan(Mark(file_id, step), None)
                if len(self._storing.ordered) > _MOST_PLANNED:
                    self._storing.take_ready()

    def _inputs(self, paths: Sequence[Path]) -> Iterator[Input]:
        """Give what there is to import; a file that is none has its line in the ledger, one given twice counts once."""
        found: dict[bytes, Input] = {}
        for path in dict.fromkeys(paths):
            try:
                found |= {one.identity: one for one in inputs_of(path)}
            except Quarantine as trouble:
                name = path.name.encode("utf-8", "replace").decode()
                self._storing.ordered.plan(Mark(0, failed(name, trouble.reason, str(trouble))), None)
        self._figures.total = sum(one.size for one in found.values())
        yield from found.values()

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
