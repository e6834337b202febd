"""Feeds offer what they list."""

import gzip
import json
import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from pipeline.discover.feeds import read_feed
from tests.discover.helpers import addresses, fetch, trouble, true_addresses
from tests.site import truth
from tests.site.server import Site

HERE = "http://paper.test/feed"
RSS = '<rss version="2.0"><channel><title>Paper</title><link>http://paper.test/</link>'


def rss(items: str) -> bytes:
    return f"{RSS}{items}</channel></rss>".encode()


@pytest.mark.parametrize(
    ("host", "path"), [("syndicator.test", "/rdf.xml"), ("insight.test", "/feed.json")], ids=["rdf", "json"]
)
def test_a_feed_offers_the_articles_with_titles_and_moments(site: Site, host: str, path: str) -> None:
    offer = read_feed(fetch(site, site.url(host, path)).body, site.url(host, path))
    articles = truth.of_host(host)
    assert addresses(offer.articles) == true_addresses(site, host)
    assert [found.title for found in offer.articles] == [article.title for article in articles]
    assert [found.published for found in offer.articles] == [article.published for article in articles]
    assert [found.published_at for found in offer.articles] == [article.moment for article in articles]
    assert (offer.trouble, offer.more) == ((), ())


def test_an_atom_feed_offers_publication_and_modification(site: Site) -> None:
    address = site.url("wire.test", "/feed/atom/")
    offer = read_feed(fetch(site, address).body, address)
    tracked = [f"{a}?utm_source=feed&utm_medium=atom" for a in true_addresses(site, "wire.test")]
    assert addresses(offer.articles) == tracked
    for found, article in zip(offer.articles, truth.of_host("wire.test"), strict=True):
        assert (found.title, found.published_at) == (article.title, article.moment)
        assert found.modified_at == article.moment


def test_a_wordpress_feed_is_followed_by_number_to_its_end(site: Site) -> None:
    address, found = site.url("monitor.test", "/feed/"), []
    while address:
        offer = read_feed(fetch(site, address).body, address, numbered_pages=True)
        found += offer.articles
        assert offer.trouble == ()
        address = next(iter(offer.more), "")
    assert addresses(found) == true_addresses(site, "monitor.test")
    assert [one.published_at for one in found] == [a.moment for a in truth.of_host("monitor.test")]


def test_a_feed_is_not_followed_past_the_window(site: Site) -> None:
    address = site.url("monitor.test", "/feed/")
    body = fetch(site, address).body
    assert read_feed(body, address).more == ()
    assert read_feed(body, address, date(2024, 1, 1), numbered_pages=True).more == (f"{address}?paged=2",)
    assert read_feed(body, address, date(2026, 1, 1), numbered_pages=True).more == ()


def test_named_next_pages_are_offered() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="/feed"/><link rel="next" href="/feed?2"/>'
        '<entry><title>One</title><link href="/1"/></entry></feed>'
    )
    assert read_feed(atom.encode(), HERE).more == ("http://paper.test/feed?2",)
    body = json.dumps({"items": [{"id": "http://paper.test/1"}], "next_url": "/feed.json?2"})
    offer = read_feed(body.encode(), HERE)
    assert (addresses(offer.articles), offer.more) == (
        ["http://paper.test/1"],
        ("http://paper.test/feed.json?2",),
    )


def test_dates_keep_the_zone_they_state() -> None:
    dates = {
        "Wed, 04 Dec 2024 00:30:00 +0200": datetime(2024, 12, 4, 0, 30, tzinfo=timezone(timedelta(hours=2))),
        "Wed, 04 Dec 2024 10:00:00 GMT": datetime(2024, 12, 4, 10, tzinfo=UTC),
        "Wed, 04 Dec 2024 10:00:00 -0000": None,
        "Wed, 04 Dec 2024 10:00:00": None,
        "2024-12-04": None,
    }
    items = "".join(
        f"<item><link>/{n}</link><pubDate>{stated}</pubDate></item>" for n, stated in enumerate(dates)
    )
    found = read_feed(rss(items), HERE).articles
    assert [one.published for one in found] == list(dates)
    assert [one.published_at for one in found] == list(dates.values())
    assert found[0].published_at is not None
    assert found[0].published_at.utcoffset() == timedelta(hours=2)
    assert {one.published_on for one in found} == {date(2024, 12, 4)}
    assert {one.modified for one in found} == {None}


def test_a_date_that_is_none_is_kept_as_it_stands() -> None:
    (found,) = read_feed(rss("<item><link>/1</link><pubDate>soon</pubDate></item>"), HERE).articles
    assert (found.published, found.published_at, found.published_on) == ("soon", None, None)


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("Soup &amp; bread", "Soup & bread"),
        ("Soup &amp;amp; bread", "Soup & bread"),
        ("The Queen&amp;#8217;s speech", "The Queen’s speech"),
        ("<![CDATA[The <b>Queen</b>&#8217;s\n speech]]>", "The Queen’s speech"),
        ("1 &lt; 2", "1 < 2"),
        ("", None),
    ],
)
def test_titles_are_decoded(stated: str, title: str | None) -> None:
    (found,) = read_feed(rss(f"<item><title>{stated}</title><link>/1</link></item>"), HERE).articles
    assert found.title == title


def test_addresses_are_resolved_and_offered_once() -> None:
    items = ["/a", "http://paper.test/a", "b#top", "?c=1&amp;d=2"]
    body = rss("".join(f"<item><link>{link}</link></item>" for link in items))
    assert addresses(read_feed(body, HERE).articles) == [
        "http://paper.test/a",
        "http://paper.test/b",
        "http://paper.test/feed?c=1&d=2",
    ]


def test_a_guid_is_an_address_only_where_it_looks_like_one() -> None:
    body = rss("<item><guid>http://paper.test/1</guid></item><item><guid>12345</guid></item>")
    offer = read_feed(body, HERE)
    assert addresses(offer.articles) == ["http://paper.test/1"]
    assert offer.trouble == (f"An entry of the feed {HERE} was skipped: it has no address.",)


@pytest.mark.parametrize(
    "bad",
    ["file:///etc/passwd", "data:text/html,x", "javascript:alert(1)", "ftp://a.test/", "http://u:p@a.test/", "http://[::1"],
)  # fmt: skip
def test_an_address_that_is_not_http_is_trouble(bad: str) -> None:
    for body in (
        rss(f"<item><link>{bad}</link></item><item><link>/1</link></item>"),
        json.dumps({"items": [{"url": bad}, {"url": "/1"}]}).encode(),
    ):
        offer = read_feed(body, HERE)
        assert addresses(offer.articles) == ["http://paper.test/1"]
        assert len(offer.trouble) == 1


def test_a_packed_feed_is_unpacked() -> None:
    body = gzip.compress(rss("<item><link>/1</link></item>"))
    assert addresses(read_feed(body, HERE).articles) == ["http://paper.test/1"]
    cut = read_feed(body[:-12], HERE)
    assert "cut off" in cut.trouble[0]


def test_a_broken_feed_gives_what_is_readable(site: Site) -> None:
    offer = read_feed(*trouble(site, "/feed/broken"))
    assert addresses(offer.articles) == [site.url("trouble.test", p) for p in ("/fine", "/page/2")]
    assert [one.title for one in offer.articles] == ["Patrol agreed", "Soup & bread"]
    assert "broken XML" in offer.trouble[0]


def test_a_feed_whose_declared_charset_is_wrong_is_read() -> None:
    body = '<?xml version="1.0" encoding="utf-8"?>' + rss(
        "<item><title>Café</title><link>/1</link></item>"
    ).decode("utf-8")
    (found,) = read_feed(body.encode("cp1252"), HERE).articles
    assert found.title == "Café"


@pytest.mark.parametrize("path", ["/feed/html", "/feed/empty", "/feed/json"])
def test_what_is_not_a_feed_is_trouble(site: Site, path: str) -> None:
    offer = read_feed(*trouble(site, path))
    assert offer.articles == ()
    assert offer.trouble


@pytest.mark.parametrize("path", ["/feed/entities", "/feed/xxe"])
def test_entities_are_not_followed(site: Site, path: str) -> None:
    start = time.process_time()
    offer = read_feed(*trouble(site, path))
    assert time.process_time() - start < 1
    assert addresses(offer.articles) == [site.url("trouble.test", "/fine")]
    assert "root:" not in repr(offer)


N = 100_000


@pytest.mark.parametrize(
    "body",
    [
        f"{RSS}{'<a>' * N}",
        f"{RSS}{'<item>' * N}",
        f"{RSS}{'<a ' * N}",
        f"{RSS}{'<' * N}",
        f"{RSS}<item><title>{'&a ' * N}",
        f"{RSS}<item><title>{'<![CDATA[' * N}",
        RSS + "<item " + " ".join(f'a{n}="x"' for n in range(N // 3)) + ">",
        f"{RSS}{'<!--' * N}",
        f"<!DOCTYPE rss [{'<!ENTITY ' * N}]>{RSS}",
        "<!DOCTYPE html><title>Big</title>" + "<p>The Compact met.</p>\n" * (N * 8),
        f"{RSS}<item><link>/1</link><title>{'<b' * N}</title></item></channel></rss>",
        f"{RSS}<item><link>/1</link><pubDate>{' ' * N * 100}x</pubDate></item></channel></rss>",
        '{"items": ' + "[" * N,
        '{"items": [' + "1" * N + "]}",
        '{"items": [{"url": "/1", "title": "\\ud800\\u0000"}]}',
        "\0" * N,
    ],
    ids=range(16),
)
def test_hostile_feeds_cost_little(body: str) -> None:
    start = time.process_time()
    offer = read_feed(body.encode(), HERE)
    assert time.process_time() - start < 3
    assert len(offer.articles) <= 1
    assert offer.articles or offer.trouble


def test_twenty_thousand_entries_are_read_quickly() -> None:
    item = "<item><title>A</title><link>/{}</link><pubDate>Wed, 04 Dec 2024 10:00:00 GMT</pubDate></item>"
    body = rss("".join(item.format(n) for n in range(20_000)))
    start = time.process_time()
    assert len(read_feed(body, HERE).articles) == 20_000
    assert time.process_time() - start < 8
