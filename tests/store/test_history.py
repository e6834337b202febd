"""Runs and their ledgers, and what a crawl did."""

import random
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text

from pipeline.errors import NotFound
from pipeline.store.history import OUTCOMES, count_left, crawl_summary, list_runs, show_run
from pipeline.store.models import LedgerEntry
from pipeline.store.runs import running

on_18 = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

_REASONED = ("rejected", "failed", "refused", "skipped", "left")


def _write(engine: Engine, statement: str, **values: Any) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement), values)


@pytest.fixture
def run_id(engine: Engine) -> int:
    """A crawl's run, with two addresses of each outcome, in no order."""
    with running(engine, "crawl", {}) as run:
        pass
    _write(engine, "insert into source (key, name) values ('agency', 'Agency'), ('wire', 'Wire')")
    entries = [(outcome, number) for outcome in OUTCOMES for number in (1, 2)]
    random.Random(1).shuffle(entries)  # noqa: S311 - an order, not a secret
    for outcome, number in entries:
        _write(
            engine,
            "insert into ledger (run_id, address, outcome, reason, message, source_id) "
            "values (:run, :address, :outcome, :reason, :message, 1)",
            run=run.id,
            address=f"http://agency.test/{outcome.replace(' ', '-')}/{number}",
            outcome=outcome,
            reason=f"reason-{number}" if outcome in _REASONED else None,
            message=f"What happened to {number}.",
        )
    return run.id


@on_18
def test_every_outcome_of_the_ledger_has_its_place(engine: Engine, run_id: int) -> None:
    checks = [str(getattr(one, "sqltext", "")) for one in LedgerEntry.__table__.constraints]
    [words] = [check for check in checks if check.startswith("outcome ")]
    assert sorted(OUTCOMES) == sorted(words.split("'")[1::2])
    ledger = show_run(engine, run_id)["ledger"]
    assert [row["outcome"] for row in ledger] == [outcome for outcome in OUTCOMES for _ in (1, 2)]
    assert all(
        first["address"] < second["address"] for first, second in zip(ledger[::2], ledger[1::2], strict=True)
    )
    assert {row["source"] for row in ledger} == {"agency"}
    [run] = list_runs(engine, limit=5)
    assert list(run["outcomes"]) == list(OUTCOMES)
    assert count_left(engine, run_id) == 2


@on_18
def test_a_ledger_is_chosen_by_outcome_and_reason_and_its_counts_stay(engine: Engine, run_id: int) -> None:
    run = show_run(engine, run_id, outcomes=["left", "failed"], reasons=["reason-2"])
    assert [(row["outcome"], row["reason"]) for row in run["ledger"]] == [
        ("failed", "reason-2"),
        ("left", "reason-2"),
    ]
    assert run["outcomes"] == dict.fromkeys(OUTCOMES, 2)
    assert len(show_run(engine, run_id, reasons=["reason-1"])["ledger"]) == len(_REASONED)
    with pytest.raises(NotFound, match="no run 99"):
        show_run(engine, 99)


@on_18
def test_a_summary_counts_what_was_found_and_fetched_in_this_run_by_whose_it_is(
    engine: Engine, run_id: int
) -> None:
    known = """
        insert into frontier (event, address, source_id, host, is_article, state, found_at, due_at)
        values ('talks', :address, 1, 'agency.test', true, 'kept', cast(:found as timestamptz), cast(:due as timestamptz))
    """
    later, earlier = datetime(2124, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)
    _write(engine, known, address="http://agency.test/new/1", found=later, due=later)
    _write(engine, known, address="http://agency.test/read/1", found=earlier, due=earlier)
    _write(
        engine,
        """
        insert into frontier (event, address, source_id, host, is_article, state, found_at, visited_at)
        select 'talks', address, 1, 'agency.test', true, 'kept', :found, :visited from ledger where run_id = :run
        on conflict (event, address) do update set visited_at = excluded.visited_at
        """,
        found=earlier,
        visited=later,
        run=run_id,
    )
    # Fetched by a run that was killed, and taken from the archive by this one.
    _write(
        engine,
        "update frontier set visited_at = :at where address = 'http://agency.test/new/2'",
        at=earlier,
    )
    # A page led to it that is of a source that this crawl was not to visit.
    _write(engine, "update ledger set source_id = 2 where address = 'http://agency.test/left/1'")

    summary = crawl_summary(
        engine, run_id, "talks", {"agency": "Agency", "idle": "Idle"}, {"idle": "It is down."}
    )
    rows = {row["source"]: row for row in summary["sources"]}
    assert list(rows) == ["agency", "idle", "wire"]
    agency = rows["agency"]
    assert {outcome: agency[outcome] for outcome in OUTCOMES} == {**dict.fromkeys(OUTCOMES, 2), "left": 1}
    assert agency["found"] == 1
    assert agency["fetched"] == 2 * (len(OUTCOMES) - 2) - 1
    assert rows["wire"]["left"] == 1
    assert rows["wire"]["fetched"] == rows["idle"]["fetched"] == 0
    assert [row["failure"] for row in summary["sources"]] == [None, "It is down.", None]
    assert summary["reasons"][0] == {
        "outcome": "rejected",
        "reason": "reason-1",
        "addresses": 1,
        "example": "What happened to 1.",
    }
    assert sum(row["addresses"] for row in summary["reasons"]) == 2 * len(_REASONED)
    assert summary["due_now"] == 1
    assert summary["next_due_at"] == later.isoformat()
