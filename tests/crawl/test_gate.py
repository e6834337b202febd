"""Turns at hosts that the database gives out."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from pipeline.crawl.answers import HostBlocked
from pipeline.crawl.gate import DatabaseGate
from pipeline.crawl.session import Crawl
from pipeline.settings import Settings
from tests.crawl.visiting import crawl_of

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)


@pytest.fixture
def crawl(settings: Settings, engine: Engine, tmp_path: Path) -> Iterator[Crawl]:
    with crawl_of(settings, engine, tmp_path) as crawl:
        yield crawl


def _waits(gate: DatabaseGate, host: str, times: int) -> list[float]:
    return [asyncio.run(gate.reserve(host)) for _ in range(times)]


def test_the_delay_is_the_sources_or_a_second_or_what_robots_txt_asks_for(crawl: Crawl) -> None:
    gate = DatabaseGate(crawl)

    assert [gate.delay_of(host) for host in ("example.org", "quick.test", "unknown.test")] == [0.2, 0.0, 1.0]
    asyncio.run(gate.set_least("example.org", 5))
    asyncio.run(gate.set_least("unknown.test", 0.5))
    asyncio.run(gate.set_least("quick.test", 3))
    assert [gate.delay_of(host) for host in ("example.org", "quick.test", "unknown.test")] == [5, 3, 1.0]


def test_two_crawls_share_the_turns_of_a_host(crawl: Crawl) -> None:
    one, other = DatabaseGate(crawl), DatabaseGate(crawl)
    asyncio.run(one.set_least("example.org", 60))
    asyncio.run(other.set_least("example.org", 60))

    assert _waits(one, "example.org", 1)[0] <= 0
    assert 58 < _waits(other, "example.org", 1)[0] <= 61
    assert 118 < _waits(one, "example.org", 1)[0] <= 121


def test_a_host_without_a_delay_costs_no_statement(crawl: Crawl) -> None:
    assert _waits(DatabaseGate(crawl), "quick.test", 3) == [0.0] * 3
    with crawl.engine.connect() as connection:
        assert connection.scalar(text("select count(*) from host")) == 0


def test_a_host_that_asked_for_a_rest_gets_it_even_without_a_delay(crawl: Crawl) -> None:
    gate = DatabaseGate(crawl)
    asyncio.run(gate.hold("quick.test", 30))

    assert all(28 < wait <= 30 for wait in _waits(gate, "quick.test", 2))


def test_a_request_whose_host_turned_us_away_meanwhile_may_not_go(crawl: Crawl) -> None:
    gate = DatabaseGate(crawl)
    assert asyncio.run(gate.may_go("quick.test", 0.0))
    crawl.blocked["quick.test"] = "It answered 403."

    with pytest.raises(HostBlocked, match="It answered 403"):
        asyncio.run(gate.may_go("quick.test", 0.0))
