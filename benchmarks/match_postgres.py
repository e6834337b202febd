"""Candidates from Postgres as the store grows: latency, recall, bytes a document.

Up to 10,000 of the documents are made-up texts with known copies, spread at random over all; what fills the store
beyond them are fingerprints without texts, of the same sizes: most hashes a document's own, some of an earlier
document that it copies, some of the phrases that everybody uses.
"""

import hashlib
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import numpy.typing as npt
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from benchmarks.match_copies import Desk
from benchmarks.match_measures import Truth
from pipeline.match.fingerprint import fingerprint
from pipeline.match.words import hash_words
from pipeline.settings import Settings
from pipeline.store.database import open_database
from pipeline.store.relate import find_candidates
from pipeline.store.server import EmbeddedServer, embedded_binaries

_REAL = 10_000
_PROBES = 300
_BATCH = 64
_OF_ANOTHER = 0.2  # of the filling documents are copies
_PHRASES = 0.05  # of the hashes are everybody's
_COLUMNS = "id, sha256, content_hash, hash_origin, text, word_count, matched_as"
_ROW = np.dtype([("fields", ">i2"), ("one", ">i4"), ("hash", ">i8"), ("two", ">i4"), ("document", ">i8")])
_WITHOUT_KEYS = """
    alter table fingerprint drop constraint if exists fk_fingerprint_document_id_document;
    alter table fingerprint drop constraint if exists pk_fingerprint;
    drop index if exists ix_fingerprint_document_id
"""
_KEYS = """
    alter table fingerprint add constraint pk_fingerprint primary key (hash, document_id);
    create index ix_fingerprint_document_id on fingerprint (document_id);
    alter table fingerprint add constraint fk_fingerprint_document_id_document
        foreign key (document_id) references document (id) on delete cascade
"""


@dataclass(frozen=True, slots=True)
class _Stored:
    """Where the made-up documents are: `ids` by their number; `truth` knows the copies."""

    ids: npt.NDArray[np.int64]
    truth: Truth


def measure(sizes: list[int]) -> list[str]:
    """Return a Markdown table with a row for each size of the store, and what it says."""
    rows = []
    medians = {}
    for size in sorted(sizes):
        with _database() as engine:
            stored = _fill(engine, size)
            singly, batched = _latencies(engine, stored)
            inserts = _inserts(engine)
            with engine.connect() as connection:
                whole, heap = connection.execute(
                    text("select pg_total_relation_size('fingerprint'), pg_relation_size('fingerprint')")
                ).one()
                hashes = connection.scalar(
                    text("select reltuples from pg_class where relname = 'fingerprint'")
                )
            medians[size] = median(singly)
            rows.append(
                f"| {size:,} | {_both(singly)} | {1000 * median(batched):.1f} | {_both(inserts)} | "
                f"{_recall(engine, stored):.4f} | {hashes / size:.0f} | {whole / size:,.0f} | {(whole - heap) / size:,.0f} |"
            )
    lines = [
        ("Wall clock, milliseconds, median and 95th percentile; one server on the same machine. A query finds one document's "
        "candidates; the batch is of 64, a document's share of it. An insert is one document's hashes with their commit."),
        "",
        "| documents | query | query in a batch | insert | candidate recall | hashes a document | bytes a document | of that indexes |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *rows,
        "",
    ]  # fmt: skip
    smallest = min((size for size in medians if size >= _REAL), default=None)
    if smallest and max(medians) > smallest:
        growth = medians[max(medians)] / medians[smallest]
        lines += [
            f"From {smallest:,} documents to {max(medians):,} the median query takes {growth:.2f} times as long.",
            "",
        ]
    return lines


def _both(seconds: list[float]) -> str:
    return f"{1000 * median(seconds):.2f} / {1000 * sorted(seconds)[int(0.95 * len(seconds))]:.2f}"


@contextmanager
def _database() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(prefix="newsfold-bench-") as folder:
        server = EmbeddedServer(Path(folder) / "pg", embedded_binaries(), options=("max_wal_size=8GB",))
        engine = open_database(Settings(Path(folder), server.url()), upgrade=True)
        try:
            yield engine
        finally:
            engine.dispose()
            server.stop()


class _Filling:
    """Fingerprints without texts: of the sizes that texts give, some copied from earlier ones, some of everybody's."""

    def __init__(self, draw: np.random.Generator, lengths: npt.NDArray[np.int64]) -> None:
        self.draw = draw
        self.lengths = lengths
        phrases = draw.integers(-(2**63), 2**63, 5000)
        popularity = 1 / np.arange(1, len(phrases) + 1)
        self.said = draw.choice(phrases, 1_000_000, p=popularity / popularity.sum())
        self.earlier: list[npt.NDArray[np.int64]] = []

    def next(self) -> npt.NDArray[np.int64]:
        """The fingerprint of one more document."""
        draw = self.draw
        own = draw.integers(-(2**63), 2**63, self.lengths[draw.integers(len(self.lengths))])
        common = draw.random(len(own)) < _PHRASES
        own[common] = self.said[draw.integers(len(self.said), size=int(common.sum()))]
        if self.earlier and draw.random() < _OF_ANOTHER:
            other = self.earlier[draw.integers(len(self.earlier))]
            kept = max(1, int(len(other) * draw.uniform(0.5, 1)))
            own = np.concatenate((other[:kept], own[: len(own) // 3]))
        # Enough of the earlier ones to copy from, and no more than memory has room for.
        if len(self.earlier) < 20_000:
            self.earlier.append(own)
        else:
            self.earlier[draw.integers(len(self.earlier))] = own
        return np.unique(own)


def _fill(engine: Engine, size: int) -> _Stored:
    """Store so many documents, their fingerprints in the order of their ids."""
    draw = np.random.default_rng(size)
    docs = Desk(size).stream(min(size, _REAL))
    marks = [fingerprint(hash_words(doc.text)) for doc in docs]
    places = np.sort(draw.choice(size, len(docs), replace=False))
    filling = _Filling(draw, np.array([len(mark) for mark in marks]))
    real = dict(zip(places.tolist(), range(len(docs)), strict=True))
    raw = engine.raw_connection()
    try:
        with raw.cursor() as cursor:
            cursor.execute(_WITHOUT_KEYS)
            with cursor.copy(f"copy document ({_COLUMNS}) from stdin") as copy:
                for number in range(size):
                    body = f"{docs[real[number]].text if number in real else 'document'}\n{number}"
                    count = len(body.split()) if number in real else 300
                    digest = hashlib.sha256(body.encode()).digest()
                    copy.write_row((number + 1, digest, f"{number:016x}", "declared", body, count, "bench"))
            with cursor.copy("copy content_hash (hash, document_id, origin) from stdin") as copy:
                for number in range(size):
                    copy.write_row((f"{number:016x}", number + 1, "declared"))
            with cursor.copy("copy fingerprint (hash, document_id) from stdin (format binary)") as copy:
                copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
                for number in range(size):
                    mark = marks[real[number]] if number in real else filling.next()
                    rows = np.empty(len(mark), dtype=_ROW)
                    rows["fields"], rows["one"], rows["two"] = 2, 8, 8
                    rows["hash"], rows["document"] = mark, number + 1
                    copy.write(rows.tobytes())
                copy.write(b"\xff\xff")
            cursor.execute(_KEYS)
        raw.commit()
        raw.driver_connection.autocommit = True
        with raw.cursor() as cursor:
            cursor.execute("vacuum analyze fingerprint")
            cursor.execute("vacuum analyze document")
        raw.driver_connection.autocommit = False
    finally:
        raw.close()
    return _Stored(places + 1, Truth(docs))


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _latencies(engine: Engine, stored: _Stored) -> tuple[list[float], list[float]]:
    draw = np.random.default_rng(1)
    probes = draw.permutation(stored.ids)[:_PROBES].tolist()
    others = draw.permutation(stored.ids)[: 10 * _BATCH].tolist()
    with Session(engine) as session:
        for probe in probes[:20]:
            find_candidates(session, [probe])
        singly = [_timed(lambda probe=probe: find_candidates(session, [probe])) for probe in probes]
        batches = [others[start : start + _BATCH] for start in range(0, len(others), _BATCH)]
        batched = [
            _timed(lambda batch=batch: find_candidates(session, batch)) / len(batch) for batch in batches
        ]
    return singly, batched


def _inserts(engine: Engine) -> list[float]:
    desk = Desk(99)
    seconds = []
    with engine.connect() as connection:
        free = connection.scalar(text("select max(id) from document")) + 1
        connection.rollback()
        for number, doc in enumerate(desk.stream(_PROBES)):
            body = f"{doc.text}\n{number}"
            digest = hashlib.sha256(body.encode()).digest()
            connection.execute(
                text(
                    f"insert into document ({_COLUMNS}) "  # noqa: S608 - our own column names
                    "overriding system value values (:id, :sha256, :hash, 'declared', :text, 300, 'bench')"
                ),
                {"id": free + number, "sha256": digest, "hash": f"f{number:015x}", "text": body},
            )
            connection.execute(
                text("insert into content_hash (hash, document_id, origin) values (:hash, :id, 'declared')"),
                {"hash": f"f{number:015x}", "id": free + number},
            )
            mark = fingerprint(hash_words(body)).tolist()

            def store(mark: list[int] = mark, number: int = number) -> None:
                connection.execute(
                    text(
                        "insert into fingerprint (hash, document_id) select unnest(cast(:marks as bigint[])), :id"
                    ),
                    {"marks": mark, "id": free + number},
                )
                connection.commit()

            seconds.append(_timed(store))
    return seconds


def _recall(engine: Engine, stored: _Stored) -> float:
    """The share of the known copies that are among the candidates of the later one of the two."""
    wanted = [pair for pairs in stored.truth.wanted.values() for pair in pairs]
    by_later: dict[int, list[int]] = {}
    for one, other in wanted:
        by_later.setdefault(int(stored.ids[other]), []).append(int(stored.ids[one]))
    found = 0
    with Session(engine) as session:
        later = sorted(by_later)
        for start in range(0, len(later), _BATCH):
            batch = later[start : start + _BATCH]
            got, _ = find_candidates(session, batch)
            found += sum(one in set(got.get(own, ())) for own in batch for one in by_later[own])
    return found / len(wanted)
