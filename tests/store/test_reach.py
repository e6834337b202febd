"""Stories by reach, one story in full, two documents side by side, an article's versions."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from pipeline.errors import NotFound
from pipeline.items import Declared, Source
from pipeline.settings import Settings
from pipeline.store.comparing import compare_documents, list_versions
from pipeline.store.ingest import Arrival
from pipeline.store.reach import rank_stories
from pipeline.store.rulings import merge
from pipeline.store.storypage import show_story
from tests.builders import arrival, prose, take_in

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

WIRE = Source("skarpress", "Skarpress", ("wire.test",), timezone="UTC")
ONE, TWO = Source("one", "The One", ("one.test",), timezone="UTC"), Source("two", "The Two", ("two.test",))
SAME = Source("same", "The Same", ("same.test",))
TEXT = prose(1, 200)
NOON = datetime(2024, 12, 4, 12, tzinfo=UTC)


def printed(name: str, text: str, source: Source | None, at: datetime | date | None = None) -> Arrival:
    made = arrival(f"https://{name}.test/1", text, source=source)
    return replace(made, capture=replace(made.capture, declared=Declared(published=at)))


@pytest.fixture
def filled(engine: Engine, settings: Settings) -> Engine:
    _, rest = TEXT.split("\n", 1)
    take_in(
        engine,
        settings.archive,
        printed("wire", TEXT, WIRE, NOON),
        printed("one", f"Our view of it.\n{TEXT}\nSource – Skarpress", ONE, NOON.replace(hour=15)),
        printed("same", f"{TEXT}\nSource – Skarpress", SAME, date(2024, 12, 3)),
        printed("two", f"{rest}\nThe Two adds this line of ten words and no more.\n(Skarpress)", TWO),
        printed("three", f"{prose(2, 300)}\n{TEXT}", None, date(2024, 12, 6)),
        printed("alone", prose(3, 100), ONE),
    )
    return engine


def test_stories_come_by_reach_with_their_copies_by_kind_and_the_time_between(filled: Engine) -> None:
    wide, narrow = rank_stories(filled)
    assert (wide["lead"]["outlet"], wide["outlets"], wide["copies"]) == ("Skarpress", 5, 4)
    assert wide["outlet_names"] == ["Skarpress", "The One", "The Same", "The Two", "three.test"]
    assert {kind: number for kind, number in wide["kinds"].items() if number} == {
        "identical": 1,
        "near": 2,
        "contains": 1,
    }
    assert wide["first_seen"] == {"on": "2024-12-03", "at": None}
    assert wide["last_seen"] == {"on": "2024-12-06", "at": None}
    assert wide["between"] == {"days": 3, "seconds": None}
    assert (narrow["copies"], narrow["seen_as"]) == (0, "captured")
    assert rank_stories(filled, limit=1) == [wide]


def test_a_story_tells_what_each_copy_took_added_cut_and_credits_and_why_the_lead_leads(
    filled: Engine,
) -> None:
    story = show_story(filled, "https://two.test/1")
    assert story["why"] == [
        "It leads: its outlet, Skarpress, is the one the others credit (one other of the story).",
        "The Same credits Skarpress: “Source – Skarpress”.",
        "The One credits Skarpress: “Source – Skarpress”.",
    ]
    copies = {copy["outlet"]: copy for copy in story["copies_in_full"]}
    assert [copy["outlet"] for copy in story["copies_in_full"]] == [
        "The Same",
        "The One",
        "three.test",
        "The Two",
    ]
    assert (
        copies["The Same"]["taken"] == copies["The One"]["of_lead"] == copies["three.test"]["of_lead"] == 1.0
    )
    assert copies["The Two"]["cut"]["words"] == 30
    assert copies["The Two"]["cut"]["passages"][0]["begins"].split() == TEXT.split()[:12]
    assert "The Two adds" in copies["The Two"]["added"]["passages"][0]["begins"]
    assert copies["three.test"]["taken"] == pytest.approx(0.4, abs=0.01)
    assert show_story(filled, f"story:{story['id']}", limit=1)["more"] == 3
    with pytest.raises(NotFound, match="no story 99"):
        show_story(filled, "story:99")


def test_the_number_of_a_merged_story_leads_to_the_one_that_took_it_in(filled: Engine) -> None:
    [wide, alone] = rank_stories(filled)
    merge(filled, "https://alone.test/1", "https://wire.test/1", because="as one", by="ann")
    for number in (wide["id"], alone["id"]):
        story = show_story(filled, f"story:{number}")
        assert story["id"] == min(wide["id"], alone["id"])
    assert [ruling["because"] for ruling in story["rulings"]] == ["as one"]
    assert story["kinds"]["indirect"] == 1


def test_two_documents_stand_side_by_side_with_their_passages(filled: Engine) -> None:
    found = compare_documents(filled, "https://wire.test/1", "https://three.test/1")
    [passage] = found["passages"]
    assert (passage["words"], passage["start_one"], passage["start_other"]) == (200, 0, 300)
    assert (found["one"]["shared"], found["other"]["shared"]) == (1.0, 0.4)
    assert "\n".join("".join(part["text"] for part in one) for one, _ in found["rows"] if one) == TEXT


def test_an_articles_versions_are_listed_with_what_each_changed(filled: Engine, settings: Settings) -> None:
    take_in(filled, settings.archive, printed("wire", f"{TEXT}\nCorrected at noon.", WIRE, NOON))
    history = list_versions(filled, "https://wire.test/1")
    history = [row for row in history if row["address"] == "https://wire.test/1"]
    assert [(row["version"], row["added_words"], row["cut_words"]) for row in history] == [
        (1, None, None),
        (2, 3, 0),
    ]
    assert [row["is_current"] for row in history] == [False, True]
    story = show_story(filled, history[0]["content_hash"])
    # The Same prints the old text still: it is a copy, and no revision of the wire's.
    assert story["revisions"] == []
    assert rank_stories(filled)[0]["copies"] == 4
