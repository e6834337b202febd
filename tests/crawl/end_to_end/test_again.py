"""Crawls after the first: what is not due rests, what has not changed is not sent, and what changed is kept beside."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.crawl.end_to_end.conftest import NewDesk, Whole
from tests.crawl.end_to_end.harness import SITE_EVENT, Desk
from tests.site import truth
from tests.site.server import Record, Site

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

KEPT = sum(article.on_topic for article in truth.articles())
[CORRECTED] = [a for a in truth.articles() if a.corrected_at]
RESTLESS = ("agency", "insight", "monitor", "syndicator", "wire")


@pytest.fixture(scope="module")
def desk(whole: Whole, new_desk: NewDesk) -> Desk:
    """Where the crawl of the whole site left off."""
    return new_desk(like=whole.desk)


@contextmanager
def _switched(site: Site, name: str) -> Iterator[None]:
    site.switches[name] = True
    yield
    site.switches[name] = False


def _since(site: Site, begin: int) -> list[Record]:
    return [one for one in site.requests[begin:] if one.path != "/robots.txt"]


def _parted(address: str) -> tuple[str, str]:
    host, slash, path = address.partition("/")
    return host, slash + path


def _versions(desk: Desk) -> int:
    [(versions,)] = desk.rows("select count(*) from version")
    return int(versions)


def test_a_crawl_with_nothing_due_asks_for_nothing(desk: Desk, site: Site) -> None:
    begin, frontier = len(site.requests), desk.rows("select address, state, due_at from frontier order by 1")
    ended = desk.crawl(desk.event(SITE_EVENT))
    assert site.requests[begin:] == []
    # Only what every crawl begins with is looked at.
    assert {(row.outcome, row.reason) for row in desk.ledger().values()} == {("skipped", "not-due")}
    assert not {address for address in desk.ledger() if truth.at(*_parted(address)) is not None}
    assert desk.rows("select address, state, due_at from frontier order by 1") == frontier
    assert ended.stderr == ""


def test_a_revisit_asks_whether_anything_changed(desk: Desk, site: Site) -> None:
    begin, versions = len(site.requests), _versions(desk)
    desk.crawl(desk.event(SITE_EVENT), "--revisit")
    seen = {f"{one.host}{one.path}": one for one in _since(site, begin)}
    for article in truth.articles():
        one = seen.pop(f"{article.host}{article.path}", None)
        assert (one is not None) == (article.on_topic and article.host != "shut.test"), article.path
        if one is not None:
            tag, date = "if-none-match" in one.headers, "if-modified-since" in one.headers
            assert (tag, date) == {"wire.test": (True, False), "institute.test": (False, True)}.get(
                article.host, (True, True)
            )
            assert one.status == 304
    for address, one in seen.items():  # feeds, sitemaps, listings; not all of them have something to compare
        conditional = "if-none-match" in one.headers or "if-modified-since" in one.headers
        assert one.status == (304 if conditional else 200), address
    assert _versions(desk) == versions
    assert desk.outcomes().get("unchanged", 0) >= KEPT - 1
    assert not {"new", "new version", "updated", "failed"} & set(desk.outcomes())


def test_other_bytes_with_the_same_text_are_no_new_version(desk: Desk, site: Site) -> None:
    begin, versions = len(site.requests), _versions(desk)
    words = [word for key in RESTLESS for word in ("--source", key)]
    with _switched(site, "restless"):
        desk.crawl(desk.event(SITE_EVENT), "--revisit", *words)
    statuses = {f"{one.host}{one.path}": one.status for one in _since(site, begin)}
    for article in truth.articles():
        if article.on_topic and article.host.removesuffix(".test") in RESTLESS:
            address = f"{article.host}{article.path}"
            assert statuses[address] == 200
            assert desk.ledger()[address].outcome == "unchanged"
    assert _versions(desk) == versions


def test_a_correction_is_one_new_version_beside_the_old_one(desk: Desk, site: Site) -> None:
    versions = _versions(desk)
    with _switched(site, "corrected"):
        desk.crawl(desk.event(SITE_EVENT), "--revisit", "--source", "syndicator")
        address = f"{CORRECTED.host}{CORRECTED.path}"
        assert desk.ledger()[address].outcome == "new version"
        desk.crawl(desk.event(SITE_EVENT), "--revisit", "--source", "syndicator")
        assert desk.ledger()[address].outcome == "unchanged"
    assert _versions(desk) == versions + 1
    texts = desk.rows(
        "select number, text from version join article on article.id = article_id "
        "join document on document.id = document_id where address = :address order by number",
        address=CORRECTED.address(site.port),
    )
    assert [row.number for row in texts] == [1, 2]
    for row, paragraphs in zip(texts, (CORRECTED.paragraphs, CORRECTED.corrected_paragraphs), strict=True):
        assert all(line in row.text for line in paragraphs)
    assert texts[0].text != texts[1].text
