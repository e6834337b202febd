"""A statement of somebody's own, asked of the database with no right to change anything."""

import re
from collections.abc import Mapping
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

_AT_WORK = 1  # PQTRANS_ACTIVE
_OF_CALENDAR = re.compile("(date|time|timestamp) (too|not)|can't parse")

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
    described: tuple[Any, ...] = ()
    """The columns as the driver describes them (PEP 249); empty where the statement gives no rows."""


# What stands in quotes or in a comment is no place for a value, nor is a cast or what follows a letter or a digit.
_PIECES = re.compile(
    r"""(?s)[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/"""
    r"""|\$(?P<tag>(?:[^\W\d]\w*)?)\$.*?\$(?P=tag)\$|::|(?<!\w):(?P<name>[^\W\d]\w*)"""
)


def ask(engine: Engine, statement: str, values: Mapping[str, Any] | None = None) -> Answer:
    """Run one statement in a transaction that cannot write, and return what it gives.

    What the statement may do is bounded by the login's rights; `open_reading` gives one that reads and nothing else on
    the embedded server. Where the login is a superuser, the statement runs as `pg_read_all_data`: that keeps slips
    from the server, and no statement that is made to get out.

    Args:
        engine: the database, as `open_reading` gives it.
        statement: SQL.
        values: what `:name` in the statement stands for; a name that is not among them is left as it is.

    Raises:
        Refuse: the database refused it, it would have written, or it took too long; the message is a sentence.
    """
    if "\0" in statement:  # PostgreSQL would read up to there and no further
        raise Refuse(
            "statement", "The statement has a character NUL in it, which PostgreSQL takes for its end."
        )
    written = _with_places(statement, values) if values else statement
    try:
        sent = written.encode()
    except UnicodeEncodeError as error:
        raise Refuse(
            "statement", f"The statement has half a character in it, at {error.start + 1}."
        ) from error
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
            try:
                cursor.execute(sent, values or None, prepare=True)
            except Exception:
                if cursor.connection.info.transaction_status == _AT_WORK:
                    connection.invalidate()  # in the middle of a COPY; there is no way back out of it
                raise
            if cursor.description is None:
                return Answer((), [])
            described = tuple(cursor.description)
            return Answer(tuple(column[0] for column in described), list(cursor.fetchall()), described)
    except Exception as error:
        raise said(error) from error


def _with_places(statement: str, values: Mapping[str, Any]) -> str:
    """Write `:name` as the driver has it, and a percent sign that is one."""
    parts, end = [], 0
    for found in _PIECES.finditer(statement):
        if found["name"] in values:
            parts += [statement[end : found.start()].replace("%", "%%"), f"%({found['name']})s"]
            end = found.end()
    return "".join([*parts, statement[end:].replace("%", "%%")])


def describe_views(engine: Engine) -> list[tuple[str, str]]:
    """Return the analysts' views, each with what it says of itself."""
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute(_DESCRIBED, {"views": list(VIEWS)})
        return [(name, meaning or "") for name, meaning in cursor.fetchall()]


def said(error: Exception) -> Exception:
    """Return what the database said as an error with a sentence; a lost connection and other faults stay what they are."""
    import psycopg  # noqa: PLC0415

    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, psycopg.Error) or (cause.sqlstate or "").startswith(("08", "57P")):
        return error
    if cause.sqlstate is None:  # the driver's own, of what it sends and of what it is given
        if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
            return error
        words = str(cause).rstrip(".")
        if _OF_CALENDAR.match(words):
            return Refuse(
                "value",
                f"The answer has a date that Python cannot have: {words}. Ask for it as text (::text).",
            )
        if "NUL" in words or "adapt" in words:
            return Refuse("value", f"A value cannot be sent to the database: {words}.")
        if words.startswith("COPY"):
            return Refuse(
                "statement",
                "COPY is not for here. Ask with `select`; `newsfold sql --csv` and `newsfold export` write files.",
            )
        return Refuse("statement", f"That cannot be asked here: {words}.")
    if cause.sqlstate == "25006":
        return Refuse(
            "read-only", "That statement would change the database, and statements here are read-only."
        )
    if cause.sqlstate == "57014":
        return Refuse(
            "time",
            "That took too long and was ended. Ask for less, or give it more time (--seconds, or `seconds=`).",
        )
    primary, hint = cause.diag.message_primary or str(cause), cause.diag.message_hint
    place = f" (at character {cause.diag.statement_position})" if cause.diag.statement_position else ""
    return Refuse("statement", f"PostgreSQL refused that: {primary}{place}.{' ' + hint if hint else ''}")
