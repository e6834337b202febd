"""An import ends in the same rows whoever wrote the archive, on any engine, after any stop; its archive is enough to do it again."""

import gzip
import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from warcio.warcwriter import WARCWriter

from pipeline.engines.base import Done
from pipeline.engines.inline import InlineEngine
from pipeline.engines.local import LocalEngine
from pipeline.events import Event, EventSource
from pipeline.foreign.filters import Filters
from pipeline.foreign.importing import import_files
from pipeline.foreign.reading import Loose
from pipeline.foreign.storing import Figures, Imported
from pipeline.items import Source
from pipeline.match.topic import Group, Topic
from pipeline.reindex import reindex
from pipeline.settings import Settings
from pipeline.store.history import show_run
from pipeline.store.imports import import_summary
from tests.builders import prose
from tests.foreign.archives import answer, arc, page, response, sha1, warc, write, zst

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

TOPIC = Topic(required=(Group("place", ("Brussels",)),))
EVENT = Event("meeting", "A meeting", date(2024, 12, 1), date(2024, 12, 8), TOPIC, sources=(
    EventSource(Source("gazette", "The Gazette", ("gazette.test",), timezone="Europe/Oslo"), ()),
))  # fmt: skip


def _import(
    database: Engine, settings: Settings, *paths: Path, on: Any = None, loose: Loose | None = None, anew: bool = False, **wanted: Any
) -> Imported:  # fmt: skip
    with on or InlineEngine() as engine:
        return import_files(
            database, settings, paths, Filters(**wanted), loose or Loose(), engine, Figures(), anew=anew
        )


def _rows(database: Engine, query: str) -> list[tuple[Any, ...]]:
    with database.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def _stored(database: Engine) -> list[tuple[Any, ...]]:
    return _rows(
        database,
        "select article.address, number, document.text, title, capture.address, captured_at, capture.headers, capture.facts"
        " from version join article on article.id = article_id join document on document.id = document_id"
        " join capture on capture.id = version.capture_id order by 1, 2",
    )


def _ledger(database: Engine, run: int) -> Counter[tuple[str, str | None]]:
    return Counter(_rows(database, f"select outcome, reason from ledger where run_id = {run}"))  # type: ignore[arg-type]


def _wacz(folder: Path) -> Path:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("archive/a.warc.gz", warc([4], "wacz.test"))
        archive.writestr("archive/b.warc.gz", warc([5], "wacz.test"), zipfile.ZIP_DEFLATED)
        archive.writestr("datapackage.json", b"{}")
    return write(folder, "a.wacz", file.getvalue())


def test_files_of_all_sorts_are_taken_in_and_their_copy_in_the_archive_is_enough(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    cyrillic = (
        "<html><head><meta charset=utf-8></head><body><article><p>" + "Міністри зустрілися у Брюсселі. " * 20
    )
    file = io.BytesIO()
    response(WARCWriter(file, gzip=True), "http://b.test/gz", gzip.compress(cyrillic.encode("cp1251")),
             headers={"Content-Type": "text/html; charset=windows-1251", "Content-Encoding": "gzip", "Last-Modified": "x"})  # fmt: skip
    paths = [
        write(tmp_path, "a.warc.gz", warc([1])),
        write(tmp_path, "b.warc.gz", file.getvalue()),
        write(tmp_path, "c.warc.zst", zst([2], dictionary=True)),
        write(tmp_path, "d.arc", arc([3], packed=False)),
        _wacz(tmp_path),
        write(
            tmp_path, "e.jsonl", b'{"url": "http://c.test/6", "html": "%s"}\n' % page(6).replace(b'"', b"'")
        ),
        write(tmp_path, "7.html", page(7)),
    ]
    imported = _import(
        engine, settings, *paths, loose=Loose("http://loose.test/", datetime(2024, 12, 5, tzinfo=UTC))
    )
    assert imported.outcomes == {("new", None): 8}
    assert imported.passed_over == {"warcinfo": 5}
    stored = _stored(engine)
    assert [row[0] for row in stored] == [
        "http://b.test/gz", "http://c.test/6", "http://gazette.test/1", "http://gazette.test/2", "http://gazette.test/3",
        "http://loose.test/7.html", "http://wacz.test/4", "http://wacz.test/5",
    ]  # fmt: skip
    assert stored[0][2].startswith("Міністри зустрілися")
    for table in ("import_file", "ledger"):
        _rows(engine, f"delete from {table} returning 1")
    with engine.begin() as connection:
        connection.execute(text("truncate capture, version, article, document, run, source, host cascade"))
    assert _stored(engine) == []
    assert len(reindex(engine, settings, None).lost) == 8
    assert _stored(engine) == stored


def test_the_archive_says_where_a_page_came_from(engine: Engine, settings: Settings, tmp_path: Path) -> None:
    _import(engine, settings, write(tmp_path, "a.warc.gz", warc([1])))
    (path,) = settings.archive.glob("*.warc.gz")
    archived = gzip.decompress(path.read_bytes()).decode()
    assert '"imported": {"file": "a.warc.gz", "offset": ' in archived
    assert '"software": "maker 1.0"' in archived
    assert _rows(engine, "select facts ? 'imported' from capture") == [(False,)]


def test_an_engine_of_processes_ends_in_the_same_rows(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    # Two captures an address, the later of which must win, in whatever order the processes end.
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True)
    for turn, at in enumerate(("2024-12-04T10:00:00Z", "2024-12-05T10:00:00Z")):
        for number in range(20):
            response(writer, f"http://a.test/{number}", page(100 * turn + number), at=at)
    imported = _import(engine, settings, write(tmp_path, "a.warc.gz", file.getvalue()), on=LocalEngine(2))
    assert imported.outcomes == {("new", None): 20, ("new version", None): 20}
    versions = _rows(engine, "select number, count(distinct article_id) from version group by 1 order by 1")
    assert versions == [(1, 20), (2, 20)]
    assert len(_rows(engine, f"select address from ledger where run_id = {imported.run.id}")) == 40


class _Stops(InlineEngine):
    """An engine after whose second batch the import is killed."""

    def map(self, work: Any, batches: Any) -> Iterator[Any]:
        for number, batch in enumerate(batches):
            if number == 2:
                raise KeyboardInterrupt
            yield Done(batch, work(batch))


@pytest.mark.parametrize("packs", [False, True], ids=["a member a record", "one member"])
def test_what_was_interrupted_goes_on_where_it_stopped(
    engine: Engine, settings: Settings, tmp_path: Path, packs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.foreign.storing.BATCH", 10)
    data = gzip.compress(warc(range(60), packed=False)) if packs else warc(range(60))
    path = write(tmp_path, "a.warc.gz", data)
    with pytest.raises(KeyboardInterrupt):
        _import(engine, settings, path, on=_Stops())
    (before,) = _rows(engine, "select count(*) from capture")[0]
    assert 0 < before < 60
    again = _import(engine, settings, path)
    assert again.outcomes == {("new", None): 60 - before}
    assert _rows(engine, "select count(*), count(distinct address) from capture") == [(60, 60)]
    assert _rows(engine, "select sum(records)::int from import_tally where reason = 'warcinfo'") == [(1,)]
    done = _import(engine, settings, path)
    assert (done.outcomes, done.done_before) == ({}, {"a.warc.gz": again.run.id})
    assert _import(engine, settings, path, anew=True).outcomes == {("unchanged", None): 60}
    assert _import(engine, settings, path, hosts=("other.test",)).passed_over == {"host": 60, "warcinfo": 1}


def test_every_record_is_accounted_for(engine: Engine, settings: Settings, tmp_path: Path) -> None:
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True)
    response(writer, "http://a.test/1", page(1))
    response(writer, "http://a.test/1", page(1), at="2024-12-05T00:00:00Z")
    response(writer, "http://a.test/older", page(2), at="2024-12-05T00:00:00Z")
    response(writer, "http://a.test/older", page(3), at="2024-12-01T00:00:00Z")
    response(writer, "http://a.test/hm", b"<html><body><p>Hm.</p></body></html>")
    file.write(gzip.compress(answer("http://a.test/wrong", page(4), WARC_Payload_Digest=sha1(b"other"))))
    response(writer, "http://a.test/bot", b"<html><head><title>DDoS-Guard</title></head></html>")
    response(writer, "http://a.test/long", b"<p>" + b"x" * 10_600_000)
    file.write(b"\x1f\x8b\x08damaged")
    imported = _import(engine, settings, write(tmp_path, "a.warc.gz", file.getvalue()))
    assert imported.outcomes == {
        ("new", None): 2, ("unchanged", None): 1, ("rejected", "superseded"): 1, ("rejected", "no-article"): 1,
        ("failed", "damaged"): 2,
    }  # fmt: skip
    assert imported.passed_over == {"challenge": 1, "too-large": 1}
    assert imported.is_flawed
    run = imported.run.id
    assert _ledger(engine, run) == imported.outcomes
    assert show_run(engine, run)["passed_over"] == imported.passed_over
    assert sum(row["records"] for row in import_summary(engine, run)["records"]) == 9
    damaged = [row for row in show_run(engine, run)["ledger"] if row["reason"] == "damaged"]
    assert all(row["address"].startswith("a.warc.gz, byte ") for row in damaged)
    assert _rows(engine, "select count(*) from version join capture on capture.id = capture_id where captured_at < '2024-12-02'") == [(0,)]  # fmt: skip


def test_an_event_chooses_by_topic_and_day_and_names_the_sources(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True)
    on_topic = "They met in Brussels on a cold day.\n"
    response(writer, "http://gazette.test/1", page(1, words=on_topic + prose(1)))
    response(writer, "http://other.example/2", page(2, words=on_topic + prose(2)))
    response(writer, "http://gazette.test/3", page(3))
    old = page(4, words=on_topic + prose(4)).replace(
        b"<body>", b'<body><time datetime="2020-01-01">1 January 2020</time>'
    )
    old = old.replace(b"</title>", b'</title><meta property="article:published_time" content="2020-01-01">')
    response(writer, "http://gazette.test/4", old)
    imported = _import(engine, settings, write(tmp_path, "a.warc.gz", file.getvalue()), event=EVENT)
    assert imported.passed_over == {"off-topic": 1}
    assert imported.outcomes == {("new", None): 2, ("rejected", "before-window"): 1}
    sources = "select source.key from article join source on source.id = source_id order by 1"
    assert _rows(engine, sources) == [("gazette",), ("other-example",)]


def test_a_file_that_is_none_costs_itself_alone(engine: Engine, settings: Settings, tmp_path: Path) -> None:
    paths = [
        tmp_path / "none.warc",
        write(tmp_path, "a.png", b"\x89PNG"),
        write(tmp_path, "a.warc.gz", warc([1])),
    ]
    imported = _import(engine, settings, *paths, paths[-1])
    assert imported.outcomes == {
        ("failed", "unreadable"): 1,
        ("failed", "unknown-format"): 1,
        ("new", None): 1,
    }


def test_a_page_that_the_processes_lose_is_named(engine: Engine, settings: Settings, tmp_path: Path) -> None:
    class Loses(InlineEngine):
        def map(self, work: Any, batches: Any) -> Iterator[Any]:
            from pipeline.engines.base import Lost  # noqa: PLC0415

            for batch in batches:
                items: Sequence[Any] = list(batch)
                yield Done(items[1:], work(items[1:]))
                yield Lost(items[0], "killed", "It ended every process that worked on it.")

    imported = _import(engine, settings, write(tmp_path, "a.warc.gz", warc(range(3))), on=Loses())
    assert imported.outcomes == {("new", None): 2, ("failed", "extraction-killed"): 1}
    assert _rows(engine, "select count(*) from capture") == [(3,)]


def test_a_later_import_of_older_captures_changes_no_version(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    def archive(name: str, number: int, at: datetime) -> Path:
        file = io.BytesIO()
        response(WARCWriter(file, gzip=True), "http://a.test/1", page(number), at=f"{at:%Y-%m-%dT%H:%M:%SZ}")
        return write(tmp_path, name, file.getvalue())

    noon = datetime(2024, 12, 4, 12, tzinfo=UTC)
    _import(engine, settings, archive("new.warc.gz", 1, noon))
    before = _stored(engine)
    older = _import(engine, settings, archive("old.warc.gz", 2, noon - timedelta(days=1)))
    assert older.outcomes == {("rejected", "superseded"): 1}
    assert _stored(engine) == before
    assert _rows(engine, "select count(*) from capture") == [(2,)]


def test_a_large_import_puts_relations_off_and_a_stopped_one_leaves_them_to_the_next(
    engine: Engine, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.foreign.storing.BULK", 2)
    monkeypatch.setattr("pipeline.foreign.storing.BATCH", 10)
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True)
    for number in range(40):
        more = prose(1000 + number, 20) if number % 2 else ""
        response(writer, f"http://a.test/{number}", page(number, words=f"{prose(number // 2)}\n{more}"))
    path = write(tmp_path, "a.warc.gz", file.getvalue())
    with pytest.raises(KeyboardInterrupt):
        _import(engine, settings, path, on=_Stops())
    assert _rows(engine, "select count(*) > 0 from document where relations_checked_at is null") == [(True,)]
    _import(engine, settings, path)
    assert _rows(engine, "select count(*) from document where relations_checked_at is null") == [(0,)]
    assert _rows(engine, "select count(*) from relation where kind in ('near', 'contains')") == [(20,)]
    assert _rows(engine, "select count(*) from story") == [(20,)]
