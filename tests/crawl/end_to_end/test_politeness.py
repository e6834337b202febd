"""No host is asked more often than it may be, by however many crawls, nor for what its robots.txt forbids."""

from itertools import pairwise

import pytest

from tests.crawl.end_to_end.conftest import NewDesk, Whole
from tests.crawl.end_to_end.harness import HEAD, event_of, source_of
from tests.site.server import Record, Site

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

BLUR = 0.05
"""Seconds: a request that has to open a connection first arrives that much later, and the next one seems sooner."""

ARCHIVES = ("agency", "institute", "syndicator", "shut")


def _gaps(requests: list[Record] | tuple[Record, ...], host: str) -> list[float]:
    times = sorted(one.time for one in requests if one.host == host)
    return [later - earlier for earlier, later in pairwise(times)]


def test_every_host_is_asked_as_rarely_as_its_source_says(whole: Whole) -> None:
    for host in {one.host for one in whole.requests} - {"institute.test"}:
        assert min(_gaps(whole.requests, host), default=1) >= 0.1 - BLUR, host


def test_a_crawl_delay_of_robots_txt_counts_for_more(whole: Whole) -> None:
    gaps = _gaps(whole.requests, "institute.test")
    assert len(gaps) > 5
    assert min(gaps) >= 1 - BLUR


def test_robots_txt_is_asked_for_first_and_once(whole: Whole) -> None:
    for host in {one.host for one in whole.requests}:
        paths = [one.path for one in whole.requests if one.host == host]
        assert paths.index("/robots.txt") == 0
        assert paths.count("/robots.txt") == 1


def test_what_robots_txt_forbids_is_not_asked_for(new_desk: NewDesk, site: Site) -> None:
    desk, begin = new_desk(), len(site.requests)
    forbidden = ["http://wire.test:8099/private/menu/", "http://m.wire.test:8099/private/a"]
    known = "".join(f'\n[[known]]\naddress = "{one}"\nsource = "wire"\n' for one in forbidden)
    desk.crawl(desk.event(event_of("wire", delay=0.02, more=known)))
    assert not [one for one in site.requests[begin:] if "/private/" in one.path]
    ledger = desk.ledger()
    for address in forbidden:
        row = ledger[address.removeprefix("http://").replace(":8099", "")]
        assert (row.outcome, row.reason) == ("skipped", "robots")
    assert sum(row.outcome == "new" for row in ledger.values()) == 4
    begin = len(site.requests)
    desk.crawl(desk.event(event_of("wire", delay=0.02, more=known)))
    assert site.requests[begin:] == []  # it is not looked at again so soon


@pytest.mark.thorough
def test_two_crawls_at_once_share_the_turns_of_a_host(new_desk: NewDesk, site: Site) -> None:
    desk, begin, delay = new_desk(), len(site.requests), 0.3
    event = HEAD + "".join(
        f'[source.{key}]\nname = "{key}"\nhosts = ["{key}.test"]\nlanguage = "en"\ndelay = {delay}\n'
        f'[[source.{key}.way]]\nway = "wayback"\naddresses = ["http://archive.test:8099/cdx/search/cdx"]\n'
        f'match = "{key}.test/*"\n\n'
        for key in ARCHIVES
    )
    path = desk.event(event)
    halves = (ARCHIVES[:2], ARCHIVES[2:])
    both = [
        desk.begin("crawl", "--event", str(path), *(word for key in half for word in ("--source", key)))
        for half in halves
    ]
    assert [one.end().code for one in both] == [0, 0]
    seen = [one for one in site.requests[begin:] if one.host == "archive.test"]
    assert sum(one.path == "/robots.txt" for one in seen) == 2  # one for each crawl
    asked = [one.path for one in seen if one.path != "/robots.txt"]
    assert len(asked) == len(set(asked)) >= 8
    assert min(_gaps(seen, "archive.test")) >= delay - BLUR
    assert desk.rows("select count(*) from article") == [(4,)]
    last = [max(i for i, path in enumerate(asked) if key in path) for key in ARCHIVES]
    first = [min(i for i, path in enumerate(asked) if key in path) for key in ARCHIVES]
    assert min(last[:2]) > min(first[2:])  # they took turns
    assert min(last[2:]) > min(first[:2])


def test_a_host_that_asks_to_wait_is_waited_for(new_desk: NewDesk, site: Site) -> None:
    desk, host = new_desk(), "patience.trouble.test"
    pages = [f"http://{host}:8099{path}" for path in ("/429", "/503", "/fine")]
    desk.crawl(desk.event(HEAD + source_of("patience", host, *pages, delay=0)))
    assert desk.outcomes() == {"new": 3}
    seen = site.of(host)
    for one, following in pairwise(seen):
        if one.status in (429, 503):
            assert following.time - one.time >= 1 - BLUR
