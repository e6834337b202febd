"""The CDX index offers the archive's captures, by their own addresses."""

import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from pipeline.discover.wayback import cdx_query, read_cdx
from tests.discover.helpers import addresses, fetch
from tests.site import truth
from tests.site.client import plain
from tests.site.server import Site

WINDOW = (date(2024, 12, 2), date(2024, 12, 31))
ROWS = ["timestamp", "original", "mimetype", "statuscode", "digest"]


@pytest.mark.parametrize("host", ["agency.test", "institute.test", "syndicator.test", "shut.test"])
def test_the_archive_offers_the_articles_that_it_has(site: Site, host: str) -> None:
    address = cdx_query(host, *WINDOW, endpoint=site.url("archive.test", "/cdx/search/cdx"))
    offer = read_cdx(fetch(site, address).body, address)
    archived = [article for article in truth.of_host(host) if article.archived]
    assert sorted(addresses(offer.articles)) == sorted(article.address(site.port) for article in archived)
    for found in offer.articles:
        article = next(a for a in archived if a.address(site.port) == found.address)
        assert found.captured_at is not None
        assert f"{found.captured_at:%Y%m%d%H%M%S}" == article.archived[0]
        got = fetch(site, found.fetch_address or "")
        assert got.status == 200
        assert plain(article.paragraphs[0]) in got.text


def test_each_text_of_an_address_is_offered_on_request(site: Site) -> None:
    corrected = next(a for a in truth.articles() if a.corrected_at)
    address = cdx_query(corrected.host, *WINDOW, endpoint=site.url("archive.test", "/cdx/search/cdx"))
    body = fetch(site, address).body
    mine = [f for f in read_cdx(body, address, every_version=True).articles if corrected.path in f.address]
    assert len({f.fetch_address for f in mine}) == 2


def test_the_query_says_what_is_wanted() -> None:
    asked = parse_qs(urlsplit(cdx_query("http://a.test/news/", *WINDOW, resume_key="a,b)/ 1!")).query)
    assert (asked["url"], asked["matchType"], asked["resumeKey"]) == (
        ["http://a.test/news/"],
        ["prefix"],
        ["a,b)/ 1!"],
    )
    assert (asked["from"], asked["to"], asked["collapse"]) == (["20241202"], ["20241231"], ["digest"])
    assert asked["filter"] == ["mimetype:text/html", "statuscode:200"]
    assert "matchType=host" in cdx_query("a.test/", *WINDOW)
    assert "url=a.test&matchType=domain" in cdx_query("*.a.test", *WINDOW)


def test_other_captures_are_left_out_and_a_long_answer_goes_on() -> None:
    table = [
        ROWS,
        ["20241204000000", "http://a.test:80/1", "text/html", "200", "A"],
        ["20241205000000", "http://a.test/1", "text/html", "200", "A"],
        ["20241205000000", "http://a.test/2", "text/html", "404", "B"],
        ["20241205000000", "http://a.test/3", "warc/revisit", "-", "C"],
        ["soon", "http://a.test/4", "text/html", "200", "D"],
        ["20241205000000", "file:///etc/passwd", "text/html", "200", "E"],
        [],
        ["test%2Ca%29%2F+20241205000000%21"],
    ]
    address = cdx_query("a.test", *WINDOW)
    offer = read_cdx(json.dumps(table).encode(), address)
    assert addresses(offer.articles) == ["http://a.test/1"]
    assert (
        offer.articles[0].fetch_address == "https://web.archive.org/web/20241204000000id_/http://a.test:80/1"
    )
    assert (offer.skipped, len(offer.trouble)) == (2, 2)
    assert offer.more == (f"{address}&resumeKey=test%2Ca%29%2F+20241205000000%21",)


@pytest.mark.parametrize("body", [b"", b"Blocked Site Error", b"{}", b"[7]", b"[[]]", b"[" * 200_000])
def test_what_is_not_an_answer_is_trouble(body: bytes) -> None:
    assert read_cdx(body).trouble
    assert read_cdx(b"[]").trouble == ()
