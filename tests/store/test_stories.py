"""Stories in the database: ids that last, digests that bridge nothing."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from pipeline.settings import Settings
from pipeline.store import queries
from pipeline.store.lookup import resolve_story
from pipeline.store.models import Document, Story, StoryDocument
from pipeline.store.parts import _read_links
from pipeline.store.relate import relate
from pipeline.store.story_models import StoryForward
from tests.builders import arrival, prose, take_in


@pytest.fixture
def folder(settings: Settings) -> Path:
    return settings.archive


def story_ids(engine: Engine) -> list[int]:
    with Session(engine) as session:
        return sorted(session.scalars(select(Story.id)))


def test_a_story_keeps_its_id_as_it_grows(engine: Engine, folder: Path) -> None:
    text = prose(1, 200)
    take_in(engine, folder, arrival("https://a.test/1", text))
    before = story_ids(engine)
    take_in(engine, folder, arrival("https://a.test/2", text + "\nA line more."))
    take_in(engine, folder, arrival("https://a.test/3", "A line before.\n" + text))
    assert story_ids(engine) == before


def test_two_stories_that_a_new_text_joins_become_the_older_one(engine: Engine, folder: Path) -> None:
    first, middle, last = prose(1, 90), prose(2, 150), prose(3, 90)
    take_in(engine, folder, arrival("https://a.test/1", first + "\n" + middle))
    take_in(engine, folder, arrival("https://a.test/2", middle + "\n" + last))
    assert len(story_ids(engine)) == 2
    older = story_ids(engine)[0]
    newer = story_ids(engine)[1]
    take_in(engine, folder, arrival("https://a.test/3", middle))
    assert story_ids(engine) == [older]
    with Session(engine) as session:
        assert session.execute(select(StoryForward.old_id, StoryForward.story_id)).all() == [(newer, older)]
        assert resolve_story(session, f"story:{newer}") == older


def test_a_digest_appears_in_both_stories_and_joins_neither(engine: Engine, folder: Path) -> None:
    one, other = prose(1, 120), prose(2, 120)
    take_in(engine, folder, arrival("https://a.test/1", one), arrival("https://a.test/2", other))
    before = story_ids(engine)
    take_in(engine, folder, arrival("https://a.test/digest", f"{one}\n{other}\n{prose(3, 60)}"))
    assert before == story_ids(engine)[:2]
    stories = queries.list_stories(engine)
    roles = sorted([member["role"] for member in story["documents"]] for story in stories)
    assert roles == [["lead"], ["lead", "digest"], ["lead", "digest"]]


def test_every_document_has_exactly_one_home(engine: Engine, folder: Path) -> None:
    one, other = prose(1, 120), prose(2, 120)
    for number, text in enumerate(
        [f"{one}\n{other}", one, other, f"{other}\nMore of it.", f"{one}\nAnd so on."]
    ):
        take_in(engine, folder, arrival(f"https://a.test/{number}", text))
    with Session(engine) as session:
        homes = list(session.scalars(select(StoryDocument.document_id).where(StoryDocument.role != "digest")))
    assert len(homes) == len(set(homes)) == 5


def test_a_relation_to_a_text_outside_the_part_at_hand_is_left_to_that_texts_own_fold(
    engine: Engine, folder: Path
) -> None:
    text = prose(1, 200)
    take_in(
        engine,
        folder,
        arrival("https://a.test/1", text),
        arrival("https://a.test/2", text + "\nA line more."),
    )
    with Session(engine) as session:
        ids = set(session.scalars(select(StoryDocument.document_id)))
        assert len(list(_read_links(session, ids))) == 1
        for document_id in ids:
            assert list(_read_links(session, {document_id})) == []


def roles_of(engine: Engine) -> dict[str, list[str]]:
    """Return the addresses, or the opening words, of each story's documents by their roles."""
    stories = queries.list_stories(engine)
    return {
        story["lead"]: sorted(
            f"{member['role']} {member['opening'].split()[0]}" for member in story["documents"]
        )
        for story in stories
    }


def test_a_new_version_joins_its_old_one_as_a_revision(engine: Engine, folder: Path) -> None:
    text = "Alpha " + prose(1, 200)
    take_in(engine, folder, arrival("https://a.test/1", text), arrival("https://b.test/1", "Beta " + text))
    [before] = story_ids(engine)
    assert list(roles_of(engine).values()) == [["copy Alpha", "lead Beta"]]
    take_in(
        engine, folder, arrival("https://a.test/1", "Gamma " + prose(1, 200) + "\nCorrected and made longer.")
    )
    assert story_ids(engine) == [before]
    assert list(roles_of(engine).values()) == [["copy Beta", "lead Gamma", "revision Alpha"]]


def test_a_version_that_is_about_something_else_takes_its_story_along(engine: Engine, folder: Path) -> None:
    text = "Alpha " + prose(1, 200)
    take_in(engine, folder, arrival("https://a.test/1", text), arrival("https://b.test/1", "Beta " + text))
    take_in(engine, folder, arrival("https://b.test/1", "Gamma " + prose(2, 200)))
    assert sorted(roles_of(engine).values()) == [["lead Alpha"], ["lead Gamma", "revision Beta"]]
    # An article that goes back to what it said is back in its place.
    take_in(engine, folder, arrival("https://b.test/1", "Beta " + text))
    assert sorted(roles_of(engine).values()) == [["copy Alpha", "lead Beta", "revision Gamma"]]


def test_a_text_that_another_article_still_prints_is_no_revision(engine: Engine, folder: Path) -> None:
    text = "Alpha " + prose(1, 200)
    take_in(engine, folder, arrival("https://a.test/1", text), arrival("https://b.test/1", text))
    take_in(engine, folder, arrival("https://b.test/1", "Beta " + text))
    assert list(roles_of(engine).values()) == [["copy Alpha", "lead Beta"]]


@pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)
def test_stories_are_the_same_whatever_the_order_and_the_batches(engine: Engine, folder: Path) -> None:
    one, other = prose(1, 120), prose(2, 120)
    texts = [one, other, f"{one}\nAnd so on.", f"{one}\n{other}\n{prose(3, 60)}", f"Before.\n{other}"]
    arrivals = [arrival(f"https://a.test/{number}", text) for number, text in enumerate(texts)]
    take_in(engine, folder, *arrivals)
    expected = queries.list_stories(engine)
    with Session(engine) as session:
        ids = list(session.scalars(select(Document.id)))
        numbers = {(row.id, row.lead_id) for row in session.execute(select(Story.id, Story.lead_id))}
    for document_ids in ([ids[3]], ids[::-1], [ids[4], ids[0]]):
        relate(engine, document_ids)
    assert queries.list_stories(engine) == expected
    with Session(engine) as session:
        assert {(row.id, row.lead_id) for row in session.execute(select(Story.id, Story.lead_id))} == numbers
