"""Listing pages offer the articles that they list, as far back as the window needs."""

import time
from datetime import date

import pytest

from pipeline.discover.found import Found
from pipeline.discover.listings import expand_days, read_listing
from pipeline.errors import SetupError
from tests.discover.helpers import addresses, fetch, trouble, true_addresses
from tests.site import truth
from tests.site.server import Site

HERE = "http://paper.test/news"
NEXT = 'a[rel="next"]'


def follow(site: Site, address: str, item: str, date_: str, first_day: date | None = None) -> list[Found]:
    found: list[Found] = []
    while address:
        offer = read_listing(fetch(site, address).body, address, item, NEXT, date_, first_day)
        assert offer.trouble == ()
        found += offer.articles
        address = next(iter(offer.more), "")
    return found


@pytest.mark.parametrize(
    ("host", "path", "item", "dated"),
    [("institute.test", "/news", "article", "time"), ("syndicator.test", "/world/", "div.teaser", "span")],
)
def test_a_paged_listing_offers_every_article(
    site: Site, host: str, path: str, item: str, dated: str
) -> None:
    found = follow(site, site.url(host, path), item, dated)
    articles = truth.of_host(host)
    assert addresses(found) == true_addresses(site, host)
    assert [one.title for one in found] == [article.title for article in articles]
    assert [one.published_on for one in found] == [article.moment.date() for article in articles]


def test_a_listing_is_left_where_the_window_is_behind(site: Site) -> None:
    address = site.url("institute.test", "/news")
    every = follow(site, address, "article h2 a", "time")
    assert follow(site, address, "article h2 a", "time", date(2024, 1, 1)) == every
    assert len(follow(site, address, "article h2 a", "time", date(2026, 1, 1))) == 3 < len(every)


def test_dated_listings_offer_every_article_on_its_day(site: Site) -> None:
    template = site.url("agency.test", "/news/{year}-{month:02d}-{day:02d}/")
    days = [date(2024, 12, day) for day in range(1, 32)]
    found: list[Found] = []
    for day, address in zip(reversed(days), expand_days(template, days[0], days[-1]), strict=True):
        offer = read_listing(fetch(site, address).body, address, "div.news-item", day=day)
        assert all(one.published_on == day for one in offer.articles)
        found += offer.articles
    wanted = {a.address(site.port) for a in truth.of_host("agency.test") if a.moment.date() in days}
    assert wanted <= set(addresses(found)) <= set(true_addresses(site, "agency.test"))


def test_a_template_that_names_something_else_is_refused() -> None:
    assert list(expand_days("/{year}{month:02d}{day:02d}", date(2024, 12, 3), date(2024, 12, 4))) == [
        "/20241204",
        "/20241203",
    ]
    for template in ("/{hour}", "/{year.__class__.x}", "/{", "/{0}"):
        with pytest.raises(SetupError, match="may name"):
            list(expand_days(template, date(2024, 12, 3), date(2024, 12, 4)))
    with pytest.raises(SetupError, match="shorter"):
        list(expand_days("/{year}", date.min, date.max))


def test_a_selector_that_is_not_css_is_refused() -> None:
    with pytest.raises(SetupError, match="not a CSS selector"):
        read_listing(b"<p>", HERE, "a[[")


def test_the_headline_is_the_link_and_the_title() -> None:
    body = (
        '<li><a href="/1"><img src="x"></a><a href="/world">World and all of its regions</a>'
        '<h3><a href="/1#top">One &amp; two</a></h3><i>4 December 2024</i></li>'
        '<li><a href="/2"><h3>Two</h3><p>What it says.</p></a></li><li><a href="mailto:x@y.z">Us</a></li><li>No</li>'
    )
    offer = read_listing(body.encode(), HERE, "li", date="i")
    assert [(f.address, f.title, f.published_on) for f in offer.articles] == [
        ("http://paper.test/1", "One & two", date(2024, 12, 4)),
        ("http://paper.test/2", "Two", None),
    ]
    assert len(offer.trouble) == 2


@pytest.mark.parametrize("path", ["/empty", "/not-html", "/soft-404", "/big", "/nul"])
def test_what_is_not_a_listing_is_trouble(site: Site, path: str) -> None:
    start = time.monotonic()
    offer = read_listing(*trouble(site, path), "article.teaser")
    assert time.monotonic() - start < 5
    assert offer.articles == ()
    assert offer.trouble
