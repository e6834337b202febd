"""The ways of discovering: where each begins, and what its pages lead to."""

import json
from datetime import date
from typing import Any

import pytest

from pipeline.errors import SetupError
from pipeline.events import CDX, Discovery
from pipeline.ways import MOST_PAGES, read, starts
from tests.crawl.visiting import event, source

EVENT = event()  # 26 to 28 January 2025
OWN = source("example", allow=(r"^/news/\d+",))
PAGE = "https://example.org/news"


def _starts(way: Any, *addresses: str, **options: Any) -> list[tuple[str, Any]]:
    found = [(one.address, one.reading) for one in starts(Discovery(way, addresses, **options), EVENT)]
    assert json.loads(json.dumps(found)) == [list(one) for one in found]  # it goes into the frontier
    return found


def _read(reading: dict[str, Any], body: str, **options: Any) -> Any:
    return read(reading, body.encode(), PAGE, options.pop("headers", {}), options.pop("source", OWN), EVENT)


def test_articles_that_are_named_are_no_pages_to_read_for_more() -> None:
    assert _starts("addresses", "https://example.org/1") == [("https://example.org/1", None)]


def test_a_dated_address_is_one_for_each_day() -> None:
    found = _starts("feed", "https://example.org/{year}/{month:02}/{day:02}/feed", "https://example.org/feed")

    assert [address for address, _ in found if "2025" in address] == [
        f"https://example.org/2025/01/{day}/feed" for day in (26, 27, 28)
    ]
    assert sum(address == "https://example.org/feed" for address, _ in found) == 1
    assert all(reading == {"way": "feed"} for _, reading in found)


def test_a_listing_of_one_day_says_which_day_it_is_of() -> None:
    found = _starts(
        "listing", "https://example.org/{year}-{month:02}-{day:02}", item="li", next_page="a.next"
    )

    assert [reading["day"] for _, reading in found] == ["2025-01-26", "2025-01-27", "2025-01-28"]
    assert all((reading["item"], reading["next"]) == ("li", "a.next") for _, reading in found)
    assert all("date" not in reading for _, reading in found)


def test_a_listing_of_a_month_is_looked_at_once_and_is_of_no_day() -> None:
    ((address, reading),) = _starts("listing", "https://example.org/{year}/{month:02}")

    assert (address, "day" in reading) == ("https://example.org/2025/01", False)


def test_each_search_of_a_wordpress_site_is_a_page_to_begin_with() -> None:
    assert len(_starts("wordpress", "https://example.org/")) == 1
    found = [address for address, _ in _starts("wordpress", "https://example.org/", search=("NATO", "Rutte"))]
    assert len(set(found)) == 2
    assert "NATO" in found[0]
    assert "Rutte" in found[1]


def test_an_archive_is_asked_for_what_matches() -> None:
    ((address, reading),) = _starts("wayback", CDX, match="example.org/news/*")

    assert address.startswith(CDX)
    assert "example.org" in address
    assert reading == {"way": "wayback"}


@pytest.mark.parametrize(("depth", "expected"), [(None, 1), (0, 0), (3, 3)])
def test_a_section_is_followed_one_step_unless_told(depth: int | None, expected: int) -> None:
    assert _starts("section", PAGE, depth=depth) == [(PAGE, {"way": "section", "depth": expected})]


def test_a_listing_offers_what_the_source_allows_and_counts_the_rest() -> None:
    body = '<a href="/news/1">One</a><a href="/about">About</a><a class="next" href="?page=2">More</a>'

    offer, leads = _read({"way": "listing", "next": "a.next", "day": "2025-01-27"}, body)

    assert [(one.address, one.published_on) for one in offer.articles] == [
        ("https://example.org/news/1", date(2025, 1, 27))
    ]
    assert offer.skipped >= 1
    ((lead),) = leads
    assert lead.address == "https://example.org/news?page=2"
    assert lead.reading == {"way": "listing", "next": "a.next", "day": "2025-01-27", "page": 2}


def test_without_patterns_every_link_may_be_an_article() -> None:
    offer, leads = _read({"way": "listing"}, '<a href="/about">About</a>', source=source())

    assert [one.address for one in offer.articles] == ["https://example.org/about"]
    assert leads == ()


def test_a_way_is_not_followed_for_ever() -> None:
    body = '<a href="/news/1">One</a><a class="next" href="?page=999">More</a>'
    last, beyond = (
        {"way": "listing", "next": "a.next", "page": page} for page in (MOST_PAGES - 1, MOST_PAGES)
    )

    assert len(_read(last, body)[1]) == 1
    offer, leads = _read(beyond, body)
    assert leads == ()
    assert "no way is followed further" in offer.trouble[-1]
    assert len(offer.articles) == 1  # what it offers is taken all the same


def test_a_sections_depth_runs_out() -> None:
    body = '<a href="/topics/nato">NATO</a><a href="/news/1">One</a>'

    offer, (lead,) = _read({"way": "section", "depth": 1}, body)
    assert (lead.address, lead.reading["depth"]) == ("https://example.org/topics/nato", 0)
    assert [one.address for one in offer.articles] == ["https://example.org/news/1"]

    assert _read(lead.reading, body)[1] == ()


def test_only_the_sitemaps_that_match_are_followed() -> None:
    body = (
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        "<sitemap><loc>https://example.org/post-sitemap.xml</loc></sitemap>"
        "<sitemap><loc>https://example.org/author-sitemap.xml</loc></sitemap></sitemapindex>"
    )

    offer, leads = _read({"way": "sitemap", "follow": "post-"}, body)
    assert [lead.address for lead in leads] == ["https://example.org/post-sitemap.xml"]
    assert leads[0].reading == {"way": "sitemap", "follow": "post-", "page": 2}
    assert offer.skipped == 1
    assert len(_read({"way": "sitemap"}, body)[1]) == 2


def test_a_wrong_selector_is_the_event_files_fault_and_a_wrong_way_our_own() -> None:
    with pytest.raises(SetupError):
        _read({"way": "listing", "item": "a[["}, "<a href='/news/1'>One</a>")
    with pytest.raises(ValueError, match="no way of discovering named 'guess'"):
        _read({"way": "guess"}, "")


@pytest.mark.parametrize("way", ["feed", "sitemap", "wordpress", "wayback", "listing", "section"])
@pytest.mark.parametrize("body", ["", "\x00\x01", "<", "[", "{}", "<html><body>Not found"])
def test_a_page_that_is_not_what_it_should_be_offers_nothing(way: str, body: str) -> None:
    offer, leads = _read({"way": way}, body)

    assert (offer.articles, leads) == ((), ())
