"""Furniture learned from what is stored, kept with its evidence, taken back, and used."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from pipeline.archive.warc import ArchiveWriter
from pipeline.clean.furniture import RULE
from pipeline.errors import NotFound
from pipeline.furniture import learn_furniture
from pipeline.items import Capture, Source
from pipeline.prepare import prepare
from pipeline.settings import Settings
from pipeline.store.furniture import (
    forget,
    hosts_with_texts,
    list_furniture,
    read_furniture,
    read_texts,
    restore,
    with_furniture,
)
from pipeline.store.ingest import Arrival, ingest
from pipeline.store.models import RemovedLine
from pipeline.store.runs import running
from tests.builders import NOON, prose

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

HEAD = "Skogsbladet – for those who walk"
TAIL = "Ring the bell at number 7 for the paper edition"
SOURCE = Source("skogsbladet", "Skogsbladet", ("odd.test",))


def capture(number: int, *, host: str = "www.odd.test", seed: int | None = None) -> Capture:
    paragraphs = "".join(f"<p>{line}</p>" for line in prose(seed or number, 150).split("\n"))
    html = (
        f"<html><head><title>Story {prose(number, 4)}</title></head><body><main><article><p class='slogan'>{HEAD}</p>"
        f"{paragraphs}<p>{TAIL}</p></article></main></body></html>"
    )
    return Capture(f"https://{host}/story/{number}", html.encode(), "text/html", NOON, source=SOURCE)


def take_in(engine: Engine, settings: Settings, *captures: Capture) -> None:
    with running(engine, "ingest", {}) as run, ArchiveWriter(settings.archive, "test") as archive:
        list(ingest(engine, run, (Arrival(one.address, one) for one in captures), archive))


@pytest.fixture
def host_of_20(engine: Engine, settings: Settings) -> Engine:
    take_in(engine, settings, *(capture(number) for number in range(1, 21)))
    return engine


def test_after_twenty_pages_the_standing_lines_are_known_with_their_evidence(
    host_of_20: Engine, settings: Settings
) -> None:
    [learned] = learn_furniture(host_of_20, settings)
    assert (learned.host, learned.stories, learned.new) == ("odd.test", 20, 2)
    rows = {row["lines"][0]: row for row in list_furniture(host_of_20)}
    assert rows.keys() == {HEAD, TAIL}
    assert (rows[HEAD]["region"], rows[TAIL]["region"]) == ("head", "tail")
    assert (rows[HEAD]["stories"], rows[HEAD]["of_stories"]) == (20, 20)
    assert rows[HEAD]["first_seen_at"][:10] == NOON.date().isoformat()
    assert rows[HEAD]["path"].endswith("p.slogan")


def test_what_was_learned_cleans_the_next_page_and_names_itself_in_the_recipe(
    host_of_20: Engine, settings: Settings
) -> None:
    list(learn_furniture(host_of_20, settings))
    furniture = read_furniture(host_of_20)
    plain, cleaned = prepare(capture(50)), prepare(capture(50), furniture)
    assert {line.text for line in cleaned.removed if line.rule == RULE} == {HEAD, TAIL}
    assert cleaned.text == prose(50, 150)
    assert HEAD in plain.text
    assert furniture.version("odd.test") in cleaned.recipe.residue
    assert prepare(capture(50, host="other.test"), furniture).recipe == plain.recipe


def test_what_is_used_is_still_there_to_be_learned(host_of_20: Engine, settings: Settings) -> None:
    removed = [(1, HEAD, RULE), (3, "AD", "ad-marker"), (5, TAIL, RULE)]
    assert with_furniture(["One.", "Two."], removed) == [HEAD, "One.", "Two.", TAIL]
    assert with_furniture([], removed) == [HEAD, TAIL]
    with Session(host_of_20) as session, session.begin():
        version = session.scalar(select(func.min(RemovedLine.version_id)))
    assert version is None, "nothing is removed from these pages before anything is learned"
    assert [read_texts(host_of_20, "odd.test")[0].lines[at] for at in (0, -1)] == [HEAD, TAIL]


def test_a_block_that_was_taken_back_is_not_used_and_not_learned_again(
    host_of_20: Engine, settings: Settings
) -> None:
    list(learn_furniture(host_of_20, settings))
    before = read_furniture(host_of_20).version("odd.test")
    [number] = [row["id"] for row in list_furniture(host_of_20) if row["lines"] == [HEAD]]
    assert forget(host_of_20, number) == HEAD
    [learned] = learn_furniture(host_of_20, settings)
    assert learned.new == 0
    assert {line.text for line in prepare(capture(50), read_furniture(host_of_20)).removed} == {TAIL}
    assert read_furniture(host_of_20).version("odd.test") != before
    restore(host_of_20, number)
    assert read_furniture(host_of_20).version("odd.test") == before


def test_what_does_not_recur_any_more_is_dropped(host_of_20: Engine, settings: Settings) -> None:
    list(learn_furniture(host_of_20, settings))
    bare = [capture(number) for number in range(1, 21)]
    with_less = [
        Capture(
            one.address, one.body.replace(f"<p>{TAIL}</p>".encode(), b""), "text/html", NOON, source=SOURCE
        )
        for one in bare
    ]
    take_in(host_of_20, settings, *with_less)
    list(learn_furniture(host_of_20, settings))
    assert [row["lines"] for row in list_furniture(host_of_20)] == [[HEAD]]


def test_copies_of_one_story_teach_nothing(engine: Engine, settings: Settings) -> None:
    take_in(engine, settings, *(capture(number, seed=5) for number in range(1, 21)))
    [learned] = learn_furniture(engine, settings)
    assert (learned.texts, learned.stories, learned.blocks) == (20, 1, ())


def test_only_the_hosts_of_a_source_are_learned_when_one_is_named(
    host_of_20: Engine, settings: Settings
) -> None:
    assert hosts_with_texts(host_of_20, ["skogsbladet"]) == ["odd.test"]
    assert hosts_with_texts(host_of_20, ["nobody"]) == []
    assert list(learn_furniture(host_of_20, settings, ["nobody"])) == []


def test_a_number_that_there_is_not_is_told(engine: Engine) -> None:
    with pytest.raises(NotFound, match="furniture list"):
        forget(engine, 17)


def test_an_archive_that_is_gone_costs_the_ways_alone(
    host_of_20: Engine, settings: Settings, tmp_path: Path
) -> None:
    elsewhere = Settings(tmp_path / "elsewhere", settings.database_url)
    list(learn_furniture(host_of_20, elsewhere))
    assert {row["path"] for row in list_furniture(host_of_20)} == {None}
