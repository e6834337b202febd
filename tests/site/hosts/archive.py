"""archive.test: plays the Wayback Machine: its CDX index, and the bodies as they were captured.

/cdx/search/cdx?url=...&output=json  with matchType, from, to, filter, collapse, fl, limit, offset
/web/TIMESTAMPid_/URL  the raw body;  /web/TIMESTAMP/URL  the page with the archive's banner in it
A time stamp between captures redirects to the nearest, as the real one does.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from tests.site.hosts import agency, institute, syndicator
from tests.site.layouts import blocks_html, document
from tests.site.reply import Ask, Reply, http_date, moved, page
from tests.site.truth import Article, articles

FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")


@dataclass(frozen=True)
class Capture:
    """One row of the index, and the body behind it."""

    urlkey: str
    timestamp: str
    original: str
    mimetype: str
    statuscode: str
    digest: str
    length: str
    body: bytes


def answer(ask: Ask) -> Reply | None:
    """The page at an address."""
    if ask.path == "/cdx/search/cdx":
        return _index(ask)
    web = re.fullmatch(r"/web/(\d{4,14})(id_)?/(.+)", ask.path)
    if web:
        address = web[3] + (f"?{'&'.join(f'{k}={v}' for k, v in ask.query.items())}" if ask.query else "")
        return _playback(ask, web[1], address, raw=bool(web[2]))
    return None


def captures(ask: Ask) -> Iterator[Capture]:
    """Every capture there is, by key and time."""
    found: list[Capture] = []
    for article in articles():
        for stamp in article.archived:
            body = _body(article, stamp, ask)
            found.append(_capture(ask.at(article.host, article.path), stamp, "200", body))
    old = ask.at("agency.test", "/old/cables.html")
    found.append(_capture(old, "20241203190000", "301", b""))
    found.append(_capture(ask.at("shut.test", "/notebook/gone"), "20241207000000", "404", b"<p>Gone.</p>"))
    yield from sorted(found, key=lambda capture: (capture.urlkey, capture.timestamp))


def _capture(address: str, stamp: str, status: str, body: bytes) -> Capture:
    digest = base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()
    return Capture(urlkey(address), stamp, address, "text/html", status, digest, str(len(body) // 3), body)


def urlkey(address: str) -> str:
    """The sortable key of an address: `test,agency)/news/...`; scheme, port and www count for nothing."""
    parts = urlsplit(address if "://" in address else f"http://{address}")
    host = (parts.hostname or "").removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    return f"{','.join(reversed(host.split('.')))}){(parts.path or '/').lower()}{query.lower()}"


def _body(article: Article, stamp: str, ask: Ask) -> bytes:
    past: dict[str, Callable[[Ask], Reply | None]] = {
        "agency.test": agency.answer,
        "institute.test": institute.answer,
        "syndicator.test": syndicator.answer,
    }
    corrected = bool(article.corrected_at) and _moment(stamp) >= article.modified
    then = replace(ask, host=article.host, path=article.path, query={}, switches={"corrected": corrected})
    reply = past[article.host](then) if article.host in past else page(_shut(article))
    return reply.body if reply else b""


def _shut(article: Article) -> str:
    lines = "\n".join(blocks_html(article.blocks))
    return document(
        f"{article.title} - The Evening Ferry",
        f"<header>The Evening Ferry</header><main><article><h1>{article.title}</h1>\n<p class='by'>{article.author}</p>\n"
        f"{lines}\n</article></main>",
        f'<meta property="article:published_time" content="{article.published}">',
    )


def _moment(stamp: str) -> datetime:
    return datetime.strptime(stamp.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _index(ask: Ask) -> Reply:
    query = ask.query
    if "url" not in query:
        return Reply(b"url is required", 400, "text/plain", etags="none")
    wanted, kind = query["url"], query.get("matchType", "exact")
    if wanted.startswith("*."):
        wanted, kind = wanted[2:], "domain"
    if wanted.endswith("*"):
        wanted, kind = wanted[:-1], "prefix"
    rows = [capture for capture in captures(ask) if _matches(capture, urlkey(wanted), kind)]
    start, end = query.get("from", "0"), query.get("to", "9")
    rows = [c for c in rows if start <= c.timestamp and c.timestamp[: len(end)] <= end]
    if "filter" in query:
        refused = query["filter"].startswith("!")
        name, _, pattern = query["filter"].removeprefix("!").partition(":")
        rows = [c for c in rows if bool(re.fullmatch(pattern, getattr(c, name, ""))) != refused]
    if "collapse" in query:
        rows = list(_collapsed(rows, query["collapse"]))
    offset, limit = int(query.get("offset", "0")), int(query.get("limit", "100000"))
    rows = rows[offset:][:limit] if limit >= 0 else rows[limit:]
    fields = [name for name in query.get("fl", ",".join(FIELDS)).split(",") if name in FIELDS]
    table = [[getattr(capture, name) for name in fields] for capture in rows]
    if query.get("output") == "json":
        body = json.dumps([fields, *table] if table else [])
        return Reply(body.encode(), kind="application/json", etags="none")
    text = "".join(" ".join(row) + "\n" for row in table)
    return Reply(text.encode(), kind="text/plain", etags="none")


def _matches(capture: Capture, key: str, kind: str) -> bool:
    host = key.partition(")")[0]
    if kind == "prefix":
        return capture.urlkey.startswith(key)
    if kind == "host":
        return capture.urlkey.startswith(f"{host})")
    if kind == "domain":
        return capture.urlkey.startswith((f"{host})", f"{host},"))
    return capture.urlkey == key


def _collapsed(rows: list[Capture], rule: str) -> Iterator[Capture]:
    name, _, digits = rule.partition(":")
    last = None
    for capture in rows:
        value = (capture.urlkey, getattr(capture, name, "")[: int(digits) if digits else None])
        if value != last:
            yield capture
        last = value


def _playback(ask: Ask, stamp: str, address: str, *, raw: bool) -> Reply | None:
    found = [capture for capture in captures(ask) if capture.urlkey == urlkey(address)]
    if not found:
        return None
    asked = (
        _moment(stamp.ljust(14, "0")) if len(stamp) == 14 else datetime(int(stamp[:4]), 12, 31, tzinfo=UTC)
    )
    nearest = min(found, key=lambda capture: abs((_moment(capture.timestamp) - asked).total_seconds()))
    if nearest.timestamp != stamp:
        return moved(ask.here(f"/web/{nearest.timestamp}{'id_' if raw else ''}/{nearest.original}"), 302)
    headers = [
        ("Memento-Datetime", http_date(_moment(stamp))),
        ("Link", f'<{nearest.original}>; rel="original"'),
        ("X-Archive-Orig-Date", http_date(_moment(stamp))),
    ]
    if nearest.statuscode == "301":
        reply = moved(ask.here(f"/web/{stamp}id_/{ask.at('agency.test', '/news/general/1041655.html')}"))
        return replace(reply, headers=reply.headers + headers)
    banner = b"<body>\n<div id='wm-ipp-base'>The archive has captures of this page</div>"
    body = nearest.body if raw else nearest.body.replace(b"<body>", banner, 1)
    return Reply(body, int(nearest.statuscode), headers=headers, etags="none")
