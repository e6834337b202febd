"""The Python interface: its types are those of what it reads, and nothing is changed by reading."""

import types
import typing
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any

import pandas as pd
import pytest

from pipeline.api import Newsfold, Table, open_newsfold, pages, rows
from pipeline.api import table as table_module
from pipeline.errors import NewsfoldError, NotFound, Refuse, SetupError
from pipeline.imports import import_seeds
from pipeline.settings import Settings
from pipeline.store import rulings
from pipeline.store.analyst import drop_login, make_login
from pipeline.store.columns import Kind
from pipeline.store.database import engine_on, open_database
from pipeline.store.exporting import TABLES
from pipeline.store.reading import open_reading
from tests.conftest import SEEDS

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

METHODS = {name: name for name in TABLES} | {"texts": "documents"}
PYTHON = {
    Kind.TEXT: str, Kind.INTEGER: int, Kind.NUMBER: float, Kind.BOOLEAN: bool, Kind.DATE: "date",
    Kind.DATETIME: "datetime", Kind.TEXTS: list,
}  # fmt: skip


@pytest.fixture(scope="module")
def nf(module_settings: Settings) -> Iterator[Newsfold]:
    writing = open_database(module_settings)
    import_seeds(writing, module_settings, SEEDS)
    ruling = rulings.merge(writing, "7cafe", "b089", because="a test", by="a tester")
    rulings.undo(writing, ruling["number"], because="a test", by="a tester")
    writing.dispose()
    with open_newsfold(module_settings.database_url, home=module_settings.home) as opened:
        yield opened


@pytest.mark.parametrize("name", TABLES)
def test_a_rows_fields_are_the_views_columns(nf: Newsfold, name: str) -> None:
    found: Table[Any] = getattr(nf, METHODS[name])()
    declared = typing.get_type_hints(found.row)
    assert [field.name for field in fields(found.row)] == [column.name for column in found.columns]
    for column in found.columns:
        hint = declared[column.name]
        options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
        [kind] = [typing.get_origin(one) or one for one in options if one is not types.NoneType]
        assert PYTHON[column.kind] in (kind, kind.__name__), column
    for row in found:
        for field in fields(found.row):
            value = getattr(row, field.name)
            assert value is not None or types.NoneType in typing.get_args(declared[field.name]), field.name


def test_rows_can_be_counted_sliced_and_gone_through(nf: Newsfold) -> None:
    coverage = nf.coverage()
    assert (len(coverage), len(coverage[1:3]), coverage[-1]) == (5, 2, list(coverage)[-1])
    assert isinstance(coverage[0], rows.Article)
    assert repr(coverage[:2]).startswith("<2 rows of article_id, source")
    assert [row.outlet for row in nf.coverage(source=["nato", "newscop"])] == ["Newscop", "NATO"]
    assert {row.outlet for row in nf.coverage(since="2024-12-04", until=date(2024, 12, 4))} == {
        "NATO", "IEU Monitoring", "Interfax-Ukraine",
    }  # fmt: skip
    assert sum(row.articles for row in nf.timeline(source="nato")) == 1


def test_a_dataframe_keeps_what_is_not_known_apart(nf: Newsfold) -> None:
    frame = nf.coverage().pandas()
    assert str(frame["words"].dtype) == "Int64"
    assert str(frame["published_is_guess"].dtype) == "boolean"
    assert frame["published_on"].dt.day.dropna().unique().tolist() == [4]
    assert frame["published_at"].dropna().tolist() == [pd.Timestamp("2024-12-04 14:28", tz="UTC")]
    assert frame["modified_on"].isna().all()
    none = nf.coverage(query="zzzz").pandas()
    assert list(none.dtypes) == list(frame.dtypes)
    assert nf.copies().pandas()["credits"][0].tolist() == ["NATO"]


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_a_library_that_is_not_there_is_named(
    nf: Newsfold, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    coverage = nf.coverage()
    monkeypatch.setitem(table_module.__dict__["import_module"].__globals__["sys"].modules, library, None)
    with pytest.raises(SetupError, match=f"needs {library}, which is not installed: `pip install"):
        getattr(coverage, library.replace("pyarrow", "arrow"))()


def conforms(value: object, kind: Any, where: str = "") -> None:
    """Check that a value is of a type, TypedDicts key by key."""
    if typing.is_typeddict(kind):
        hints = typing.get_type_hints(kind)
        assert isinstance(value, dict)
        assert set(value) == set(hints), where
        for key, hint in hints.items():
            conforms(value[key], hint, f"{where}.{key}")
    elif isinstance(kind, types.UnionType):
        if value is not None:
            [some] = [one for one in typing.get_args(kind) if one is not types.NoneType]
            conforms(value, some, where)
        assert value is not None or types.NoneType in typing.get_args(kind), where
    elif typing.get_origin(kind) is list:
        assert isinstance(value, (list, tuple)), where
        for item in value:
            conforms(item, typing.get_args(kind)[0], f"{where}[]")
    else:
        assert isinstance(value, (int, float) if kind is float else kind), (where, value)


def test_pages_have_the_keys_that_their_types_say(nf: Newsfold) -> None:
    for article in nf.coverage():
        conforms(nf.document(article.content_hash), pages.DocumentPage)
        conforms(nf.story(article.content_hash), pages.StoryPage)
    assert nf.story("7cafe")["rulings"][0]["taken_back"]
    conforms(nf.diff("3751", "b089"), pages.Comparison)
    found = nf.search("Rutte", every=True, source="nato")
    conforms(found, pages.Found)
    assert [hit["outlet"] for hit in found["hits"]] == ["NATO"]
    conforms(nf.search("?"), pages.Found)
    [story_id] = {row.story_id for row in nf.coverage(source="nato")}
    assert nf.story(story_id or 0)["lead"]["content_hash"] == "3751b706b1349350"


def test_sql_answers_with_any_type_and_changes_nothing(nf: Newsfold) -> None:
    answer = nf.sql(
        "select interval '90 s' as a, 1.5 as b, array[1,2] as c, '\\x00ff'::bytea as d, :e as e, null as f",
        e="x",
    )
    assert answer[0] == {"a": 90.0, "b": 1.5, "c": "[1, 2]", "d": "00ff", "e": "x", "f": None}
    assert answer.arrow().num_rows == 1
    with pytest.raises(Refuse, match="read-only"):
        nf.sql("delete from ruling returning id")
    with pytest.raises(Refuse, match="multiple commands"):
        nf.sql("set transaction read write; create table written (a int); commit; select 1")
    with pytest.raises(Refuse, match="permission denied"):
        nf.sql("copy (select 1) to program 'true'")
    assert nf.sql("select to_regclass('written') as a, ':b' as b, ':' || :c as c", c="c")[0] == {
        "a": None, "b": ":b", "c": ":c",
    }  # fmt: skip
    with pytest.raises(Refuse, match="returns no rows"):
        nf.sql("set timezone = 'UTC'")
    with pytest.raises(Refuse, match='"nothing" does not exist'):
        nf.sql("select * from nothing")


def test_what_is_not_there_is_a_sentence(nf: Newsfold) -> None:
    for ask, kind in (
        (lambda: nf.document("ffff"), NotFound),
        (lambda: nf.story(99), NotFound),
        (lambda: nf.coverage(source="reuters"), NotFound),
        (lambda: nf.coverage(since="yesterday"), Refuse),
        (lambda: nf.coverage(since=5), Refuse),
        (lambda: nf.coverage(source=5), Refuse),
        (lambda: nf.coverage(source=[1]), Refuse),
        (lambda: nf.coverage(query=5), Refuse),
        (lambda: nf.coverage(query="a " * 33), Refuse),
        (lambda: nf.search("fleet", source="\0"), Refuse),
        (lambda: nf.search("fleet", limit=-1), Refuse),
        (lambda: nf.search("fleet", limit="x"), Refuse),
        (lambda: nf.search(None), Refuse),
        (lambda: nf.document(5), Refuse),
        (lambda: nf.sql(5), Refuse),
        (lambda: nf.sql("select date '0044-01-01 BC'"), Refuse),
        (lambda: nf.sql("select :x", x="\0"), Refuse),
    ):
        with pytest.raises(kind) as raised:
            ask()
        assert isinstance(raised.value, NewsfoldError)
        assert str(raised.value).endswith(".")


def test_a_question_that_takes_too_long_and_a_database_that_was_closed_are_sentences(
    module_settings: Settings, nf: Newsfold
) -> None:
    quick = open_newsfold(module_settings.database_url, home=module_settings.home, seconds=0.001)
    for ask in (quick.copies, lambda: quick.sql("select pg_sleep(1)")):
        with pytest.raises(Refuse, match=r"took too long .* `seconds=`"):
            ask()
    quick.close()
    for ask in (quick.coverage, lambda: quick.sql("select 1"), lambda: quick.search("fleet")):
        with pytest.raises(Refuse, match="was closed"):
            ask()
    with pytest.raises(Refuse, match="time limit"):
        open_newsfold(module_settings.database_url, seconds=0)


def test_a_login_that_reads_the_views_alone_is_answered_and_told_what_it_may_not(
    nf: Newsfold, module_settings: Settings
) -> None:
    admin = engine_on(nf.engine.url)
    name = f"views_{nf.engine.url.database}"
    make_login(admin, name)
    address = nf.engine.url.set(username=name).render_as_string(hide_password=False)
    try:
        with open_newsfold(address) as small:
            for table in TABLES:
                assert len(getattr(small, METHODS[table])()) == len(getattr(nf, METHODS[table])())
            assert small.sql("select count(*) as n from coverage")[0] == {"n": 5}
            for ask in (
                lambda: small.search("fleet"),
                lambda: small.document("3751"),
                lambda: small.story(1),
            ):
                with pytest.raises(SetupError, match="may not read what that needs"):
                    ask()
        with pytest.raises(SetupError, match=f"login {name} reads the views and nothing else"):
            open_reading(Settings(module_settings.home, address))
    finally:
        drop_login(admin, name)
        admin.dispose()
