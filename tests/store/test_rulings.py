"""Rulings in the database: they hold, outlive new versions, and can be taken back."""

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from pipeline.errors import NotFound, Refuse
from pipeline.settings import Settings
from pipeline.store import queries
from pipeline.store.models import Document, Story
from pipeline.store.relate import relate
from pipeline.store.rulings import list_rulings, merge, split, undo
from tests.builders import arrival, prose, take_in

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

TOLD = {"because": "the same report", "by": "ann"}
ONE, OTHER, COPY = prose(1, 200), prose(2, 200), prose(1, 200) + "\nA line more."


@pytest.fixture
def filled(engine: Engine, settings: Settings) -> Engine:
    texts = {"one": ONE, "other": OTHER, "copy": COPY}
    take_in(
        engine, settings.archive, *(arrival(f"https://a.test/{name}", text) for name, text in texts.items())
    )
    return engine


def handle(engine: Engine, text: str) -> str:
    with Session(engine) as session:
        return session.scalars(select(Document.content_hash).where(Document.text == text)).one()


def stories(engine: Engine) -> set[tuple[int, str]]:
    with Session(engine) as session:
        rows = session.execute(
            select(Story.id, Document.content_hash).join(Document, Document.id == Story.lead_id)
        )
        return {(row.id, row.content_hash) for row in rows}


def sizes(engine: Engine) -> list[int]:
    return [len(story["documents"]) for story in queries.list_stories(engine)]


def test_a_merge_outlives_recomputation_and_is_taken_back_without_a_trace_in_the_stories(
    filled: Engine,
) -> None:
    before = stories(filled)
    made = merge(filled, "https://a.test/one", handle(filled, OTHER), **TOLD)
    assert (made["kind"], made["state"], made["by"], made["because"]) == (
        "merge",
        "in force",
        "ann",
        "the same report",
    )
    assert sizes(filled) == [3]
    with Session(filled) as session:
        relate(filled, session.scalars(select(Document.id)))
    assert sizes(filled) == [3]
    assert undo(filled, made["number"], because="no", by="bo")["state"] == "taken back"
    assert stories(filled) == before
    [listed] = list_rulings(filled)
    assert listed["taken_back"]["by"] == "bo"


def test_a_split_parts_a_copy_from_its_lead(filled: Engine) -> None:
    made = split(filled, handle(filled, ONE), None, because="not the same", by="ann")
    assert made["other"] == handle(filled, COPY)
    assert sizes(filled) == [1, 1, 1]


def test_a_ruling_follows_the_article_to_its_new_text(filled: Engine, settings: Settings) -> None:
    split(filled, "https://a.test/one", "https://a.test/copy", because="not the same", by="ann")
    take_in(filled, settings.archive, arrival("https://a.test/one", ONE + "\nCorrected at noon."))
    assert sizes(filled) == [2, 1, 1]  # the two versions are one article's
    [listed] = list_rulings(filled)
    assert listed["state"] == "in force"


def test_the_later_ruling_overrules_the_earlier_one(filled: Engine) -> None:
    merge(filled, "https://a.test/one", "https://a.test/other", **TOLD)
    split(filled, "https://a.test/other", "https://a.test/one", because="not at all", by="bo")
    assert [row["state"] for row in list_rulings(filled)] == ["in force", "overruled"]
    assert sizes(filled) == [2, 1]


def test_what_cannot_be_ruled_is_refused_with_a_sentence(filled: Engine) -> None:
    with pytest.raises(Refuse, match="same document"):
        merge(filled, handle(filled, ONE), "https://a.test/one", **TOLD)
    with pytest.raises(Refuse, match="leads its story"):
        split(filled, "https://a.test/copy", None, **TOLD)
    with pytest.raises(Refuse, match="says why"):
        merge(filled, "https://a.test/one", "https://a.test/other", because=" ", by="ann")
    with pytest.raises(NotFound, match="no ruling number 7"):
        undo(filled, 7, **TOLD)
    number = merge(filled, "https://a.test/one", "https://a.test/other", **TOLD)["number"]
    undo(filled, number, **TOLD)
    with pytest.raises(Refuse, match="taken back before"):
        undo(filled, number, **TOLD)
    with pytest.raises(Refuse, match="rule anew"):
        undo(filled, number + 1, **TOLD)


def test_a_split_from_a_digest_takes_it_out_of_the_story_for_good(engine: Engine, settings: Settings) -> None:
    a, b, *rest = (prose(number, 90) for number in range(11, 19))
    texts = {"a": a, "b": b, "d": "\n".join([a, b, *rest])}
    texts |= {"e": "\n".join([a, *rest]), "f": "\n".join([b, *rest])}  # trimmed, each of another report
    take_in(engine, settings.archive, *(arrival(f"https://a.test/{name}", t) for name, t in texts.items()))
    assert roles(engine) == [
        ["lead", "copy", "copy"],
        ["lead", "digest", "digest"],
        ["lead", "digest", "digest"],
    ]
    made = split(engine, "https://a.test/a", "https://a.test/d", because="no report", by="ann")
    assert made["state"] == "in force"
    assert roles(engine) == [["lead"], ["lead", "copy", "copy"], ["lead", "digest", "digest"]]
    undo(engine, made["number"], because="it is one", by="bo")
    assert len(roles(engine)[1]) == 3


def roles(engine: Engine) -> list[list[str]]:
    return sorted([member["role"] for member in story["documents"]] for story in queries.list_stories(engine))
