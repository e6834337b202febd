"""Which database newsfold talks to."""

from pathlib import Path

import pytest

from pipeline.errors import SetupError
from pipeline.settings import Settings
from pipeline.store.address import (
    MIGRATION_LOCK,
    RUN_LOCK,
    database_address,
    embedded_server,
    libpq_address,
)

_NOWHERE = Path("/nonexistent")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_spelling_of_a_postgres_address_means_our_driver(scheme: str) -> None:
    url = database_address(Settings(_NOWHERE, f"{scheme}://ann:pass@db.example:5433/news?sslmode=require"))

    assert url.drivername == "postgresql+psycopg"
    assert (url.username, url.password, url.host, url.port) == ("ann", "pass", "db.example", 5433)
    assert (url.database, url.query) == ("news", {"sslmode": "require"})


@pytest.mark.parametrize(
    "address",
    [
        "mysql://ann:s3cret@db/news",
        "sqlite:///news.db",
        "https://ann:s3cret@db/news",
        "garbage",
        "ann:s3cret@db/news",
        "://",
        " ",
        "postgresql",
        "postgresql://ann:s3cret@db:port/news",
        "postgresql://ann:s3cret@db:5432x/news",
        "postgresqls://ann:s3cret@db/news",
    ],
)
def test_what_is_no_postgres_address_is_refused_with_an_example_and_without_its_password(
    address: str,
) -> None:
    with pytest.raises(
        SetupError, match=r"DATABASE_URL .*postgresql://user:password@host/database"
    ) as caught:
        database_address(Settings(_NOWHERE, address))

    assert "s3cret" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_database_url_is_used_and_no_embedded_server_started(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "home", "postgresql://db/news")

    assert database_address(settings).host == "db"
    assert libpq_address(settings) == "postgresql://db/news"
    assert not settings.home.exists()


def test_an_address_with_a_driver_in_it_is_handed_to_psql_without(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "home", "postgresql+psycopg://ann:p%40ss@db/news?sslmode=require")

    assert libpq_address(settings) == "postgresql://ann:p%40ss@db/news?sslmode=require"


def test_asking_for_the_embedded_server_starts_nothing(tmp_path: Path) -> None:
    server = embedded_server(Settings(tmp_path / "home", None))

    assert server.folder == tmp_path / "home" / "postgres"
    assert server.pid() is None
    assert not (tmp_path / "home").exists()


def test_the_locks_are_distinct_and_fit_their_types() -> None:
    assert 0 < MIGRATION_LOCK < 2**63
    assert 0 < RUN_LOCK < 2**31
