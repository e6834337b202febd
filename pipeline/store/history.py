"""What happened: the runs and their ledgers, as plain values ready for tables and JSON."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from pipeline.errors import NotFound
from pipeline.store.models import LedgerEntry, Run

Row = dict[str, Any]


def list_runs(engine: Engine, *, limit: int) -> list[Row]:
    """Return the newest runs, with how many addresses ended in which outcome."""
    with Session(engine) as session:
        runs = session.scalars(select(Run).order_by(Run.id.desc()).limit(limit)).all()
        counts: dict[int, dict[str, int]] = defaultdict(dict)
        tally = (
            select(LedgerEntry.run_id, LedgerEntry.outcome, func.count().label("addresses"))
            .where(LedgerEntry.run_id.in_([run.id for run in runs]))
            .group_by(LedgerEntry.run_id, LedgerEntry.outcome)
            .order_by(LedgerEntry.outcome)
        )
        for row in session.execute(tally):
            counts[row.run_id][row.outcome] = row.addresses
        return [_run_row(run, counts[run.id]) for run in runs]


def show_run(engine: Engine, run_id: int) -> Row:
    """Return one run with its whole ledger.

    Raises:
        NotFound: there is no such run.
    """
    with Session(engine) as session:
        run = session.get(Run, run_id)
        if run is None:
            raise NotFound(f"There is no run {run_id}. `newsfold runs` lists them.")
        entries: Sequence[LedgerEntry] = session.scalars(
            select(LedgerEntry).filter_by(run_id=run_id).order_by(LedgerEntry.address)
        ).all()
        counts: dict[str, int] = defaultdict(int)
        for entry in entries:
            counts[entry.outcome] += 1
        ledger = [
            {
                "address": entry.address,
                "outcome": entry.outcome,
                "reason": entry.reason,
                "message": entry.message,
            }
            for entry in entries
        ]
        return {**_run_row(run, dict(counts)), "ledger": ledger}


def _run_row(run: Run, counts: dict[str, int]) -> Row:
    return {
        "run": run.id,
        "kind": run.kind,
        "status": run.status,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "arguments": run.arguments,
        "outcomes": counts,
    }
