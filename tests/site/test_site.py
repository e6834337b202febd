"""The site does what its truth says, over real HTTP."""

import http.client
import json
import time
from itertools import pairwise
from typing import get_args

import pytest

from tests.site import truth
from tests.site.client import get, plain
from tests.site.server import Site

LIVE = [article for article in truth.articles() if article.host != "shut.test"]


def address_path(site: Site, address: str, host: str) -> str:
    start = site.url(host, "")
    assert address.startswith(start)
    return address.removeprefix(start)


@pytest.mark.parametrize("article", LIVE, ids=lambda a: f"{a.host}{a.path}")
def test_a_page_prints_its_text_its_title_and_its_residue(site: Site, article: truth.Article) -> None:
    got = get(site, article.host, article.path)
    assert got.status == 200
    for paragraph in article.paragraphs:
        for line in paragraph.split("\n"):
            assert plain(line) in got.text
    for line in (article.title, *article.residue):
        assert plain(line) in got.text


@pytest.mark.parametrize("article", LIVE, ids=lambda a: f"{a.host}{a.path}")
def test_a_page_that_the_client_has_is_not_sent_again(site: Site, article: truth.Article) -> None:
    first = get(site, article.host, article.path)
    asked = []
    if "etag" in first.headers:
        asked.append({"If_None_Match": first.headers["etag"]})
    if "last-modified" in first.headers:
        asked.append({"If_Modified_Since": first.headers["last-modified"]})
    assert asked
    for headers in asked:
        again = get(site, article.host, article.path, **headers)
        assert (again.status, again.body) == (304, b"")
    assert get(site, article.host, article.path, If_None_Match='"another"').status == 200
    assert [record.status for record in site.requests] == [200, *[304] * len(asked), 200]


def test_the_truth_is_whole() -> None:
    bases = {a.text_name: a for a in truth.articles() if a.how == "original" and "brief" not in a.text_name}
    assert len(bases) >= 14
    for name, article in bases.items():
        words = sum(len(paragraph.split()) for paragraph in article.paragraphs)
        assert 150 <= words <= 700, name
    assert {a.how for a in truth.articles()} == set(get_args(truth.How))
    assert {a.relevance for a in truth.articles()} == set(get_args(truth.Relevance))
    for article in truth.articles():
        assert bool(article.copies) == (article.how != "original")
        assert all(name in bases for name in article.copies)
        day = article.moment.date()
        inside = truth.EVENT.first_day <= day <= truth.EVENT.last_day
        assert inside or not article.on_topic
        assert article.relevance != "early" or day < truth.EVENT.first_day
        assert article.relevance != "late" or day > truth.EVENT.last_day


def test_a_copy_is_what_the_truth_calls_it() -> None:
    for article in truth.articles():
        if article.how == "original":
            continue
        own, first = article.paragraphs, truth.base(article.copies[0]).paragraphs
        if article.how == "identical":
            assert own == first
        elif article.how == "trimmed":
            assert set(own) < set(first)
        elif article.how in {"wrapped", "digest"}:
            assert all(set(truth.base(name).paragraphs) < set(own) for name in article.copies)
        else:
            assert own != first
            assert set(own) & set(first)


def test_the_agency_lists_its_news_by_day(site: Site) -> None:
    found: set[str] = set()
    path = "/news/2024-11-30/"
    while path:
        got = get(site, "agency.test", path)
        found |= set(got.find('//div[@class="news-item"]/a/@href'))
        path = next(iter(got.find('//a[@rel="next"]/@href')), "")
        path = path if path < "/news/2025-01-31/" else ""
    assert found == {a.path for a in truth.of_host("agency.test")}
    assert get(site, "agency.test", "/news/2019-01-01/").status == 404


@pytest.mark.parametrize(
    ("host", "first", "query"),
    [
        ("institute.test", "/news", "//article/h2/a/@href"),
        ("syndicator.test", "/world/", '//div[@class="teaser"]/h3/a/@href'),
    ],
)
def test_a_paged_listing_leads_to_every_article(site: Site, host: str, first: str, query: str) -> None:
    found: list[str] = []
    path = first
    while path:
        got = get(site, host, path)
        found += got.find(query)
        path = next(iter(got.find('//a[@rel="next"]/@href')), "")
    assert found == [a.path for a in truth.of_host(host)]
    assert get(site, host, f"{first}?page=99").status == 404


def test_the_feeds_name_every_article(site: Site) -> None:
    def locations(host: str, path: str, query: str) -> list[str]:
        found = get(site, host, path).find(query)
        return [address_path(site, address, host).partition("?")[0] for address in found]

    def paths(host: str) -> list[str]:
        return [a.path for a in truth.of_host(host)]

    rss = "//item/link/text()"
    pages = [locations("monitor.test", f"/feed/?paged={n}", rss) for n in (1, 2, 3)]
    assert [path for page in pages for path in page] == paths("monitor.test")
    assert locations(
        "wire.test", "/feed/atom/", "//*[local-name()='entry']/*[local-name()='link']/@href"
    ) == paths("wire.test")
    items = "//*[local-name()='item']/*[local-name()='link']/text()"
    assert locations("syndicator.test", "/rdf.xml", items) == paths("syndicator.test")
    assert locations("insight.test", "/news-sitemap.xml", "//*[local-name()='loc']/text()") == paths(
        "insight.test"
    )
    feed = json.loads(get(site, "insight.test", "/feed.json").body)
    assert [item["date_published"] for item in feed["items"]] == [
        a.published for a in truth.of_host("insight.test")
    ]


def test_the_sitemap_of_months(site: Site) -> None:
    host, locations = "monitor.test", "//*[local-name()='loc']/text()"
    found = set()
    for location in get(site, host, "/sitemap.xml").find(locations):
        month = get(site, host, address_path(site, location, host))
        found |= {address_path(site, address, host) for address in month.find(locations)}
    assert found == {a.path for a in truth.of_host("monitor.test")}


def test_the_rest_api_filters_searches_and_pages(site: Site) -> None:
    api = "/wp-json/wp/v2/posts"
    window = "after=2024-12-03T00:00:00&before=2024-12-09T00:00:00"
    first = get(site, "monitor.test", f"{api}?{window}&per_page=2&page=1")
    assert (first.headers["x-wp-total"], first.headers["x-wp-totalpages"]) == ("3", "2")
    second = get(site, "monitor.test", f"{api}?{window}&per_page=2&page=2")
    assert [post["id"] for got in (first, second) for post in json.loads(got.body)] == [4944, 4936, 4921]
    past = get(site, "monitor.test", f"{api}?{window}&per_page=2&page=3")
    assert (past.status, json.loads(past.body)["code"]) == (400, "rest_post_invalid_page_number")
    assert get(site, "monitor.test", f"{api}?per_page=101").status == 400
    assert get(site, "monitor.test", f"{api}?after=soon").status == 400
    found = json.loads(get(site, "monitor.test", f"{api}?search=lantern+transponders").body)
    assert [post["link"] for post in found] == [truth.base("lanterns").address(site.port)]
    assert get(site, "wire.test", api).status == 401


def test_the_twins_lead_to_one_canonical_address(site: Site) -> None:
    for article in truth.of_host("wire.test"):
        short, amp, mobile = (twin.partition("/") for twin in article.twins)
        assert get(site, short[0], "/" + short[2]).headers["location"] == article.address(site.port)
        for host, _, path in (amp, mobile):
            got = get(site, host, "/" + path)
            assert got.find('//link[@rel="canonical"]/@href') == [article.address(site.port)]


def test_a_correction_changes_the_text_and_the_tags(site: Site) -> None:
    article = next(a for a in truth.articles() if a.corrected_at)
    before = get(site, article.host, article.path)
    site.switches["corrected"] = True
    after = get(site, article.host, article.path, If_None_Match=before.headers["etag"])
    assert after.status == 200
    assert after.headers["etag"] != before.headers["etag"]
    assert after.headers["last-modified"] != before.headers["last-modified"]
    assert article.corrected_paragraphs != article.paragraphs
    assert all(line in after.text for line in (*article.corrected_paragraphs, article.corrected_note or ""))


def test_the_archive_has_what_it_lists(site: Site) -> None:
    def cdx(query: str) -> list[dict[str, str]]:
        table = json.loads(get(site, "archive.test", f"/cdx/search/cdx?output=json&{query}").body)
        names, *rows = table or [[]]
        return [dict(zip(names, row, strict=True)) for row in rows]

    for article in truth.articles():
        rows = cdx(f"url={article.host}{article.path}")
        assert tuple(row["timestamp"] for row in rows) == article.archived
        for row in rows:
            got = get(site, "archive.test", f"/web/{row['timestamp']}id_/{row['original']}")
            assert got.status == 200
            texts = {article.paragraphs, article.corrected_paragraphs}
            assert sum(all(plain(p) in got.text for p in text) for text in texts) == 1
    corrected = next(a for a in truth.articles() if a.corrected_at)
    assert len({row["digest"] for row in cdx(f"url={corrected.host}{corrected.path}")}) == 2
    assert len(cdx("url=agency.test/news/&matchType=prefix")) == 3
    assert len(cdx("url=agency.test/news/&matchType=prefix&collapse=digest")) == 1
    assert len(cdx("url=*.test&from=20241206&to=20241206")) == 2
    assert cdx("url=agency.test&matchType=host&filter=!statuscode:200")[0]["statuscode"] == "301"
    assert cdx("url=nobody.test/") == []
    assert get(site, "shut.test", "/").status == 410
    near = get(site, "archive.test", f"/web/2024id_/{truth.base('ferry').address(site.port)}")
    assert "/web/20241206141200id_/" in near.headers["location"]


def test_robots(site: Site) -> None:
    assert b"Crawl-delay: 1" in get(site, "institute.test", "/robots.txt").body
    assert b"Disallow: /private/" in get(site, "wire.test", "/robots.txt").body
    sitemap = get(site, "insight.test", "/robots.txt").body.decode().split("Sitemap: ")[1].strip()
    assert get(site, "insight.test", address_path(site, sitemap, "insight.test")).status == 200


def test_a_thousand_small_pages_are_served_quickly_and_counted(site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    start = time.monotonic()
    for number in range(1000):
        connection.request("GET", f"/page/{number}", headers={"Host": f"a.many.test:{site.port}"})
        answer = connection.getresponse()
        assert answer.status == 200
        answer.read()
    assert time.monotonic() - start < 10
    connection.close()
    records = site.of("a.many.test")
    assert len(records) == 1000
    assert all(earlier.time <= later.time for earlier, later in pairwise(records))
    assert len(site.gaps("a.many.test")) == 999


def test_the_switches_restless_and_down(site: Site) -> None:
    article = truth.base("cables")
    site.switches["restless"] = True
    first, second = (get(site, article.host, article.path) for _ in range(2))
    assert first.headers["etag"] != second.headers["etag"]
    assert all(plain(paragraph) in second.text for paragraph in article.paragraphs)
    site.switches["down"] = True
    assert get(site, article.host, article.path).status == 503
