"""Everything that a page can do to a crawl, at once: it costs that page alone, and the ledger says what it was."""

from typing import Any

import pytest

from tests.crawl.end_to_end.conftest import NewDesk, Whole
from tests.crawl.end_to_end.harness import MIB, SITE_EVENT
from tests.site.hosts.trouble import CYRILLIC, STORY, TROUBLE
from tests.site.server import Site

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

HEAD = SITE_EVENT.partition("[source.agency]")[0]
READ = {"feed": "feed", "sitemap": "sitemap", "calendar": "section"}
ENTRIES, LIMIT = 50_000, 3

EXPECTED = {
    "/304": ("failed", "not-modified"),
    "/403": ("failed", "forbidden"),
    "/404": ("failed", "gone"),
    "/410": ("failed", "gone"),
    "/429": ("new", None),
    "/429-date": ("new", None),
    "/429-nonsense": ("new", None),
    "/429-year": ("failed", "asked-to-wait"),
    "/500": ("new", None),
    "/500-always": ("failed", "http-500"),
    "/503": ("new", None),
    "/attributes": ("new", None),
    "/big": ("failed", "too-large"),
    "/big-unannounced": ("failed", "too-large"),
    "/bomb/brotli": ("failed", "too-large"),
    "/bomb/broken-gzip": ("failed", "undecodable"),
    "/bomb/gzip": ("failed", "too-large"),
    "/bomb/sitemap.xml.gz": ("read", None),
    "/bomb/zstd": ("failed", "too-large"),
    "/calendar/2024-12-04": ("read", None),
    "/challenge-200": ("failed", "challenge"),
    "/challenge-403": ("failed", "challenge"),
    "/challenge-503": ("failed", "challenge"),
    "/charset/invented": ("new", None),
    "/charset/meta-only": ("new", None),
    "/charset/three-stories": ("new", None),
    "/charset/unsaid": ("new", None),
    "/cookie": ("rejected", "no-article"),
    "/cut": ("failed", "cut-off"),
    "/cut-chunked": ("failed", "cut-off"),
    "/deep": ("rejected", "no-article"),
    "/drip": ("failed", "too-large"),  # by the length that it promises
    "/empty": ("failed", "empty"),
    "/feed/broken": ("read", None),
    "/feed/empty": ("failed", "empty"),
    "/feed/entities": ("read", None),
    "/feed/html": ("read", None),
    "/feed/json": ("read", None),
    "/feed/xxe": ("read", None),
    "/fine": ("new", None),
    "/garbage": ("failed", "connection"),
    "/hang": ("failed", "timeout"),
    "/loop": ("failed", "too-many-redirects"),
    "/loop/a": ("failed", "too-many-redirects"),
    "/loop/b": ("failed", "too-many-redirects"),
    "/loop/endless": ("failed", "too-many-redirects"),
    "/not-html": ("rejected", "not-html"),
    "/nul": ("new", None),
    "/redirect/data": ("failed", "redirect"),
    "/redirect/file": ("failed", "redirect"),
    "/redirect/ftp": ("failed", "redirect"),
    # Loopback is let through for the local site; nothing listens at that port.
    "/redirect/localhost": ("failed", "robots-unreachable"),
    "/redirect/loopback": ("failed", "robots-unreachable"),
    "/redirect/loopback-decimal": ("failed", "robots-unreachable"),
    "/redirect/loopback-short": ("failed", "robots-unreachable"),
    "/redirect/metadata": ("failed", "private-address"),
    "/redirect/nowhere": ("failed", "redirect"),
    "/redirect/private-10": ("failed", "private-address"),
    "/redirect/refresh": ("new", None),
    "/redirect/v6-loopback": ("failed", "robots-unreachable"),
    "/redirect/v6-mapped": ("failed", "robots-unreachable"),
    "/redirect/zero": ("failed", "private-address"),
    "/reset": ("failed", "connection"),
    "/sitemap-50000.xml": ("read", None),
    "/sitemap-foreign.xml": ("read", None),
    "/sitemap-loop.xml": ("read", None),
    "/sitemap-schemes.xml": ("read", None),
    "/slow": ("new", None),
    "/soft-404": ("rejected", "not-found"),
}
assert set(EXPECTED) == set(TROUBLE)  # none is forgotten
HOSTS = {path: f"t{number}.trouble.test" for number, path in enumerate(sorted(TROUBLE))}


def _event() -> str:
    """Each trouble on a host of its own, as a known address or, where it leads to others, as what it is."""
    parts, known = [HEAD], []
    for path, host in HOSTS.items():
        way = next((way for word, way in READ.items() if word in path), "addresses")
        address = f"http://{host}:8099{path}"
        key = host.partition(".")[0]
        limit = f"max_pages = {LIMIT}" if "50000" in path else ""
        depth = "depth = 3" if way == "section" else ""
        parts.append(
            f'[source.{key}]\nname = "{key}"\nhosts = ["{host}"]\nlanguage = "en"\ndelay = 0\n{limit}\n'
            f'[[source.{key}.way]]\nway = "{way}"\naddresses = ["{address}"]\n{depth}\n'
        )
        if way == "addresses":
            known.append(f'[[known]]\naddress = "{address}"\nsource = "{key}"\n')
    return "\n".join([*parts, *known])


@pytest.fixture(scope="module")
def crawl(new_desk: NewDesk, site: Site) -> Whole:
    """One crawl of all troubles."""
    desk = new_desk()
    ended = desk.crawl(
        desk.event(_event()), code=2, SCRAPY_SETTINGS_MODULE="tests.crawl.end_to_end.impatient"
    )
    return Whole(desk, ended, ())


@pytest.fixture(scope="module")
def ledger(crawl: Whole) -> dict[str, Any]:
    """Its ledger."""
    return crawl.desk.ledger()


@pytest.mark.parametrize("path", TROUBLE)
def test_a_trouble_is_told_for_what_it_is(path: str, ledger: dict[str, Any]) -> None:
    row = ledger[HOSTS[path] + path]
    assert (row.outcome, row.reason) == EXPECTED[path], row.message
    if row.outcome in ("failed", "rejected"):
        assert row.message.endswith(".")
        assert len(row.message) < 300


def test_every_entry_of_a_sitemap_is_accounted_for(ledger: dict[str, Any]) -> None:
    host = HOSTS["/sitemap-50000.xml"]
    entries = [row for address, row in ledger.items() if address.startswith(f"{host}/page/")]
    assert len(entries) == ENTRIES
    assert sum(row.outcome == "new" for row in entries) == LIMIT
    assert {(row.outcome, row.reason) for row in entries if row.outcome != "new"} == {("left", "limit")}


def test_the_ledger_and_the_frontier_have_the_same_addresses(crawl: Whole, ledger: dict[str, Any]) -> None:
    frontier = {crawl.desk.bare(row.address): row for row in crawl.desk.rows("select * from frontier")}
    assert frontier.keys() == ledger.keys()
    assert not [address for address, row in frontier.items() if row.run_id is not None]
    stored = {
        row.address
        for row in crawl.desk.rows("select address from frontier where capture_id is null and state = 'kept'")
    }
    assert stored == set()


def test_the_sound_pages_are_stored_whole(crawl: Whole) -> None:
    texts = {
        crawl.desk.bare(row.address): row.text
        for row in crawl.desk.rows(
            "select address, text from article join version on article.id = article_id "
            "join document on document.id = document_id"
        )
    }
    for path, (outcome, _) in EXPECTED.items():
        if outcome == "new":
            text = texts[HOSTS[path] + path]
            if path == "/nul":
                assert "Harrow" in text
                assert not {"\x00", "\x0b"} & set(text)
            else:
                assert (CYRILLIC if "charset" in path else STORY) in text, path


def test_what_is_not_of_the_web_is_never_asked_for(crawl: Whole, ledger: dict[str, Any]) -> None:
    assert not [row.address for row in ledger.values() if not row.address.startswith("http://")]
    private = ("10.", "127.", "169.254", "localhost", "0.0.0.0", "[::", "2130706433")  # noqa: S104
    assert not [one for one in crawl.desk.archived() if one.startswith(private)]


def test_memory_stays_bounded(crawl: Whole) -> None:
    assert crawl.ended.peak < 500 * MIB
