"""The login that reads the embedded server for every command that only reads: no superuser, and no way to become one.

A role that a superuser's session takes is no wall, as any statement may take it off again; another login is one. The
server's socket is private to whoever runs newsfold and asks for no password, so that the login needs none.
"""

from sqlalchemy import URL, Engine, text

from pipeline.errors import Refuse
from pipeline.store.address import MIGRATION_LOCK

READER = "newsfold_reader"

LONGEST_SECONDS = 24 * 3600.0
"""A statement's time at most. PostgreSQL counts milliseconds in 31 bits, which are 24 days; nobody waits for one."""

# What every login may call unless it is told otherwise, and what none needs who reads: large objects can be written
# outside all tables, a lock that is held stops whoever waits for it, and so does ending another's session.
_OPEN = "^(lo_|lo(read|write)$|pg_(try_)?advisory_|pg_(cancel|terminate)_backend$|pg_logical_emit_message$|pg_notify$)"

_IS_READY = """
    select exists (
        select from pg_roles
        where rolname = :reader and rolcanlogin
            and not (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls)
    )
    and not exists (select from pg_auth_members where member = to_regrole(:reader))
    and has_schema_privilege(to_regrole(:reader), 'public', 'usage')
    and not has_database_privilege('public', current_database(), 'temporary')
    and not exists (
        select from pg_proc
        where pronamespace = 'pg_catalog'::regnamespace and proname ~ :open
            and has_function_privilege('public', oid, 'execute')
    )
    and not exists (
        select from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'p', 'm')
            and (not has_table_privilege(to_regrole(:reader), oid, 'select')
                or has_table_privilege(to_regrole(:reader), oid, 'insert, update, delete, truncate'))
    )
"""

_MAKE = f"""
do $$
declare
    one record;
    reader constant text := '{READER}';
begin
    if to_regrole(reader) is null then
        execute format('create role %I', reader);
    end if;
    execute format('alter role %I login nosuperuser nocreatedb nocreaterole noreplication nobypassrls', reader);
    execute format('alter role %I set default_transaction_read_only = on', reader);
    execute format('alter role %I set search_path = public', reader);
    for one in select roleid::regrole as role from pg_auth_members where member = to_regrole(reader) loop
        execute format('revoke %s from %I', one.role, reader);
    end loop;
    execute format('revoke temporary on database %I from public', current_database());
    execute format('grant connect on database %I to %I', current_database(), reader);
    for one in select datname from pg_database where datname in ('postgres', 'template1') loop
        execute format('revoke connect on database %I from public', one.datname);
    end loop;
    execute format('grant usage on schema public to %I', reader);
    execute format('revoke all on all tables in schema public from %I', reader);
    execute format('grant select on all tables in schema public to %I', reader);
    -- Those that a migration makes while a reading room is open, too.
    execute format('alter default privileges in schema public grant select on tables to %I', reader);
    for one in
        select oid::regprocedure as called from pg_proc
        where pronamespace = 'pg_catalog'::regnamespace and proname ~ '{_OPEN}'
            and has_function_privilege('public', oid, 'execute')
    loop
        execute format('revoke execute on function %s from public', one.called);
    end loop;
end
$$
"""  # noqa: S608 - our own words alone


def close_server(engine: Engine) -> None:
    """Give the server its reading login, and take from all logins but the owner what nobody needs who reads.

    For a server that is newsfold's alone: it takes rights that others' programs may count on. Where all is as it
    should be, which is looked at first, nothing is written; tables that were added since are let be read.
    """
    asked = {"reader": READER, "open": _OPEN}
    with engine.connect() as connection:
        if connection.scalar(text(_IS_READY), asked):
            return
        # One process at a time: two that write the same right at once fail.
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        connection.execute(text(_MAKE))
        connection.commit()


def reader_address(engine: Engine) -> URL:
    """Return the address of the reading login on the server of the owner's engine, made if need be."""
    close_server(engine)
    return engine.url.set(username=READER, password=None)


def milliseconds(seconds: float) -> int:
    """Return a time limit as PostgreSQL takes it.

    Raises:
        Refuse: it is none, or longer than a day.
    """
    if not 0 < seconds <= LONGEST_SECONDS:
        raise Refuse(
            "seconds", f"A time limit is of up to {LONGEST_SECONDS:.0f} seconds, a day; {seconds:g} is none."
        )
    return max(1, round(seconds * 1000))
