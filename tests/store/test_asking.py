"""Searching, quotes, coverage over time, and statements of one's own, on one small database."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pipeline.errors import NotFound, Refuse, SetupError
from pipeline.items import Source
from pipeline.settings import Settings
from pipeline.store.analyst import drop_login, make_login
from pipeline.store.asking import VIEWS, ask, describe_views
from pipeline.store.database import engine_on, open_database
from pipeline.store.overtime import coverage_over_time
from pipeline.store.quotations import list_quotes
from pipeline.store.quoting import learn_sentences
from pipeline.store.reader import READER, reader_address
from pipeline.store.reading import open_reading
from pipeline.store.searching import plain, search
from pipeline.store.stories import refold_in
from tests.builders import arrival, prose, take_in
from tests.conftest import _Databases

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

_SAID = "Allies will do whatever it takes to keep the cables on the bed of the sea safe this winter."
_MORE = [
    "Nobody in the room doubted that the plan would need many more ships, more crews and far more money.",
    "The cost will be shared by all who use the sea, said the chair, and nobody will pay for another.",
]
_A, _B = Source("a", "Outlet A"), Source("b", "Outlet B")
_WIRE = (
    f"{prose(1, 90)}\nThe ministers discussed sanctions.\n{_SAID} {' '.join(_MORE)}\nA shadow fleet was seen."
)


@pytest.fixture(scope="module")
def home(_databases: _Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A database with a story of two, a text that quotes it, and three in other languages."""
    name = _databases.take()
    settings = Settings(tmp_path_factory.mktemp("home"), _databases.url(name))
    engine = open_database(settings)
    take_in(
        engine,
        settings.archive,
        arrival("https://a.test/wire", _WIRE, title="Cables and <ships>", source=_A),
        arrival("https://b.test/copy", _WIRE + "\nA cable was cut, said a sanctioned man.", source=_B),
        arrival(
            "https://b.test/quoting",
            f"{prose(3, 200)}\nHe said: “{_SAID}\n{_MORE[0]}” {_MORE[1]} No fleet.",
            source=_B,
        ),
        arrival("https://c.test/de", f"{prose(5, 60)}\nDie Häuser der Minister stehen."),
        arrival("https://c.test/zh", f"{prose(6, 60)}\n北约外长在布鲁塞尔开会。"),
    )
    with engine.begin() as connection:
        for address, language in {
            "de": "de",
            "zh": "zh",
            "wire": "en",
            "copy": "en",
            "quoting": "en",
        }.items():
            connection.execute(
                text(
                    "update document set language = :language, language_origin = 'declared' from version, article"
                    " where version.document_id = document.id and article.id = version.article_id"
                    " and article.address like :address"
                ),
                {"language": language, "address": f"%/{address}"},
            )
        connection.execute(
            text(
                "update version set published_on = '2024-12-04', published_origin = 'declared',"
                " published_is_guess = false, published_at = case when article.address like '%copy'"
                " then timestamptz '2024-12-04 14:28Z' end"
                " from article where article.id = article_id and (address like '%/copy' or address like '%/wire')"
            )
        )
    engine.dispose()
    yield settings
    _databases.give_back(name)


@pytest.fixture(scope="module")
def reading(home: Settings) -> Iterator[Engine]:
    """The same, opened for reading."""
    engine = open_reading(home)
    yield engine
    engine.dispose()


def _found(engine: Engine, query: str, **options: Any) -> list[str]:
    return [hit["address"].rsplit("/", 1)[1] for hit in search(engine, query, every=True, **options)["hits"]]


@pytest.mark.parametrize(
    ("query", "addresses"),
    [
        ('"shadow fleet"', {"wire", "copy"}),
        ('"fleet shadow"', set()),
        ('"shadow fleet" -man', {"wire"}),
        ("fleet -shadow", {"quoting"}),
        ("discuss", {"wire", "copy"}),
        ("sanct*", {"wire", "copy"}),
        ("sanct", set()),
        ("haus", {"de"}),
        ("häuser", {"de"}),
        ("布鲁塞尔", {"zh"}),
        ("布鲁尔", set()),
        ("minister or 北约", {"wire", "copy", "de", "zh"}),
        ("<ships>", {"wire", "copy", "quoting"}),
    ],
)
def test_words_are_found_in_the_forms_that_each_language_gives_them(
    reading: Engine, query: str, addresses: set[str]
) -> None:
    assert set(_found(reading, query)) == addresses


def test_a_word_in_the_title_weighs_more_and_a_story_has_one_row(reading: Engine) -> None:
    assert _found(reading, "cable")[0] == "wire"
    hits = search(reading, "discuss")["hits"]
    assert [hit["others_of_story"] for hit in hits] == [1]


def test_what_was_found_is_marked_and_the_text_is_as_it_was_captured(reading: Engine) -> None:
    hit = search(reading, "ships shadow")["hits"][0]

    assert plain(hit["marked_title"]) == hit["title"] == "Cables and <ships>"
    assert [part["text"] for part in hit["marked_title"] if part["hit"]] == ["ships"]
    assert "pay for another.\nA shadow fleet" in plain(hit["snippet"])
    chinese = search(reading, "布鲁塞尔")["hits"][0]
    assert "北约外长在布鲁塞尔" in plain(chinese["snippet"])
    assert [part["text"] for part in chinese["snippet"] if part["hit"]] == ["布鲁塞尔"]


def test_filters_narrow_a_search(reading: Engine) -> None:
    story = search(reading, "discuss")["hits"][0]["story"]

    assert _found(reading, "fleet", sources=["b"], story=str(story)) == ["copy"]
    assert set(_found(reading, "fleet", since=date(2024, 12, 4), until=date(2024, 12, 4))) == {"wire", "copy"}
    assert _found(reading, "fleet", until=date(2024, 12, 3)) == []
    assert "no date" not in search(reading, "fleet", until=date(2024, 12, 3), sources=["a"])["note"]
    assert (
        "1 result states no date"
        in search(reading, "minister", since=date(2024, 12, 3), language="DE")["note"]
    )
    assert _found(reading, "minister", language="DE") == ["de"]
    assert len(_found(reading, "fleet", kinds=["lead"], story=str(story))) == 1
    with pytest.raises(NotFound):
        search(reading, "fleet", story="story:999")


@pytest.mark.parametrize(
    "query",
    ["'; drop table search; --", "a & | ! <-> b", "\\", "':*", "%s %(x)s :x", "\x00", "\ud800x", "((((", "x" * 500,
     "<b>", "\x01", "\ue000\ue001", "-a -b", "* *", "a:*ABCD", "'a' <2> b", '"' * 99, "the", "北" * 400],
)  # fmt: skip
def test_no_string_is_an_error_and_what_finds_nothing_says_so(reading: Engine, query: str) -> None:
    found = search(reading, query)

    assert found["hits"] or found["note"].endswith(".")


def test_search_knows_a_title_and_a_text_as_soon_as_they_are_stored_or_changed(
    home: Settings, reading: Engine
) -> None:
    engine = engine_on(reading.url)
    with engine.connect() as connection:
        count = "select count(*) from search where vector @@ 'zeppelin'::tsquery"
        for title, known in (("A zeppelin", 1), ("A ship", 0)):
            connection.execute(
                text("update version set title = :title, title_origin = 'declared' where id = 1"),
                {"title": title},
            )
            assert connection.scalar(text(count)) == known
        connection.rollback()
    engine.dispose()


def test_a_sentence_is_listed_with_all_who_carry_it_in_their_words(reading: Engine) -> None:
    quotes = list_quotes(reading, "https://b.test/quoting")

    assert [quote["quote"] for quote in quotes] == [_SAID, *_MORE]
    carriers = {carrier["address"].rsplit("/", 1)[1]: carrier for carrier in quotes[0]["carriers"]}
    assert set(carriers) == {"wire", "copy", "quoting"}
    assert [name for name, carrier in carriers.items() if carrier["quoted"]] == ["quoting"]
    assert all(
        carrier["share"] == 1 and carrier["carried"].startswith("Allies") for carrier in carriers.values()
    )
    assert quotes[0]["carriers"][-1]["address"].endswith("quoting"), "what states no date comes last"


def test_sentences_are_looked_for_once_and_again_where_a_kill_left_them(
    home: Settings, reading: Engine
) -> None:
    engine = engine_on(reading.url)
    before = [(quote["quote"], len(quote["carriers"])) for quote in list_quotes(reading)]
    assert learn_sentences(engine) == 0
    with engine.begin() as connection:
        connection.execute(text("delete from sentence"))
        connection.execute(text("update relation set sentences_at = null"))

    assert learn_sentences(engine) == 3
    assert sorted((quote["quote"], len(quote["carriers"])) for quote in list_quotes(reading)) == sorted(
        before
    )
    engine.dispose()


def test_coverage_is_counted_by_hour_and_day_and_what_is_left_out_is_said(reading: Engine) -> None:
    days = coverage_over_time(reading, step="day", by="source")
    hours = coverage_over_time(reading, step="hour")

    assert {(row["when"], row["group"], row["articles"]) for row in days["rows"]} == {
        ("2024-12-04", "Outlet A", 1),
        ("2024-12-04", "Outlet B", 1),
    }
    assert days["undated"] == 3
    assert [(row["when"], row["articles"]) for row in hours["rows"]] == [("2024-12-04 14:00", 1)]
    assert hours["day_only"] == 1
    with pytest.raises(Refuse, match="not by moon"):
        coverage_over_time(reading, by="moon")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("delete from document", "would change the database"),
        ("select 1; delete from document", "multiple commands"),
        ("set transaction read write", "before any query"),
        ("copy (select 1) to program 'true'", "permission denied"),
        ("selec", r"syntax error .* \(at character 1\)"),
        ("select pg_sleep(5)", "took too long"),
        ("select pg_read_file('/etc/passwd')", "permission denied"),
    ],
)
def test_a_statement_of_ones_own_only_reads(home: Settings, statement: str, said: str) -> None:
    engine = open_reading(home, seconds=0.5)
    with pytest.raises(Refuse, match=said):
        ask(engine, statement)
    assert ask(engine, "select count(*) as n from texts").rows == [(5,)]
    engine.dispose()


def test_every_view_and_every_column_of_it_says_what_it_is(reading: Engine) -> None:
    assert [name for name, meaning in describe_views(reading) if meaning.endswith(".")] == list(VIEWS)
    bare = ask(
        reading,
        "select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid"
        " where c.relkind = 'v' and c.relnamespace = 'public'::regnamespace and a.attnum > 0"
        " and col_description(c.oid, a.attnum) is null",
    )
    assert bare.rows == []


def test_a_login_reads_the_views_and_nothing_else_and_goes_again(home: Settings, reading: Engine) -> None:
    admin = engine_on(reading.url)
    login = make_login(admin, "analyst_of_test", password="pa:ss'%word")  # noqa: S106
    assert login.is_new
    again = make_login(admin, "analyst_of_test", seconds=2)
    assert (again.is_new, again.password) == (False, None)

    engine = engine_on(reading.url.set(username="analyst_of_test", password=None))
    for view in VIEWS:
        ask(engine, f"select * from {view}")
    with engine.connect() as connection:
        assert connection.scalar(text("show statement_timeout")) == "2s"
        assert connection.scalar(text("show default_transaction_read_only")) == "on"
        connection.rollback()
        tables = connection.scalars(text("select tablename from pg_tables where schemaname = 'public'")).all()
        for table in tables:
            with pytest.raises(DBAPIError, match="permission denied"):
                connection.execute(text(f"select * from {table}"))
            connection.rollback()
        for forbidden in (
            "create table mine (a int)",
            "delete from coverage",
            "select index_documents('{1}')",
        ):
            connection.execute(text("set transaction read write"))
            with pytest.raises(DBAPIError, match=r"permission denied|cannot delete"):
                connection.execute(text(forbidden))
            connection.rollback()
    engine.dispose()

    assert drop_login(admin, "analyst_of_test")
    assert not drop_login(admin, "analyst_of_test")
    owner = admin.url.username or ""
    with pytest.raises(Refuse, match="did not make"):
        make_login(admin, owner)
    with pytest.raises(Refuse, match="no name"):
        make_login(admin, 'x"; drop role y; --')
    admin.dispose()


def test_a_login_that_may_make_no_others_is_told_so(home: Settings, reading: Engine) -> None:
    admin = engine_on(reading.url)
    make_login(admin, "small_login")
    small = engine_on(reading.url.set(username="small_login"))
    with small.connect() as connection:
        connection.execute(text("set default_transaction_read_only = off"))
        connection.commit()
    with pytest.raises((SetupError, DBAPIError)):
        make_login(small, "another_login")
    small.dispose()
    drop_login(admin, "small_login")
    admin.dispose()


def test_typographic_quotes_and_dashes_are_no_letters(reading: Engine) -> None:
    with reading.connect() as connection:
        words = connection.scalar(
            text(
                "select tsvector_to_array(to_tsvector('simple', search_words('Russia’s “shadow fleet” — „ja“ «oui»')))"
            )
        )
    assert set(words) == {"russia", "s", "shadow", "fleet", "ja", "oui"}


def test_of_many_groups_the_smaller_ones_are_counted_together(reading: Engine) -> None:
    def groups(most: int) -> list[tuple[str, int]]:
        rows = coverage_over_time(reading, by="source", step="day", most=most)["rows"]
        return sorted((row["group"], row["articles"]) for row in rows)

    assert groups(2) == [("Outlet A", 1), ("Outlet B", 1)]
    assert groups(1) == [("all others", 2)]


def test_values_stand_where_they_are_named_and_nowhere_else(
    reading: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    statement = (
        """select ':n 5%' as "a:n", E'\\':n' as b, $x$:n$x$ as c, 7 % :n as d, :n::text as e, (array[1,2,3])[1:n]"""
        " from (select 2 as n) as two -- :n"
    )
    assert ask(reading, statement, {"n": 4}).rows == [(":n 5%", "':n", ":n", 3, "4", [1, 2])]
    assert ask(reading, "select 'a :b', '5%'").rows == [("a :b", "5%")]
    for wrong, values, said in (
        ("select :x", {"x": "\0"}, "cannot be sent"),
        ("select :x", {"x": object()}, "cannot be sent"),
        ("copy (select 1) to stdout", {}, "COPY is not for here"),
        ("select 1 \0", {}, "character NUL"),
        ("select '\ud800'", {}, "half a character"),
        ("select date '0044-01-01 BC'", {}, "Ask for it as text"),
        ("select timestamptz 'infinity'", {}, "Ask for it as text"),
    ):
        with pytest.raises(Refuse, match=said):
            ask(reading, wrong, values)
    assert not caplog.records, "a connection went back in the middle of something"


def test_a_login_brought_up_to_date_has_no_rights_but_the_views(home: Settings, reading: Engine) -> None:
    admin = engine_on(reading.url)
    name = "analyst_who_was_given_more"
    first = make_login(admin, name)
    with admin.begin() as connection:
        connection.exec_driver_sql(f"grant pg_read_all_data to {name}")
        connection.exec_driver_sql(f"grant select (id) on document to {name}")
        proof = connection.scalar(
            text("select rolpassword from pg_authid where rolname = :name"), {"name": name}
        )
    assert proof.startswith("SCRAM-SHA-256$")
    assert first.password not in proof
    make_login(admin, name)
    analyst = engine_on(reading.url.set(username=name))
    assert ask(analyst, "select count(*) from texts").rows == [(5,)]
    with pytest.raises(Refuse, match="permission denied for table document"):
        ask(analyst, "select id from document")

    with (
        analyst.connect() as holding
    ):  # what there is for the asking, the lock on migrations among it, and no table
        holding.exec_driver_sql(
            "select pg_advisory_lock((1852143475::bigint << 32) + n) from generate_series(0, 9) as n"
        )
        for table in ("alembic_version", "story"):
            with pytest.raises(DBAPIError, match="permission denied"), holding.begin_nested():
                holding.exec_driver_sql(f"lock table {table} in share update exclusive mode")
        holding.exec_driver_sql("lock table stories in access share mode")
        with admin.connect() as connection:
            connection.exec_driver_sql("set lock_timeout = '2s'")
            refold_in(Session(connection), [1])
            connection.rollback()
        holding.invalidate()
    analyst.dispose()
    with admin.begin() as connection:
        connection.exec_driver_sql(f"set role {name}; select lo_create(0); reset role")
    with pytest.raises(Refuse, match=r"owns things .*large object.*drop owned by"):
        drop_login(admin, name)
    with admin.begin() as connection:
        connection.exec_driver_sql(f"drop owned by {name}")
    assert drop_login(admin, name)
    admin.dispose()


@pytest.mark.parametrize(
    ("name", "password", "seconds"),
    [
        ("public", None, 1),
        ("none", None, 1),
        ("newsfold_reader", None, 1),
        ("slow", None, 99_999_999),
        ("slow", None, float("nan")),
        ("open_login", "", 1),
        ("open_login", "a\0b", 1),
    ],
)
def test_a_login_that_cannot_be_is_refused(
    reading: Engine, name: str, password: str | None, seconds: float
) -> None:
    with pytest.raises(Refuse):
        make_login(reading, name, password=password, seconds=seconds)


def test_a_password_is_not_in_the_servers_log(reading: Engine) -> None:
    admin = create_engine(reading.url, connect_args={"options": "-c log_statement=ddl"})
    make_login(admin, "logged_login", password="open sesame")  # noqa: S106
    drop_login(admin, "logged_login")
    with admin.connect() as connection:
        log = Path(str(connection.scalar(text("show data_directory")))).parent / "server.log"
    assert 'alter role "logged_login" password \'SCRAM-SHA-256$' in log.read_text()
    assert "sesame" not in log.read_text()
    admin.dispose()


# Last in this file: of its database all logins have fewer rights from here on.
_OUT_OF_A_ROLE = (
    "do $$ begin reset role; copy (select 1) to program 'true'; end $$",
    "do $$ begin set local role none; perform pg_read_file('/etc/passwd'); end $$",
    "do $$ begin set local session authorization newsfold; create table got_out (a int); end $$",
    "select pg_advisory_lock(1)",
    "select lo_create(0)",
    "select rolpassword from pg_authid",
)


def test_no_statement_gets_out_of_the_reading_login(reading: Engine) -> None:
    admin = engine_on(reading.url)
    reader = create_engine(reader_address(admin))
    try:
        for statement in _OUT_OF_A_ROLE:
            with pytest.raises(Refuse, match=r"permission denied|cannot set"):
                ask(reader, statement)
        assert ask(reader, "select count(*) as n from texts").rows == [(5,)]
        assert ask(reader, "select count(*) as n from document").rows == [(5,)]
        with reader.connect() as connection:  # whatever a session makes of its settings
            connection.exec_driver_sql("set default_transaction_read_only = off")
            connection.commit()
            for statement in (
                "create temporary table mine (a int)",
                "create table mine (a int)",
                "delete from ruling",
                "select lo_create(0)",
            ):
                with pytest.raises(DBAPIError, match="permission denied"):
                    connection.exec_driver_sql(statement)
                connection.rollback()
        with admin.begin() as connection:
            connection.exec_driver_sql("create table later (a int)")
        assert ask(create_engine(reader_address(admin)), "select * from later").columns == ("a",)
    finally:
        reader.dispose()
        with admin.begin() as connection:
            connection.exec_driver_sql("drop table if exists later")
            connection.exec_driver_sql(f"drop owned by {READER}; drop role {READER}")
        admin.dispose()
