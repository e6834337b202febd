"""Pages that are too large, too deep or too many."""

import sys
from datetime import date, timedelta

from tests.site.hosts import bombs
from tests.site.hosts.trouble.registry import STORY, story, trouble
from tests.site.hosts.trouble.wire import head
from tests.site.layouts import document
from tests.site.reply import Ask, Reply, page

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


@trouble("/bomb/gzip", "200 MB of HTML as 600 KB of gzip")
def _gzip_bomb(_: Ask) -> Reply:
    return Reply(bombs.gzip_bomb(), headers=[("Content-Encoding", "gzip")], etags="none")


@trouble("/bomb/brotli", "200 MB of HTML as less than 1 KB of brotli")
def _brotli_bomb(_: Ask) -> Reply:
    return Reply(bombs.brotli_bomb(), headers=[("Content-Encoding", "br")], etags="none")


@trouble("/bomb/zstd", "200 MB of HTML as some 20 KB of zstd")
def _zstd_bomb(_: Ask) -> Reply:
    packer = zstd.ZstdCompressor(level=1)
    piece = b"<p>The Northern Compact met in Merrowhaven.</p>\n".ljust(64) * 16384
    packed = b"".join(packer.compress(piece) for _ in range(bombs.UNPACKED // len(piece))) + packer.flush()
    return Reply(packed, headers=[("Content-Encoding", "zstd")], etags="none")


@trouble("/bomb/sitemap.xml.gz", "the gzip bomb as a sitemap's file, with no Content-Encoding")
def _sitemap_bomb(_: Ask) -> Reply:
    return Reply(bombs.gzip_bomb(), kind="application/gzip", etags="none")


@trouble("/bomb/broken-gzip", "says gzip, and is not")
def _broken_gzip(_: Ask) -> Reply:
    return Reply(story().encode(), headers=[("Content-Encoding", "gzip")], etags="none")


@trouble("/big", "a page of 20 MB, with its length")
def _big(_: Ask) -> Reply:
    return Reply(bombs.big_page(), etags="none")


@trouble("/big-unannounced", "a page of 20 MB, without its length")
def _big_unannounced(_: Ask) -> Reply:
    return Reply(raw=lambda wire: wire.send(head(None) + bombs.big_page()))


@trouble("/deep", "an article inside 10,000 nested divs")
def _deep(_: Ask) -> Reply:
    return page(document("Deep", "<div>" * 10_000 + f"<p>{STORY}</p>" + "</div>" * 10_000), etags="none")


@trouble("/attributes", "an article whose paragraph has 100,000 attributes")
def _attributes(_: Ask) -> Reply:
    attributes = " ".join(f'a{n}="{n}"' for n in range(100_000))
    return page(document("Attributes", f"<article><p {attributes}>{STORY}</p></article>"), etags="none")


@trouble("/calendar/2024-12-04", "a calendar without end: every day links to the next and to the one before")
def calendar(ask: Ask) -> Reply:
    try:
        day = date.fromisoformat(ask.path[-10:])
        before, after = day - timedelta(days=1), day + timedelta(days=1)
    except (ValueError, OverflowError):
        return page(document("Calendar", "<p>No such day.</p>"), status=404)
    return page(
        document(
            f"Calendar {day}",
            f'<h1>{day}</h1><p>Nothing is planned.</p><a rel="prev" href="/calendar/{before}">Earlier</a> '
            f'<a rel="next" href="/calendar/{after}">Next</a>',
        )
    )
