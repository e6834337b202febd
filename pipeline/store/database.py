"""Opening the database: reachable, a PostgreSQL we support, and at the revision this code knows."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from pipeline.errors import SetupError
from pipeline.settings import CHECKOUT, Settings
from pipeline.store.address import database_address
from pipeline.store.models import HEAD_REVISION

OLDEST_POSTGRES = 15

# On a server of somebody else's a login may have been given the tables that there were, and none that came later.
_LOOKED_AT = ("alembic_version", "printing")


def open_database(settings: Settings, *, upgrade: bool | None = None, views_will_do: bool = False) -> Engine:
    """Connect, check the server and its schema, and return the engine.

    Args:
        settings: where the database is.
        upgrade: whether to build or migrate the schema; by default the embedded database is kept at the
            newest revision by itself, and another server is not touched.
        views_will_do: whether a login that may read the views alone is enough; it cannot see the schema's revision.

    Raises:
        SetupError: no server answers, it is too old, its schema is not the one this newsfold knows, or the login may
            not read it.
    """
    url = database_address(settings)
    engine = engine_on(url)
    with connect(engine) as connection:
        _check_server(connection, url)
        unread = _unread_tables(connection)
        if unread:
            if views_will_do:
                return engine
            who = f"The login {url.username}"
            if len(unread) < len(_LOOKED_AT):
                raise SetupError(
                    f"{who} may not read the table `{unread[0]}`, and this needs all of them. As their owner, let it: "
                    f"grant select on all tables in schema public to {url.username}"
                )
            raise SetupError(
                f"{who} reads the views and nothing else, and this needs the tables. `newsfold sql` and "
                "`open_newsfold` answer it; for the rest, name another login in DATABASE_URL."
            )
        revision = schema_revision(connection)
        if revision != HEAD_REVISION:
            _check_revision(connection, revision, url)
            if upgrade is None:
                upgrade = settings.database_url is None
            if not upgrade:
                state = "has no newsfold tables yet" if revision is None else f"is at revision {revision}"
                raise SetupError(
                    f"The database {shown(url)} {state}; this newsfold needs {HEAD_REVISION}. "
                    "Run `newsfold db upgrade`."
                )
            migrate(connection)
    return engine


def engine_on(url: URL | str) -> Engine:
    """Return an engine on a database whose address is known and was checked; nothing is connected to yet.

    A connection that was lost while it was not used is made anew.
    """
    return create_engine(
        url,
        pool_pre_ping=True,
        connect_args={
            "application_name": "newsfold",
            "connect_timeout": 10,
            "client_encoding": "utf8",
            "options": "-c timezone=UTC",
        },
    )


@lru_cache(maxsize=2)
def worker_engine(url: str) -> Engine:
    """Return the engine that a worker's process keeps from batch to batch."""
    return engine_on(url)


@contextmanager
def connect(engine: Engine) -> Iterator[Connection]:
    """Connect, or say in a sentence that nobody answers there."""
    try:
        connection = engine.connect()
    except DBAPIError as error:
        raise SetupError(
            f"The database {shown(engine.url)} does not answer: {_first_line(error)} "
            "Check that the server runs and that DATABASE_URL is right."
        ) from error
    with connection:
        yield connection


def shown(url: URL) -> str:
    """Return an address fit for showing: without its passwords."""
    options = {key: "***" if "password" in key.lower() else value for key, value in url.query.items()}
    return url.set(drivername="postgresql", query=options).render_as_string(hide_password=True)


def _unread_tables(connection: Connection) -> list[str]:
    """Return those of an old table and a new one of ours that are there and that the login may not read."""
    may_not = """
        select name from unnest(cast(:names as text[])) as name
        where not has_table_privilege(to_regclass(name), 'select')
    """
    return list(connection.scalars(text(may_not), {"names": list(_LOOKED_AT)}))


def schema_revision(connection: Connection) -> str | None:
    """Return the revision that the database is at; None where newsfold never was."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("select version_num from alembic_version"))
    return revision


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring the schema to a revision, up or down, and commit."""
    # Alembic costs most of a second to import, and nearly every start needs it not.
    from alembic import command  # noqa: PLC0415

    config = alembic_config()
    config.attributes["connection"] = connection
    # Revisions are numbered in order, so a smaller number lies behind us.
    if revision == "base" or (revision != "head" and revision < (schema_revision(connection) or "")):
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)
    connection.commit()


def alembic_config() -> Any:
    """Return Alembic's configuration for our migrations."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(CHECKOUT / "migrations").replace("%", "%%"))
    return config


def _check_server(connection: Connection, url: URL) -> None:
    version = int(connection.scalar(text("show server_version_num")) or 0) // 10_000
    if version < OLDEST_POSTGRES:
        raise SetupError(
            f"The database {shown(url)} is PostgreSQL {version}; newsfold needs {OLDEST_POSTGRES} or newer."
        )
    encoding = connection.scalar(text("show server_encoding"))
    if encoding != "UTF8":
        raise SetupError(
            f"The database {shown(url)} stores text as {encoding}; newsfold needs UTF8. Create another one: "
            "createdb --encoding=UTF8 --template=template0 newsfold"
        )


def _check_revision(connection: Connection, revision: str | None, url: URL) -> None:
    """Refuse a revision that this newsfold has no migration for."""
    known = {path.name.split("_")[0] for path in Path(CHECKOUT / "migrations" / "versions").glob("*.py")}
    if revision is not None and revision not in known:
        raise SetupError(
            f"The database {shown(url)} is at revision {revision}, and this newsfold knows none of that name: "
            "a newer one made it. Install the newer newsfold, or set DATABASE_URL to another database."
        )
    strange = revision is None and inspect(connection).has_table("document")
    # Asked again: another process may have built the tables between the two looks.
    if strange and schema_revision(connection) is None:
        raise SetupError(
            f"The database {shown(url)} has a table `document` that newsfold did not make. Give newsfold a "
            "database of its own: createdb newsfold"
        )


def _first_line(error: DBAPIError) -> str:
    lines = [line.strip() for line in str(error.orig).splitlines() if line.strip()]
    said = re.sub(r"^connection failed: ", "", lines[0]) if lines else "it gave no reason"
    return said if said.endswith(".") else said + "."
