"""Opening databases: empty, ready, foreign, newer than we are, or not there at all."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError

from pipeline.errors import SetupError
from pipeline.items import Source
from pipeline.settings import CHECKOUT, Settings
from pipeline.store.address import database_address, embedded_server
from pipeline.store.database import (
    alembic_config,
    connect,
    migrate,
    open_database,
    schema_revision,
    shown,
)
from pipeline.store.models import HEAD_REVISION, Base
from pipeline.store.reader import READER
from pipeline.store.reading import open_reading
from tests.builders import arrival, prose, take_in

_TABLES = set(Base.metadata.tables)


@pytest.fixture
def blank(blank_database_url: str, tmp_path: Path) -> Settings:
    return Settings(tmp_path / "home", blank_database_url)


@contextmanager
def _plain(settings: Settings) -> Iterator[Engine]:
    """An engine that was opened without newsfold's checks."""
    engine = create_engine(database_address(settings))
    yield engine
    engine.dispose()


def _tables(settings: Settings) -> set[str]:
    with _plain(settings) as engine:
        return set(inspect(engine).get_table_names())


def _execute(settings: Settings, *statements: str) -> None:
    with _plain(settings) as engine, engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_an_upgrade_builds_every_table_in_a_blank_database(blank: Settings) -> None:
    engine = open_database(blank, upgrade=True)

    with engine.connect() as connection:
        assert schema_revision(connection) == HEAD_REVISION
    engine.dispose()
    assert _tables(blank) == _TABLES | {"alembic_version"}


def test_an_upgraded_database_opens_again_as_it_is(settings: Settings) -> None:
    _execute(settings, "insert into source (key, name) values ('kept', 'Kept')")

    for upgrade in (None, True, False):
        engine = open_database(settings, upgrade=upgrade)
        with engine.connect() as connection:
            assert connection.scalar(text("select name from source")) == "Kept"
        engine.dispose()


def test_the_embedded_database_is_built_without_being_asked(blank: Settings, embedded_home: Path) -> None:
    engine = open_database(Settings(embedded_home, None))

    assert set(inspect(engine).get_table_names()) == _TABLES | {"alembic_version"}
    engine.dispose()
    for _ in range(2):  # what only reads is another login, made when it is first asked for
        reading = open_reading(Settings(embedded_home, None))
        with reading.connect() as connection:
            assert connection.scalar(text("select session_user")) == READER
            assert connection.scalar(text("select count(*) from coverage")) == 0
        reading.dispose()


@pytest.fixture
def embedded_home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="newsfold-test-"))
    yield folder / "home"
    embedded_server(Settings(folder / "home", None)).stop()
    shutil.rmtree(folder)


def test_every_session_speaks_utc_and_names_itself(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.scalar(text("show timezone")) == "UTC"
        assert connection.scalar(text("show application_name")) == "newsfold"


def test_the_models_and_the_migrations_agree(engine: Engine) -> None:
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)

        assert compare_metadata(context, Base.metadata) == []


_CATALOGUE = {
    "constraints": (
        "select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint"
        " where connamespace = 'public'::regnamespace"
    ),
    "indexes": "select indexname, indexdef from pg_indexes where schemaname = 'public'",
    "columns": (
        "select table_name, column_name, data_type, is_nullable, column_default, is_identity,"
        " identity_generation from information_schema.columns where table_schema = 'public'"
        " and table_name not in (select table_name from information_schema.views)"
    ),
    "comments": (
        "select c.relname, d.objsubid, d.description from pg_description d join pg_class c on c.oid = d.objoid"
        " where d.classoid = 'pg_class'::regclass and c.relnamespace = 'public'::regnamespace and c.relkind <> 'v'"
    ),
}


@pytest.mark.parametrize("part", _CATALOGUE)
def test_the_migrations_build_to_the_letter_what_the_models_would(
    engine: Engine, blank: Settings, part: str
) -> None:
    """Alembic's own comparison looks at neither check constraints nor deferrability."""
    with _plain(blank) as other:
        Base.metadata.create_all(other)
        modelled = _catalogue(other, _CATALOGUE[part])

    migrated = {row for row in _catalogue(engine, _CATALOGUE[part]) if "alembic_version" not in str(row)}

    assert len(modelled) > 10
    assert migrated == modelled


def _catalogue(engine: Engine, query: str) -> set[tuple[Any, ...]]:
    with engine.connect() as connection:
        return {tuple(row) for row in connection.execute(text(query))}


def test_the_head_revision_of_the_code_is_that_of_the_migrations() -> None:
    script = ScriptDirectory.from_config(alembic_config())

    assert script.get_heads() == [HEAD_REVISION]
    assert script.get_bases() == [min(revision.revision for revision in script.walk_revisions())]


def test_a_downgrade_to_the_base_leaves_nothing_and_an_upgrade_builds_all_again(settings: Settings) -> None:
    with _plain(settings) as engine:
        with engine.connect() as connection:
            migrate(connection, "base")
        assert set(inspect(engine).get_table_names()) == {"alembic_version"}
        left = "select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('S', 'v')"
        with engine.connect() as connection:
            assert connection.scalar(text(left)) == 0
            assert schema_revision(connection) is None

    engine = open_database(settings, upgrade=True)
    assert set(inspect(engine).get_table_names()) == _TABLES | {"alembic_version"}
    engine.dispose()


def test_alembics_own_downgrade_and_upgrade_come_back_to_the_same_schema(settings: Settings) -> None:
    def go(connection: Connection, move: Callable[..., None], revision: str) -> None:
        config = alembic_config()
        config.attributes["connection"] = connection
        move(config, revision)
        connection.commit()

    with _plain(settings) as engine:
        before = {part: _catalogue(engine, query) for part, query in _CATALOGUE.items()}
        with engine.connect() as connection:
            go(connection, command.downgrade, "base")
            assert set(inspect(connection).get_table_names()) == {"alembic_version"}
            go(connection, command.upgrade, "head")
        assert {part: _catalogue(engine, query) for part, query in _CATALOGUE.items()} == before


def test_processes_that_migrate_at_once_build_one_schema(blank: Settings) -> None:
    code = (
        "import sys; from pathlib import Path; import alembic.command, psycopg\n"
        "from pipeline.settings import Settings; from pipeline.store.database import open_database\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "open_database(Settings(Path('/nonexistent'), sys.argv[1]), upgrade=True)\n"
    )
    assert blank.database_url is not None
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", code, blank.database_url], cwd=CHECKOUT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(3)
    ]  # fmt: skip
    for start in starts:
        assert start.stdout is not None
        assert start.stdout.readline() == "ready\n"

    for start in starts:
        assert start.stdin is not None
        start.stdin.write("go\n")
        start.stdin.flush()
    said = [start.communicate(timeout=60) for start in starts]

    assert [start.returncode for start in starts] == [0, 0, 0], said
    with _plain(blank) as engine, engine.connect() as connection:
        assert connection.scalar(text("select count(*) from alembic_version")) == 1
        assert schema_revision(connection) == HEAD_REVISION
    assert _tables(blank) == _TABLES | {"alembic_version"}


def test_a_process_that_opens_while_another_migrates_gets_the_schema_too(blank: Settings) -> None:
    """The other one commits between this one's look at the revision and its look at the tables."""
    asked: list[str] = []

    def migrate_elsewhere(_connection: Connection, _cursor: Any, _sql: str, parameters: Any, *_: Any) -> None:
        if "document" in str(parameters) and not asked:
            asked.append("document")
            with _plain(blank) as other, other.connect() as connection:
                migrate(connection)

    event.listen(Engine, "before_cursor_execute", migrate_elsewhere)
    try:
        engine = open_database(blank, upgrade=True)
    finally:
        event.remove(Engine, "before_cursor_execute", migrate_elsewhere)

    assert asked == ["document"]
    with engine.connect() as connection:
        assert schema_revision(connection) == HEAD_REVISION
    engine.dispose()


def test_logins_of_before_the_printings_can_do_after_it_what_they_could(
    settings: Settings, engine: Engine
) -> None:
    take_in(engine, settings.archive, arrival("https://a.test/1", prose(1), source=Source("a", "A")))
    part = os.urandom(4).hex()
    reader, writer, analyst = names = [f"{name}_{part}" for name in ("reader", "writer", "analyst")]

    def settings_of(name: str) -> Settings:
        address = database_address(settings).set(username=name, password=None)
        return Settings(settings.home, address.render_as_string(hide_password=False))

    def move(revision: str) -> None:
        with engine.connect() as connection:
            migrate(connection, revision)

    _execute(settings, *(f"create role {name} login" for name in names))
    try:
        move("0007")
        _execute(
            settings,
            f"grant select on all tables in schema public to {reader}",
            f"grant select, insert, update, delete on all tables in schema public to {writer}",
            f"grant select on credits, copies to {analyst}",
        )
        move("head")
        open_database(settings_of(reader), upgrade=False).dispose()
        _execute(settings_of(reader), "select * from printing", "select * from authors")
        mine = "create temporary table mine (id bigint); create trigger mine after insert on mine"
        # The triggers write with their owner's rights, and nobody else can call upon those.
        _execute(settings, f"revoke all on printing, version from {writer}")
        _execute(settings_of(writer), "update source set name = 'B'", "select refresh_printings('{1}')")
        with engine.connect() as connection:
            assert connection.scalar(text("select outlet from printing")) == "B"
        for denied, what in (
            ("select * from printing", "table printing"),
            ("select refresh_printings('{1}')", "function refresh_printings"),
            (
                f"{mine} for each row execute function articles_are_printed()",
                "function articles_are_printed",
            ),
        ):
            with pytest.raises(DBAPIError, match=f"permission denied for {what}"):
                _execute(settings_of(analyst), denied)
        _execute(settings_of(analyst), "select * from authors")
        _execute(settings, f"revoke select on printing from {reader}")
        with pytest.raises(
            SetupError, match=f"{reader} may not read the table `printing`.*grant select on all"
        ):
            open_database(settings_of(reader))
        move("0007")
        _execute(settings_of(analyst), "select * from copies")
        _execute(settings_of(reader), "select * from quotes")
    finally:
        _execute(settings, f"drop owned by {', '.join(names)}", f"drop role {', '.join(names)}")


@pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)
def test_the_printings_wait_for_a_fold_of_an_older_newsfold(settings: Settings) -> None:
    with _plain(settings) as engine, engine.connect() as folding, ThreadPoolExecutor(1) as pool:
        migrate(folding, "0007")
        folding.execute(text("select pg_advisory_xact_lock(7954895652624793602)"))
        folding.execute(text("update story set lead_reason = lead_reason"))
        with engine.connect() as migrating:
            upgraded = pool.submit(migrate, migrating)
            waits = text(
                "select count(*) from pg_locks where not granted and locktype in ('advisory', 'relation')"
            )
            while not upgraded.done() and not folding.scalar(waits):
                time.sleep(0.02)
            folding.execute(text("delete from story_document"))
            folding.commit()
            upgraded.result()
        assert schema_revision(folding) == HEAD_REVISION


@pytest.mark.parametrize("upgrade", [None, True, False])
def test_a_revision_from_the_future_is_refused_by_name(settings: Settings, upgrade: bool | None) -> None:
    _execute(settings, "update alembic_version set version_num = '9f3c_future'")

    with pytest.raises(SetupError, match=r"is at revision 9f3c_future.*Install the newer newsfold"):
        open_database(settings, upgrade=upgrade)

    assert _tables(settings) == _TABLES | {"alembic_version"}


@pytest.mark.parametrize("upgrade", [None, False])
def test_a_blank_server_of_somebody_elses_is_not_built_unasked(blank: Settings, upgrade: bool | None) -> None:
    with pytest.raises(SetupError, match=r"has no newsfold tables yet.*Run `newsfold db upgrade`\."):
        open_database(blank, upgrade=upgrade)

    assert _tables(blank) == set()


def test_a_database_with_a_document_table_of_its_own_is_left_alone(blank: Settings) -> None:
    _execute(blank, "create table document (title text)", "insert into document values ('mine')")

    with pytest.raises(SetupError, match=r"`document` that newsfold did not make.*createdb newsfold"):
        open_database(blank, upgrade=True)

    assert _tables(blank) == {"document"}


def test_a_database_with_tables_of_other_names_is_shared_peacefully(blank: Settings) -> None:
    _execute(blank, "create table invoice (id int)", "insert into invoice values (7)")

    engine = open_database(blank, upgrade=True)

    with engine.connect() as connection:
        assert connection.scalar(text("select id from invoice")) == 7
    engine.dispose()


def test_a_migration_that_meets_another_table_of_its_name_changes_nothing(blank: Settings) -> None:
    _execute(blank, "create table story (title text)")

    with pytest.raises(Exception, match="story"):
        open_database(blank, upgrade=True)

    assert _tables(blank) == {"story"}


def test_a_database_in_another_encoding_is_refused(server_url: str, tmp_path: Path) -> None:
    name = f"latin_{os.urandom(4).hex()}"
    owner = Settings(tmp_path, server_url)
    url = database_address(owner)
    administrator = create_engine(url, isolation_level="AUTOCOMMIT")
    latin = f"create database {name} encoding 'LATIN1' locale 'C' locale_provider libc template template0"
    with administrator.connect() as connection:
        connection.execute(text(latin))
        try:
            with pytest.raises(SetupError, match=r"stores text as LATIN1; newsfold needs UTF8.*createdb"):
                open_database(Settings(tmp_path, server_url.replace("/newsfold?", f"/{name}?")), upgrade=True)
        finally:
            connection.execute(text(f"drop database {name} with (force)"))
    administrator.dispose()


def test_a_server_that_is_down_is_told_in_a_sentence_without_the_password(tmp_path: Path) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # bound and not listening: whoever connects is turned away
        port = reserved.getsockname()[1]
        address = f"postgresql://ann:s3cret@127.0.0.1:{port}/news"

        with pytest.raises(
            SetupError, match=r"does not answer: .*[Rr]efused.*DATABASE_URL is right"
        ) as caught:
            open_database(Settings(tmp_path, address))

    assert f"ann:***@127.0.0.1:{port}/news" in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_password_among_the_options_of_an_address_is_not_shown_either(tmp_path: Path) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        address = f"postgresql://ann@127.0.0.1:{port}/news?password=s3cret&sslpassword=s3cret"

        with pytest.raises(SetupError) as caught:
            open_database(Settings(tmp_path, address))

    assert "s3cret" not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)


def test_a_database_that_does_not_exist_is_named(server_url: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match='database "no_such_news" does not exist'):
        open_database(Settings(tmp_path, server_url.replace("/newsfold?", "/no_such_news?")))


def test_a_user_that_does_not_exist_is_named(server_url: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match='role "stranger" does not exist'):
        open_database(Settings(tmp_path, server_url.replace("newsfold@", "stranger:s3cret@")))


def test_a_host_that_does_not_exist_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"nowhere\.invalid"):
        open_database(Settings(tmp_path, "postgresql://nowhere.invalid/news"))


@pytest.mark.parametrize("query", ["nonsense=1", "sslmode=nonsense", "connect_timeout=soon"])
def test_an_option_libpq_does_not_know_is_told_in_a_sentence(tmp_path: Path, query: str) -> None:
    address = f"postgresql://ann:s3cret@127.0.0.1:1/news?{query}"

    with pytest.raises(SetupError) as caught:
        open_database(Settings(tmp_path, address))

    assert "s3cret" not in str(caught.value)


def test_a_refused_database_leaves_no_open_session(settings: Settings) -> None:
    _execute(settings, "update alembic_version set version_num = 'future'")

    with pytest.raises(SetupError) as caught:
        open_database(settings)

    assert caught.value
    others = (
        "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    )
    with _plain(settings) as engine, engine.connect() as connection:
        states = connection.scalar(text(f"{others} and state <> 'idle'"))
        assert states == 0


def test_an_address_is_shown_without_its_password_and_driver(server_url: str, tmp_path: Path) -> None:
    url = database_address(Settings(tmp_path, "postgres://ann:s3cret@db.example/news"))

    assert shown(url) == "postgresql://ann:***@db.example/news"


def test_connecting_hands_over_a_connection_and_takes_it_back(settings: Settings) -> None:
    with _plain(settings) as engine:
        with connect(engine) as connection:
            assert connection.scalar(text("select 1")) == 1
        assert connection.closed


def test_an_error_inside_a_connection_is_not_taken_for_a_server_that_is_down(settings: Settings) -> None:
    with _plain(settings) as engine, pytest.raises(KeyError), connect(engine):
        raise KeyError("mine")
