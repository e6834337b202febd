"""Versions, many at once: a batch gives what its captures give one by one, in the same order."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from pipeline.archive.warc import ArchiveWriter
from pipeline.errors import Quarantine
from pipeline.items import Capture, Claim, Credit, DateClaim, Declared, Prepared, RemovedLine, Source
from pipeline.prepare import prepare
from pipeline.settings import Settings
from pipeline.store.ingest import Arrival, Verdict, ingest, store_batch
from pipeline.store.models import Base
from pipeline.store.runs import Outcome, running
from tests.builders import NOON, prose

_READ_BACK = """
select key, name, country, array(select host from source_host where source_id = source.id order by 1)
from source order by 1;

select c.address, c.sha256, c.facts, c.captured_at, s.key, a.address, v.number
from capture c left join source s on s.id = c.source_id
left join version v on v.id = c.version_id left join article a on a.id = v.article_id order by 1, 2;

select d.sha256, d.content_hash, d.hash_origin, d.word_count, d.matched_as, d.language, d.language_origin,
    (select md5(string_agg(hash::text, ' ' order by hash)) from fingerprint f where f.document_id = d.id)
from document d order by 1;

select h.hash, h.origin, h.capture_sha256, d.sha256
from content_hash h join document d on d.id = h.document_id order by 1;

select a.address, s.key, v.number, d.sha256, c.address, c.sha256, v.first_seen_at, v.title, v.title_origin,
    v.published_on, v.published_at, v.published_origin,
    array(select name || origin from credit where version_id = v.id order by 1),
    array(select concat_ws('|', position, kind, origin, raw, day, time_of_day, at, zone)
          from stated_date where version_id = v.id order by position),
    array(select concat_ws('|', line, rule, text) from removed_line where version_id = v.id order by 1)
from article a left join source s on s.id = a.source_id left join version v on v.article_id = a.id
left join document d on d.id = v.document_id left join capture c on c.id = v.capture_id order by 1, 3;

select address, outcome, reason, message, s.key
from ledger left join source s on s.id = source_id order by 1
"""


@pytest.fixture
def folder(settings: Settings) -> Path:
    return settings.archive


def everything(engine: Engine) -> list[list[tuple[object, ...]]]:
    """Return every row that storing writes, without row numbers."""
    with Session(engine) as session:
        return [[tuple(row) for row in session.execute(text(query))] for query in _READ_BACK.split(";")]


def empty(engine: Engine) -> None:
    names = ", ".join(table.name for table in reversed(Base.metadata.sorted_tables))
    with engine.begin() as connection:
        connection.exec_driver_sql(f"truncate {names} cascade")


def stream(seed: int, length: int) -> list[Arrival]:
    """Return arrivals that meet in every way: in address, text, bytes, hash, source, and what is said of them."""
    chance = random.Random(seed)  # noqa: S311 - choices, not secrets
    texts = [prose(number, 60) for number in range(6)]
    arrivals: list[Arrival] = []
    for number in range(length):
        if arrivals and chance.random() < 0.15:
            capture = chance.choice(arrivals).capture
        else:
            body = chance.choice(texts) + chance.choice(["", "", "\n\nAD AD AD\n", "\nEnd."])
            place = f"https://a.test/{chance.randrange(8)}"
            declares = chance.choice([None, None, None, f"{chance.randrange(4):016x}"])
            known_before = chance.choice([None, None, f"urn:test:{chance.randrange(4)}"])
            capture = Capture(
                address=chance.choice([place, known_before or place]),
                body=body.encode(),
                media_type="text/plain",
                captured_at=NOON + timedelta(minutes=number),
                source=chance.choice(
                    [None, Source("one", "One", ("a.test",)), Source("one", "Uno", ("b.test",))]
                ),
                declared=Declared(
                    content_hash=declares,
                    title=chance.choice([None, None, "A headline"]),
                    published=chance.choice([None, None, date(2024, 12, 4)]),
                    language=chance.choice([None, None, "en", "de"]),
                ),
                provisional_address=known_before,
            )
        arrivals.append(Arrival(f"file:///{number}", capture, **_made_elsewhere(chance, capture)))
    return arrivals


def _made_elsewhere(chance: random.Random, capture: Capture) -> dict[str, object]:
    if chance.random() < 0.1:
        return {"verdict": Verdict("off-topic", "It is about something else.")}
    # The same bytes are made into the same, always.
    fixed = random.Random(repr((capture.address, capture.body)))  # noqa: S311 - choices, not secrets
    kind = fixed.randrange(6)
    if kind == 0:
        return {"prepared": Quarantine("no-article", "It is no article.")}
    if kind <= 2:
        canonical = fixed.choice([None, "https://a.test/1", "https://a.test/canonical"])
        return {"prepared": _described(fixed, replace(prepare(capture), article_address=canonical))}
    return {}


def _described(chance: random.Random, prepared: Prepared) -> Prepared:
    at = datetime(2024, 12, 4, 10, 30, tzinfo=UTC)
    dates = (
        DateClaim("published", "json-ld", "a", at.date(), at.replace(tzinfo=None), at, "UTC"),
        DateClaim("modified", "json-ld", "b", at.date()),
    )
    return replace(
        prepared,
        credits=(Credit("Reuters", "agency"), Credit("AFP", "source-line"))[: chance.randrange(3)],
        dates=dates[: chance.randrange(3)],
        published=chance.choice([None, dates[0]]),
        removed=tuple(RemovedLine(line, f"Line {line}", "menu") for line in range(chance.randrange(12))),
    )


def take_in(engine: Engine, folder: Path, arrivals: list[Arrival], batch: int) -> list[Outcome]:
    with running(engine, "crawl", {}) as run, ArchiveWriter(folder, "test") as archive:
        outcomes: list[Outcome] = []
        for start in range(0, len(arrivals), batch):
            outcomes += ingest(engine, run, arrivals[start : start + batch], archive)
    by_name = {
        outcome.address: replace(outcome, capture_id=None, version_id=None, source_id=None)
        for outcome in outcomes
    }
    return [by_name[item.ledger_address] for item in arrivals]


@pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)
@pytest.mark.parametrize("seed", range(12))
def test_a_batch_gives_what_its_captures_give_one_by_one(engine: Engine, folder: Path, seed: int) -> None:
    arrivals = stream(seed, 24)
    singly = take_in(engine, folder, arrivals, 1)
    rows = everything(engine)
    empty(engine)
    assert take_in(engine, folder, arrivals, 64) == singly
    assert everything(engine) == rows


def described(address: str, body: str, **changes: object) -> Arrival:
    capture = Capture(address, body.encode(), "text/plain", NOON)
    return Arrival(address, capture, prepared=replace(prepare(capture), **changes))


def versions(engine: Engine) -> list[tuple[object, ...]]:
    with Session(engine) as session:
        query = "select a.address, v.number, v.title from version v join article a on a.id = v.article_id"
        return [tuple(row) for row in session.execute(text(f"{query} order by 1, 2"))]


def test_a_page_belongs_to_the_article_at_its_canonical_address(engine: Engine, folder: Path) -> None:
    canonical = "https://a.test/1"
    outcomes = take_in(
        engine,
        folder,
        [
            described("https://a.test/1?amp=1", prose(1), article_address=canonical),
            described(canonical, prose(1) + "\nCorrected.", title=Claim("A title", "json-ld")),
            described("https://m.a.test/1", prose(1), article_address=canonical),
        ],
        64,
    )
    assert [outcome.outcome for outcome in outcomes] == ["new", "new version", "new version"]
    assert versions(engine) == [(canonical, 1, None), (canonical, 2, "A title"), (canonical, 3, None)]


def test_an_article_known_under_a_provisional_address_takes_the_canonical_one(
    engine: Engine, folder: Path
) -> None:
    first = described("https://a.test/?p=1", prose(1))
    take_in(engine, folder, [first], 64)
    later = described("https://a.test/x?s=1", prose(1), article_address="https://a.test/x")
    later = replace(later, capture=replace(later.capture, provisional_address="https://a.test/?p=1"))
    [outcome] = take_in(engine, folder, [later], 64)
    assert outcome.outcome == "unchanged"
    assert versions(engine) == [("https://a.test/x", 1, None)]


@pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)
def test_a_batch_takes_a_fixed_number_of_statements(engine: Engine, folder: Path) -> None:
    taken: list[int] = []
    count = 0

    def counting(*_: object) -> None:
        nonlocal count
        count += 1

    pages = [described(f"https://a.test/{number}", prose(number, 80)) for number in range(40)]
    with running(engine, "crawl", {}) as run, ArchiveWriter(folder, "test") as archive:
        event.listen(engine, "before_cursor_execute", counting)
        for start, end in ((0, 8), (8, 40)):
            count = 0
            store_batch(engine, run, pages[start:end], archive)
            taken.append(count)
        event.remove(engine, "before_cursor_execute", counting)
    assert taken[0] == taken[1] <= 20
