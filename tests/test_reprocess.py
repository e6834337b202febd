"""Preparing again what is stored: what changes is written, shown and undone; what does not stays as it is."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from pipeline.changes import Summary
from pipeline.clean.furniture import RULE
from pipeline.engines.inline import InlineEngine
from pipeline.engines.local import LocalEngine
from pipeline.furniture import learn_furniture
from pipeline.items import Capture, Source
from pipeline.reprocess import look_ahead, reprocess
from pipeline.settings import Settings
from pipeline.store.changes import read_changes
from pipeline.store.furniture import forget, list_furniture, restore
from pipeline.store.ingest import Arrival
from pipeline.store.outdated import Choice
from tests.builders import NOON, prose, take_in
from tests.store.printings import assert_right
from tests.store.test_versions import everything

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

HEAD = "Skogsbladet – for those who walk"
TAIL = "Ring the bell at number 7 for the paper edition"
SOURCE = Source("skogsbladet", "Skogsbladet", ("odd.test",))
COPY = Source("kopia", "Kopia", ("copy.test",))
PAGES = 12


def page(number: int, *, seed: int | None = None, day: int = 0) -> Capture:
    paragraphs = "".join(f"<p>{line}</p>" for line in prose(seed or number, 150).split("\n"))
    html = (
        f"<html><head><title>Story {prose(number, 4)}</title></head><body><main><article><p class='slogan'>{HEAD}</p>"
        f"{paragraphs}<p>{TAIL}</p></article></main></body></html>"
    )
    at = NOON + timedelta(days=day)
    return Capture(f"https://www.odd.test/story/{number}", html.encode(), "text/html", at, source=SOURCE)


def arrivals(*captures: Capture) -> list[Arrival]:
    return [Arrival(one.address, one) for one in captures]


def pages() -> list[Capture]:
    """Twelve articles, one of them with a correction, and a copy of another in another outlet."""
    copied = Capture(
        "https://copy.test/1", prose(3, 150).encode(), "text/plain", NOON + timedelta(hours=1), source=COPY
    )
    return [*(page(number) for number in range(1, PAGES + 1)), page(2, seed=200, day=1), copied]


@pytest.fixture
def stored(engine: Engine, settings: Settings) -> Engine:
    take_in(engine, settings.archive, *arrivals(*pages()))
    return engine


@pytest.fixture
def learned(stored: Engine, settings: Settings) -> Engine:
    [host] = [one for one in learn_furniture(stored, settings) if one.host == "odd.test"]
    assert host.new == 2
    return stored


def run_again(
    database: Engine, settings: Settings, *, every: bool = False
) -> tuple[int | None, Counter[str]]:
    steps = list(reprocess(database, settings, InlineEngine(), Choice(every=every)))
    if not steps:
        return None, Counter()
    done, _ = steps[-1]
    assert done.run is not None
    return done.run.id, done.report.outcomes


def changed(database: Engine, run: int | None) -> Summary:
    assert run is not None
    summary = Summary()
    summary.add(read_changes(database, run))
    return summary


def holding(database: Engine) -> list[tuple[object, ...]]:
    """Return the texts that hold, with the stories that they are in, whatever the rows are numbered."""
    query = """
        select article.address, document.sha256, lead.sha256 as lead, version.title, version.first_seen_at
        from version join article on article.id = article_id join document on document.id = document_id
        left join story_document on story_document.document_id = document.id and story_document.role <> 'digest'
        left join story on story.id = story_id left join document as lead on lead.id = lead_id
        where superseded_run_id is null order by address, number
    """
    with database.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_what_todays_recipe_made_is_left_alone(stored: Engine, settings: Settings) -> None:
    assert run_again(stored, settings) == (None, Counter())
    before = everything(stored)[:-1]
    run, outcomes = run_again(stored, settings, every=True)
    assert outcomes == {"unchanged": PAGES + 1}
    assert changed(stored, run).documents == 0
    assert everything(stored)[:-1] == before


def test_a_new_recipe_makes_the_versions_that_it_would_have_made_at_first(
    learned: Engine, settings: Settings, tmp_path: Path
) -> None:
    run, outcomes = run_again(learned, settings)
    assert outcomes == {"new version": PAGES}
    with learned.connect() as connection:
        texts = connection.scalars(
            text(
                "select d.text from version v join document d on d.id = document_id where superseded_run_id is null"
            )
        ).all()
        former = connection.scalar(
            text("select count(*) from version where superseded_run_id = :run"), {"run": run}
        )
        corrected = connection.execute(
            text(
                "select v.number, superseded_run_id is null as holds from version v join article a on a.id = article_id "
                "where address like '%/story/2' order by v.number"
            )
        ).all()
    assert not [one for one in texts if HEAD in one or TAIL in one]
    assert former == PAGES + 1
    assert [tuple(row) for row in corrected] == [(1, False), (2, True), (3, False), (4, True)]
    assert run_again(learned, settings) == (None, Counter())
    # What a database that knew the recipe from the start would hold.
    again = holding(learned)
    with learned.begin() as connection:
        connection.execute(
            text("truncate capture, article, document, story, extraction, version, content_hash cascade")
        )
    take_in(learned, tmp_path / "another", *arrivals(*pages()))
    assert holding(learned) == again


def test_a_look_ahead_says_what_the_run_then_does_and_writes_nothing(
    learned: Engine, settings: Settings
) -> None:
    before = everything(learned)
    foreseen = Summary()
    for _, report in look_ahead(learned, settings, InlineEngine(), Choice()):
        foreseen.add(report.changes)
    assert everything(learned) == before
    run, _ = run_again(learned, settings)
    told = changed(learned, run)
    assert foreseen.kinds == told.kinds == {"text": PAGES + 1}
    assert foreseen.rules == told.rules
    [(name, rule)] = told.rules.items()
    assert name.partition(":")[0] == RULE
    assert (rule.removed, rule.restored, rule.documents) == (2 * (PAGES + 1), 0, PAGES + 1)
    assert [(one.address, one.lines) for one in foreseen.worst] == [
        (one.address, one.lines) for one in told.worst
    ]
    assert foreseen.sources == told.sources


def test_what_is_undone_brings_the_old_versions_back(learned: Engine, settings: Settings) -> None:
    before = holding(learned)
    run_again(learned, settings)
    assert holding(learned) != before
    assert_right(learned)
    for row in list_furniture(learned):
        forget(learned, row["id"])
    run, outcomes = run_again(learned, settings)
    assert outcomes == {"new version": PAGES}
    assert holding(learned) == before
    assert_right(learned)
    [(_, rule)] = changed(learned, run).rules.items()
    assert (rule.removed, rule.restored) == (0, 2 * (PAGES + 1))


def test_only_what_is_chosen_is_prepared_again(learned: Engine, settings: Settings) -> None:
    late = Choice(since=NOON + timedelta(hours=2))
    [(done, _)] = list(reprocess(learned, settings, InlineEngine(), late))
    # The corrected article, with all of its captures: they are one history.
    assert (done.report.articles, done.report.captures) == (1, 2)
    [(done, _)] = list(reprocess(learned, settings, InlineEngine(), Choice(sources=("kopia",), every=True)))
    assert done.report.outcomes == {"unchanged": 1}


def test_what_the_archive_lost_keeps_what_is_known_of_it(learned: Engine, settings: Settings) -> None:
    with learned.begin() as connection:
        connection.execute(
            text("update capture set archive_file = 'gone.warc.gz' where address like '%/story/5'")
        )
    kept = next(row for row in holding(learned) if row[0] == "https://www.odd.test/story/5")
    run, outcomes = run_again(learned, settings)
    assert outcomes == {"new version": PAGES - 1, "failed": 1}
    assert next(row for row in holding(learned) if row[0] == "https://www.odd.test/story/5")[:2] == kept[:2]
    with learned.connect() as connection:
        [message] = connection.scalars(
            text("select message from ledger where run_id = :run and outcome = 'failed'"), {"run": run}
        ).all()
    assert "gone.warc.gz" in message


def test_a_pool_of_processes_writes_what_one_process_writes(learned: Engine, settings: Settings) -> None:
    alone = holding(learned)
    with LocalEngine(2) as pool:
        *_, (done, _) = reprocess(learned, settings, pool, Choice())
    assert done.report.outcomes == {"new version": PAGES}
    pooled = holding(learned)
    for back in (forget, restore):
        for row in list_furniture(learned):
            back(learned, row["id"])
        run_again(learned, settings)
        assert holding(learned) == (alone if back is forget else pooled)


def test_the_same_page_seen_twice_is_one_version_again(engine: Engine, settings: Settings) -> None:
    first = page(1)
    later = replace(page(1, day=1), body=first.body.replace(b"<main>", b"<main><!-- -->"))
    take_in(engine, settings.archive, *arrivals(first, later, *(page(number) for number in range(2, PAGES))))
    list(learn_furniture(engine, settings))
    _, outcomes = run_again(engine, settings)
    assert outcomes == {"new version": PAGES - 1}
    [row] = [row for row in holding(engine) if row[0] == first.address]
    assert row[-1] == NOON
