"""Exports of a real database, loaded back by what analysts load them with."""

import csv
import hashlib
import io
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import psutil
import pyarrow.parquet
import pytest
from sqlalchemy import Engine, text

from pipeline.errors import NotFound, Refuse
from pipeline.export.job import BIBLIOGRAPHIES, FORMS, Request, export
from pipeline.export.sheet import unguarded
from pipeline.imports import import_seeds
from pipeline.items import Source
from pipeline.settings import CHECKOUT, Settings
from pipeline.store import exporting
from pipeline.store.columns import Kind
from pipeline.store.database import open_database
from pipeline.store.exporting import TABLES, Choice
from pipeline.store.reading import open_reading
from pipeline.store.searching import search
from tests.builders import arrival, prose, take_in
from tests.conftest import SEEDS

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

FORMULA = '=HYPERLINK("http://evil.test","Ціна"), or so'


@pytest.fixture(scope="module")
def filled(module_settings: Settings) -> Iterator[Engine]:
    """The five seeds, and two outlets that print one text, one of them under a headline that is a formula."""
    writing = open_database(module_settings)
    import_seeds(writing, module_settings, SEEDS)
    for key, title in (("a-test", FORMULA), ("b-test", "1e5")):
        source = Source(key, key.upper(), language="en", timezone="UTC", hosts=(f"{key}.test",))
        take_in(
            writing,
            module_settings.archive,
            arrival(f"https://{key}.test/1", prose(7), title=title, source=source),
        )
    writing.dispose()
    engine = open_reading(module_settings)
    yield engine
    engine.dispose()


def select(engine: Engine, question: str) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text(question)).mappings()]


def test_parquet_has_the_tables_as_they_are_with_real_types(filled: Engine, tmp_path: Path) -> None:
    done = export(filled, tmp_path / "out", Request("parquet", tuple(TABLES)))
    assert done.rows["coverage"] == 7
    read = pyarrow.parquet.read_table(tmp_path / "out" / "coverage.parquet")
    assert read.to_pylist() == select(filled, "select * from coverage order by article_id")
    types = {name: str(read.schema.field(name).type) for name in read.column_names}
    assert types["published_on"] == "date32[day]"
    assert types["published_at"] == "timestamp[us, tz=UTC]"
    assert (types["words"], types["published_is_guess"]) == ("int64", "bool")
    assert read.schema.field("kind").metadata[b"description"].startswith(b"how it stands")
    assert json.loads(read.schema.metadata[b"newsfold"])["format"] == "parquet"
    copies = pyarrow.parquet.read_table(tmp_path / "out" / "copies.parquet")
    assert str(copies.schema.field("credits").type) in ("list<element: string>", "list<item: string>")
    assert ["NATO"] in copies["credits"].to_pylist()
    for table in TABLES:
        schema = json.loads((tmp_path / "out" / f"{table}.schema.json").read_text())
        stored = pyarrow.parquet.read_schema(tmp_path / "out" / f"{table}.parquet")
        assert [field["name"] for field in schema["fields"]] == stored.names
        # What the database says of a column comes along.
        assert all(field.get("description") for field in schema["fields"]), table


def test_duckdb_joins_the_files_and_pandas_reads_them(filled: Engine, tmp_path: Path) -> None:
    export(filled, tmp_path, Request("parquet", ("coverage", "stories", "texts")))
    joined = duckdb.sql(f"""
        select stories.outlets, length(texts.text) > 0, extract(year from coverage.published_on)
        from '{tmp_path}/coverage.parquet' as coverage
        join '{tmp_path}/stories.parquet' as stories using (story_id)
        join '{tmp_path}/texts.parquet' as texts using (content_hash)
        where coverage.source = 'nato'
    """).fetchall()
    assert joined == [(2, True, 2024)]
    frame = pd.read_parquet(tmp_path / "coverage.parquet")
    assert frame["published_at"].dt.tz is not None
    assert sorted(frame.loc[frame["story_id"].duplicated(keep=False), "outlet"]) == [
        "A-TEST", "B-TEST", "IEU Monitoring", "NATO",
    ]  # fmt: skip


def test_csv_opens_in_a_spreadsheet_with_no_formula_and_nothing_lost(filled: Engine, tmp_path: Path) -> None:
    export(filled, tmp_path, Request("csv", ("coverage", "copies", "texts")))
    body = (tmp_path / "coverage.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body, newline="")))
    stored = select(filled, "select * from coverage order by article_id")
    assert [unguarded(row["title"]) or None for row in rows] == [row["title"] for row in stored]
    assert {row["title"] for row in rows} >= {f"'{FORMULA}", "'1e5"}
    for row in rows:
        for name, cell in row.items():
            assert not cell.startswith(("=", "+", "-", "@", "\t")), (name, cell)
    frame = pd.read_csv(tmp_path / "coverage.csv", parse_dates=["published_on", "published_at"])
    assert frame["published_at"].max() == pd.Timestamp("2024-12-04 14:28:00")
    asked = f"from read_csv('{tmp_path}/texts.csv') select count(*), sum(length(text))"
    [(texts, characters)] = duckdb.sql(asked).fetchall()
    assert [{"texts": texts, "characters": characters}] == select(
        filled, "select count(*) as texts, sum(length(text)) as characters from texts"
    )


def test_json_lines_have_every_column_of_every_row(filled: Engine, tmp_path: Path) -> None:
    export(filled, tmp_path, Request("jsonl", ("coverage", "removed_lines")))
    lines = [json.loads(line) for line in (tmp_path / "coverage.jsonl").read_text("utf-8").splitlines()]
    stored = select(filled, "select * from coverage order by article_id")
    assert [list(line) for line in lines] == [list(row) for row in stored]
    assert {line["published_at"] for line in lines} == {None, "2024-12-04T14:28:00Z"}
    assert FORMULA in {line["title"] for line in lines}
    lines = [json.loads(line) for line in (tmp_path / "removed_lines.jsonl").read_text().split("\n")[:-1]]
    assert len(lines) == len(select(filled, "select from removed_lines"))


@pytest.mark.parametrize("form", FORMS)
def test_the_package_says_what_the_files_are_and_where_from(
    filled: Engine, tmp_path: Path, form: str
) -> None:
    done = export(filled, tmp_path, Request(form))
    package = json.loads((tmp_path / "datapackage.json").read_text())
    assert sorted(path.name for path in tmp_path.iterdir()) == done.files
    for resource in package["resources"]:
        body = (tmp_path / resource["path"]).read_bytes()
        assert resource["bytes"] == len(body)
        assert resource["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
        assert "schema" not in resource or (tmp_path / resource["schema"]).exists()
    said = package["newsfold"]
    stated = [resource.get("rows") for resource in package["resources"]]
    # A bibliography's file has no rows to a validator, which would count none.
    assert stated == ([None] if form in BIBLIOGRAPHIES else list(said["rows"].values()))
    assert said["recipes"][0]["articles"] == 7
    assert (said["run"]["kind"], said["run"]["status"]) == ("ingest", "finished")
    assert "belong to their publishers" in package["description"]


def test_the_choice_is_the_same_for_every_table(filled: Engine, tmp_path: Path) -> None:
    choice = Choice(sources=("nato",))
    tables = tuple(name for name, table in TABLES.items() if table.which is not None)
    rows = export(filled, tmp_path / "nato", Request("jsonl", tables, choice)).rows
    assert (rows["coverage"], rows["stories"], rows["texts"], rows["timeline"]) == (1, 1, 1, 1)
    assert rows["copies"] == 1  # what was taken of it
    dated = export(
        filled,
        tmp_path / "dated",
        Request("jsonl", choice=Choice(since=date(2024, 12, 4), until=date(2024, 12, 4))),
    )
    assert (dated.rows["coverage"], dated.undated) == (3, 4)
    # What a search chooses is what the search finds.
    found = export(filled, tmp_path / "found", Request("jsonl", choice=Choice("ministers or zzzz -tankers")))
    hits = search(filled, "ministers or zzzz -tankers", every=True)["hits"]
    told = select(
        filled,
        r"select from coverage join texts using (content_hash) where text ~* '\yministers\y' and text !~* 'tanker'",
    )
    assert 0 < found.rows["coverage"] == len(hits) == len(told) < 7
    with pytest.raises(NotFound, match="no source 'reuters'; it has a-test"):
        export(filled, tmp_path / "none", Request("csv", choice=Choice(sources=("reuters",))))
    with pytest.raises(Refuse, match="sums up many"):
        export(filled, tmp_path / "none", Request("csv", ("sources_overlap",), choice))
    with pytest.raises(Refuse, match="no word in it"):
        export(filled, tmp_path / "none", Request("csv", choice=Choice("?!")))
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_an_interrupted_export_goes_on_to_the_same_files(filled: Engine, tmp_path: Path, form: str) -> None:
    request = Request(form, ("coverage", "texts"), part_rows=3)
    export(filled, tmp_path / "whole", request)

    def stop(table: str, done: int, total: int) -> None:
        if (table, done) == ("coverage", 6):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(filled, tmp_path / "out", request, stop)
    ending = FORMS[form][0]
    assert (tmp_path / "out" / f"coverage-00002.{ending}.part").exists()
    first = tmp_path / "out" / f"coverage-00001.{ending}"
    before = first.stat().st_mtime_ns
    with pytest.raises(Refuse, match="another export"):
        export(filled, tmp_path / "out", replace(request, part_rows=2))
    done = export(filled, tmp_path / "out", request)
    assert done.resumed
    assert first.stat().st_mtime_ns == before
    whole, out = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("whole", "out")
    )
    assert f"coverage-00003.{ending}" in whole
    assert {name: body for name, body in out.items() if name != "datapackage.json"} == {
        name: body for name, body in whole.items() if name != "datapackage.json"
    }


def test_an_export_that_was_killed_goes_on(filled: Engine, module_settings: Settings, tmp_path: Path) -> None:
    killed = f"""
import os, signal
from pathlib import Path
from pipeline.export.job import Request, export
from pipeline.settings import CHECKOUT, Settings
from pipeline.store.reading import open_reading

def stop(table, done, total):
    if (table, done) == ("texts", 3):
        os.kill(os.getpid(), signal.SIGKILL)

engine = open_reading(Settings(Path({str(module_settings.home)!r}), {module_settings.database_url!r}))
export(engine, Path({str(tmp_path)!r}), Request("parquet", ("coverage", "texts"), part_rows=3), stop)
"""
    done = subprocess.run([sys.executable, "-c", killed], cwd=CHECKOUT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "texts-00001.parquet.part").exists()

    told = export(filled, tmp_path, Request("parquet", ("coverage", "texts"), part_rows=3))

    assert told.resumed
    assert sorted(path.name for path in tmp_path.iterdir()) == told.files
    read = pyarrow.parquet.read_table([tmp_path / name for name in told.files if name.startswith("texts-")])
    assert read.to_pylist() == select(filled, "select * from texts order by content_hash")


def test_what_was_begun_before_the_database_changed_is_not_gone_on_with(
    filled: Engine, module_settings: Settings, tmp_path: Path
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(filled, tmp_path, Request("csv"), stop)
    writing = open_database(module_settings)
    with writing.begin() as connection:
        line = connection.execute(
            text("delete from removed_line where ctid = (select min(ctid) from removed_line) returning *")
        )
        gone = dict(line.mappings().one())
    with pytest.raises(Refuse, match="has changed since"):
        export(filled, tmp_path, Request("csv"))
    with writing.begin() as connection:
        names = ", ".join(gone)
        connection.execute(
            text(f"insert into removed_line ({names}) values ({', '.join(f':{name}' for name in gone)})"),
            gone,
        )
    writing.dispose()
    export(filled, tmp_path, Request("csv"))


GENERATED = "(select n as story_id, repeat(md5(n::text), 64) as text, now() as at from generate_series(1, {rows}) as n)"


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_memory_stays_flat_however_many_rows_there_are(
    filled: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """50,000 rows of 2 kB are 100 MB; a fifth of them must take as much memory, or nearly."""
    process = psutil.Process()

    def peak(rows: int) -> int:
        table = exporting._Table("story_id", None, GENERATED.format(rows=rows))
        monkeypatch.setitem(exporting._ALL, "stories", table)
        seen = [process.memory_info().rss]
        export(
            filled,
            tmp_path / str(rows),
            Request(form, ("stories",)),
            lambda *_: seen.append(process.memory_info().rss),
        )
        return max(seen) - seen[0]

    peak(10_000)  # what is loaded and grown once
    small, large = peak(10_001), peak(50_000)
    assert large - small < 30_000_000, (small, large)


def test_every_column_of_every_view_is_of_a_known_kind(filled: Engine) -> None:
    with exporting.snapshot(filled) as found:
        for table in TABLES:
            assert all(isinstance(column.kind, Kind) for column in found.columns(table))
            found.count(table)
