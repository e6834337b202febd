"""The commands that look after the database."""

import os
from typing import Annotated

import typer

from pipeline.cli_base import AsJson, open_engine
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
    from pipeline import console  # noqa: PLC0415
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
