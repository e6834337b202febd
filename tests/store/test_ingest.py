"""The one way in: batches, versions, troubles, and two writers at once."""

import random
import threading
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from pipeline.archive.warc import Location, read_record
from pipeline.errors import Quarantine
from pipeline.items import Claim, Declared, Source
from pipeline.prepare import prepare
from pipeline.seeds import read_folder
from pipeline.settings import Settings
from pipeline.store import history, queries, showing
from pipeline.store.ingest import Arrival, Verdict
from pipeline.store.models import Base, Capture, Document, Fingerprint, LedgerEntry, Recipe, Version
from tests.builders import NOON, arrival, prose, take_in, take_in_run
from tests.conftest import EMPTY, SEEDS, THOROUGH


@pytest.fixture
def folder(settings: Settings) -> Path:
    return settings.archive


def count(engine: Engine, table: type[Base]) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def seeds() -> list[Arrival]:
    return [item for item in read_folder(SEEDS, NOON) if isinstance(item, Arrival)]


def everything(engine: Engine) -> object:
    """Return all that can be read back, which shows no row numbers."""
    documents = [showing.show_document(engine, row["content_hash"]) for row in queries.list_documents(engine)]
    return documents, queries.list_stories(engine), queries.list_relations(engine)


def test_the_seeds_come_out_under_the_hashes_in_their_names(engine: Engine, folder: Path) -> None:
    take_in(engine, folder, *seeds())
    names = {path.stem.split("_")[1] for path in SEEDS.glob("*.txt")}
    rows = queries.list_documents(engine)
    assert {row["content_hash"] for row in rows} == names
    assert {row["hash_origin"] for row in rows} == {"declared"}


def test_the_seeds_make_four_stories_and_the_release_leads_the_transcript(
    engine: Engine, folder: Path
) -> None:
    take_in(engine, folder, *seeds())
    stories = queries.list_stories(engine)
    assert [len(story["documents"]) for story in stories] == [2, 1, 1, 1]
    assert [member["content_hash"] for member in stories[0]["documents"]] == [
        "3751b706b1349350",
        "0aa8eef8e32bc792",
    ]
    assert stories[0]["lead"] == "3751b706b1349350"


def test_the_seeds_lead_the_same_without_what_the_sidecar_says(engine: Engine, folder: Path) -> None:
    bare = [replace(item, capture=replace(item.capture, source=None, timezone=None)) for item in seeds()]
    take_in(engine, folder, *bare)
    assert queries.list_stories(engine)[0]["lead"] == "3751b706b1349350"


@pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)
def test_any_of_their_orders_gives_the_same_rows(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.store.ingest.BATCH", 1)  # each is committed and related before the next
    # What is prepared does not hang on the order, and takes longer than to store it.
    ready = [replace(item, prepared=prepare(item.capture)) for item in seeds()]
    seen = []
    orders = list(permutations(ready))
    for order in orders[:: 1 if THOROUGH else 7]:
        with engine.begin() as connection:
            connection.exec_driver_sql(EMPTY)
        take_in(engine, folder, *order)
        seen.append(everything(engine))
        assert seen[-1] == seen[0]
    assert len(seen) == (120 if THOROUGH else 18)


def test_one_batch_and_single_imports_give_the_same_rows(engine: Engine, folder: Path) -> None:
    take_in(engine, folder, *seeds())
    together = everything(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(EMPTY)
    for item in reversed(seeds()):
        take_in(engine, folder, item)
    assert everything(engine) == together


def test_a_second_import_changes_nothing_but_the_ledger(engine: Engine, folder: Path) -> None:
    take_in(engine, folder, *seeds())
    before = everything(engine), count(engine, Capture), len(list(folder.iterdir()))
    outcomes = take_in(engine, folder, *seeds())
    assert {outcome.outcome for outcome in outcomes} == {"unchanged"}
    assert (everything(engine), count(engine, Capture), len(list(folder.iterdir()))) == before
    assert count(engine, LedgerEntry) == 10


def test_a_changed_text_is_a_new_version_and_the_old_one_stays(engine: Engine, folder: Path) -> None:
    take_in(engine, folder, arrival("https://a.test/1", prose(1)))
    [outcome] = take_in(
        engine, folder, arrival("https://a.test/1", prose(1) + "\nIt was corrected later that day.")
    )
    assert outcome.outcome == "new version"
    assert count(engine, Document) == 2
    numbers = [article["version"] for row in queries.list_documents(engine) for article in row["articles"]]
    assert sorted(numbers) == [1, 2]


def test_bytes_that_clean_to_the_same_text_are_no_new_version(engine: Engine, folder: Path) -> None:
    take_in(engine, folder, arrival("https://a.test/1", prose(1)))
    [outcome] = take_in(engine, folder, arrival("https://a.test/1", prose(1) + "\n\nAD AD AD\n"))
    assert outcome.outcome == "updated"
    assert count(engine, Version) == 1
    assert count(engine, Document) == 1


def test_a_text_that_changes_back_is_a_third_version(engine: Engine, folder: Path) -> None:
    first, second = arrival("https://a.test/1", prose(1)), arrival("https://a.test/1", prose(2))
    outcomes = [take_in(engine, folder, item)[0].outcome for item in (first, second, first)]
    assert outcomes == ["new", "new version", "new version"]
    assert count(engine, Document) == 2


def test_a_fact_declared_later_is_taken_up(engine: Engine, folder: Path) -> None:
    take_in(engine, folder, arrival("https://a.test/1", prose(1)))
    [outcome] = take_in(engine, folder, arrival("https://a.test/1", prose(1), title="A headline"))
    assert outcome.outcome == "updated"
    [row] = queries.list_documents(engine)
    assert row["articles"][0]["title"] == {"value": "A headline", "origin": "declared"}


@pytest.mark.parametrize("number", range(5))
def test_a_seed_found_without_its_sidecar_adds_and_takes_nothing(
    engine: Engine, folder: Path, number: int
) -> None:
    full = seeds()[number]
    declared = full.capture.declared.content_hash
    bare = replace(
        full.capture,
        address=f"urn:newsfold:seed:{declared}",
        source=None,
        timezone=None,
        declared=Declared(content_hash=declared),
    )
    take_in(engine, folder, full)
    before = everything(engine)
    [outcome] = take_in(engine, folder, Arrival("file:///elsewhere.txt", bare))
    assert outcome.outcome == "unchanged"
    assert everything(engine) == before


def test_a_seed_whose_address_becomes_known_stays_one_article(engine: Engine, folder: Path) -> None:
    full = seeds()[3]
    bare = replace(full.capture, address="urn:newsfold:seed:b089da3e3180315c", source=None, timezone=None)
    take_in(engine, folder, Arrival("file:///elsewhere.txt", bare))
    take_in(engine, folder, full)
    [row] = queries.list_documents(engine)
    assert [article["address"] for article in row["articles"]] == [full.capture.address]


def test_captured_bytes_are_read_back_from_the_archive(engine: Engine, folder: Path) -> None:
    items = seeds()
    take_in(engine, folder, *items)
    bodies = {item.capture.address: item.capture.body for item in items}
    with Session(engine) as session:
        for row in session.scalars(select(Capture)):
            place = Location(row.archive_file, row.archive_offset, row.archive_length)
            assert read_record(folder, place, row.sha256) == bodies[row.address]


def test_what_cannot_be_used_is_archived_and_accounted_for(engine: Engine, folder: Path) -> None:
    good, bad = arrival("https://a.test/1", prose(1)), arrival("https://a.test/2", prose(2) + "\0")
    outcomes = take_in(engine, folder, bad, good)
    assert [(outcome.outcome, outcome.reason) for outcome in outcomes] == [
        ("failed", "not-text"),
        ("new", None),
    ]
    assert count(engine, Capture) == 2
    assert count(engine, Document) == 1


def with_a_bad_row(item: Arrival) -> Arrival:
    """Return an arrival whose headers no JSON column takes."""
    return replace(item, capture=replace(item.capture, headers={"x-odd": "\0"}))


def test_a_row_that_the_database_refuses_costs_itself_alone(engine: Engine, folder: Path) -> None:
    outcomes = take_in(
        engine,
        folder,
        arrival("https://a.test/1", prose(1)),
        with_a_bad_row(arrival("https://a.test/2", prose(2))),
        arrival("https://a.test/3", prose(3)),
        arrival("https://a.test/4", " "),
    )
    assert [(outcome.outcome, outcome.reason) for outcome in outcomes] == [
        ("new", None),
        ("failed", "database"),
        ("new", None),
        ("failed", "empty"),
    ]
    assert "file:///2: The database did not take it" in (outcomes[1].message or "")
    assert [count(engine, table) for table in (Document, Capture, LedgerEntry)] == [2, 3, 4]


def test_a_text_that_the_database_refuses_leaves_its_capture(engine: Engine, folder: Path) -> None:
    item = arrival("https://a.test/1", prose(1))
    odd = replace(item, prepared=replace(prepare(item.capture), title=Claim("An \0 in it", "headline")))
    [outcome] = take_in(engine, folder, odd)
    assert (outcome.outcome, outcome.reason) == ("failed", "database")
    assert outcome.capture_id is not None
    assert [count(engine, table) for table in (Document, Version, Capture)] == [0, 0, 1]


def test_what_was_rejected_or_failed_is_so_again_when_it_comes_again(engine: Engine, folder: Path) -> None:
    item = arrival("https://a.test/1", prose(1))
    rejected = replace(item, verdict=Verdict("off-topic", "It is about something else."))
    failed = replace(item, prepared=Quarantine("no-article", "It is none."))
    for _ in range(2):
        assert [outcome.outcome for outcome in take_in(engine, folder, rejected)] == ["rejected"]
        assert [outcome.outcome for outcome in take_in(engine, folder, failed)] == ["failed"]
    assert [count(engine, table) for table in (Document, Capture)] == [0, 1]
    assert take_in(engine, folder, item)[0].outcome == "new"
    assert take_in(engine, folder, rejected)[0].outcome == "rejected"
    assert take_in(engine, folder, item)[0].outcome == "unchanged"


def test_writers_of_batches_that_overlap_store_each_text_once(engine: Engine, folder: Path) -> None:
    texts = [prose(seed, 60) for seed in range(48)]
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        order = list(enumerate(texts))
        random.Random(writer).shuffle(order)  # noqa: S311 - an order, not a secret
        try:
            items = [arrival(f"https://w{writer % 2}.test/{number}", body) for number, body in order]
            take_in(engine, folder / str(writer), *items)
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            failures.append(error)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert [count(engine, table) for table in (Document, Capture, Version)] == [48, 96, 96]


def test_two_writers_of_the_same_seeds_store_each_once(engine: Engine, folder: Path) -> None:
    failures: list[BaseException] = []

    def write(items: list[Arrival], name: str) -> None:
        try:
            take_in(engine, folder / name, *items)
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            failures.append(error)

    items = seeds()
    threads = [
        threading.Thread(target=write, args=(order, str(index)))
        for index, order in enumerate([items, items[::-1], items])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert [count(engine, table) for table in (Document, Capture, Version)] == [5, 5, 5]
    assert len(queries.list_relations(engine)) == 6
    assert [len(story["documents"]) for story in queries.list_stories(engine)] == [2, 1, 1, 1]


def test_the_ledger_accounts_for_every_address_of_the_run(engine: Engine, folder: Path) -> None:
    run = take_in_run(
        engine,
        folder,
        arrival("https://a.test/1", prose(1)),
        arrival("https://a.test/2", " "),
        arrival("https://a.test/3", prose(1)),
    )
    shown = history.show_run(engine, run.id)
    assert shown["outcomes"] == {"failed": 1, "new": 2}
    assert [entry["address"] for entry in shown["ledger"]] == [
        "file:///1",
        "file:///3",
        "file:///2",
    ]  # the failed last


def test_a_crawl_and_a_seed_of_one_address_do_not_take_turns(engine: Engine, folder: Path) -> None:
    seed = arrival("https://a.test/1", prose(1), declares="00000000000000a1", title="A headline")
    crawl = arrival("https://a.test/1", prose(1) + "\n\nAD AD AD")
    outcomes = [take_in(engine, folder, item)[0].outcome for item in (seed, crawl, seed, crawl)]
    assert outcomes == ["new", "updated", "unchanged", "unchanged"]
    [row] = queries.list_documents(engine)
    assert row["articles"][0]["title"] == {"value": "A headline", "origin": "declared"}


def test_a_correction_of_what_is_declared_of_a_source_is_taken_up(engine: Engine, folder: Path) -> None:
    wrong, right = Source("outlet", "Outlt"), Source("outlet", "Outlet", country="BE")
    take_in(engine, folder, arrival("https://a.test/1", prose(1), source=wrong))
    take_in(engine, folder, arrival("https://a.test/1", prose(1), source=right))
    [row] = queries.list_documents(engine)
    assert row["articles"][0]["source"] == {"key": "outlet", "name": "Outlet"}


def test_an_address_that_no_index_can_hold_costs_itself_alone(engine: Engine, folder: Path) -> None:
    outcomes = take_in(
        engine,
        folder,
        arrival(f"https://a.test/{'x' * 3000}/a", prose(1)),
        arrival("https://a.test/1", prose(2)),
    )
    assert [(outcome.outcome, outcome.reason) for outcome in outcomes] == [
        ("failed", "address-too-long"),
        ("new", None),
    ]


def test_a_new_fingerprint_scheme_is_applied_to_known_documents(engine: Engine, folder: Path) -> None:
    seed = arrival("https://a.test/1", prose(1))
    take_in(engine, folder, seed)
    with Session(engine) as session, session.begin():
        session.execute(update(Document).values(matched_as="older/older", word_count=1))
        session.execute(update(Recipe).values(fingerprint="older"))
        session.execute(delete(Fingerprint))
    take_in(engine, folder, seed)
    take_in(engine, folder, arrival("https://a.test/2", prose(1) + "\nEnd."))
    assert [row["kind"] for row in queries.list_relations(engine)] == ["near"]


def test_a_file_whose_address_becomes_known_stays_one_article(engine: Engine, folder: Path) -> None:
    place = "file:///texts/a.txt"
    nameless = replace(arrival(place, prose(1)).capture, provisional_address=place)
    take_in(engine, folder, Arrival(place, nameless))
    take_in(engine, folder, Arrival(place, replace(nameless, address="https://a.test/1")))
    [row] = queries.list_documents(engine)
    assert [article["address"] for article in row["articles"]] == ["https://a.test/1"]
