"""What search, the analysts' views, the commands and the reading room's pages take on a store of 100,000 documents.

    python -m benchmarks.asking [--documents 100000] [--keep DIR]

The store is made up (see `benchmarks.asking_store`); with --keep it stays in DIR, which is a NEWSFOLD_HOME, and the next
run measures it again without filling it. Wall clock in milliseconds, the median of seven, after one that does not
count; the server is the embedded one, on the same machine, as `newsfold` starts it. Prints Markdown.
"""

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from benchmarks.asking_store import BEGIN, fill_store
from pipeline.settings import Settings
from pipeline.store.address import embedded_server
from pipeline.store.database import open_database
from pipeline.store.overtime import coverage_over_time
from pipeline.store.quotations import list_quotes
from pipeline.store.reach import rank_stories
from pipeline.store.reading import open_reading
from pipeline.store.searching import search
from pipeline.store.storypage import show_story
from pipeline.web.answering import Room
from pipeline.web.app import make_app

_RUNS = 7
_SEARCHES: list[tuple[str, dict[str, Any]]] = [
    ('"secretary general"', {}),
    ('"foreign ministers"', {"sources": ["s17"]}),
    ('"w12 w40"', {}),
    ('"w12 w40 w3"', {}),
    ('"nato general"', {}),
    ('"w2000 w300"', {}),
    ("nato", {}),
    ("nato -secretary", {}),
    ("nato secretary general ministers", {}),
    ("w2000 w300", {}),
    ("w5000", {}),
    ("w3", {}),
    ("w3 -w5", {}),
    ("w77*", {}),
    ("w900 or w901", {}),
    ("w300", {"sources": ["s17"]}),
    ("w3", {"sources": ["s17"]}),
    ("w30", {"since": (BEGIN + timedelta(days=6)).date()}),
    ("nato", {"until": BEGIN.date()}),
    ("w40", {"kinds": ["near"]}),
    ("nato", {"kinds": ["indirect"]}),
    ("w3", {"every": True}),
    ("nato", {"language": "de"}),
    ("nato", {"story": "story:17"}),
]
_QUESTIONS = {
    "the widest stories": "select * from stories order by outlets desc, story_id limit 20",
    "one story": "select * from stories where story_id = 17",
    "an outlet's articles": "select * from coverage where source = 's17' order by published_at desc limit 50",
    "one text's articles": "select * from coverage where content_hash = (select content_hash from texts limit 1)",
    "all coverage, counted": "select count(*), max(words) from coverage",
    "articles by kind": "select kind, count(*) from coverage group by 1",
    "a story's copies": "select * from copies where story_id = 17",
    "who copies whom": "select lead_outlet, copy_outlet, count(*) from copies group by 1, 2 order by 3 desc limit 20",
    "coverage by hour": "select hour, sum(articles) from timeline group by 1 order by 1",
    "one source's overlap": "select * from sources_overlap where outlet = 'Outlet 17' order by stories_in_common desc",
    "all overlaps": "select * from sources_overlap order by stories_in_common desc limit 20",
    "the widest quotes": "select * from quotes order by texts desc limit 20",
    "a text's quotes": "select * from quote_carriers where content_hash = (select content_hash from texts limit 1)",
    "lines by rule": "select rule, count(*) from removed_lines group by 1",
    "revisions": "select * from revisions limit 50",
}


def main() -> None:
    """Fill a store, or take the one that was kept, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.asking", description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument(
        "--keep", type=Path, help="keep the store in this folder, and use the one that is there"
    )
    parser.add_argument("--only", default="", help="measure only what has this word in its name")
    options = parser.parse_args()
    with _home(options.keep) as home:
        settings = Settings(home, None)
        engine = open_database(settings)
        try:
            with engine.connect() as connection:
                known = connection.scalar(text("select count(*) from document")) or 0
            filled = None if known else _filled(engine, options.documents)
            _head(engine, filled)
            engine.dispose()
            reading = open_reading(settings, seconds=120)
            _report(reading, options.only)
            reading.dispose()
        finally:
            engine.dispose()
            embedded_server(settings).stop()


@contextmanager
def _home(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="newsfold-bench-") as folder:
        yield Path(folder)


def _filled(engine: Engine, size: int) -> float:
    """Fill the store, make the rows that triggers would have made, and return the seconds that search's words took."""
    fill_store(engine, size)
    with engine.begin() as connection:
        connection.execute(text("select refresh_printings(array(select id from document))"))
    begin = time.perf_counter()
    with engine.begin() as connection:
        connection.execute(text("select index_documents(array(select id from document))"))
    taken = time.perf_counter() - begin
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
    return taken


def _head(engine: Engine, filled: float | None) -> None:
    with engine.connect() as connection:
        server = connection.scalar(text("show server_version"))
        size = connection.execute(
            text("""
                select (select count(*) from document) as documents, (select count(*) from article) as articles,
                       (select count(*) from story) as stories, (select count(*) from source) as outlets,
                       (select sum(word_count) from document) as words,
                       pg_size_pretty(pg_database_size(current_database())) as bytes
            """)
        ).one()
        tables = connection.execute(
            text("""
                select c.relname as name, pg_size_pretty(pg_table_size(c.oid)) as rows,
                       pg_size_pretty(pg_indexes_size(c.oid)) as indexes
                from pg_class as c
                where c.relkind = 'r' and c.relname in ('search', 'printing', 'carrier', 'version', 'document')
                order by c.relname
            """)
        ).all()
    names = ("newsfold", "sqlalchemy", "psycopg", "starlette")
    print("# What asking takes\n")
    print("`python -m benchmarks.asking --keep DIR`", end="; ")
    print(f"PostgreSQL {server}, Python {platform.python_version()},", end=" ")
    print(", ".join(f"{name} {version(name)}" for name in names) + f"; {_machine()},", end=" ")
    print(f"{os.getloadavg()[0]:.1f} programs at work when it began.\n")
    print(
        f"A made-up store of {size.documents:,} documents ({size.words / size.documents:.0f} words each), "
        f"{size.articles:,} articles at {size.outlets} outlets over a week, {size.stories:,} stories; {size.bytes}. Words are drawn as "
        "languages use them: a few often, most seldom; `w3` is a frequent one, `w5000` a rare one. “Nato” stands in nine "
        "texts of ten, “secretary general” in every second one. Wall clock, milliseconds, the median of seven.\n"
    )
    if filled is not None:
        print(
            f"Words for search, made for all at once: {1000 * filled / size.documents:.2f} ms a document.\n"
        )
    print("| table | rows | indexes |\n| --- | ---: | ---: |")
    for table in tables:
        print(f"| `{table.name}` | {table.rows} | {table.indexes} |")


def _machine() -> str:
    cores = len(os.sched_getaffinity(0))
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    return f"{cores} cores{f' ({model})' if model else ''}"


def _report(engine: Engine, only: str) -> None:
    print("\n## Search\n\n| search | found | ms |\n| --- | ---: | ---: |")
    for query, options in _SEARCHES:
        if only in f"search {query}":
            found = search(engine, query, **options)
            said = f"more than {found['found']:,}" if found["more"] else f"{found['found']:,}"
            taken = _timed(lambda query=query, options=options: search(engine, query, **options))  # type: ignore[misc]
            print(f"| `{query}` {_options(options)} | {said} | {taken:.0f} |", flush=True)
    print("\n## Views\n\n| question | statement | ms |\n| --- | --- | ---: |")
    for name, question in _QUESTIONS.items():
        if only in f"view {name}":
            taken = _timed(lambda question=question: _rows(engine, question))  # type: ignore[misc]
            print(f"| {name} | `{question}` | {taken:.0f} |", flush=True)
    print("\n## Commands and pages\n\n| what | ms |\n| --- | ---: |")
    for name, work in _commands(engine).items():
        if only in name:
            print(f"| {name} | {_timed(work):.0f} |", flush=True)


def _options(options: dict[str, Any]) -> str:
    said = (
        f"--{key}"
        if value is True
        else f"--{key.removesuffix('s')} {value[0] if isinstance(value, list) else value}"
        for key, value in options.items()
    )
    return " ".join(f"`{one}`" for one in said)


def _commands(engine: Engine) -> dict[str, Callable[[], Any]]:
    with engine.connect() as connection:
        hashes = "select lead_hash from stories order by outlets desc, story_id"
        wide = connection.scalar(text(f"{hashes} limit 1"))
        narrow = connection.scalar(text(f"{hashes} offset 20000 limit 1"))
    room = TestClient(make_app(Room(engine, Path(), "Made up"), names=["testserver"]))
    return {
        "`newsfold stories`": lambda: rank_stories(engine, limit=20),
        "`newsfold story` of the widest": lambda: show_story(engine, wide, limit=20),
        "`newsfold timeline`": lambda: coverage_over_time(engine),
        "`newsfold timeline --by source`": lambda: coverage_over_time(engine, by="source"),
        "`newsfold timeline --source s17`": lambda: coverage_over_time(engine, sources=["s17"]),
        "`newsfold quotes`": lambda: list_quotes(engine),
        "`newsfold quotes` of a text": lambda: list_quotes(engine, wide),
        **{
            f"the page `{path.replace(wide, 'WIDEST').replace(narrow, 'NARROWEST')}`": lambda path=path: _page(room, path)  # type: ignore[misc]
            for path in (
                "/", "/stories", "/stories?page=100", f"/story/{wide}", f"/story/{narrow}", f"/document/{wide}",
                "/sources", "/source/s17", "/search?q=nato+secretary", "/search?q=w5000", "/runs",
            )
        },
    }  # fmt: skip


def _page(room: TestClient, path: str) -> None:
    answer = room.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answers {answer.status_code}.")


def _rows(engine: Engine, question: str) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text(question)))


def _timed(work: Callable[[], Any]) -> float:
    work()
    taken = []
    for _ in range(_RUNS):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
        if taken[0] > 2:
            break
    return 1000 * median(taken)


if __name__ == "__main__":
    main()
