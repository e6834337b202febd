"""Locks that go with their process, through broken connections and restarts of the server."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from pipeline.errors import Retry
from pipeline.settings import Settings
from pipeline.store.address import database_address
from pipeline.store.database import open_database
from pipeline.store.guard import Guard

ONE, TWO = (7, 1), (7, 2)
pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)


@pytest.fixture
def guard(engine: Engine) -> Iterator[Guard]:
    with Guard(engine) as guard:
        yield guard


@pytest.fixture
def elsewhere(settings: Settings) -> Iterator[Guard]:
    """Another process's guard, as far as the server can tell."""
    engine = open_database(settings)
    with Guard(engine) as guard:
        yield guard
    engine.dispose()


@pytest.fixture
def watcher(settings: Settings) -> Iterator[Connection]:
    """A connection that is not broken by what breaks the others."""
    engine = open_database(settings)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
    engine.dispose()


_HOLDERS = (
    "select pid from pg_locks where locktype = 'advisory' and granted and classid = 7 and database ="
    " (select oid from pg_database where datname = current_database())"
)


def _break(watcher: Connection) -> None:
    """End the connections that hold locks, as a restart of the server does, and wait until they are gone."""
    pids = set(watcher.execute(text(_HOLDERS)).scalars())
    assert pids
    for pid in pids:
        assert watcher.scalar(text("select pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def _held(watcher: Connection) -> int:
    return len(watcher.execute(text(_HOLDERS)).all())


def test_a_lock_is_for_one_alone_until_it_is_given_back(engine: Engine, elsewhere: Guard) -> None:
    with Guard(engine) as guard:
        assert guard.try_hold(ONE)
        assert not elsewhere.try_hold(ONE)
        assert elsewhere.try_hold(TWO)
        assert not guard.try_hold(TWO)
    assert elsewhere.try_hold(ONE)


def test_a_guard_gives_its_locks_back_though_its_engine_lives_on(engine: Engine, elsewhere: Guard) -> None:
    guard = Guard(engine)
    guard.hold(ONE)
    guard.close()
    guard.close()

    assert elsewhere.try_hold(ONE)


def test_locks_that_are_held_are_still_held_afterwards(guard: Guard, watcher: Connection) -> None:
    guard.ensure()
    guard.hold(ONE)
    guard.ensure()

    assert _held(watcher) == 1


def test_locks_are_taken_again_on_a_new_connection(
    guard: Guard, elsewhere: Guard, watcher: Connection
) -> None:
    guard.hold(ONE)
    guard.try_hold(TWO)
    for _ in range(5):
        _break(watcher)
        assert _held(watcher) == 0

        guard.ensure()

        assert _held(watcher) == 2
        assert not elsewhere.try_hold(ONE)
        assert not elsewhere.try_hold(TWO)


def test_a_connection_that_is_just_being_ended_gives_way_to_the_new_one(
    guard: Guard, watcher: Connection
) -> None:
    """The client hears of the end before the server has let go of the locks."""
    guard.hold(ONE)
    for _ in range(20):
        watcher.execute(text(f"select pg_terminate_backend(pid) from ({_HOLDERS}) as holders"))

        guard.ensure()


def test_a_lock_that_another_process_took_meanwhile_is_said_to_be_lost(
    guard: Guard, elsewhere: Guard, watcher: Connection
) -> None:
    guard.hold(ONE)
    guard.hold(TWO)
    _break(watcher)
    assert elsewhere.try_hold(TWO)

    with pytest.raises(Retry, match="another newsfold took over"):
        guard.ensure()

    with pytest.raises(Retry, match="another newsfold took over"):
        guard.ensure()
    guard.close()
    assert elsewhere.try_hold(ONE)


def test_a_lock_that_was_not_ours_is_not_asked_for_again(
    guard: Guard, elsewhere: Guard, watcher: Connection
) -> None:
    elsewhere.hold(TWO)
    guard.hold(ONE)
    assert not guard.try_hold(TWO)
    _break(watcher)

    guard.ensure()

    assert not guard.try_hold(ONE) or _held(watcher) == 1


def test_a_server_that_does_not_answer_is_told_from_a_lost_lock(
    settings: Settings, server_url: str, watcher: Connection
) -> None:
    engine = open_database(settings)
    guard = Guard(engine)
    guard.hold(ONE)
    name = watcher.scalar(text("select current_database()"))
    other = create_engine(
        database_address(replace(settings, database_url=server_url)), isolation_level="AUTOCOMMIT"
    )
    with other.connect() as from_outside:
        from_outside.execute(text(f"alter database {name} with allow_connections false"))
        _break(watcher)

        for _ in range(2):
            with pytest.raises(DBAPIError):
                guard.ensure()

        from_outside.execute(text(f"alter database {name} with allow_connections true"))
    guard.ensure()
    assert _held(watcher) == 1
    guard.close()
    engine.dispose()
    other.dispose()


def test_a_connection_that_breaks_while_locks_are_taken_again_is_tried_again(
    guard: Guard, engine: Engine, watcher: Connection
) -> None:
    guard.hold(ONE)
    guard.hold(TWO)
    _break(watcher)

    broken = False

    @event.listens_for(engine, "before_cursor_execute")
    def break_off(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        nonlocal broken
        if not broken and "try_advisory" in statement and _held(watcher) == 1:
            broken = True
            _break(watcher)

    with pytest.raises(DBAPIError):
        guard.ensure()

    guard.ensure()
    assert _held(watcher) == 2
