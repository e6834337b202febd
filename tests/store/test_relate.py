"""Relations in the database: found in any order, by any writer, and made good after a kill."""

import random
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from pipeline.settings import Settings
from pipeline.store import queries
from pipeline.store.models import Document, Relation, Story, StoryDocument
from pipeline.store.relate import relate, sweep
from tests.builders import arrival, prose, take_in


@pytest.fixture
def folder(settings: Settings) -> Path:
    return settings.archive


def kinds(engine: Engine) -> list[str]:
    return [row["kind"] for row in queries.list_relations(engine)]


def test_a_trimmed_copy_a_wrapped_copy_and_another_layout_are_told_apart(
    engine: Engine, folder: Path
) -> None:
    text = prose(1, 300)
    lines = text.splitlines()
    take_in(
        engine,
        folder,
        arrival("https://a.test/whole", text),
        arrival("https://a.test/layout", " ".join(lines)),
        arrival("https://a.test/trimmed", "\n".join(lines[:-1])),
        arrival("https://a.test/wrapped", prose(2, 600) + "\n" + text),
    )
    found = {(row["kind"]) for row in queries.list_relations(engine)}
    assert found == {"identical", "near", "contains"}
    assert [len(story["documents"]) for story in queries.list_stories(engine)] == [4]


def test_unrelated_texts_have_no_relation(engine: Engine, folder: Path) -> None:
    take_in(engine, folder, *(arrival(f"https://a.test/{seed}", prose(seed)) for seed in range(8)))
    assert kinds(engine) == []
    assert len(queries.list_stories(engine)) == 8


@pytest.mark.parametrize("order", [1, -1])
def test_a_brief_inside_a_long_text_is_found_in_either_order(
    engine: Engine, folder: Path, order: int
) -> None:
    brief = prose(1, 24)
    items = [
        arrival("https://a.test/brief", brief),
        arrival("https://a.test/long", prose(2, 900) + "\n" + brief),
    ]
    for item in items[::order]:
        take_in(engine, folder, item)
    assert kinds(engine) == ["contains"]


def test_what_a_killed_writer_left_is_swept_up(engine: Engine, folder: Path) -> None:
    take_in(
        engine,
        folder,
        arrival("https://a.test/1", prose(1)),
        arrival("https://a.test/2", prose(1) + "\nEnd."),
    )
    before = queries.list_relations(engine), queries.list_stories(engine)
    with Session(engine) as session, session.begin():
        session.execute(update(Document).values(relations_checked_at=None))
        session.execute(Relation.__table__.delete())
    assert sweep(engine) == 2
    assert (queries.list_relations(engine), queries.list_stories(engine)) == before
    assert sweep(engine) == 0


def test_relating_again_changes_nothing(engine: Engine, folder: Path) -> None:
    take_in(
        engine,
        folder,
        arrival("https://a.test/1", prose(1)),
        arrival("https://a.test/2", prose(1) + "\nEnd."),
    )
    before = queries.list_relations(engine), queries.list_stories(engine)
    with Session(engine) as session:
        ids = list(session.scalars(select(Document.id)))
    relate(engine, ids)
    assert (queries.list_relations(engine), queries.list_stories(engine)) == before


def test_a_passage_that_fifty_documents_share_is_furniture(engine: Engine, folder: Path) -> None:
    standing = prose(999, 60)
    many = [arrival(f"https://a.test/{seed}", prose(seed, 90) + "\n" + standing) for seed in range(60)]
    take_in(engine, folder, *many)
    late = [
        arrival(f"https://a.test/late{seed}", prose(1000 + seed, 90) + "\n" + standing) for seed in range(2)
    ]
    take_in(engine, folder, *late)
    late_hashes = {
        row["content_hash"]
        for row in queries.list_documents(engine)
        if "late" in row["articles"][0]["address"]
    }
    found = [row for row in queries.list_relations(engine) if late_hashes & {row["shorter"], row["longer"]}]
    assert found == []


def test_copies_stored_at_the_same_moment_by_two_writers_all_find_each_other(
    engine: Engine, folder: Path
) -> None:
    texts = [prose(seed) for seed in range(60)]
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        order = list(enumerate(texts))
        random.Random(writer).shuffle(order)  # noqa: S311 - an order, not a secret
        try:
            for number, text in order:
                item = arrival(f"https://w{writer}.test/{number}", f"{text}\nBy writer {writer}.")
                take_in(engine, folder / str(writer), item)
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            failures.append(error)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert kinds(engine) == ["near"] * 60
    assert [len(story["documents"]) for story in queries.list_stories(engine)] == [2] * 60


@pytest.mark.parametrize("batch", [1, 64])
@pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)
def test_a_text_in_more_outlets_than_make_furniture_is_one_story(
    engine: Engine, folder: Path, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.store.ingest.BATCH", batch)
    wire = prose(1, 200)
    copies = [arrival(f"https://o{n}.test/", f"{wire}\n{prose(100 + n, 20)}") for n in range(70)]
    take_in(engine, folder, *copies)
    assert [len(story["documents"]) for story in queries.list_stories(engine)] == [70]


def test_a_document_that_was_related_but_not_folded_is_swept_up(engine: Engine, folder: Path) -> None:
    take_in(
        engine,
        folder,
        arrival("https://a.test/1", prose(1)),
        arrival("https://a.test/2", prose(1) + "\nEnd."),
    )
    before = queries.list_stories(engine)
    with Session(engine) as session, session.begin():
        session.execute(StoryDocument.__table__.delete())
        session.execute(Story.__table__.delete())
    assert sweep(engine) == 2
    assert queries.list_stories(engine) == before
