"""The gaps between two requests to a host are never shorter than they ought to be, and nobody else waits for them."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from scrapy.http import Response

from pipeline.crawl.politeness import ROOM, asked_to_wait
from tests.crawl.memory_gate import MemoryGate
from tests.crawl.probe import crawl
from tests.site.server import Site

# Seconds by which a busy machine's site may note a request too late, and so the next gap too short.
LATE = 0.1


class _Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _gate(delay: float = 1.0, **delays: float) -> tuple[MemoryGate, _Clock]:
    clock = _Clock()
    return MemoryGate(delay, {host.replace("_", "."): value for host, value in delays.items()}, clock), clock


def _turns(gate: MemoryGate, host: str, number: int) -> list[float]:
    return [asyncio.run(gate.reserve(host)) for _ in range(number)]


def test_turns_are_a_delay_apart_host_by_host() -> None:
    gate, clock = _gate(1.0, b_test=3.0)
    assert _turns(gate, "a.test", 3) == pytest.approx([0, 1 + ROOM, 2 + 2 * ROOM])
    assert _turns(gate, "b.test", 2) == pytest.approx([0, 3 + ROOM])
    clock.now += 100
    assert _turns(gate, "a.test", 1) == [0]


def test_without_a_delay_nobody_waits() -> None:
    gate, _ = _gate(0.0)
    assert _turns(gate, "a.test", 5) == [0] * 5


def test_the_least_gap_counts_from_the_turn_before_it_was_known() -> None:
    gate, clock = _gate(1.0)
    _turns(gate, "a.test", 1)
    clock.now += 2
    asyncio.run(gate.set_least("a.test", 10))
    assert _turns(gate, "a.test", 1) == pytest.approx([8 + ROOM])
    asyncio.run(gate.set_least("a.test", 0.1))
    assert _turns(gate, "a.test", 1) == pytest.approx([9 + 2 * ROOM])


def test_a_late_request_moves_the_turns_after_it_or_takes_another_one() -> None:
    gate, clock = _gate(1.0)
    _turns(gate, "a.test", 1)
    clock.now += 0.4
    assert asyncio.run(gate.may_go("a.test", 0.4))
    assert _turns(gate, "a.test", 1) == pytest.approx([1 + ROOM])
    clock.now += 1.5
    _turns(gate, "a.test", 1)
    assert not asyncio.run(gate.may_go("a.test", 0.5 - ROOM))


def test_a_hold_delays_what_comes_after_it_and_is_never_shortened() -> None:
    gate, clock = _gate(1.0)
    asyncio.run(gate.hold("a.test", 30))
    asyncio.run(gate.hold("a.test", 5))
    assert _turns(gate, "a.test", 2) == pytest.approx([30, 31 + ROOM])
    assert _turns(gate, "b.test", 1) == [0]
    clock.now += 60
    assert _turns(gate, "a.test", 1) == [0]


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        *(("120", 120), (" 5 ", 5), ("31536000", 31_536_000), ("9" * 400, 1e18), ("0", None), ("-3", None)),
        *(("soon", None), ("1.5", None), ("", None), ("Wed, 04 Dec 2024 12:00:00 GMT", None), ("٣", None)),
    ],
)
def test_retry_after(stated: str, seconds: float | None) -> None:
    found = asked_to_wait(Response("http://a.test/", headers={"Retry-After": stated}))
    assert found == (pytest.approx(seconds) if seconds else None)


def test_retry_after_as_a_date() -> None:
    stated = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    found = asked_to_wait(Response("http://a.test/", headers={"Retry-After": stated}))
    assert found == pytest.approx(89.5, abs=1.5)


def test_gaps_at_the_server_hosts_side_by_side_and_waits_that_are_no_time_out(site: Site) -> None:
    hosts = ("trouble.test", "404.robots.test")
    urls = [site.url(host, f"/page/{number}") for number in range(4) for host in hosts]
    done = crawl(urls, default=1.2, settings={"DOWNLOAD_TIMEOUT": 1})
    assert {outcome.status for outcome in done.outcomes.values()} == {200}
    for host in hosts:
        gaps = site.gaps(host)
        assert len(gaps) == 4
        assert min(gaps) >= 1.2 - LATE
    first, last = min(r.time for r in site.requests), max(r.time for r in site.requests)
    assert last - first < 1.5 * 4 * 1.2


def test_no_delay_costs_nothing(site: Site) -> None:
    crawl([site.url("trouble.test", f"/page/{number}") for number in range(40)])
    gaps = sorted(site.gaps("trouble.test"))
    assert len(gaps) == 40
    assert gaps[20] < 0.1


def test_a_host_that_asks_for_a_rest_gets_it_from_all_requests(site: Site) -> None:
    crawl([site.url("trouble.test", path) for path in ("/429", "/page/1", "/page/2")])
    times = {record.path: record.time for record in reversed(site.of("trouble.test"))}
    assert times["/page/1"] - times["/429"] >= 1 - LATE


def test_a_crawl_that_ends_waits_for_no_turn(site: Site) -> None:
    urls = [site.url("trouble.test", f"/page/{number}") for number in range(3)]
    done = crawl(urls, delays={"trouble.test": 600}, settings={"CLOSESPIDER_TIMEOUT": 2})
    assert done.seconds < 20
    assert {outcome.error for outcome in done.outcomes.values()} == {"CrawlEnding"}
    assert [record.path for record in site.requests] == ["/robots.txt"]
