"""A frontier to try things on: an outlet, runs, and short ways to add, look and take."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from pipeline.items import Source
from pipeline.store import frontier
from pipeline.store.frontier import Closing, Discovered, Task
from pipeline.store.runs import running
from pipeline.store.sources import source_rows
from tests.builders import NOON

EVENT = "ministerial"
A, B, C, D = (f"https://example.org/{letter}" for letter in "abcd")
COPY = "https://web.archive.org/web/20241204id_/https://example.org/a"


class Frontier:
    """One event's frontier, as one run sees it."""

    def __init__(self, engine: Engine, run_id: int, source_id: int) -> None:
        self.engine = engine
        self.run_id = run_id
        self.source_id = source_id

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with Session(self.engine) as session, session.begin():
            yield session

    def found(self, address: str, **facts: Any) -> Discovered:
        return Discovered(address, self.source_id, facts.pop("host", "example.org"), **facts)

    def copy(self, address: str = A, **facts: Any) -> Discovered:
        return self.found(address, host="web.archive.org", fetch_address=COPY, copied_at=NOON, **facts)

    def add(self, *found: Discovered | str, later: float = 0) -> int:
        described = [self.found(one) if isinstance(one, str) else one for one in found]
        with self.transaction() as session:
            return frontier.add(session, EVENT, self.run_id, described, NOON + timedelta(seconds=later))

    def take(self, most: int = 100, *, later: float = 0, **options: Any) -> list[Task]:
        now = NOON + timedelta(seconds=later)
        with self.transaction() as session:
            return frontier.take(session, EVENT, self.run_id, self.source_id, most, now, **options)

    def close(self, task: Task, state: str = "kept", **facts: Any) -> None:
        if state in ("kept", "read"):
            facts = {"visited_at": NOON, "due_at": NOON + timedelta(hours=6), "pause": 21_600, **facts}
        place = {"fetch_address": task.fetch_address, "copied_at": task.copied_at, "fallback": task.fallback}
        closing = Closing(**{"id": task.id, "state": state, "host": task.host, **place, **facts})
        with self.transaction() as session:
            frontier.close(session, [closing])

    def visit(self, address: str, state: str = "kept", **facts: Any) -> None:
        """Take an address up, and close it."""
        (task,) = self.take(addresses=[address])
        self.close(task, state, **facts)

    def rows(self) -> dict[str, Any]:
        """Every row, by address."""
        with self.transaction() as session:
            rows = session.execute(text("select * from frontier where event = :event"), {"event": EVENT})
            return {row.address: row for row in rows}

    def row(self, address: str) -> Any:
        return self.rows()[address]

    def ledger(self) -> dict[str, tuple[str, str | None]]:
        """What the run's ledger says of each address; fails where one stands there twice."""
        with self.transaction() as session:
            rows = session.execute(
                text("select address, outcome, reason from ledger where run_id = :run"), {"run": self.run_id}
            ).all()
        assert len({row.address for row in rows}) == len(rows)
        return {row.address: (row.outcome, row.reason) for row in rows}


@contextmanager
def run_on(engine: Engine) -> Iterator[Frontier]:
    """The frontier, as a new run sees it."""
    with Session(engine) as session, session.begin():
        ids = source_rows(session, [Source("example", "Example", ("example.org",))])
    with running(engine, "crawl", {}) as run:
        yield Frontier(engine, run.id, ids["example"])
