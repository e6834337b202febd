"""trouble.test plays what it says it plays."""

import http.client
import socket
import time
import zlib

import brotli  # type: ignore[import-untyped]
import pytest
from lxml import etree

from tests.site.client import get
from tests.site.hosts import bombs
from tests.site.hosts.trouble import CYRILLIC, PRIVATE, RETRIES, STORY, TROUBLE
from tests.site.server import Site


@pytest.mark.parametrize("path", [p for p in TROUBLE if p not in {"/hang", "/drip", "/cut", "/cut-chunked"}])
def test_every_trouble_can_be_asked_for(site: Site, path: str) -> None:
    try:
        get(site, "trouble.test", path)
    except (http.client.BadStatusLine, ConnectionResetError):
        assert path in {"/reset", "/garbage"}
    assert [record.path for record in site.of("trouble.test")] == [path]


@pytest.mark.parametrize(
    ("path", "status"), [("/429", 429), ("/500", 500), ("/503", 503), ("/429-date", 429)]
)
def test_some_pages_recover(site: Site, path: str, status: int) -> None:
    answers = [get(site, "trouble.test", path) for _ in range(RETRIES + 1)]
    assert [got.status for got in answers] == [status] * RETRIES + [200]
    assert STORY in answers[-1].text
    assert ("retry-after" in answers[0].headers) == (status != 500)


def test_a_cut_body_is_short(site: Site) -> None:
    for path in ("/cut", "/cut-chunked"):
        with pytest.raises(http.client.IncompleteRead):
            get(site, "trouble.test", path)


def test_a_slow_body_is_slow_and_a_hanging_page_hangs(site: Site) -> None:
    start = time.monotonic()
    assert STORY in get(site, "trouble.test", "/slow").text
    assert time.monotonic() - start > 2
    with socket.create_connection(("127.0.0.1", site.port), timeout=0.5) as connection:
        connection.sendall(b"GET /hang HTTP/1.1\r\nHost: trouble.test\r\n\r\n")
        with pytest.raises(TimeoutError):
            connection.recv(1)


def test_bombs_are_small_on_the_wire_and_large_inside(site: Site) -> None:
    packed = get(site, "trouble.test", "/bomb/gzip").body
    assert len(packed) < 1_000_000
    unpacker, size = zlib.decompressobj(wbits=31), 0
    while packed:
        size += len(unpacker.decompress(packed, 1 << 20))
        packed = unpacker.unconsumed_tail
    assert size == bombs.UNPACKED
    packed = get(site, "trouble.test", "/bomb/brotli").body
    assert len(packed) < 10_000
    assert len(brotli.decompress(packed)) == bombs.UNPACKED
    assert len(get(site, "trouble.test", "/big-unannounced").body) == bombs.BIG


def test_redirects_to_private_addresses(site: Site) -> None:
    for path, target in PRIVATE.items():
        got = get(site, "trouble.test", path)
        assert (got.status, got.headers["location"]) == (302, target)


def test_charsets_that_lie(site: Site) -> None:
    assert CYRILLIC in get(site, "trouble.test", "/charset/three-stories").body.decode("cp1251")
    assert CYRILLIC in get(site, "trouble.test", "/charset/invented").body.decode()


def test_the_large_sitemap_and_the_broken_feed(site: Site) -> None:
    assert get(site, "trouble.test", "/sitemap-50000.xml").body.count(b"<loc>") == 50_000
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(get(site, "trouble.test", "/feed/broken").body)


def test_the_calendar_goes_on(site: Site) -> None:
    path = "/calendar/2024-12-04"
    for _ in range(40):
        path = get(site, "trouble.test", path).find('//a[@rel="next"]/@href')[0]
    assert path == "/calendar/2025-01-13"


def test_closing_waits_for_nobody() -> None:
    site = Site()
    with site, socket.create_connection(("127.0.0.1", site.port)) as connection:
        connection.sendall(b"GET /hang HTTP/1.1\r\nHost: trouble.test\r\n\r\n")
        while not site.requests:
            time.sleep(0.01)
        start = time.monotonic()
    assert time.monotonic() - start < 2
