"""A statement of somebody's own, asked of the database with no right to change anything."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from pipeline.errors import Refuse

VIEWS = (
    "coverage", "stories", "copies", "sources_overlap", "quotes", "quote_carriers", "timeline", "removed_lines",
    "revisions", "texts", "credits", "authors", "relations",
)  # fmt: skip
"""The views that are there for analysts, the ones that answer most first; `newsfold db role` lets a login read them."""

_DESCRIBED = """
    select c.relname as name, obj_description(c.oid, 'pg_class') as meaning
    from pg_class as c
    where c.relkind = 'v' and c.oid = any(
        select to_regclass('public.' || name) from unnest(%(views)s::text[]) as asked (name))
    order by array_position(%(views)s::text[], c.relname::text)
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """The columns and rows of an answer, as Python values."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def ask(engine: Engine, statement: str) -> Answer:
    """Run one statement in a transaction that cannot write, and return what it gives.

    Where the login may, the statement runs as `pg_read_all_data`, which may read tables and nothing of the server.

    Raises:
        Refuse: the database refused it, it would have written, or it took too long; the message is a sentence.
    """
    try:
        with engine.connect() as connection:
            cursor: Any = connection.connection.cursor()  # psycopg's, which knows more than SQLAlchemy says
            # A look at the catalogue first: from then on the transaction cannot be made one that writes.
            cursor.execute("set transaction read only")
            cursor.execute(
                "select rolsuper or pg_has_role(current_user, 'pg_read_all_data', 'member')"
                " from pg_roles where rolname = current_user"
            )
            allowed = cursor.fetchone()
            if allowed and allowed[0]:
                cursor.execute("set local role pg_read_all_data")
            # Prepared, so that one statement is all that is taken.
            cursor.execute(statement.encode(), prepare=True)
            if cursor.description is None:
                return Answer((), [])
            return Answer(tuple(column[0] for column in cursor.description), list(cursor.fetchall()))
    except Exception as error:
        raise _said(error) from error


def describe_views(engine: Engine) -> list[tuple[str, str]]:
    """Return the analysts' views, each with what it says of itself."""
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute(_DESCRIBED, {"views": list(VIEWS)})
        return [(name, meaning or "") for name, meaning in cursor.fetchall()]


def _said(error: Exception) -> Exception:
    """Turn what the database said into a sentence; any other fault stays what it is."""
    import psycopg  # noqa: PLC0415

    cause = error.orig if isinstance(error, DBAPIError) else error
    if (
        not isinstance(cause, psycopg.Error)
        or cause.sqlstate is None
        or cause.sqlstate.startswith(("08", "57P"))
    ):
        return error
    if cause.sqlstate == "25006":
        return Refuse("read-only", "That statement would change the database, and `newsfold sql` only reads.")
    if cause.sqlstate == "57014":
        return Refuse(
            "time", "That took too long and was ended. Ask for less, or give it more time with --seconds."
        )
    primary, hint = cause.diag.message_primary or str(cause), cause.diag.message_hint
    place = f" (at character {cause.diag.statement_position})" if cause.diag.statement_position else ""
    return Refuse("statement", f"PostgreSQL refused that: {primary}{place}.{' ' + hint if hint else ''}")
