"""What all tests share: real PostgreSQL servers, a fresh database for each test that asks for one."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from pipeline.settings import CHECKOUT, Settings
from pipeline.store.address import database_address
from pipeline.store.database import open_database
from pipeline.store.server import EmbeddedServer, embedded_binaries

SEEDS = CHECKOUT / "seeds"

_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_SYSTEM_15 = Path("/usr/lib/postgresql/15/bin")
_SERVERS = {"postgres-18": None, "postgres-15": _SYSTEM_15}


@pytest.fixture(scope="session", params=_SERVERS)
def server_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A running server of each supported end of the range; 15 is Debian's, where it is installed."""
    binaries = _SERVERS[request.param] or embedded_binaries()
    if not binaries.exists():
        if os.environ.get("CI"):
            pytest.fail(f"CI must test {request.param}, and {binaries} is not there.")
        pytest.skip(f"{request.param} is not installed in {binaries} (apt install postgresql-15)")
    with tempfile.TemporaryDirectory(prefix="newsfold-test-") as folder:
        server = EmbeddedServer(Path(folder) / "pg", binaries, options=_QUICK)
        yield server.url()
        server.stop()


@pytest.fixture(scope="session")
def _template(server_url: str) -> str:
    """A migrated database to copy: a copy takes a tenth of the time of a migration."""
    _administer(server_url, "create database template_newsfold")
    settings = Settings(Path("/nonexistent"), server_url.replace("/newsfold?", "/template_newsfold?"))
    open_database(settings, upgrade=True).dispose()
    return "template_newsfold"


@pytest.fixture
def database_url(server_url: str, _template: str) -> Iterator[str]:
    """The address of an empty migrated database of this test's own."""
    name = f"test_{os.urandom(6).hex()}"
    _administer(server_url, f"create database {name} template {_template}")
    yield server_url.replace("/newsfold?", f"/{name}?")
    _administer(server_url, f"drop database {name} with (force)")


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


def _administer(server_url: str, statement: str) -> None:
    url = database_address(Settings(Path("/nonexistent"), server_url))
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
