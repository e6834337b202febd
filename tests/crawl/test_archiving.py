"""What goes into the archive, as it came, and what stands beside it."""

import asyncio
import gzip
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from errno import ENOSPC
from ipaddress import IPv4Address
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy import Request
from scrapy.http import Headers, Response
from sqlalchemy import Engine

from pipeline.archive.reader import read_file
from pipeline.archive.warc import read_record
from pipeline.crawl.answers import HostBlocked
from pipeline.crawl.archiving import Archiving, exchange_of, facts_of
from pipeline.crawl.politeness import CrawlEnding
from pipeline.crawl.session import Crawl
from pipeline.items import Listed
from pipeline.settings import Settings
from tests.builders import NOON
from tests.crawl.visiting import ADDRESS, COPY, crawl_of, task

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)
PAGE = b"<p>NATO ministers meet.</p>" * 50


@pytest.fixture
def crawl(settings: Settings, engine: Engine, tmp_path: Path) -> Iterator[Crawl]:
    with crawl_of(settings, engine, tmp_path) as crawl:
        yield crawl


def _task(crawl: Crawl, **options: Any) -> Any:
    return task(source_id=crawl.ids["example"], **options)


def _archived(crawl: Crawl, response: Response, **meta: Any) -> Request:
    request = Request(response.url, meta=meta)
    middleware = Archiving(cast("Any", SimpleNamespace(spider=SimpleNamespace(crawl=crawl))))
    assert asyncio.run(middleware.process_response(request, response)) is response
    return request


def _records(crawl: Crawl) -> list[Any]:
    crawl.archive.flush()
    (file,) = crawl.settings.archive.rglob(f"{crawl.archive.name}*")
    return list(read_file(file))


def test_an_answer_is_stored_as_it_was_sent_and_read_unpacked(crawl: Crawl) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "text/html", "Set-Cookie": ["a=1", "b=2"]}
    body = gzip.compress(PAGE)
    before = datetime.now(UTC)

    request = _archived(crawl, Response(ADDRESS, 200, headers, body), task=_task(crawl))

    location = request.meta["location"]
    assert before <= request.meta["answered_at"] <= before + timedelta(seconds=30)
    assert read_record(crawl.settings.archive, location, hashlib.sha256(PAGE).digest()) == PAGE
    (record,) = _records(crawl)
    assert (record.kind, record.address, record.status, record.body) == ("response", ADDRESS, 200, PAGE)
    assert record.facts["frontier"] == ADDRESS


def test_each_step_of_a_redirect_has_its_record(crawl: Crawl) -> None:
    final = "https://example.org/news/one"
    first = _archived(crawl, Response(ADDRESS, 301, {"Location": final}), task=_task(crawl))
    second = _archived(crawl, Response(final, 200, {}, PAGE), task=_task(crawl))

    assert first.meta["location"] != second.meta["location"]
    assert [(record.address, record.status) for record in _records(crawl)] == [(ADDRESS, 301), (final, 200)]
    assert {record.facts["frontier"] for record in _records(crawl)} == {ADDRESS}


def test_an_answer_that_nothing_changed_is_a_revisit(crawl: Crawl) -> None:
    _archived(crawl, Response(ADDRESS, 304, {"ETag": '"1"'}), task=_task(crawl))

    (record,) = _records(crawl)
    assert (record.kind, record.status) == ("revisit", 304)


def test_what_leads_to_no_page_is_stored_without_a_task(crawl: Crawl) -> None:
    _archived(crawl, Response("https://example.org/robots.txt", 404, {}, b"No."))

    (record,) = _records(crawl)
    assert record.facts == {"event": "ministerial"}


def test_the_facts_are_enough_to_make_a_visit_good(crawl: Crawl) -> None:
    listed = Listed("feed", title="Ministers meet", published_at=NOON)
    facts = facts_of(crawl, _task(crawl, is_wanted=True, listed=listed))

    assert (facts["event"], facts["frontier"], facts["article"], facts["wanted"]) == (
        "ministerial",
        ADDRESS,
        True,
        True,
    )
    assert facts["source"]["key"] == "example"
    assert facts["timezone"] == "Europe/Kyiv"
    assert facts["listed"] == {"origin": "feed", "title": "Ministers meet", "published_at": NOON.isoformat()}
    assert "copy_of" not in facts

    copied = facts_of(crawl, _task(crawl, fetch_address=COPY, copied_at=NOON))
    assert (copied["copy_of"], copied["copied_at"]) == (ADDRESS, NOON.isoformat())


@pytest.mark.usefixtures("server_url")
def test_an_exchange_keeps_repeated_headers_odd_bytes_and_odd_statuses() -> None:
    headers = Headers({"Set-Cookie": ["a=1", "b=2"], "X-Odd": b"caf\xe9"})
    response = Response(ADDRESS, 799, headers, b"x", ip_address=IPv4Address("192.0.2.1"))

    exchange = exchange_of(response, NOON)

    assert set(exchange.headers) == {("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Odd", "caf\xe9")}
    assert (exchange.status, exchange.phrase, exchange.server_ip, exchange.at) == (799, "", "192.0.2.1", NOON)
    assert exchange_of(Response(ADDRESS, 404), NOON).phrase == "Not Found"


def test_a_host_that_turned_us_away_is_not_asked(crawl: Crawl) -> None:
    middleware = Archiving(cast("Any", SimpleNamespace(spider=SimpleNamespace(crawl=crawl))))
    middleware.process_request(Request(ADDRESS))
    crawl.blocked["example.org"] = "It answered 403."

    with pytest.raises(HostBlocked, match=f"{ADDRESS} was left for later: It answered 403"):
        middleware.process_request(Request(ADDRESS))
    middleware.process_request(Request("https://example.com/"))


def test_a_full_disk_ends_the_crawl_and_says_so(crawl: Crawl, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr(crawl.archive, "append_exchange", full)
    middleware = Archiving(cast("Any", SimpleNamespace(spider=SimpleNamespace(crawl=crawl))))
    request = Request(ADDRESS, meta={"task": _task(crawl)})
    with pytest.raises(CrawlEnding):
        asyncio.run(middleware.process_response(request, Response(ADDRESS, 200, {}, PAGE)))
    assert "No space left on device" in str(crawl.fault)
    assert str(crawl.settings.archive) in str(crawl.fault)
    with pytest.raises(CrawlEnding):
        middleware.process_request(request)


@pytest.mark.usefixtures("server_url")
def test_a_spider_that_keeps_nothing_is_let_be() -> None:
    middleware = Archiving(cast("Any", SimpleNamespace(spider=SimpleNamespace())))
    middleware.process_request(Request(ADDRESS))
    response = Response(ADDRESS)
    assert asyncio.run(middleware.process_response(Request(ADDRESS), response)) is response
