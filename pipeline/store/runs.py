"""Runs and their ledger: what became of each address, exactly once."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pipeline.address import bare_host
from pipeline.clean.furniture import NO_FURNITURE, Furniture
from pipeline.items import Recipe as RecipeValue
from pipeline.prepare import current_recipe
from pipeline.store.address import RUN_LOCK
from pipeline.store.furniture import read_furniture
from pipeline.store.guard import Guard
from pipeline.store.models import LedgerEntry, Recipe, Run
from pipeline.store.settling import settle_run

FAILURES = frozenset({"failed", "refused"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one address: a word of the ledger, and a reason and a sentence where it needs them."""

    address: str
    outcome: str
    reason: str | None = None
    message: str | None = None
    capture_id: int | None = None
    version_id: int | None = None
    source_id: int | None = None


@dataclass(slots=True)
class RunRecord:
    """A run under way: its row's id, its recipe's, the locks it holds, and the outcomes so far.

    `furniture` is what was learned of hosts when it began; their pages have recipes of their own, by host.
    """

    id: int
    recipe_id: int
    outcomes: list[Outcome] = field(default_factory=list)
    guard: Guard | None = None
    furniture: Furniture = NO_FURNITURE
    learned_recipes: Mapping[str, int] = field(default_factory=dict)

    def recipe_of(self, address: str) -> int:
        """Return the row of the recipe that a capture of an address is prepared by."""
        return self.learned_recipes.get(bare_host(address), self.recipe_id)

    @property
    def changed_versions(self) -> list[int]:
        """The versions that this run wrote or wrote anew."""
        changed = {"new", "new version", "updated"}
        return [o.version_id for o in self.outcomes if o.version_id is not None and o.outcome in changed]

    @property
    def failures(self) -> list[Outcome]:
        """The addresses that came to nothing through a fault of theirs."""
        return [outcome for outcome in self.outcomes if outcome.outcome in FAILURES]


@contextmanager
def running(engine: Engine, kind: str, arguments: Mapping[str, Any]) -> Iterator[RunRecord]:
    """Open a run; close it as finished, or as failed when the body raises.

    While it is open the run holds an advisory lock, which goes with its process: a run that is still marked
    as running and whose lock is free was killed, and is marked as interrupted by the next one.
    """
    with Guard(engine) as guard:
        _mark_interrupted(engine)
        furniture = read_furniture(engine)
        with Session(engine) as session, session.begin():
            # Committed by itself: another run with the same new recipe need not wait for this one to begin.
            recipe_id = recipe_row(session, current_recipe())
            learned = {
                host: recipe_row(session, current_recipe(host, furniture)) for host in sorted(furniture.hosts)
            }
        with Session(engine) as session, session.begin():
            run = Run(kind=kind, recipe_id=recipe_id, arguments=dict(arguments))
            session.add(run)
            session.flush()
            record = RunRecord(run.id, recipe_id, guard=guard, furniture=furniture, learned_recipes=learned)
            # Before the row can be seen: without its lock it would pass for the row of a killed run.
            guard.hold((RUN_LOCK, _lock_key(record.id)))
        try:
            yield record
            settle_run(engine, record.id)
        except Exception:
            _finish(engine, record, "failed")
            raise
        except BaseException:  # Ctrl-C and its like
            _finish(engine, record, "interrupted")
            raise
        _finish(engine, record, "finished")


def record_outcomes(session: Session, run: RunRecord, outcomes: Sequence[Outcome]) -> None:
    """Write outcomes to the run's ledger, in the transaction of the rows they speak of.

    What was noted as left or skipped takes its outcome when it has one. Two arrivals under one name are one address of
    the ledger: the first stands for both.
    """
    if outcomes:
        statement = insert(LedgerEntry)
        columns = ("outcome", "reason", "message", "capture_id", "version_id")
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["run_id", "address"],
                set_={name: statement.excluded[name] for name in columns} | {"recorded_at": func.now()},
                where=text("ledger.outcome in ('left', 'skipped')"),
            ),
            [
                {
                    "run_id": run.id,
                    "address": outcome.address,
                    "outcome": outcome.outcome,
                    "reason": outcome.reason,
                    "message": outcome.message,
                    "capture_id": outcome.capture_id,
                    "version_id": outcome.version_id,
                    "source_id": outcome.source_id,
                }
                for outcome in outcomes
            ],
        )


def recipe_row(session: Session, recipe: RecipeValue) -> int:
    """Return the id of a recipe's row, made if need be."""
    values = {
        "extractor": recipe.extractor,
        "residue": recipe.residue,
        "canonical": recipe.canonical,
        "fingerprint": recipe.fingerprint,
    }
    query = select(Recipe.id).filter_by(**values)
    found = session.scalar(query)
    if found is None:
        found = session.scalar(insert(Recipe).values(values).on_conflict_do_nothing().returning(Recipe.id))
    return found if found is not None else session.scalars(query).one()


def _mark_interrupted(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        for run_id in session.scalars(select(Run.id).where(Run.status == "running")):
            key = _lock_key(run_id)
            if session.scalar(text("select pg_try_advisory_xact_lock(:a, :b)"), {"a": RUN_LOCK, "b": key}):
                _set_status(session, run_id, "interrupted")


def _finish(engine: Engine, record: RunRecord, status: str) -> None:
    with Session(engine) as session, session.begin():
        _set_status(session, record.id, status)


def _set_status(session: Session, run_id: int, status: str) -> None:
    session.execute(
        update(Run)
        .where(Run.id == run_id, Run.status == "running")
        .values(status=status, finished_at=func.now())
    )


def _lock_key(run_id: int) -> int:
    """Fold a run's id into the 31 bits that a two-key advisory lock has for it."""
    return run_id & 0x7FFFFFFF
