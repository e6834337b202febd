"""Standing passages: learned from distinct stories of one source, out of matching, and back again."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from pipeline.errors import NotFound
from pipeline.items import Source
from pipeline.settings import Settings
from pipeline.store import queries
from pipeline.store.models import Document
from pipeline.store.passages import list_passages, passage_furniture
from pipeline.store.quotations import list_quotes
from pipeline.store.relook import forget_passage, learn_passages, restore_passage
from tests.builders import arrival, prose, take_in

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

OUTLET, OTHER = Source("outlet", "The Outlet", ("a.test",)), Source("other", "Another", ("b.test",))
STANDING = prose(99, 60).replace("\n", " ")


def fill(engine: Engine, folder: Path, stories: int, standing: str = STANDING) -> None:
    take_in(
        engine,
        folder,
        *(
            arrival(f"https://a.test/{number}", f"{prose(number, 150)}\n{standing}", source=OUTLET)
            for number in range(1, stories + 1)
        ),
    )


def kinds(engine: Engine) -> list[str]:
    return sorted(row["kind"] for row in queries.list_relations(engine))


def test_a_passage_of_many_stories_counts_for_nothing_until_it_is_taken_back(
    engine: Engine, settings: Settings
) -> None:
    fill(engine, settings.archive, 5)
    assert kinds(engine) == ["quotes"] * 10
    assert [quote["outlets"] for quote in list_quotes(engine)] == [1, 1]
    learned = {one.source: one for one in learn_passages(engine)}
    assert (learned["outlet"].passages, learned["outlet"].documents) == (1, 5)
    assert kinds(engine) == []
    with engine.connect() as connection:  # nor do its sentences travel any more
        assert (
            connection.scalar(text("select (select count(*) from sentence) + (select count(*) from carrier)"))
            == 0
        )
    [passage] = list_passages(engine, ["outlet"])
    assert passage["words"] in STANDING
    assert (passage["stories"], passage["documents"]) == (5, 5)
    assert len(passage["words"].split()) > 35  # but for a window at either end
    assert [one.documents for one in learn_passages(engine)] == [0]  # a second time changes nothing

    take_in(
        engine,
        settings.archive,
        arrival("https://b.test/1", f"{prose(50, 150)}\n{STANDING}", source=OTHER),
    )
    assert kinds(engine) == []  # nor is the passage the other source's
    number = int(passage["id"][1:])
    assert forget_passage(engine, number) == passage["words"]
    assert kinds(engine) == ["quotes"] * 15
    assert [len(quote["carriers"]) for quote in list_quotes(engine)] == [6, 6]
    assert [one.passages for one in learn_passages(engine)] == [0, 0]
    restore_passage(engine, number)
    assert kinds(engine) == []


def test_what_mainly_one_story_has_or_few_do_is_no_furniture(engine: Engine, settings: Settings) -> None:
    fill(engine, settings.archive, 4)
    one = prose(1, 150)
    copies = [
        arrival(f"https://a.test/copy/{number}", f"Part {number}.\n{one}\n{STANDING}", source=OUTLET)
        for number in range(6)
    ]
    take_in(engine, settings.archive, *copies)
    assert [learned.passages for learned in learn_passages(engine)] == [0]
    with Session(engine) as session:
        assert passage_furniture(session, list(session.scalars(select(Document.id)))) == {}
    with pytest.raises(NotFound, match="no passage p9"):
        forget_passage(engine, 9)
