"""The commands about stories, as they are typed: wide and narrow terminals, pipes, JSON."""

import json

import pytest
from sqlalchemy import Engine

from pipeline.errors import Refuse
from pipeline.settings import Settings
from tests.builders import arrival, prose, take_in
from tests.commands.conftest import Typed

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

ONE, TWO, THREE = prose(1, 90), prose(2, 60), prose(3, 60)


@pytest.fixture
def typed(engine: Engine, settings: Settings, run: Typed) -> Typed:
    """The command, on a database with two copies whose paragraphs stand in another order, and another text."""
    take_in(
        engine,
        settings.archive,
        arrival("https://a.test/1", f"{ONE}\n{TWO}", title="Cables cut"),
        arrival("https://b.test/1", f"{TWO}\n{ONE}\nOur own line is this one here."),
        arrival("https://c.test/1", THREE),
    )

    return run


def test_stories_and_one_story_fit_wide_and_narrow_terminals(typed) -> None:
    for width in (160, 80):
        listed = typed("stories", width=width)
        assert "2 stories" in listed
        assert "1 copy" in listed
        shown = typed("story", "https://a.test/1", width=width)
        assert "- 7 words" in shown  # the longer one leads
        assert "7 w: Our own" in shown
        assert max(map(len, (listed + shown).splitlines())) <= width
    assert len(json.loads(typed("stories", "--json"))) == 2
    assert len(json.loads(typed("stories", "--json", "--limit", "1"))) == 1


def test_diff_marks_what_was_moved_without_a_colour(typed) -> None:
    side_by_side = typed("diff", "https://a.test/1", "https://b.test/1", width=140)
    # Each text's first line, in one row and beside what it is set against.
    below = typed("diff", "https://a.test/1", "https://b.test/1", width=70)
    opening = TWO.split()[0]
    for shown in (side_by_side, below):
        assert f"~: {opening}" in shown
        assert f"[1: {ONE.split()[0]}" in shown
        assert "\x1b" not in shown
    assert max(map(len, below.splitlines())) <= 70
    found = json.loads(typed("diff", "https://a.test/1", "https://b.test/1", "--json"))
    assert [passage["moved"] for passage in found["passages"]].count(True) == 1


def test_a_ruling_is_made_listed_and_taken_back(typed, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Nothing was ruled" in typed("rulings")
    monkeypatch.setenv("NEWSFOLD_ANALYST", "ann")
    assert "in force" in typed("merge", "https://a.test/1", "https://c.test/1", "--because", "one event")
    [ruling] = json.loads(typed("rulings", "--json"))
    assert (ruling["by"], ruling["because"]) == ("ann", "one event")
    assert "in force" in typed("rulings", width=80)
    assert "taken back" in typed("rulings", "undo", "1", "--because", "two events", "--by", "bo")
    assert len(json.loads(typed("stories", "--json"))) == 2
    with pytest.raises(Refuse):
        typed("split", "https://c.test/1", "--because", "it leads its own")


def test_show_lists_an_articles_versions(typed, engine: Engine, settings: Settings) -> None:
    take_in(engine, settings.archive, arrival("https://c.test/1", f"{THREE}\nCorrected."))
    assert "+1 -0 words" in typed("show", "https://c.test/1", "--history")
    assert [
        row["version"] for row in json.loads(typed("show", "https://c.test/1", "--history", "--json"))
    ] == [1, 2]
