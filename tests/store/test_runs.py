"""Runs: opened, closed, failed, killed; and what their ledgers say."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pipeline.items import Recipe as RecipeValue
from pipeline.prepare import current_recipe
from pipeline.settings import CHECKOUT, Settings
from pipeline.store.database import open_database
from pipeline.store.models import LedgerEntry, Recipe, Run
from pipeline.store.runs import FAILURES, Outcome, RunRecord, recipe_row, record_outcomes, running

_OUTCOMES = [
    Outcome("https://example.org/1", "new"),
    Outcome("https://example.org/2", "new"),
    Outcome("https://example.org/3", "unchanged"),
    Outcome("https://example.org/4", "rejected", "no-article", "Nothing is left."),
    Outcome("https://example.org/5", "failed", "timeout", "No answer."),
    Outcome("https://example.org/6", "skipped", "robots", "Not allowed."),
    Outcome("https://example.org/7", "refused", "hash-taken", "Another text has it."),
]
_OPEN = (
    "import sys; from pathlib import Path; from pipeline.settings import Settings\n"
    "from pipeline.store.database import open_database; from pipeline.store.runs import running\n"
    "with running(open_database(Settings(Path('/nonexistent'), sys.argv[1])), 'crawl', {}) as run:\n"
    "    print(run.id, flush=True); sys.stdin.readline()\n"
)


@contextmanager
def _run_elsewhere(settings: Settings) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A run that is open in a process of its own until a line is written to it."""
    assert settings.database_url is not None
    command = [sys.executable, "-c", _OPEN, settings.database_url]
    with subprocess.Popen(
        command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline()), process
        finally:
            process.kill()


def _row(engine: Engine, run_id: int) -> Run:
    with Session(engine) as session:
        return session.get_one(Run, run_id)


def _wait_until_its_locks_are_free(engine: Engine) -> None:
    """PostgreSQL takes a moment to notice that a client is gone."""
    until = time.monotonic() + 10
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.scalar(
            text(
                "select count(*) from pg_locks where locktype = 'advisory' and database ="
                " (select oid from pg_database where datname = current_database())"
            )
        ):
            assert time.monotonic() < until
            time.sleep(0.02)


def test_a_run_is_running_inside_and_finished_after(engine: Engine) -> None:
    with running(engine, "seeds", {"folder": "seeds", "dry": False}) as run:
        inside = _row(engine, run.id)
        assert (inside.status, inside.finished_at) == ("running", None)

    after = _row(engine, run.id)
    assert after.status == "finished"
    assert after.finished_at is not None
    assert after.started_at <= after.finished_at
    assert (after.kind, after.arguments) == ("seeds", {"folder": "seeds", "dry": False})
    assert after.recipe_id == run.recipe_id


@pytest.mark.parametrize(
    ("error", "status"),
    [(ValueError, "failed"), (KeyboardInterrupt, "interrupted"), (SystemExit, "interrupted")],
)
def test_a_run_whose_body_raises_says_so_and_the_error_goes_on(
    engine: Engine, error: type[BaseException], status: str
) -> None:
    with pytest.raises(error), running(engine, "seeds", {}) as run:
        raise error

    row = _row(engine, run.id)
    assert row.status == status
    assert row.finished_at is not None


def test_what_a_failed_run_committed_stays(engine: Engine) -> None:
    def commit_and_fail() -> None:
        with running(engine, "seeds", {}) as run:
            with Session(engine) as session, session.begin():
                record_outcomes(session, run, _OUTCOMES)
            raise ValueError("later")

    with pytest.raises(ValueError, match="later"):
        commit_and_fail()

    with Session(engine) as session:
        assert len(session.scalars(select(LedgerEntry)).all()) == len(_OUTCOMES)


def test_a_killed_run_is_marked_interrupted_by_the_next_one(settings: Settings, engine: Engine) -> None:
    with _run_elsewhere(settings) as (killed, process):
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert _row(engine, killed).status == "running"
    _wait_until_its_locks_are_free(engine)

    with running(engine, "seeds", {}):
        row = _row(engine, killed)

    assert row.status == "interrupted"
    assert row.finished_at is not None
    assert _row(engine, killed).status == "interrupted"


def test_a_live_run_of_another_process_is_left_alone(settings: Settings, engine: Engine) -> None:
    with _run_elsewhere(settings) as (live, process):
        with running(engine, "seeds", {}) as run:
            assert _row(engine, live).status == "running"
        assert _row(engine, live).status == "running"
        process.communicate("go on\n", timeout=30)

    assert process.returncode == 0
    assert run.id != live
    assert _row(engine, live).status == "finished"


def test_a_live_run_of_the_same_process_is_left_alone(engine: Engine) -> None:
    with running(engine, "crawl", {}) as outer:
        with running(engine, "seeds", {}) as inner:
            assert _row(engine, outer.id).status == "running"
        assert _row(engine, outer.id).status == "running"
        assert _row(engine, inner.id).status == "finished"

    assert _row(engine, outer.id).status == "finished"


def test_a_run_that_has_only_begun_is_left_alone_too(settings: Settings, engine: Engine) -> None:
    """Another process looks just after this one's row is committed."""
    looked: list[int] = []
    other = open_database(settings)

    def look(_connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if "pg_advisory_lock(" in statement and not looked:
            looked.append(1)
            with running(other, "seeds", {}):
                pass

    event.listen(engine, "before_cursor_execute", look)
    with running(engine, "crawl", {}) as run:
        status = _row(engine, run.id).status
    other.dispose()

    assert looked == [1]
    assert status == "running"
    assert _row(engine, run.id).status == "finished"


def test_a_run_that_ended_is_not_marked_again(engine: Engine) -> None:
    with pytest.raises(ValueError, match="mine"), running(engine, "seeds", {}) as failed:
        raise ValueError("mine")
    before = _row(engine, failed.id).finished_at

    with running(engine, "seeds", {}):
        pass

    after = _row(engine, failed.id)
    assert (after.status, after.finished_at) == ("failed", before)


def test_a_run_holds_no_transaction_open_while_it_works(engine: Engine) -> None:
    query = text(
        "select count(*) from pg_stat_activity where datname = current_database()"
        " and pid <> pg_backend_pid() and state like 'idle in transaction%'"
    )
    with running(engine, "seeds", {}), engine.connect() as connection:
        assert connection.scalar(query) == 0


def test_an_unknown_kind_of_run_is_refused(engine: Engine) -> None:
    with pytest.raises(IntegrityError, match="ck_run_kind"), running(engine, "guess", {}):
        pytest.fail("the body must not run")


def test_the_ledger_holds_every_outcome_as_it_was(engine: Engine) -> None:
    with running(engine, "seeds", {}) as run, Session(engine) as session, session.begin():
        record_outcomes(session, run, _OUTCOMES)

    with Session(engine) as session:
        entries = session.scalars(select(LedgerEntry).order_by(LedgerEntry.address)).all()
    assert [(e.run_id, e.address, e.outcome, e.reason, e.message) for e in entries] == [
        (run.id, o.address, o.outcome, o.reason, o.message) for o in _OUTCOMES
    ]


def test_the_ledger_goes_with_the_rows_of_its_transaction(engine: Engine) -> None:
    with running(engine, "seeds", {}) as run, Session(engine) as session:
        record_outcomes(session, run, _OUTCOMES)
        session.rollback()

    with Session(engine) as session:
        assert session.scalars(select(LedgerEntry)).all() == []


def test_an_address_is_accounted_for_once_in_a_run_and_again_in_the_next(engine: Engine) -> None:
    for _ in range(2):
        with running(engine, "seeds", {}) as run, Session(engine) as session, session.begin():
            record_outcomes(session, run, _OUTCOMES)
    with running(engine, "seeds", {}) as run, Session(engine) as session, session.begin():
        record_outcomes(session, run, [_OUTCOMES[0], _OUTCOMES[0]])

    with Session(engine) as session:
        assert len(session.scalars(select(LedgerEntry)).all()) == 2 * len(_OUTCOMES) + 1


def test_no_outcomes_are_no_statement(engine: Engine) -> None:
    with running(engine, "seeds", {}) as run, Session(engine) as session:
        record_outcomes(session, run, [])
        assert not session.in_transaction()


def test_a_record_tells_failures_from_what_was_rightly_left_out() -> None:
    run = RunRecord(1, 1, list(_OUTCOMES))

    assert [outcome.outcome for outcome in run.failures] == ["failed", "refused"]
    assert {"failed", "refused"} == FAILURES


def test_a_record_lists_the_versions_that_were_written() -> None:
    run = RunRecord(1, 1)
    words = ["new", "new version", "updated", "unchanged"]
    run.outcomes += [Outcome(word, word, version_id=number) for number, word in enumerate(words, 1)]
    run.outcomes.append(Outcome("none", "new"))

    assert run.changed_versions == [1, 2, 3]


def test_one_recipe_has_one_row_however_often_it_is_asked_for(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        ours = {recipe_row(session, current_recipe()) for _ in range(3)}
        other = recipe_row(session, RecipeValue("e", "r", "c", "f"))

    assert len(ours) == 1
    assert other not in ours
    with Session(engine) as session:
        assert len(session.scalars(select(Recipe)).all()) == 2
    with running(engine, "seeds", {}) as run:
        assert {run.recipe_id} == ours


def test_two_sessions_that_meet_a_new_recipe_at_once_share_its_row(engine: Engine) -> None:
    """The other one commits between this one's look and its insert."""
    recipe = RecipeValue("e", "r", "c", "f")
    theirs: list[int] = []

    def insert_elsewhere(_connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lower().startswith("insert into recipe") and not theirs:
            theirs.append(0)
            with Session(engine) as other, other.begin():
                theirs[0] = recipe_row(other, recipe)

    event.listen(engine, "before_cursor_execute", insert_elsewhere)
    with Session(engine) as session, session.begin():
        ours = recipe_row(session, recipe)

    assert [ours] == theirs
