"""What all tests share: real PostgreSQL servers, a fresh database for each test that asks for one."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from pipeline.settings import CHECKOUT, Settings
from pipeline.store.address import database_address
from pipeline.store.database import open_database
from pipeline.store.models import Base
from pipeline.store.server import EmbeddedServer, embedded_binaries

SEEDS = CHECKOUT / "seeds"

THOROUGH = bool(os.environ.get("NEWSFOLD_TEST_THOROUGH"))
"""Whether everything is tested, however long it takes: `make test-thorough`."""

_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_SYSTEM_15 = Path("/usr/lib/postgresql/15/bin")
_SERVERS = {"postgres-18": None, "postgres-15": _SYSTEM_15}


class _Running:
    """The servers of this session and what is kept on them: each is started once, whichever file asks for it when."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._addresses: dict[str, str] = {}
        self._databases: dict[str, _Databases] = {}

    def url(self, name: str, binaries: Path) -> str:
        if name not in self._addresses:
            folder = self._open.enter_context(tempfile.TemporaryDirectory(prefix="newsfold-test-"))
            server = EmbeddedServer(Path(folder) / "pg", binaries, options=_QUICK)
            self._addresses[name] = server.url()
            self._open.callback(server.stop)
        return self._addresses[name]

    def databases(self, server_url: str) -> "_Databases":
        if server_url not in self._databases:
            # A copy of a migrated database takes a tenth of the time of a migration.
            _administer(server_url, "create database template_newsfold")
            settings = Settings(Path("/nonexistent"), server_url.replace("/newsfold?", "/template_newsfold?"))
            open_database(settings, upgrade=True).dispose()
            self._databases[server_url] = _Databases(server_url, "template_newsfold")
        return self._databases[server_url]

    def stop(self) -> None:
        self._open.close()


@pytest.fixture(scope="session")
def _running_servers() -> Iterator[_Running]:
    running = _Running()
    yield running
    running.stop()


@pytest.fixture(scope="session", params=_SERVERS)
def server_url(request: pytest.FixtureRequest, _running_servers: _Running) -> str:
    """A running server of each supported end of the range; 15 is Debian's, where it is installed."""
    binaries = _SERVERS[request.param] or embedded_binaries()
    if not binaries.exists():
        if os.environ.get("CI"):
            pytest.fail(f"CI must test {request.param}, and {binaries} is not there.")
        pytest.skip(f"{request.param} is not installed in {binaries} (apt install postgresql-15)")
    return _running_servers.url(request.param, binaries)


@pytest.fixture(scope="session")
def _template(_databases: "_Databases") -> str:
    """A migrated database to copy."""
    return _databases.template


class _Databases:
    """Empty migrated databases: copies of the template, each used again once it is emptied, a tenth of the work.

    One whose tables themselves were changed, or that grew, is dropped instead.
    """

    def __init__(self, server_url: str, template: str) -> None:
        self._server_url, self.template = server_url, template
        self._free: list[str] = []
        self._shape = self._look(template)

    def url(self, name: str) -> str:
        return self._server_url.replace("/newsfold?", f"/{name}?")

    def take(self) -> str:
        if self._free:
            return self._free.pop()
        name = f"test_{os.urandom(6).hex()}"
        _administer(self._server_url, f"create database {name} template {self.template}")
        return name

    def give_back(self, name: str) -> None:
        try:
            is_as_before = self._look(name) == self._shape
        except DBAPIError:
            is_as_before = False
        if not is_as_before:
            _administer(self._server_url, f"drop database {name} with (force)")
            return
        _administer(self.url(name), EMPTY)
        self._free.append(name)

    def _look(self, name: str) -> object:
        """End whoever is still connected; return what tells whether anything but rows has changed."""
        with _connected(self.url(name)) as connection:
            connection.execute(text(_END_OTHERS))
            return tuple(connection.execute(text(_SHAPE)).one())


_END_OTHERS = """
    select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""
# A catalogue's row that is written anew names the transaction that did it.
_CATALOGUES = ("class", "attribute", "attrdef", "constraint", "index", "trigger", "proc", "type", "namespace")
_SHAPE = f"""
    select (select string_agg(version_num, ' ' order by 1) from alembic_version),
           pg_database_size(current_database()) / 20000000,
           {", ".join(f"(select sum(xmin::text::bigint) from pg_{name})" for name in _CATALOGUES)}
"""
EMPTY = f"""
    do $$ begin
        set local session_replication_role = replica;  -- in any order: no row is looked at by another
        {" ".join(f"delete from {table.name};" for table in Base.metadata.sorted_tables)}
        perform setval(seqrelid, seqstart, false) from pg_sequence;
    end $$
"""
"""Empties all tables, and counts from one again."""


@pytest.fixture(scope="session")
def _databases(server_url: str, _running_servers: _Running) -> _Databases:
    return _running_servers.databases(server_url)


@pytest.fixture
def database_url(_databases: _Databases) -> Iterator[str]:
    """The address of an empty migrated database of this test's own."""
    name = _databases.take()
    yield _databases.url(name)
    _databases.give_back(name)


@pytest.fixture(scope="module")
def module_settings(_databases: _Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings that name an empty migrated database of this module's own, for tests that only read what it fills in."""
    name = _databases.take()
    yield Settings(tmp_path_factory.mktemp("home"), _databases.url(name))
    _databases.give_back(name)


@pytest.fixture
def blank_database_url(server_url: str) -> Iterator[str]:
    """The address of a database in which newsfold never was."""
    name = f"blank_{os.urandom(6).hex()}"
    _administer(server_url, f"create database {name} template template0")
    yield server_url.replace("/newsfold?", f"/{name}?")
    _administer(server_url, f"drop database {name} with (force)")


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings that name this test's own database and archive."""
    return Settings(tmp_path / "home", database_url)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """An engine on this test's own database."""
    engine = open_database(settings)
    yield engine
    engine.dispose()


def _administer(url: str, statement: str) -> None:
    with _connected(url) as connection:
        connection.exec_driver_sql(statement)


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    address = database_address(Settings(Path("/nonexistent"), url))
    engine = create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def pytest_xdist_auto_num_workers() -> int:
    """Use a worker more than there are cores: some tests wait for crawls that keep their distance."""
    return 1 + len(os.sched_getaffinity(0))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pass over the tests that cost most beside what they add to others, unless all are asked for."""
    if THOROUGH:
        return
    skip = pytest.mark.skip(reason="make test-thorough runs it")
    for item in items:
        if item.get_closest_marker("thorough"):
            item.add_marker(skip)
