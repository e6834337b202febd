"""A section crawl stays within its limits."""

import pytest

from pipeline.discover.section import read_section
from pipeline.errors import SetupError
from tests.discover.helpers import addresses, fetch, true_addresses
from tests.site.server import Site

HERE = "http://paper.test/news/"
BODY = (
    b'<a href="/news/1.html">One</a><a href="/news/page/2/">More</a><a href="/sport/1.html">S</a><a href="#x">Top</a>'
    b'<a href="//other.test/news/2.html">O</a><a href="mailto:a@b.c">M</a><a href="/news/a.PDF">P</a>'
    b'<a href="/news/1.html#c">Comments</a>'
)


def test_a_front_page_leads_to_every_article(site: Site) -> None:
    address = site.url("wire.test", "/")
    offer = read_section(fetch(site, address).body, address, articles=r"^/\d{4}/\d\d/\d\d/")
    tracked = [f"{a}?utm_source=front&utm_medium=teaser" for a in true_addresses(site, "wire.test")]
    assert addresses(offer.articles) == tracked


def test_links_outside_the_limits_are_counted() -> None:
    offer = read_section(BODY, HERE, under=("/news/",), articles=r"\.html$", depth=1)
    assert [(f.address, f.title) for f in offer.articles] == [("http://paper.test/news/1.html", "One")]
    assert offer.more == ("http://paper.test/news/page/2/",)
    assert (offer.skipped, offer.trouble) == (4, ())


def test_nothing_is_followed_at_depth_nought() -> None:
    offer = read_section(BODY, HERE, hosts=("paper.test", "other.test"), under=("/news/",))
    assert offer.more == ()
    assert "http://other.test/news/2.html" in addresses(offer.articles)


def test_a_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(SetupError, match="regular expression"):
        read_section(BODY, HERE, articles="(")


def test_a_page_nested_without_end_is_survived() -> None:
    offer = read_section(b"<div>" * 200_000 + BODY, HERE)
    assert offer.more == ()
