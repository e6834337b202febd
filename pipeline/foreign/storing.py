"""The storing side of an import: what was made of references, in their order, a batch at a time, with the place reached."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine as Database
from sqlalchemy.orm import Session

from pipeline.archive.warc import ArchiveWriter
from pipeline.engines.base import Engine
from pipeline.errors import Quarantine
from pipeline.events import Event
from pipeline.foreign.arriving import arrival_of, failed, rejection_of, without_superseded
from pipeline.foreign.planning import Step
from pipeline.foreign.reading import Loose, Unwanted
from pipeline.foreign.references import Damaged, PassedOver, Position, Reference
from pipeline.foreign.sequence import Ordered
from pipeline.foreign.working import Made
from pipeline.settings import BATCH
from pipeline.store.corpus import relate_corpus
from pipeline.store.imports import note_import
from pipeline.store.ingest import Arrival, Rejection, store_batch
from pipeline.store.relate import relate
from pipeline.store.runs import Outcome, RunRecord

_MOST_WAITING = 32 * 1024 * 1024  # bytes of captures that wait to be stored
BULK = 2_000
"""New documents of a run, after which the relations of the rest are looked for at once, at its end."""

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
class Mark:
    """A step of the plan as the storing side needs it: the file's row, the place behind it, and what it says."""

    file_id: int
    step: Step | Rejection | None
    ends_file: bool = False


class Storing:
    """Takes the steps of a plan and what was made of them, and stores what is done up to the first that is not."""

    def __init__(
        self,
        database: Database,
        run: RunRecord,
        archive: ArchiveWriter,
        loose: Loose,
        event: Event | None,
        figures: Figures,
    ) -> None:
        self._database, self._run, self._archive = database, run, archive
        self._loose, self._event, self._figures = loose, event, figures
        self.ordered: Ordered[Mark] = Ordered()
        self._waiting: list[Arrival | Rejection] = []
        self._bytes = 0
        self._tally: Counter[str] = Counter()
        self._positions: dict[int, Position] = {}
        self._finished: set[int] = set()
        self._related = 0
        self._unrelated: list[int] = []
        self.imported = Imported(run)

    def take_ready(self) -> None:
        """Take what is done, in order, and store it a batch at a time."""
        for mark, reference, made in self.ordered.ready():
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
                self.store()

    def end(self, engine: Engine) -> None:
        """Store what is left, and look for the relations that were put off."""
        self.take_ready()
        self.store()
        relate_many(self._database, engine, self._unrelated)

    def _note_place(self, mark: Mark) -> None:
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
            arrival = arrival_of(reference, made, self._loose, self._event)
        except Unwanted as unwanted:
            self._tally[unwanted.reason] += 1
        except Quarantine as trouble:
            self._waiting.append(rejection_of(reference, made.trouble or trouble))
        else:
            self._waiting.append(arrival)
            self._bytes += len(arrival.capture.body)

    def store(self) -> None:
        """Store what waits, and note in the same transaction how far the files were read."""
        tally, positions, finished = self._tally, self._positions, frozenset(self._finished)

        def note(session: Session, _: Sequence[Outcome]) -> None:
            note_import(session, self._run.id, positions, finished, tally)

        batch = without_superseded(self._database, self._waiting)
        self._waiting, self._bytes = [], 0
        outcomes, documents = store_batch(self._database, self._run, batch, self._archive, note)
        if self._related < BULK:
            relate(self._database, documents)
            self._related += len(documents)
        else:
            self._unrelated += documents
        self._tally, self._positions, self._finished = Counter(), {}, set()
        self._figures.stored += len(outcomes)
        self.imported.passed_over.update(tally)
        self.imported.outcomes.update((one.outcome, one.reason) for one in outcomes)


def relate_many(database: Database, engine: Engine, documents: Sequence[int]) -> None:
    """Look for the relations of documents: one by one where they are few, else in one pass over the corpus."""
    if len(documents) >= BULK:
        relate_corpus(database, engine, documents)
    else:
        relate(database, documents)
