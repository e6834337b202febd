"""A login for analysts: it reads the views and nothing else."""

import re
import secrets
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from pipeline.errors import Refuse, SetupError
from pipeline.store.asking import VIEWS
from pipeline.store.reader import READER, milliseconds

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_RESERVED = frozenset({"public", "none", READER})  # words of SQL's own, and the login of newsfold's own
_MEMBERSHIPS = """
    select role.rolname as role, grantor.rolname as grantor from pg_auth_members
    join pg_roles as role on role.oid = roleid
    join pg_roles as grantor on grantor.oid = pg_auth_members.grantor
    where member = cast(:name as regrole)
"""
_MARK = "newsfold: reads the views, writes nothing"
DENIED = "42501"


@dataclass(frozen=True, slots=True)
class Login:
    """A login: `password` is None where it kept the one it had; `is_new` tells whether it was made now."""

    name: str
    password: str | None
    is_new: bool


def make_login(engine: Engine, name: str, *, password: str | None = None, seconds: float = 60) -> Login:
    """Make a login that can read the views, or bring one that was made so up to date.

    Its statements end after some seconds and its transactions are read-only unless it says otherwise; that it can
    read and change none of newsfold's tables is by its rights, whatever it says. Roles that it was made a member of
    since are taken from it. A new login without a password given gets one made. The server is sent what proves the
    password (RFC 5803) and never the password itself, which its log might keep.

    What every login of a server may do, this one may as well: make temporary tables and large objects of its own, and
    take locks that are for the asking. `pipeline.store.reader.close_server` takes that away where the server is newsfold's alone.

    Raises:
        Refuse: the name is no plain one, or belongs to a login that newsfold did not make; or the seconds are too many.
        SetupError: the database's own login may not make others.
    """
    role = _checked(name)
    timeout = milliseconds(seconds)
    if password is not None and (not password or "\0" in password):
        raise Refuse(
            "password",
            "A password has one character at least, and no NUL. Give another, or none to get one made.",
        )
    with engine.connect() as connection:
        try:
            is_new = not _is_ours(connection, name)
            secret = password or (secrets.token_urlsafe(18) if is_new else None)
            if is_new:
                _run(connection, sql.SQL("create role {} login").format(role))
                _run(connection, sql.SQL("comment on role {} is {}").format(role, sql.Literal(_MARK)))
            safe = "login nosuperuser nocreatedb nocreaterole noreplication nobypassrls noinherit"
            if connection.scalar(text("select rolsuper from pg_roles where rolname = current_user")):
                _run(connection, sql.SQL(f"alter role {{}} {safe}").format(role))
            for granted in connection.execute(text(_MEMBERSHIPS), {"name": name}).all():
                words = sql.Identifier(granted.role), role, sql.Identifier(granted.grantor)
                _run(connection, sql.SQL("revoke {} from {} granted by {}").format(*words))
            if secret is not None:
                _run(
                    connection,
                    sql.SQL("alter role {} password {}").format(
                        role, sql.Literal(_proof(connection, name, secret))
                    ),
                )
            for setting, value in (
                ("default_transaction_read_only", "on"),
                ("statement_timeout", str(timeout)),
                ("idle_in_transaction_session_timeout", "600000"),
                ("lock_timeout", "10000"),
                ("search_path", "public"),
                ("timezone", "UTC"),
            ):
                _run(
                    connection,
                    sql.SQL("alter role {} set {} = {}").format(
                        role, sql.Identifier(setting), sql.Literal(value)
                    ),
                )
            database = sql.Identifier(engine.url.database or "newsfold")
            _run(connection, sql.SQL("grant connect on database {} to {}").format(database, role))
            _run(connection, sql.SQL("grant usage on schema public to {}").format(role))
            _run(connection, sql.SQL("revoke all on all tables in schema public from {}").format(role))
            views = sql.SQL(", ").join(sql.Identifier("public", view) for view in VIEWS)
            _run(connection, sql.SQL("grant select on {} to {}").format(views, role))
            connection.commit()
        except DBAPIError as error:
            raise _may_not(error, name) from error
    return Login(name, secret, is_new)


def drop_login(engine: Engine, name: str) -> bool:
    """Drop a login that `make_login` made, with its rights; return whether there was one.

    Raises:
        Refuse: the name is no plain one, or belongs to a login that newsfold did not make, or that owns something.
        SetupError: the database's own login may not drop others.
    """
    role = _checked(name)
    with engine.connect() as connection:
        if not _is_ours(connection, name):
            return False
        try:
            database = sql.Identifier(engine.url.database or "newsfold")
            _run(connection, sql.SQL("revoke all on all tables in schema public from {}").format(role))
            _run(connection, sql.SQL("revoke all on schema public from {}").format(role))
            _run(connection, sql.SQL("revoke all on database {} from {}").format(database, role))
            _run(connection, sql.SQL("drop role {}").format(role))
            connection.commit()
        except DBAPIError as error:
            raise _may_not(error, name) from error
    return True


def _checked(name: str) -> sql.Identifier:
    if name in _RESERVED:
        raise Refuse("name", f"{name} is a name that cannot be given to a login. Choose another.")
    if not _NAME.fullmatch(name) or name.startswith("pg_"):
        raise Refuse(
            "name",
            f"{name!r} is no name for a login: small letters, digits and _, a letter first, 63 at most.",
        )
    return sql.Identifier(name)


def _is_ours(connection: Connection, name: str) -> bool:
    found = connection.execute(
        text("select shobj_description(oid, 'pg_authid') as mark from pg_roles where rolname = :name"),
        {"name": name},
    ).one_or_none()
    if found is None:
        return False
    if found.mark != _MARK:
        raise Refuse(
            "name",
            f"There is a login {name} that newsfold did not make; it is left as it is. Choose another name.",
        )
    return True


def _run(connection: Connection, statement: sql.Composed) -> None:
    """Run a statement as it is: a password may have a colon or a percent sign in it."""
    cursor: Any = connection.connection.cursor()
    try:
        cursor.execute(statement)
    except psycopg.Error as error:
        # As SQLAlchemy raises it, without the statement: a password is in it.
        raise DBAPIError.instance("", None, error, psycopg.Error, dialect=connection.dialect) from None
    finally:
        cursor.close()


def _proof(connection: Connection, name: str, password: str) -> str:
    """Return what a server keeps of a password to check it by."""
    driver: Any = connection.connection
    made: bytes = driver.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")
    return made.decode()


def _may_not(error: DBAPIError, name: str) -> Exception:
    state = getattr(error.orig, "sqlstate", None)
    if state == DENIED:
        return SetupError(
            f"The login that DATABASE_URL names may not make or drop the login {name}. Run this as the database's "
            "administrator, or have its owner be given CREATEROLE."
        )
    if state == "2BP01":
        detail = getattr(getattr(error.orig, "diag", None), "message_detail", None)
        things = "; ".join((detail or "").splitlines()) or "something, which PostgreSQL does not name"
        return Refuse(
            "owner",
            f"The login {name} owns things or has rights that newsfold did not give it: {things}. As the database's "
            f"administrator, `drop owned by {name}` in each database takes them away; then drop the login again.",
        )
    if state == "55006":
        return Refuse("busy", f"The login {name} is in use; end its sessions, and drop it again.")
    return error
