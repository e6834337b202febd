"""The REST API offers the posts of the window, page by page."""

import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from pipeline.discover.found import Found
from pipeline.discover.wordpress import first_page, read_posts
from tests.discover.helpers import addresses, fetch, true_addresses
from tests.site import truth
from tests.site.server import Site

HERE = "http://paper.test/wp-json/wp/v2/posts?per_page=2&page=1"


def read_all(site: Site, address: str) -> list[Found]:
    found: list[Found] = []
    while address:
        got = fetch(site, address)
        offer = read_posts(got.body, got.headers, address)
        assert offer.trouble == ()
        found += offer.articles
        address = next(iter(offer.more), "")
    return found


@pytest.mark.parametrize("per_page", [1, 2, 100])
def test_every_post_is_offered_with_its_facts(site: Site, per_page: int) -> None:
    found = read_all(site, first_page(site.url("monitor.test"), per_page=per_page))
    articles = truth.of_host("monitor.test")[::-1]
    assert addresses(found) == true_addresses(site, "monitor.test")[::-1]
    for one, article in zip(found, articles, strict=True):
        assert one.published_at == article.moment
        assert (one.title or "").replace("’", "'") == article.title.replace("’", "'")


def test_the_window_includes_both_its_days(site: Site) -> None:
    window = (date(2024, 12, 3), date(2024, 12, 8))
    found = read_all(site, first_page(site.url("monitor.test"), *window, per_page=2))
    assert len(found) == 3
    assert all(one.published_on and window[0] <= one.published_on <= window[1] for one in found)
    assert len(read_all(site, first_page(site.url("monitor.test"), search="lantern transponders"))) == 1


def test_the_address_of_the_posts_may_be_stated_in_any_form() -> None:
    for base in ("http://a.test/blog", "http://a.test/blog/", "http://a.test/blog/wp-json/wp/v2/posts"):
        assert urlsplit(first_page(base)).path == "/blog/wp-json/wp/v2/posts"
    asked = parse_qs(urlsplit(first_page("http://a.test/?rest_route=/wp/v2/posts", search="a b")).query)
    assert (asked["rest_route"], asked["search"], asked["page"]) == (["/wp/v2/posts"], ["a b"], ["1"])


def test_a_closed_api_is_trouble(site: Site) -> None:
    address = first_page(site.url("wire.test"))
    got = fetch(site, address)
    offer = read_posts(got.body, got.headers, address)
    assert (offer.articles, offer.more) == ((), ())
    assert "for members" in offer.trouble[0]
    assert "rest_login_required" in offer.trouble[0]


def test_a_page_past_the_end_is_empty_and_no_trouble(site: Site) -> None:
    address = first_page(site.url("monitor.test")).replace("page=1&", "page=99&")
    got = fetch(site, address)
    assert got.status == 400
    assert read_posts(got.body, got.headers, address) == read_posts(b"[]", {}, address)


def test_without_utc_the_day_is_kept_and_no_moment_is_made_up() -> None:
    post = {
        "link": "/1",
        "date": "2024-12-04T16:28:00",
        "date_gmt": None,
        "title": {"rendered": "A &#038; B"},
    }
    (found,) = read_posts(json.dumps([post]).encode(), {}, HERE).articles
    assert (found.published, found.published_at, found.published_on) == (
        post["date"],
        None,
        date(2024, 12, 4),
    )
    assert found.title == "A & B"


def test_pages_are_found_without_the_header() -> None:
    two = json.dumps([{"link": "/1"}, {"link": "/2"}]).encode()
    assert read_posts(two, {}, HERE).more == (
        HERE.replace("page=1", "page=2").replace("per_page=2", "per_page=2"),
    )
    assert read_posts(two, {"X-WP-TotalPages": "1"}, HERE).more == ()
    assert read_posts(two, {"Link": '<http://paper.test/next>; rel="next"'}, HERE).more == (
        "http://paper.test/next",
    )
    assert read_posts(b"[]", {"X-WP-TotalPages": "999999"}, HERE).more == ()


@pytest.mark.parametrize(
    "body", [b"", b"<!DOCTYPE html>", b"7", b"[7]", b"[{}]", b"[" * 200_000, b"{}", b'[{"link": 3}]']
)
def test_what_is_not_a_list_of_posts_is_trouble(body: bytes) -> None:
    offer = read_posts(body, {}, HERE)
    assert offer.articles == ()
    assert offer.trouble
