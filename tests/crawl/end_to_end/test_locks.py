"""Crawls at once: each source is one crawl's at a time, and no page is fetched twice."""

import signal
import time

import pytest

from tests.crawl.end_to_end.conftest import NewDesk
from tests.crawl.end_to_end.harness import Desk, Running, asked, event_of, wait_for
from tests.site.server import Site

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

KEYS = ("agency", "insight", "monitor", "syndicator", "wire")
TWICE = {"syndicator.test/world/": 2}  # the home page redirects there


def test_two_crawls_started_at_once_fetch_every_page_once(new_desk: NewDesk, site: Site) -> None:
    desk, begin = new_desk(), len(site.requests)
    event = desk.event(event_of(*KEYS, delay=0.05))
    both = [desk.begin("crawl", "--event", str(event)).end for _ in range(2)]
    ended = [end() for end in both]
    assert sorted(one.code for one in ended) in ([0, 0], [0, 75])
    assert not [one.stderr for one in ended if "Traceback" in one.stderr]
    assert {address: times for address, times in asked(site, begin).items() if times > 1} == TWICE
    assert desk.rows("select count(*) from article") == [(22,)]
    assert desk.rows("select 1 from frontier where run_id is not null") == []


def _hold(desk: Desk, crawl: Running) -> None:
    """Stop a crawl's process between two transactions, so that it holds no rows that others wait for."""
    under_way = """
        select 1 from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'
    """

    def is_held() -> bool:
        crawl.process.send_signal(signal.SIGSTOP)
        time.sleep(0.1)
        if not desk.rows(under_way):
            return True
        crawl.process.send_signal(signal.SIGCONT)
        return False

    wait_for(is_held)


@pytest.mark.thorough
def test_a_crawl_leaves_to_another_what_that_one_is_at(new_desk: NewDesk, site: Site) -> None:
    desk, begin = new_desk(), len(site.requests)
    event = desk.event(event_of("agency", "wire", delay=0.1))
    first = desk.begin("crawl", "--event", str(event), "--source", "agency")
    wait_for(lambda: len(site.requests) > begin + 2)
    _hold(desk, first)  # the others take as long as they take

    third = desk.begin("crawl", "--event", str(event), "--source", "agency").end()
    assert third.code == 75
    assert "Another crawl is at agency" in " ".join(third.stderr.split())
    assert first.is_running

    second = desk.crawl(event)
    wire_run = desk.last_run()
    assert {row.source for row in desk.ledger(wire_run).values()} == {"wire"}
    first.process.send_signal(signal.SIGCONT)
    assert first.end().code == second.code == 0
    assert set(asked(site, begin).values()) == {1}
    statuses = desk.rows("select status, count(*) from run where kind = 'crawl' group by 1 order by 1")
    # One that found everything taken was no run.
    assert [tuple(row) for row in statuses] == [("finished", 2)]
