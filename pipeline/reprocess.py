"""Preparing again what was captured before: offline, from the archive, an article at a time, on any engine.

A unit of work is an article: its captures are read, prepared and written together, in one transaction with the rest of
the batch. So work that is done twice writes the same, and a worker that is killed leaves nothing half done.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine as Database
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pipeline.archive.warc import ArchiveWriter
from pipeline.clean.furniture import Furniture
from pipeline.engines.base import Engine, Lost
from pipeline.errors import Quarantine, Retry
from pipeline.items import Prepared
from pipeline.prepare import current_recipe, prepare
from pipeline.settings import Settings
from pipeline.store.archived import location_of, stored_capture
from pipeline.store.changed import ChangedDocument
from pipeline.store.changing import Change
from pipeline.store.database import worker_engine
from pipeline.store.foresight import article_documents, stories_shared_with_others, stories_to_join
from pipeline.store.furniture import read_furniture
from pipeline.store.ingest import Arrival, Verdict, store_batch
from pipeline.store.models import Source
from pipeline.store.outdated import Choice, Reference, Slot, Unit, choose, read_units
from pipeline.store.relate import relate, sweep
from pipeline.store.replanning import Made
from pipeline.store.retrying import is_lost
from pipeline.store.rewriting import foresee, rewrite
from pipeline.store.runs import Outcome, RunRecord, record_outcomes, running

BATCH = 16
"""Articles a batch: half a second's work, so that a worker that is lost costs little, and statements are shared."""

_TRIES = 5  # to write an article that a crawl writes at the same time
_FAILURES = ("archive-missing", "archive-damaged")

# The next crawl of the event judges the page by it, from the archive.
_TO_BE_JUDGED = text("""
    update frontier set judged_by = '' where capture_id = any(:captures) and state = 'rejected'
""")
_LEFT_TO_CRAWLS = text(
    "select capture_id from frontier where capture_id = any(:captures) and state = 'rejected'"
)

_APPEARED = text("""
    insert into change (run_id, capture_id, kind, article_id, after_id)
    select :run, told.capture_id, 'appeared', version.article_id, version.document_id
    from unnest(cast(:captures as bigint[]), cast(:versions as bigint[])) as told (capture_id, version_id)
    join version on version.id = told.version_id
    on conflict do nothing
""")

_LATER = text("""
    select version.id from version join article on article.id = version.article_id
    where article.address = :address and version.superseded_run_id is null and version.first_seen_at > :at limit 1
""")


@dataclass(frozen=True, slots=True)
class Job:
    """What every worker of one re-processing is told."""

    database: str = field(repr=False)
    archive: Path
    run_id: int
    recipe_id: int
    learned_recipes: Mapping[str, int]
    dry_run: bool = False
    name: str = field(default_factory=lambda: uuid4().hex)

    def record(self, furniture: Furniture) -> RunRecord:
        """Return the run as its workers know it."""
        return RunRecord(
            self.run_id, self.recipe_id, furniture=furniture, learned_recipes=self.learned_recipes
        )


@dataclass(slots=True)
class Report:
    """What came of some work: how many captures and articles, outcomes by word, changes of a look ahead."""

    articles: int = 0
    captures: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    changes: list[ChangedDocument] = field(default_factory=list)

    def add(self, other: "Report") -> None:
        """Take another report's figures over; its changes are for who asked for them."""
        self.articles += other.articles
        self.captures += other.captures
        self.outcomes += other.outcomes


@dataclass(slots=True)
class Reprocessed:
    """A re-processing under way: its run (None for a look ahead), and what came of it so far."""

    run: RunRecord | None
    report: Report = field(default_factory=Report)


def reprocess(
    database: Database, settings: Settings, engine: Engine, choice: Choice
) -> Iterator[tuple[Reprocessed, Report]]:
    """Prepare again what was chosen and write what changed, as one run; yield after each batch what came of it.

    Captures whose recipe is today's are left alone, unless `choice.every` says otherwise; so it can be broken off and
    started again at any moment, and goes on where it was.

    Raises:
        Retry: the database went away.
    """
    sweep(database)
    with running(database, "reprocess", _arguments(choice)) as run:
        done = Reprocessed(run)
        job = _job(database, settings, run)
        for result in engine.map(partial(rework, job), _batches(database, run, choice)):
            report = _note_lost(database, run, result) if isinstance(result, Lost) else result.result
            done.report.add(report)
            yield done, report
        # A worker that was lost may have committed articles and not got to their relations.
        sweep(database)


def look_ahead(
    database: Database, settings: Settings, engine: Engine, choice: Choice
) -> Iterator[tuple[Reprocessed, Report]]:
    """Prepare again what was chosen, write nothing, and yield what would change."""
    run = _recipes_only(database)
    done = Reprocessed(None)
    job = _job(database, settings, run, dry_run=True)
    for result in engine.map(partial(rework, job), _batches(database, run, choice)):
        report = result.result if not isinstance(result, Lost) else Report(1, 0, Counter(failed=1))
        done.report.add(report)
        yield done, report


def rework(job: Job, batch: Sequence[Reference]) -> Report:
    """Prepare a batch again and write it, or say what would change: what an engine's workers do.

    Raises:
        Retry: the database went away.
    """
    try:
        return _rework(job, batch)
    except DBAPIError as error:
        if is_lost(error):
            raise Retry(
                f"The database went away in the middle of the work ({error.orig}). Start it, and run it again: "
                "it goes on where it was."
            ) from error
        raise


def _rework(job: Job, batch: Sequence[Reference]) -> Report:
    database, furniture = worker_engine(job.database), _furniture((job.database, job.name))
    run = job.record(furniture)
    report = Report()
    waiting = list(batch)
    for _ in range(_TRIES):
        with Session(database) as session:
            units = [unit for unit in read_units(session, waiting) if unit.slots]
        work = [(unit, [_make(slot, job, furniture) for slot in unit.slots]) for unit in units]
        if job.dry_run:
            report.articles, report.captures = len(work), sum(len(made) for _, made in work)
            report.changes = _foreseen(database, work)
            return report
        waiting = _write(database, job, run, work, report)
        if not waiting:
            return report
    raise Quarantine("busy", "A crawl kept writing it while it was prepared again.")


def _write(
    database: Database,
    job: Job,
    run: RunRecord,
    work: Sequence[tuple[Unit, Sequence[Made]]],
    report: Report,
) -> list[Reference]:
    """Write a batch; return what has to be read again."""
    fresh = [one for one in work if one[0].article_id is None and any(made.sha256 for made in one[1])]
    known = [one for one in work if one not in fresh]
    recipes = {
        made.slot.capture_id: run.recipe_of(made.slot.address) for _, several in known for made in several
    }
    done = rewrite(database, run, known, recipes)
    relate(database, done.fresh | done.former)
    outcomes = done.outcomes + [
        outcome for unit, made in fresh for outcome in _appear(database, job, run, made)
    ]
    again = {unit.reference for unit in done.again}
    report.articles += len(work) - len(again)
    report.captures += sum(len(made) for unit, made in work if unit.reference not in again)
    report.outcomes += Counter(outcome.outcome for outcome in outcomes)
    return list(again)


def _appear(database: Database, job: Job, run: RunRecord, made: Sequence[Made]) -> list[Outcome]:
    """Take in the captures of an address that gave no text before, the way that all captures take.

    One that an event's crawl turned down for want of a text is left for that crawl to judge.
    """
    ids = [one.slot.capture_id for one in made]
    with Session(database) as session, session.begin():
        judged = set(session.scalars(_LEFT_TO_CRAWLS, {"captures": ids}))
        session.execute(_TO_BE_JUDGED, {"captures": ids})
        outcomes = [
            Outcome(
                one.slot.address, "skipped", "to-be-judged",
                "It gives a text now; the next crawl of its event judges it, from the archive.", one.slot.capture_id,
                source_id=one.slot.source_id,
            )
            for one in made
            if one.slot.capture_id in judged
        ]  # fmt: skip
        record_outcomes(session, run, outcomes)
    arrivals = [_arrival(database, one, job.archive) for one in made if one.slot.capture_id not in judged]
    if not arrivals:
        return outcomes
    with ArchiveWriter(job.archive, "reprocess") as archive:  # Nothing is appended: the bytes are there.
        stored, documents = store_batch(database, run, arrivals, archive, partial(_note_appeared, run.id))
    relate(database, documents)
    return outcomes + stored


def _note_appeared(run_id: int, session: Session, outcomes: Sequence[Outcome]) -> None:
    new = [one for one in outcomes if one.version_id is not None]
    session.execute(
        _APPEARED,
        {
            "run": run_id,
            "captures": [one.capture_id for one in new],
            "versions": [one.version_id for one in new],
        },
    )


def _arrival(database: Database, made: Made, archive: Path) -> Arrival:
    capture = stored_capture(made.slot, archive)
    result = made.result if isinstance(made.result, Prepared | Quarantine) else None
    verdict = None
    if isinstance(result, Prepared):
        address = result.article_address or capture.address
        with Session(database) as session:
            if session.scalar(_LATER, {"address": address, "at": capture.captured_at}) is not None:
                verdict = Verdict("superseded", f"{capture.address}: A later version of it is stored.")
    return Arrival(capture.address, capture, location_of(made.slot), result, verdict)


def _make(slot: Slot, job: Job, furniture: Furniture) -> Made:
    try:
        return Made(slot, prepare(stored_capture(slot, job.archive), furniture))
    except Quarantine as trouble:
        failed = trouble.reason in _FAILURES
        return Made(slot, trouble, slot.text_sha256 if failed else None, failed=failed)


def _foreseen(database: Database, work: Sequence[tuple[Unit, Sequence[Made]]]) -> list[ChangedDocument]:
    with Session(database) as session:
        orphans = [slot.capture_id for unit, _ in work if unit.article_id is None for slot in unit.slots]
        left = set(session.scalars(_LEFT_TO_CRAWLS, {"captures": orphans})) if orphans else set[int]()
        changes = [one for one in foresee(session, work) if one.capture_id not in left]
        keys = dict(session.execute(select(Source.id, Source.key)).all()) if changes else {}
        return [_changed(session, change, keys) for change in changes]


def _changed(session: Session, change: Change, keys: Mapping[int, str]) -> ChangedDocument:
    before, after = set[int](), set[int]()
    if change.kind != "facts" and change.article_id is not None:
        own = article_documents(session, change.article_id)
        before = stories_shared_with_others(session, own)
        after = stories_to_join(session, change.after, own) if change.after else set()
    draft = change.before.draft if change.before else None
    title = (
        change.after.title.value if change.after and change.after.title else draft.title if draft else None
    )
    return ChangedDocument(
        address=change.address,
        source=keys.get(change.source_id or 0),
        title=title,
        kind=change.kind,
        before=change.before.content_hash if change.before else None,
        after=change.after.content_hash if change.after else None,
        facts=change.facts,
        lines=change.lines,
        stories_before=tuple(sorted(before)),
        stories_after=tuple(sorted(after)),
    )


def _note_lost(database: Database, run: RunRecord, lost: Lost[Reference]) -> Report:
    """Account for an article that could not be worked on, under the addresses of its captures."""
    with Session(database) as session, session.begin():
        [unit] = read_units(session, [lost.item])
        outcomes = {
            slot.address: Outcome(
                slot.address, "failed", lost.reason, f"{slot.address}: {lost.message}", slot.capture_id,
                source_id=slot.source_id,
            )
            for slot in unit.slots
        }  # fmt: skip
        record_outcomes(session, run, list(outcomes.values()))
    return Report(1, len(unit.slots), Counter(failed=len(outcomes)))


def _batches(database: Database, run: RunRecord, choice: Choice) -> Iterator[list[Reference]]:
    chosen: Iterable[Reference] = choose(database, run.learned_recipes, run.recipe_id, choice)
    waiting = iter(chosen)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def _job(database: Database, settings: Settings, run: RunRecord, *, dry_run: bool = False) -> Job:
    url = database.url.render_as_string(hide_password=False)
    return Job(url, settings.archive, run.id, run.recipe_id, dict(run.learned_recipes), dry_run)


def _recipes_only(database: Database) -> RunRecord:
    """Return what a run would know of the recipes, without a run; what no row has yet is 0, and equals nothing."""
    furniture = read_furniture(database)
    with Session(database) as session:
        rows = session.execute(
            text("select id, extractor, residue, canonical, fingerprint from recipe")
        ).all()
    ids: dict[tuple[str, ...], int] = {tuple(row[1:]): row.id for row in rows}

    def row_of(host: str | None) -> int:
        recipe = current_recipe(host, furniture)
        return ids.get((recipe.extractor, recipe.residue, recipe.canonical, recipe.fingerprint), 0)

    learned = {host: row_of(host) for host in sorted(furniture.hosts)}
    return RunRecord(0, row_of(None), furniture=furniture, learned_recipes=learned)


def _arguments(choice: Choice) -> dict[str, Any]:
    said: dict[str, Any] = {
        "sources": list(choice.sources),
        "digests": len(choice.digests) if choice.digests is not None else None,
        "since": choice.since.isoformat() if choice.since else None,
        "until": choice.until.isoformat() if choice.until else None,
        "every": choice.every,
    }
    return {name: value for name, value in said.items() if value}


@lru_cache(maxsize=2)
def _furniture(job: tuple[str, str]) -> Furniture:
    """Return what was learned of hosts, read once for a job, which is told by its database and its name."""
    return read_furniture(worker_engine(job[0]))
