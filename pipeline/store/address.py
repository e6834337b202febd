"""Which database newsfold talks to: the server that DATABASE_URL names, else the embedded one."""

import re
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from pipeline.errors import SetupError
from pipeline.settings import Settings
from pipeline.store.server import EmbeddedServer

MIGRATION_LOCK = 0x6E657773_00000001
"""Advisory lock: one process at a time migrates a database."""

STORY_LOCK = "alembic_version"
"""The table that is locked so that one process at a time writes stories; it is read and written as before meanwhile."""

RUN_LOCK = 0x6E6577
"""First key of the two-key advisory lock that a run holds while its process lives; the second is its id."""

SOURCE_LOCK = 0x6E6578
"""First key of the two-key advisory lock that a crawl holds on a source; the second is of the source's key."""


def embedded_server(settings: Settings, binaries: Path | None = None) -> EmbeddedServer:
    """Return the embedded server of this home; it is not started by asking for it."""
    return EmbeddedServer(settings.home / "postgres", binaries)


def libpq_address(settings: Settings) -> str:
    """Return the database's address as psql takes it; starts the embedded server if that is the one."""
    if settings.database_url is None:
        return embedded_server(settings).url()
    # SQLAlchemy's addresses may name a driver; libpq knows none.
    return re.sub(r"^(postgres(?:ql)?)\+\w+://", r"\1://", settings.database_url)


def database_address(settings: Settings) -> URL:
    """Return the database's address for SQLAlchemy; starts the embedded server if that is the one.

    Raises:
        SetupError: DATABASE_URL is not the address of a PostgreSQL database.
    """
    try:
        url = make_url(libpq_address(settings))
    except (ArgumentError, ValueError) as error:
        raise SetupError(
            "DATABASE_URL is not an address; it should look like postgresql://user:password@host/database."
        ) from error
    if url.drivername.split("+")[0] not in {"postgres", "postgresql"}:
        raise SetupError(
            f"DATABASE_URL names a {url.drivername} database, and newsfold needs PostgreSQL: "
            "postgresql://user:password@host/database."
        )
    return url.set(drivername="postgresql+psycopg")
