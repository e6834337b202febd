"""What a crawl goes after."""

import time

import pytest

from pipeline.crawl.targets import (
    ARCHIVE_DELAY,
    DEFAULT_DELAY,
    Options,
    all_sources,
    beginnings,
    chosen_sources,
    delays,
    limited,
    owner_of,
)
from pipeline.errors import SetupError
from pipeline.events import Discovery, Event, KnownAddress
from tests.crawl.visiting import event, source

FEED = Discovery("feed", ("https://one.org/feed",))
ARCHIVE = Discovery("wayback", ("http://archive.test/cdx",), match="two.org/*")
ONE = source("one", "one.org", "www.one.org", ways=(FEED, Discovery("addresses", ("https://one.org/a#top",))))
TWO = source("two", ways=(ARCHIVE,), delay=7.0)
KNOWN = (
    KnownAddress("https://www.three.org/1?utm_source=x", language="uk"),
    KnownAddress("https://three.org/2"),
    KnownAddress("https://one.org/3"),
    KnownAddress("https://cdn.example/4", source="two"),
)
EVENT = event(ONE, TWO, known=KNOWN)


def _beginnings(options: Options, of: Event = EVENT) -> list[tuple[str, str, bool, bool]]:
    found = beginnings(of, chosen_sources(of, options), options)
    return [(one.source, one.address, one.reading is None, one.is_wanted) for one in found]


def test_a_known_address_implies_a_source_for_all_of_its_host() -> None:
    sources = all_sources(EVENT)

    assert list(sources) == ["one", "two", "three-org"]
    implied = sources["three-org"].source
    assert set(implied.hosts) == {"three.org", "www.three.org"}
    assert (implied.name, implied.language) == ("three.org", "uk")
    assert owner_of("https://three.org/9", sources) == "three-org"
    assert owner_of("https://www.one.org/9", sources) == "one"
    assert owner_of("https://www.new.org/9", sources) == "new-org"


def test_a_crawl_begins_with_every_way_and_every_known_address() -> None:
    found = _beginnings(Options())

    assert ("one", "https://one.org/feed", False, False) in found
    assert ("one", "https://one.org/a", True, False) in found
    assert ("three-org", "https://www.three.org/1", True, True) in found
    assert ("one", "https://one.org/3", True, True) in found
    assert ("two", "https://cdn.example/4", True, True) in found
    assert [source for source, address, *_ in found if "archive.test" in address] == ["two"]
    assert len(found) == 7


def test_the_user_chooses_sources() -> None:
    assert {source for source, *_ in _beginnings(Options(sources=("three-org",)))} == {"three-org"}
    with pytest.raises(SetupError, match=r"no source 'nine'; it has one, three-org, two"):
        chosen_sources(EVENT, Options(sources=("nine",)))


def test_the_user_chooses_ways() -> None:
    assert _beginnings(Options(ways=("feed",))) == [("one", "https://one.org/feed", False, False)]
    assert all(is_article for *_, is_article, _ in _beginnings(Options(ways=("addresses",))))
    with pytest.raises(SetupError, match="discovered by sitemap or section"):
        chosen_sources(EVENT, Options(ways=("sitemap", "section")))


def test_the_user_chooses_addresses_and_nothing_else_is_fetched() -> None:
    urls = ("https://one.org/x?utm_source=y", "https://new.org/z")

    assert _beginnings(Options(urls=urls)) == [
        ("one", "https://one.org/x", True, True),
        ("new-org", "https://new.org/z", True, True),
    ]


@pytest.mark.parametrize("url", ["ftp://one.org/x", "one.org", "https://", "javascript:x"])
def test_what_is_no_web_address_is_said_to_be_none(url: str) -> None:
    with pytest.raises(SetupError, match="is no address to crawl"):
        chosen_sources(EVENT, Options(urls=(url,)))


def test_each_host_has_its_delay_and_an_archive_the_longest_that_is_asked_of_it() -> None:
    found = delays(all_sources(EVENT).values())

    assert (found["one.org"], found["www.one.org"], found["three.org"]) == (DEFAULT_DELAY,) * 3
    assert (found["two.org"], found["archive.test"]) == (7.0, 7.0)
    assert found["web.archive.org"] == ARCHIVE_DELAY
    # A delay of none is one that the event file states.
    assert delays([source("three", delay=0.0)])["three.org"] == 0.0


def test_the_runs_own_limit_outdoes_the_sources() -> None:
    item = source("three", max_pages=9)

    assert limited(item, None) is item
    assert limited(item, 2).max_pages == 2


def test_a_thousand_known_addresses_take_no_time() -> None:
    known = tuple(KnownAddress(f"https://outlet{n}.org/{n}") for n in range(1_000))
    began = time.process_time()

    assert len(_beginnings(Options(), event(known=known))) == 1_000
    assert time.process_time() - began < 10
