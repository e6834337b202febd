"""The commands that look after the database."""

import os
import sys
from typing import Annotated

import typer

from pipeline.commands.base import AsJson, open_engine
from pipeline.settings import Settings

db_app = typer.Typer(no_args_is_help=True, help="Look after the database.")


@db_app.command("upgrade")
def db_upgrade(
    *, quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing when all is well.")] = False
) -> None:
    """Build the tables, or bring them to the newest revision."""
    from pipeline.store.database import shown  # noqa: PLC0415
    from pipeline.store.models import HEAD_REVISION  # noqa: PLC0415

    engine = open_engine(upgrade=True)
    if not quiet:
        typer.echo(f"The database {shown(engine.url)} is at revision {HEAD_REVISION}, the newest.")


@db_app.command("status")
def db_status(*, as_json: AsJson = False) -> None:
    """Say which database is used, whether it runs, and what is in it."""
    from pipeline.printing import console  # noqa: PLC0415
    from pipeline.store.status import database_status  # noqa: PLC0415

    status = database_status(Settings.from_environment())
    console.print_json(status) if as_json else console.console().print(console.status_page(status))


@db_app.command("url")
def db_url() -> None:
    """Print the database's address, for psql and other clients; starts the embedded server."""
    from pipeline.store.address import libpq_address  # noqa: PLC0415

    typer.echo(libpq_address(Settings.from_environment()))


@db_app.command("psql", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def db_psql(context: typer.Context) -> None:
    """Open psql on the database; further arguments go to psql."""
    from pipeline.store.address import libpq_address  # noqa: PLC0415
    from pipeline.store.server import embedded_binaries  # noqa: PLC0415

    address = libpq_address(Settings.from_environment())
    program = str(embedded_binaries() / "psql")
    os.execv(program, [program, address, *context.args])  # noqa: S606 - psql takes over this process


@db_app.command("stop")
def db_stop() -> None:
    """Stop the embedded server; the next command that needs it starts it again."""
    from pipeline.store.address import embedded_server  # noqa: PLC0415

    settings = Settings.from_environment()
    if settings.database_url:
        typer.echo("DATABASE_URL is set: newsfold did not start that server and does not stop it.")
    elif embedded_server(settings).stop():
        typer.echo("The embedded server is stopped; its data stays.")
    else:
        typer.echo("The embedded server was not running.")


@db_app.command("role")
def db_role(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The login's name, such as analyst.")],
    *,
    password: Annotated[
        str | None,
        typer.Option(
            envvar="NEWSFOLD_ROLE_PASSWORD",
            help="Its password; without one a new login gets one made, shown once. Other users of this machine see what is "
            "typed here: - reads it from standard input, and NEWSFOLD_ROLE_PASSWORD gives it too.",
        ),
    ] = None,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long one of its statements may take.")] = 60,
    drop: Annotated[bool, typer.Option("--drop", help="Drop the login instead.")] = False,
) -> None:
    """Make a login that can read the views and none of the tables; run again, it brings the login up to date."""
    from pipeline.store.analyst import drop_login, make_login  # noqa: PLC0415
    from pipeline.store.database import shown  # noqa: PLC0415
    from pipeline.store.reader import close_server  # noqa: PLC0415

    settings = Settings.from_environment()
    engine = open_engine()
    if drop:
        there = drop_login(engine, name)
        typer.echo(f"The login {name} is dropped." if there else f"There is no login {name}.")
        return
    if password == "-":  # noqa: S105 - the word for standard input
        password = (
            typer.prompt("Its password", hide_input=True)
            if sys.stdin.isatty()
            else sys.stdin.readline().rstrip("\r\n")
        )
    if settings.database_url is None:
        close_server(engine)
    login = make_login(engine, name, password=password, seconds=seconds)
    made = "is made" if login.is_new else "is up to date"
    typer.echo(f"The login {name} {made}: it reads the views and none of the tables.")
    if settings.database_url is not None:
        typer.echo(
            "What every login of that server may do, it may too: docs/querying.md says how to take that away."
        )
    # `set` would keep the password that is there, which is another login's.
    typer.echo(f"Its address: {shown(engine.url._replace(username=name, password=None))}")
    if login.password is not None and password is None:
        typer.echo(f"Its password, shown this once: {login.password}")
