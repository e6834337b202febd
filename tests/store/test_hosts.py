"""Hosts: turns that are apart for all who ask, holds, and blocks that grow."""

import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from pipeline.store import hosts
from pipeline.store.hosts import FIRST_BLOCK, LONGEST_BLOCK, blocked, hold, reserve

HOST = "example.org"
pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)


def _block(engine: Engine, *, host: str = HOST, least: float = 0.0) -> timedelta:
    """Block a host; return for how long."""
    with Session(engine) as session, session.begin():
        return hosts.block(session, host, "It answered 403.", least) - datetime.now(UTC)


def _near(expected: timedelta) -> object:
    return pytest.approx(expected.total_seconds(), abs=30)


def test_the_first_turn_is_at_once_and_the_next_after_the_delay(engine: Engine) -> None:
    first, second, third = (reserve(engine, HOST, 2.0) for _ in range(3))

    assert first <= 0
    assert 1 < second <= 2
    assert 3 < third <= 4
    assert reserve(engine, "example.com", 2.0) <= 0


def test_a_turn_that_passed_unused_does_not_pile_up(engine: Engine) -> None:
    reserve(engine, HOST, 0.05)
    time.sleep(0.2)

    assert reserve(engine, HOST, 0.05) <= 0
    assert reserve(engine, HOST, 0.05) > 0


_NOTES_TURNS = """
    create table given (at timestamptz);
    create function note_turn() returns trigger language plpgsql as
        $$ begin insert into given values (new.turn_at); return new; end $$;
    create trigger noting after insert or update of turn_at on host for each row execute function note_turn();
"""


def test_turns_that_are_asked_for_at_once_are_given_out_a_delay_apart(engine: Engine) -> None:
    """Every turn is noted by a trigger; each thread waits for its own, as a crawler does."""
    delay, came = 0.05, []
    with engine.begin() as connection:
        connection.exec_driver_sql(_NOTES_TURNS)
    ready = threading.Barrier(8)

    def crawl() -> None:
        ready.wait()
        for _ in range(4):
            time.sleep(max(0.0, reserve(engine, HOST, delay)))
            came.append(time.time())

    threads = [threading.Thread(target=crawl) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    with engine.connect() as connection:
        given = connection.exec_driver_sql("select at from given order by at").scalars().all()
    assert len(given) == 32
    assert min((later - sooner).total_seconds() for sooner, later in pairwise(given)) >= delay
    # Nobody came before the turn that was theirs.
    assert all(at >= turn.timestamp() for at, turn in zip(sorted(came), given, strict=True))


def test_a_host_that_asked_to_be_left_alone_gets_no_turn_before(engine: Engine) -> None:
    hold(engine, HOST, 30)
    hold(engine, HOST, 1)  # does not shorten it

    assert 28 < reserve(engine, HOST, 0.5) <= 30
    assert 28.5 < reserve(engine, HOST, 0.5) <= 30.5
    assert reserve(engine, "example.com", 0.5) <= 0


def test_a_hold_binds_crawlers_that_had_turns_before(engine: Engine) -> None:
    reserve(engine, HOST, 0.1)
    hold(engine, HOST, 5)

    assert 4 < reserve(engine, HOST, 0.1) <= 5


def test_each_block_in_a_row_lasts_twice_as_long_up_to_the_longest(engine: Engine) -> None:
    lasted = [_block(engine).total_seconds() for _ in range(12)]

    assert lasted[:4] == [_near(FIRST_BLOCK * times) for times in (1, 2, 4, 8)]
    assert lasted[-1] == _near(LONGEST_BLOCK)


def test_a_host_that_answers_again_begins_anew(engine: Engine) -> None:
    _block(engine)
    _block(engine)
    with Session(engine) as session, session.begin():
        assert list(blocked(session)) == [HOST]
        hosts.unblock(session, HOST)
        hosts.unblock(session, "unknown.example.org")
        assert blocked(session) == {}

    assert _block(engine).total_seconds() == _near(FIRST_BLOCK)


def test_a_host_that_was_only_asked_so_far_is_blocked_like_a_new_one(engine: Engine) -> None:
    reserve(engine, HOST, 1)

    assert _block(engine).total_seconds() == _near(FIRST_BLOCK)


def test_what_a_host_asked_for_is_the_least_that_it_gets(engine: Engine) -> None:
    asked = timedelta(hours=5)

    assert _block(engine, least=asked.total_seconds()).total_seconds() == _near(asked)
    assert _block(engine).total_seconds() == _near(2 * FIRST_BLOCK)
    assert _block(engine, host="example.com", least=1).total_seconds() == _near(FIRST_BLOCK)


@pytest.mark.parametrize("asked", [1e7, 1e12, 1e300, float("inf")])
def test_a_host_that_asks_for_ages_is_asked_again_one_day(engine: Engine, asked: float) -> None:
    first, again = _block(engine, least=asked), _block(engine, least=asked)

    assert timedelta(days=7) <= first <= timedelta(days=31)
    assert timedelta(days=7) <= again <= timedelta(days=31)


def test_blocked_hosts_come_with_the_reason_until_they_are_free(engine: Engine) -> None:
    _block(engine)
    with Session(engine) as session, session.begin():
        ((host, (reason, until)),) = blocked(session).items()
        assert (host, reason) == (HOST, "It answered 403.")
        assert until > datetime.now(UTC)
        session.connection().exec_driver_sql("update host set blocked_until = now() - interval '1 s'")
    with Session(engine) as session:
        assert blocked(session) == {}
