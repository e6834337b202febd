"""Matching a whole corpus at once, beside looking its documents up one batch after the other: `python -m benchmarks.bulk`.

The documents are made up: words drawn as they are in prose, the rare ones rarely; one in four is a copy of one of the
last thousand, cut, wrapped or with another end. They are copied into an empty database of the embedded server; then both ways
find the relations and fold the stories, and what they found is compared. Seconds are of processors: this
program's, its workers', and the server's.
"""

import argparse
import os
import platform
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Engine, text

from pipeline.engines.inline import InlineEngine
from pipeline.engines.local import LocalEngine
from pipeline.match.fingerprint import fingerprint
from pipeline.match.words import hash_words
from pipeline.settings import BATCH, Settings
from pipeline.store.corpus import relate_corpus
from pipeline.store.database import open_database
from pipeline.store.relate import relate
from pipeline.store.server import EmbeddedServer

_SYLLABLES = ("ba", "cor", "del", "em", "fin", "gar", "hol", "in", "jun", "kas", "lor", "mer", "nat", "or", "pel", "qui",
              "ran", "sol", "tur", "ul", "ver", "wen", "xan", "yor", "zet", "an", "es", "ti", "on", "re")  # fmt: skip
_VOCABULARY = 30_000
_RECENT = 1_000


def documents(number: int) -> Iterator[str]:
    """Yield so many texts of about 350 words, one in four a copy of a recent one."""
    draw = random.Random(20241204)  # noqa: S311 - made-up words need no secrecy
    words = sorted({"".join(draw.choices(_SYLLABLES, k=draw.randint(1, 4))) for _ in range(_VOCABULARY)})
    draw.shuffle(words)
    weights = list(accumulate(1 / (rank + 10) for rank in range(len(words))))

    def prose(count: int) -> list[str]:
        made = draw.choices(words, cum_weights=weights, k=count)
        return [" ".join(made[start : start + 40]).capitalize() + "." for start in range(0, count, 40)]

    recent: list[list[str]] = []
    for _ in range(number):
        lines = prose(draw.randint(100, 600))
        if recent and draw.random() < 0.25:
            origin = draw.choice(recent)
            way = draw.randrange(3)
            lines = (origin[: max(2, len(origin) * 3 // 4)], prose(120) + origin, origin + prose(40))[way]
        recent.append(lines)
        del recent[:-_RECENT]
        yield "\n".join(lines)


def load(engine: Engine, number: int) -> int:
    """Copy made-up documents with their fingerprints into the database; return how many fingerprint rows."""
    rows, hashes, seen = [], [], set()
    for body in documents(number):
        digest = sha256(body.encode()).digest()
        if digest not in seen:
            seen.add(digest)
            rows.append((len(seen), digest, digest.hex()[:16], body))
            hashes += [(value, len(seen)) for value in fingerprint(hash_words(body)).tolist()]
    connection: Any = engine.raw_connection()
    cursor = connection.cursor()
    with cursor.copy(
        "copy document (id, sha256, content_hash, hash_origin, text, word_count, matched_as) from stdin"
    ) as copy:
        for number_, digest, handle, body in rows:
            copy.write_row((number_, digest, handle, "computed", body, len(body.split()), "bench"))
    with cursor.copy("copy content_hash (hash, document_id, origin) from stdin") as copy:
        for number_, _, handle, _ in rows:
            copy.write_row((handle, number_, "computed"))
    with cursor.copy("copy fingerprint (hash, document_id) from stdin") as copy:
        for row in sorted(hashes):
            copy.write_row(row)
    connection.commit()
    connection.close()
    with engine.connect() as plain:
        plain.execution_options(isolation_level="AUTOCOMMIT").execute(text("vacuum analyze"))
    return len(hashes)


def _singly(engine: Engine, newest: int) -> float:
    with engine.connect() as connection:
        ids = list(connection.scalars(text("select id from document order by id")))[-newest:]
    for start in range(0, len(ids), BATCH):
        relate(engine, ids[start : start + BATCH])
    return 0.0


def _one_process(engine: Engine) -> float:
    relate_corpus(engine, InlineEngine())
    return 0.0


def _pool(engine: Engine) -> float:
    """Return what the workers used, who are not children of this process."""
    with LocalEngine() as work:
        relate_corpus(engine, work)
        times = [process.cpu_times() for process in psutil.Process().children(recursive=True)]
        return sum(one.user + one.system for one in times)


def _processor_seconds(server: psutil.Process) -> float:
    """What this program, its ended children and the server with its ended processes used so far."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    times = server.cpu_times()
    total += times.user + times.system + times.children_user + times.children_system
    for process in server.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            used = process.cpu_times()
            total += used.user + used.system
    return total


def _found(engine: Engine) -> tuple[set[tuple[Any, ...]], int]:
    with engine.connect() as connection:
        rows = connection.execute(text("select shorter_id, longer_id, kind from relation"))
        return {tuple(row) for row in rows}, int(connection.scalar(text("select count(*) from story")) or 0)


def _forget(engine: Engine) -> None:
    with engine.connect() as plain:
        connection = plain.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text("truncate relation, story_document, story cascade"))
        connection.execute(text("update document set relations_checked_at = null"))
        connection.execute(text("vacuum analyze"))
    engine.dispose()


def main() -> None:
    """Measure, and print what was measured."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk", description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--look-ups", type=int, help="look only so many of the newest up, among all")
    options = parser.parse_args()
    newest = options.look_ups or options.documents
    names = ("newsfold", "sqlalchemy", "psycopg", "pebble", "numpy")
    print(
        "versions:",
        ", ".join(f"{name} {version(name)}" for name in names),
        f"Python {platform.python_version()}",
    )
    print("command: python", " ".join(["-m benchmarks.bulk", *sys.argv[1:]]))
    ways: dict[str, Callable[[Engine], float]] = {
        "look-ups, 64 at a time": partial(_singly, newest=newest),
        "all at once, one process": _one_process,
        f"all at once, {len(os.sched_getaffinity(0))} processes": _pool,
    }
    with tempfile.TemporaryDirectory(prefix="newsfold-bench-") as folder:
        settings = Settings(Path(folder), None)
        engine = open_database(settings)
        embedded = EmbeddedServer(settings.home / "postgres")
        server = psutil.Process(embedded.pid())
        try:
            hashes = load(engine, options.documents)
            with engine.connect() as connection:
                print(f"{options.documents} documents, {hashes / options.documents:.0f} hashes each")
                for table in ("document", "fingerprint", "content_hash"):
                    size = connection.scalar(text(f"select pg_total_relation_size('{table}')"))
                    print(f"  {table}: {size / options.documents:.0f} bytes a document")
            answers = []
            for name, way in ways.items():
                _forget(engine)
                begun, clock = _processor_seconds(server), time.perf_counter()
                elsewhere = way(engine)
                engine.dispose()
                time.sleep(0.2)  # until the server's processes have ended
                used, wall = _processor_seconds(server) - begun + elsewhere, time.perf_counter() - clock
                answers.append(_found(engine))
                relations, stories = len(answers[-1][0]), answers[-1][1]
                number = newest if name.startswith("look-ups") else options.documents
                print(
                    f"  {name}: {used:.1f} s of processors, {wall:.1f} s by the clock, "
                    f"{1000 * used / number:.2f} ms for each of {number} documents; {relations} relations, {stories} stories"
                )
            if newest < options.documents:
                del answers[0]
            print("  the same relations and stories:", all(answer == answers[0] for answer in answers))
        finally:
            engine.dispose()
            embedded.stop()


if __name__ == "__main__":
    main()
