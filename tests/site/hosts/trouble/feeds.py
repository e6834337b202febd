"""Feeds and sitemaps that a reader must survive."""

import json

from tests.site.hosts.trouble.redirects import PRIVATE
from tests.site.hosts.trouble.registry import LONG_AGO, story, trouble
from tests.site.layouts import sitemap, sitemap_index, xml
from tests.site.reply import Ask, Reply

_RSS = '<rss version="2.0"><channel><title>Trouble</title><link>http://trouble.test/</link>'


def _item(ask: Ask, path: str = "/fine") -> str:
    return f"<item><title>Patrol agreed</title><link>{ask.here(path)}</link></item>"


@trouble("/feed/broken", "RSS with a bare ampersand and a tag that is never closed, after one good item")
def _feed_broken(ask: Ask) -> Reply:
    body = f"{_RSS}{_item(ask)}<item><title>Soup & bread</title><link>{ask.here('/page/2')}</item></chan"
    return Reply(xml(body), kind="application/rss+xml")


@trouble("/feed/html", "a page of HTML where a feed was promised")
def _feed_html(_: Ask) -> Reply:
    return Reply(story("Feed").encode(), kind="application/rss+xml")


@trouble("/feed/empty", "a feed of no bytes")
def _feed_empty(_: Ask) -> Reply:
    return Reply(b"", kind="application/rss+xml")


@trouble("/feed/json", "a JSON Feed cut off in the middle")
def _feed_json(ask: Ask) -> Reply:
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"url": ask.here("/fine")}]})
    return Reply(body[:-9].encode(), kind="application/feed+json")


@trouble("/feed/entities", "RSS whose title is a billion laughs")
def _feed_entities(ask: Ask) -> Reply:
    laughs = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = f"<!DOCTYPE rss [{laughs}]>{_RSS}<description>&l9;</description>{_item(ask)}</channel></rss>"
    return Reply(xml(body), kind="application/rss+xml")


@trouble("/feed/xxe", "RSS that asks the parser to read /etc/passwd into a title")
def _feed_xxe(ask: Ask) -> Reply:
    body = (
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>{_RSS}<item><title>&x;</title>'
        f"<link>{ask.here('/fine')}</link></item></channel></rss>"
    )
    return Reply(xml(body), kind="application/rss+xml")


@trouble("/sitemap-50000.xml", "a sitemap of 50,000 entries, /page/0 to /page/49999")
def _sitemap_50000(ask: Ask) -> Reply:
    return Reply(sitemap((ask.here(f"/page/{n}"), LONG_AGO) for n in range(50_000)), kind="application/xml")


@trouble(
    "/sitemap-schemes.xml", "a sitemap with file:, data:, javascript:, ftp: and private entries, and /fine"
)
def _sitemap_schemes(ask: Ask) -> Reply:
    bad = [
        "file:///etc/passwd",
        "data:text/html,<p>Merrowhaven</p>",
        "javascript:alert(1)",
        "/relative",
        "  ",
    ]
    entries = [*bad, *PRIVATE.values(), ask.here("/fine")]
    return Reply(sitemap((entry, LONG_AGO) for entry in entries), kind="application/xml")


@trouble("/sitemap-loop.xml", "a sitemap index that lists itself, and file:///etc/passwd as another sitemap")
def _sitemap_loop(ask: Ask) -> Reply:
    entries = [(ask.here("/sitemap-loop.xml"), LONG_AGO), ("file:///etc/passwd", LONG_AGO)]
    return Reply(sitemap_index(entries), kind="application/xml")


@trouble("/sitemap-foreign.xml", "a sitemap whose entries are on another host")
def _sitemap_foreign(ask: Ask) -> Reply:
    entries = [(ask.at("agency.test", "/news/general/1041892.html"), LONG_AGO)]
    return Reply(sitemap(entries), kind="application/xml")
