"""Pages in the archive that no row points at are found, judged and stored; nothing else is."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from pipeline.archive.warc import ArchiveWriter
from pipeline.events import Event, read_event
from pipeline.items import Capture, Exchange, Source
from pipeline.reindex import reindex
from pipeline.settings import Settings
from pipeline.store.facts import source_json
from tests.builders import arrival, prose, take_in

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

NOON = datetime(2024, 12, 5, 12, tzinfo=UTC)
OUTLET = Source("gazette", "The Gazette", ("gazette.test",), timezone="Europe/Oslo")
EVENT = """
[event]
key = "meeting"
name = "A meeting"
first_day = 2024-12-01
last_day = 2024-12-08
[topic.required.lorem]
en = ["ministers"]
"""


@pytest.fixture
def event(tmp_path: Path) -> Event:
    path = tmp_path / "event.toml"
    path.write_text(EVENT)
    return read_event(path)


def _page(words: str) -> bytes:
    lines = "".join(f"<p>{line}</p>" for line in words.split("\n"))
    return f"<html><head><title>T</title></head><body><article><h1>A day</h1>{lines}</article></body></html>".encode()


def _fetched(address: str, body: bytes, at: datetime = NOON, status: int = 200) -> Exchange:
    return Exchange(address, status, (("Content-Type", "text/html; charset=utf-8"),), body, at)


def _facts(address: str, **more: Any) -> Mapping[str, Any]:
    described = {"event": "meeting", "frontier": address, "article": True, "wanted": False}
    return {**described, "source": source_json(OUTLET), "timezone": OUTLET.timezone, **more}


def _archive(settings: Settings, *answers: tuple[Exchange, Mapping[str, Any]]) -> None:
    with ArchiveWriter(settings.archive, "crawl") as archive:
        for exchange, facts in answers:
            archive.append_exchange(exchange, facts)


def _rows(engine: Engine, query: str) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text(query)))


def test_a_lost_page_is_stored_with_all_that_is_known_of_it(
    engine: Engine, settings: Settings, event: Event
) -> None:
    address = "http://gazette.test/1"
    listed = {"origin": "feed", "title": "Ministers meet", "published_on": "2024-12-03"}
    _archive(
        settings, (_fetched(address, _page("The ministers met. " + prose(1))), _facts(address, listed=listed))
    )
    found = reindex(engine, settings, event)
    assert (found.files, found.pages, found.lost, found.damaged) == (1, 1, [address], [])
    (row,) = _rows(
        engine,
        "select article.address, source.key, published_on::text, published_origin from version"
        " join article on article.id = article_id join source on source.id = source_id",
    )
    assert tuple(row) == (address, "gazette", "2024-12-03", "feed")
    again = reindex(engine, settings, event)
    assert (again.pages, again.lost) == (1, [])


def test_a_dry_run_tells_and_writes_nothing(engine: Engine, settings: Settings, event: Event) -> None:
    address = "http://gazette.test/1"
    _archive(settings, (_fetched(address, _page("The ministers met. " + prose(1))), _facts(address)))
    assert reindex(engine, settings, event, dry_run=True).lost == [address]
    assert _rows(engine, "select 1 from capture union all select 1 from run") == []


def test_a_page_off_the_topic_is_kept_as_rejected(engine: Engine, settings: Settings, event: Event) -> None:
    address = "http://gazette.test/1"
    _archive(settings, (_fetched(address, _page(prose(1))), _facts(address)))
    reindex(engine, settings, event)
    assert [tuple(row) for row in _rows(engine, "select outcome, reason from ledger")] == [
        ("rejected", "off-topic")
    ]
    assert _rows(engine, "select 1 from article") == []


def test_what_is_no_articles_page_is_passed_over(engine: Engine, settings: Settings, event: Event) -> None:
    _archive(
        settings,
        (_fetched("http://gazette.test/robots.txt", b"User-agent: *"), {"event": "meeting"}),
        (_fetched("http://gazette.test/feed", b"<rss/>"), _facts("http://gazette.test/feed", article=False)),
        (_fetched("http://gazette.test/old", b"moved", status=301), _facts("http://gazette.test/old")),
        (_fetched("http://gazette.test/gone", b"gone", status=404), _facts("http://gazette.test/gone")),
        (_fetched("http://gazette.test/same", b"", status=304), _facts("http://gazette.test/same")),
    )
    found = reindex(engine, settings, event)
    assert (found.pages, found.lost) == (0, [])


def test_an_older_text_does_not_become_the_newest_version(
    engine: Engine, settings: Settings, event: Event
) -> None:
    address = "http://gazette.test/1"
    newer, older = (_page(f"The ministers met {when}. {prose(7)}") for when in ("twice", "once"))
    _archive(settings, (_fetched(address, newer), _facts(address)))
    reindex(engine, settings, event)
    _archive(settings, (_fetched(address, older, NOON - timedelta(days=1)), _facts(address)))
    assert reindex(engine, settings, event).lost == [address]
    assert len(_rows(engine, "select 1 from capture")) == 2
    (row,) = _rows(engine, "select text from version join document on document.id = document_id")
    assert "met twice" in row.text


def test_seeds_and_other_resources_are_found_too(engine: Engine, settings: Settings, event: Event) -> None:
    capture = Capture("https://example.org/a", prose(3).encode(), "text/plain", NOON)
    with ArchiveWriter(settings.archive, "seeds") as archive:
        archive.append(capture, {"content_hash": "00112233445566aa"})
    reindex(engine, settings, event)
    assert [row.content_hash for row in _rows(engine, "select content_hash from document")] == [
        "00112233445566aa"
    ]


def test_damage_is_told_and_costs_itself_alone(engine: Engine, settings: Settings, event: Event) -> None:
    addresses = [f"http://gazette.test/{number}" for number in range(3)]
    _archive(
        settings,
        *(
            (_fetched(one, _page(f"The ministers met. {prose(n)}")), _facts(one))
            for n, one in enumerate(addresses)
        ),
    )
    (path,) = settings.archive.glob("*.warc.gz")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 20] = b"\0" * 20
    path.write_bytes(bytes(data))
    found = reindex(engine, settings, event)
    assert len(found.lost) == 2
    assert found.damaged
    assert str(path) in found.damaged[0]


def test_what_an_import_archived_is_not_lost(engine: Engine, settings: Settings, event: Event) -> None:
    take_in(engine, settings.archive, arrival("https://example.org/a", prose(3)))
    found = reindex(engine, settings, event)
    assert (found.files, found.pages, found.lost) == (1, 1, [])
