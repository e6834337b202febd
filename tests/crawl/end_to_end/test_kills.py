"""Crawls that are killed again and again end with what one that was left alone ends with, and ask for nothing twice.

They are killed three times; `NEWSFOLD_TEST_KILLS=20` looks more closely.
"""

import os
import random
import time
from collections import Counter
from dataclasses import dataclass

import pytest

from tests.crawl.end_to_end.conftest import NewDesk
from tests.crawl.end_to_end.harness import Desk, asked, event_of
from tests.site.server import Site

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

KEYS = ("agency", "insight", "monitor", "syndicator", "wire")
KILLS = int(os.environ.get("NEWSFOLD_TEST_KILLS", "3"))
SEED = 20241204


@dataclass(frozen=True)
class Killed:
    """What killed crawls and a last one left, and an undisturbed one beside it."""

    desk: Desk
    undisturbed: Desk
    requests: Counter[str]
    expected: Counter[str]
    in_flight: Counter[str]  # asked for before a kill, and not in the archive after it
    kills: int


@pytest.fixture(scope="module")
def killed(new_desk: NewDesk, site: Site) -> Killed:
    """Kill a crawl again and again, at random moments, and let the last one end."""
    undisturbed, begin = new_desk(), len(site.requests)
    undisturbed.crawl(undisturbed.event(event_of(*KEYS, delay=0.03)))
    expected = asked(site, begin)

    desk, chance = new_desk(), random.Random(SEED)  # noqa: S311 - the same moments each time
    event = desk.event(event_of(*KEYS, delay=0.15))
    first, kills = len(site.requests), 0
    in_flight: Counter[str] = Counter()
    for _ in range(KILLS):
        before, archived = len(site.requests), Counter(desk.archived())
        crawl = desk.begin("crawl", "--event", str(event))
        wanted, until = before + chance.randint(1, 9), time.monotonic() + 10
        while crawl.is_running and len(site.requests) < wanted and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(chance.random() * 0.15)
        if crawl.is_running:
            crawl.kill()
            kills += 1
        time.sleep(0.05)
        in_flight += asked(site, before) - (Counter(desk.archived()) - archived)
    desk.crawl(event)
    return Killed(desk, undisturbed, asked(site, first), expected, in_flight, kills)


def test_they_were_killed_in_the_midst_of_it(killed: Killed) -> None:
    assert killed.kills == KILLS
    interrupted = killed.desk.rows("select count(*) from run where status = 'interrupted'")
    assert interrupted[0][0] >= KILLS - 1  # one may have been killed before it had a row


@pytest.mark.parametrize("what", ["documents", "articles", "stories", "relations", "frontier"])
def test_the_end_is_that_of_a_crawl_that_was_left_alone(killed: Killed, what: str) -> None:
    assert killed.desk.summary()[what] == killed.undisturbed.summary()[what]


def test_nothing_is_fetched_twice_but_what_was_in_flight_at_a_kill(killed: Killed) -> None:
    again = killed.requests - killed.expected
    assert again <= killed.in_flight, again - killed.in_flight
    assert set(killed.requests) == set(killed.expected)


def test_a_document_without_a_story_gets_it_from_the_next_crawl(killed: Killed, new_desk: NewDesk) -> None:
    # As a kill leaves it that comes between storing a text and looking for its relations.
    desk = new_desk(like=killed.undisturbed)
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("delete from story")
        connection.exec_driver_sql("delete from relation")
        connection.exec_driver_sql("update document set relations_checked_at = null")
    desk.crawl(desk.event(event_of(*KEYS, delay=0.03)))
    assert desk.summary() == killed.undisturbed.summary()


def test_nothing_is_left_behind(killed: Killed) -> None:
    assert killed.desk.rows("select 1 from frontier where run_id is not null") == []
    assert killed.desk.rows("select 1 from run where status = 'running'") == []
    assert not list((killed.desk.home / "archive").rglob("*.open"))
