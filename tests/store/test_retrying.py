"""Telling faults that pass from those that do not, with errors that a server really sent."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError

from pipeline.store.retrying import is_lost, retry_passing

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)


def _error_of(action: Callable[[], object]) -> DBAPIError:
    with pytest.raises(DBAPIError) as caught:
        action()
    return caught.value


def test_a_connection_that_the_server_ended_is_lost(engine: Engine) -> None:
    with engine.connect() as connection, engine.connect() as other:
        pid = connection.scalar(text("select pg_backend_pid()"))
        other.execute(text("select pg_terminate_backend(:pid, 5000)"), {"pid": pid})

        assert is_lost(_error_of(lambda: connection.execute(text("select 1"))))


@pytest.mark.usefixtures("server_url")
def test_a_server_that_is_not_there_is_lost() -> None:
    engine = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")

    assert is_lost(_error_of(engine.connect))


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("select nothing", ProgrammingError),
        ("select 1 / 0", DBAPIError),
        ("insert into host (name) values ('a'), ('a')", IntegrityError),
        ("set local statement_timeout = 10; select pg_sleep(1)", OperationalError),
    ],
)
def test_what_was_asked_wrongly_is_not_lost(engine: Engine, statement: str, kind: type[DBAPIError]) -> None:
    with engine.connect() as connection:
        error = _error_of(lambda: [connection.execute(text(part)) for part in statement.split(";")])

    assert isinstance(error, kind)
    assert not is_lost(error)


@pytest.mark.usefixtures("server_url")
def test_what_is_no_error_of_the_database_is_not_lost() -> None:
    assert not is_lost(OSError("The disk is full."))


def test_two_transactions_that_wait_for_each_other_both_end_well(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("insert into host (name) values ('a'), ('b')"))
    both_hold_one = threading.Barrier(2)
    tries: list[str] = []

    def write(first: str, second: str) -> None:
        @retry_passing
        def transaction() -> None:
            tries.append(first)
            with engine.begin() as connection:
                statement = text("update host set blocks = blocks + 1 where name = :name")
                connection.execute(statement, {"name": first})
                if tries.count(first) == 1:
                    both_hold_one.wait(10)
                connection.execute(statement, {"name": second})

        transaction()

    threads = [threading.Thread(target=write, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(tries) == 3
    with engine.connect() as connection:
        assert connection.scalar(text("select sum(blocks) from host")) == 4


def test_a_fault_that_stays_is_not_tried_again(engine: Engine) -> None:
    tries = []

    @retry_passing
    def fails() -> None:
        tries.append(1)
        with engine.begin() as connection:
            connection.execute(text("select nothing"))

    with pytest.raises(ProgrammingError):
        fails()
    assert len(tries) == 1
