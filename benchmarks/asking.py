"""What search and the analysts' views take on a made-up store of a hundred thousand documents.

    python -m benchmarks.asking [DOCUMENTS]

Words are drawn as languages use them (a few often, most seldom); a third of the documents are copies in stories of
up to sixty, at 300 outlets over a week. Wall clock, milliseconds, the median of seven; one server on the same machine.
"""

import hashlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from sqlalchemy import Engine, text

from pipeline.settings import Settings
from pipeline.store.database import open_database
from pipeline.store.quotations import list_quotes
from pipeline.store.searching import search
from pipeline.store.server import EmbeddedServer, embedded_binaries

_OUTLETS, _WORDS, _RUNS = 300, 300, 7
_BEGIN = datetime(2024, 12, 1, tzinfo=UTC)
_SEARCHES: dict[str, dict[str, Any]] = {
    '"w12 w40"': {},
    "w2000 w300": {},
    "w5000": {},
    "w3": {},
    "w3 -w5": {},
    "w77*": {},
    "w900 or w901": {},
    "w300 ": {"sources": ["s17"]},
    "w3 ": {"sources": ["s17"]},
    "w30 ": {"since": (_BEGIN + timedelta(days=6)).date()},
    "w40 ": {"kinds": ["near"]},
    "w3  ": {"every": True},
}
_QUESTIONS = {
    "the widest stories": "select * from stories order by outlets desc, story_id limit 20",
    "one story": "select * from stories where story_id = 17",
    "an outlet's articles": "select * from coverage where source = 's17' order by published_at desc limit 50",
    "one text's articles": "select * from coverage where content_hash = (select content_hash from texts limit 1)",
    "all coverage, without reading it": "select count(*), max(words) from coverage",
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
    """Fill a store and print the figures as Markdown."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="newsfold-bench-") as folder:
        server = EmbeddedServer(
            Path(folder) / "pg", embedded_binaries(), options=("max_wal_size=4GB", "fsync=off")
        )
        engine = open_database(Settings(Path(folder), server.url()), upgrade=True)
        try:
            filled = _fill(engine, size)
            print(
                f"{size:,} documents; words for search made in {filled:.0f} s ({1000 * filled / size:.2f} ms each)\n"
            )
            _report(engine)
        finally:
            engine.dispose()
            server.stop()


def _report(engine: Engine) -> None:
    print("| search | found | ms |\n| --- | ---: | ---: |")
    for query, options in _SEARCHES.items():
        found = search(engine, query, **options)
        more = "+" if found["more"] else ""
        taken = _timed(lambda query=query, options=options: search(engine, query, **options))  # type: ignore[misc]
        print(f"| `{query.strip()}` {options or ''} | {found['found']}{more} | {taken:.1f} |")
    print("\n| question | ms |\n| --- | ---: |")
    for name, question in _QUESTIONS.items():
        print(f"| {name} | {_timed(lambda question=question: _rows(engine, question)):.1f} |")  # type: ignore[misc]
    print(f"| `newsfold quotes` | {_timed(lambda: list_quotes(engine)):.1f} |")


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


def _fill(engine: Engine, size: int) -> float:
    draw = np.random.default_rng(7)
    stories, roles, leads = _stories(draw, size)
    with engine.begin() as connection:
        connection.execute(text("set local session_replication_role = replica"))
        connection.execute(
            text(
                "insert into recipe (extractor, residue, canonical, fingerprint) values ('e', 'r', 'c', 'f')"
            )
        )
        connection.execute(text("insert into run (kind, recipe_id) values ('seeds', 1)"))
        connection.execute(
            text(
                """insert into source (key, name) select 's' || n, 'Outlet ' || n from generate_series(1, :n) n"""
            ),
            {"n": _OUTLETS},
        )
        cursor: Any = connection.connection.cursor()
        outlets = draw.integers(1, _OUTLETS + 1, size)
        minutes = draw.integers(0, 7 * 24 * 60, size)

        def copied(into: str, rows: Iterator[tuple[Any, ...]]) -> None:
            with cursor.copy(f"copy {into} from stdin") as copy:
                for row in rows:
                    copy.write_row(row)

        copied(
            "document (sha256, content_hash, hash_origin, text, word_count, matched_as, language, relations_checked_at)",
            _documents(draw, size),
        )
        copied(
            "article (address, source_id)",
            ((f"https://outlet{outlets[n]}.example/{n}", int(outlets[n])) for n in range(size)),
        )
        copied(
            "version (article_id, number, document_id, capture_id, recipe_id, first_seen_at, title, title_origin, published_on, published_at, published_origin, published_is_guess)",
            (
                (
                    n + 1,
                    1,
                    n + 1,
                    1,
                    1,
                    _BEGIN,
                    f"w{n % 30000} w{n % 7} of the day",
                    "json-ld",
                    at.date(),
                    at,
                    "json-ld",
                    False,
                )
                for n in range(size)
                for at in [_BEGIN + timedelta(minutes=int(minutes[n]))]
            ),
        )
        copied(
            "story_document (story_id, document_id, role)",
            ((stories[n], n + 1, roles[n]) for n in range(size)),
        )
        connection.execute(
            text("""
                insert into story (lead_id, lead_reason)
                select document_id, 'it is the longest' from story_document where role = 'lead' order by story_id
            """)
        )
        copied(
            "relation (shorter_id, longer_id, kind, jaccard, containment, containment_longer, longest_run, unquoted,"
            " shared_shingles)",
            (
                (leads[n], n + 1, "near", 0.8, 0.9, 0.9, 100, 0.9, 200)
                for n in range(size)
                if roles[n] == "copy"
            ),
        )
        # Every copy carries eight of its lead's sentences.
        copied(
            "sentence (key, text, word_count)",
            ((lead * 8 + n, f"Sentence {n} of {lead}", 12) for lead in sorted(set(leads)) for n in range(8)),
        )
        connection.execute(
            text("""
                insert into carrier (sentence_id, document_id, start, length, word_count, is_quoted)
                select sentence.id, place.document_id, 10 * (sentence.key % 8), 60, 12, false
                from sentence
                join story on story.lead_id = sentence.key / 8
                join story_document as place on place.story_id = story.id
            """)
        )
        connection.execute(
            text(
                "insert into removed_line (version_id, line, rule, text) select id, 1, 'ad-marker', 'AD' from version"
            )
        )
    with engine.begin() as connection:
        begin = time.perf_counter()
        connection.execute(text("select index_documents(array(select id from document))"))
        taken = time.perf_counter() - begin
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
    return taken


def _stories(draw: np.random.Generator, size: int) -> tuple[list[int], list[str], list[int]]:
    stories: list[int] = []
    roles: list[str] = []
    leads: list[int] = []
    story = 0
    while len(stories) < size:
        story += 1
        copies = min(int(draw.pareto(1.3)), 60)
        lead = len(stories) + 1
        for copy in range(min(copies + 1, size - len(stories))):
            stories.append(story)
            roles.append("copy" if copy else "lead")
            leads.append(lead)
    return stories, roles, leads


def _documents(draw: np.random.Generator, size: int) -> Iterator[tuple[Any, ...]]:
    for number in range(size):
        words = np.minimum(draw.zipf(1.25, _WORDS), 60_000)
        body = " ".join(f"w{word}" for word in words) + f" n{number}"
        digest = hashlib.sha256(body.encode()).digest()
        yield digest, digest.hex()[:16], "computed", body, _WORDS + 1, "w/f", "en", _BEGIN


if __name__ == "__main__":
    main()
