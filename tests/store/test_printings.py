"""What an article prints now is kept right under everything that can change it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, text

from pipeline.items import Declared, Source
from pipeline.match.agencies import agencies
from pipeline.settings import Settings
from pipeline.store.database import migrate, open_database
from pipeline.store.ingest import Arrival
from pipeline.store.reach import rank_stories
from pipeline.store.relate import sweep
from pipeline.store.rulings import merge, split
from pipeline.store.stories import refold, refresh_stale
from tests.builders import arrival, prose, take_in
from tests.conftest import _Databases
from tests.store.printings import assert_right, differences

on_18 = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

_WIRE, _ONE, _TWO = Source("wire", "Wire"), Source("one", "The One"), Source("two", "The Two")
_TEXT, _OTHER = prose(1, 200), prose(2, 120)


def _printed(name: str, body: str, source: Source | None = None, hour: int | None = None) -> Arrival:
    made = arrival(f"https://{name}.test/1", body, source=source)
    at = datetime(2024, 12, 4, hour, tzinfo=UTC) if hour is not None else None
    return replace(made, capture=replace(made.capture, declared=Declared(published=at)))


@pytest.fixture(scope="module")
def filled(
    _databases: _Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Engine, Settings]]:
    """A story with copies of several kinds, one of them word for word; a digest of two stories; a text alone."""
    name = _databases.take()
    settings = Settings(tmp_path_factory.mktemp("home"), _databases.url(name))
    engine = open_database(settings)
    take_in(
        engine,
        settings.archive,
        _printed("wire", _TEXT, _WIRE, 9),
        _printed("same", _TEXT, _ONE, 12),
        _printed("near", f"{_TEXT}\nA line of its own.\nSource – Wire", _TWO, 13),
        _printed("wrapped", f"{prose(4, 300)}\n{_TEXT}", None, 15),
        _printed("other", _OTHER, _ONE),
        _printed("digest", f"{_TEXT}\n{_OTHER}\n{prose(3, 60)}", _TWO, 18),
        _printed("alone", prose(5, 100), None, 7),
    )
    yield engine, settings
    engine.dispose()
    _databases.give_back(name)


@pytest.fixture
def within(filled: tuple[Engine, Settings]) -> Iterator[Connection]:
    """A transaction that is taken back."""
    with filled[0].connect() as connection:
        yield connection
        connection.rollback()


def test_what_came_in_by_ingest_is_kept_as_the_bare_rows_have_it(within: Connection) -> None:
    kinds = within.execute(text("select kind, count(*) from coverage group by kind order by kind")).all()

    assert dict(kinds) == {"contains": 1, "identical": 1, "lead": 4, "near": 1}
    assert within.scalar(text("select sum(digests) from stories")) == 2
    assert_right(within)


@pytest.mark.parametrize(
    ("view", "statement"),
    [
        ("stories", "update relation set kind = 'quotes' where kind = 'near'"),
        ("stories", "delete from relation where kind = 'near'"),
        ("stories", "update relation set shorter_id = longer_id, longer_id = shorter_id where kind = 'contains'"),
        ("coverage", "update source set name = 'Another' where key = 'one'"),
        ("coverage", "update article set source_id = null where address like '%same%'"),
        ("coverage", "update article set address = 'https://moved.test/' where address like '%wrapped%'"),
        ("coverage", "update version set superseded_run_id = 1 where id = 1"),
        ("coverage", "update version set published_on = '2024-12-09', published_at = null where published_at is not null"),
        ("coverage", "update version set document_id = (select max(id) from document) where id = 1"),
        ("coverage", "update version set first_seen_at = now()"),
        ("copies", "update credit set kind = 'cited'"),
        ("copies", "delete from credit"),
        ("copies", "insert into credit (version_id, name, origin) select id, 'Wire', 'x' from version where id <> 1"),
        ("coverage", ("insert into version (article_id, number, document_id, capture_id, recipe_id, first_seen_at)"
                     " select article_id, 2, (select max(id) from document), capture_id, recipe_id, now() from version where id = 2")),
        ("stories", "delete from story_document where role = 'digest'"),
        ("stories", "delete from story_document where role = 'copy'"),
        ("stories", "update story_document set role = 'revision' where role = 'copy'"),
        ("stories", "delete from story where id = (select min(id) from story)"),
        ("stories", ("update story set lead_id = (select document_id from story_document as place"
                    " where story_id = story.id and role = 'copy' limit 1)"
                    " where id in (select story_id from story_document where role = 'copy')")),
        ("coverage", ("update ledger set version_id = null; update capture set version_id = null;"
                     " delete from version where id in (select min(id) from version)")),
        ("coverage", ("update ledger set version_id = null; update capture set version_id = null;"
                     " delete from article where address like '%near%'")),
    ],
)  # fmt: skip
def test_every_change_of_a_row_shows_in_the_views(within: Connection, view: str, statement: str) -> None:
    before = within.execute(text(f"select * from {view} order by 1")).all()
    for one in statement.split(";"):
        within.execute(text(one))

    assert_right(within)
    assert within.execute(text(f"select * from {view} order by 1")).all() != before


@on_18
def test_the_comparison_itself_finds_what_is_wrong(within: Connection) -> None:
    within.execute(text("update printing set kind = 'near', outlet = 'Nobody' where kind = 'contains'"))

    assert {"coverage", "stories", "copies"} <= differences(within).keys()


@on_18
def test_new_versions_rulings_and_folds_are_kept_and_a_migration_fills_it_anew(
    filled: tuple[Engine, Settings],
) -> None:
    engine, settings = filled
    take_in(engine, settings.archive, _printed("wire", f"{_TEXT}\nCorrected at noon.", _WIRE, 9))
    assert_right(engine)
    merge(engine, "https://alone.test/1", "https://other.test/1", because="as one", by="ann")
    assert_right(engine)
    split(engine, "https://near.test/1", "https://same.test/1", because="they are not", by="ann")
    assert_right(engine)
    with engine.begin() as connection:
        documents = list(connection.scalars(text("select id from document")))
        # What another transaction wrote at the same moment, a trigger does not see: the fold that follows does.
        connection.execute(text("update printing set story_id = null, role = null, kind = null"))
    refold(engine, documents)
    assert_right(engine)
    with engine.connect() as connection:
        kept = connection.execute(text("select * from printing order by 1")).all()
        migrate(connection, "0007")
        assert connection.scalar(text("select count(*) from stories")) == len({row.story_id for row in kept})
        migrate(connection)
        assert connection.execute(text("select * from printing order by 1")).all() == kept


@on_18
def test_the_sweep_puts_right_what_two_transactions_that_missed_each_other_left(
    engine: Engine, settings: Settings
) -> None:
    take_in(engine, settings.archive, _printed("one", _TEXT, _ONE), _printed("late", _OTHER))
    with engine.connect() as renaming:
        renaming.execute(text("update source set name = 'The First'"))
        with engine.begin() as connection:
            connection.execute(text("update article set source_id = 1 where address like '%late%'"))
        renaming.commit()
    with engine.begin() as connection:
        connection.execute(text("delete from printing where outlet = 'The First'"))
        assert differences(connection).keys() >= {"coverage", "stories"}
        wrong = set(connection.scalars(text("select stale_printings()")))
    assert len(wrong) == 2

    assert sweep(engine) == 0

    assert_right(engine)
    assert refresh_stale(engine) == 0


def test_names_are_compared_as_matching_compares_them(within: Connection) -> None:
    names = [*agencies().tagged, "“Укрінформ”", "The Associated  Press.", "Nobody's News", "REUTERS"]
    found = within.execute(
        text("select name, known_as(name) as known from unnest(cast(:names as text[])) as name"),
        {"names": names},
    )
    known = {row.name: row.known for row in found}

    assert {name: known[name] for name in agencies().tagged} == {
        alias: name.lower() for alias, name in agencies().tagged.items()
    }
    assert [known[name] for name in names[-4:]] == [
        "ukrinform",
        "associated press",
        "nobody's news",
        "reuters",
    ]


@on_18
def test_of_articles_that_print_the_lead_the_one_that_others_credit_stands_for_it_in_lists_and_views(
    engine: Engine, settings: Settings
) -> None:
    agency = Source("ap", "Associated Press")
    credited = f"{prose(8, 150)}\nSource – AP"
    take_in(
        engine,
        settings.archive,
        _printed("early", credited, _ONE, 8),
        _printed("agency", credited, agency, 11),
        _printed("late", credited, _TWO, 12),
    )

    [story] = rank_stories(engine)
    with engine.connect() as connection:
        row = connection.execute(text("select lead_outlet, copies, identical from stories")).one()
        copies = list(connection.scalars(text("select copy_outlet from copies order by 1")))
    assert story["lead"]["outlet"] == row.lead_outlet == "Associated Press"
    assert (row.copies, row.identical, copies) == (2, 2, ["The One", "The Two"])
