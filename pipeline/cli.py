"""The `newsfold` command: a verb a function, each of them thin.

Exit codes: 0 all is well; 1 newsfold could not do it; 2 it was done, but some of the input could not be
used; 64 the command line was wrong; 130 it was interrupted.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import NewsfoldError
from pipeline.settings import CHECKOUT, Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

EXIT_ERROR = 1
EXIT_INPUT = 2
EXIT_USAGE = 64
EXIT_INTERRUPTED = 130

_STOPPED = "Stopped. What was committed is kept; the next run takes up the rest."

# typer brings its own copy of click and names only the leaves of its exceptions.
_ClickError: type[Exception] = typer.BadParameter.__mro__[2]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Fold the coverage of an event: clean texts, related and grouped into stories, in Postgres.",
    epilog="Set DATABASE_URL to use a PostgreSQL server of yours, NEWSFOLD_HOME to keep the data elsewhere.",
)
db_app = typer.Typer(no_args_is_help=True, help="Look after the database.")
app.add_typer(db_app, name="db")

AsJson = Annotated[bool, typer.Option("--json", help="Print the same facts as JSON, for programs.")]


def main() -> None:
    """Run the command, and turn every error into a sentence and an exit code."""
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()  # while a closed pipe can still be told from a fault
        if code == EXIT_INTERRUPTED:  # typer turns Ctrl-C into a code, and says nothing
            _complain(_STOPPED)
    except NewsfoldError as error:
        _complain(str(error))
        code = EXIT_ERROR
    except _ClickError as error:
        error.show()  # type: ignore[attr-defined]  # every one of them has it
        code = EXIT_USAGE
    except (typer.Abort, KeyboardInterrupt):
        _complain(_STOPPED)
        code = EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        if not _is_database_fault(error):
            raise
        said = str(error.__cause__).strip().splitlines()[0]
        _complain(f"The database stopped answering: {said}. What was committed is kept; run it again.")
        code = EXIT_ERROR
    sys.exit(code or 0)


@app.callback(invoke_without_command=True)
def _root(
    *,
    version: Annotated[bool, typer.Option("--version", help="Print newsfold's version and leave.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed  # noqa: PLC0415

        typer.echo(f"newsfold {installed('newsfold')}")
        raise typer.Exit


@app.command()
def seeds(
    folder: Annotated[Path, typer.Argument(help="The folder of seed documents.")] = CHECKOUT / "seeds",
    *,
    as_json: AsJson = False,
) -> None:
    """Import a folder of texts and pages, and show what is in the database then."""
    from pipeline import console, tables  # noqa: PLC0415
    from pipeline.imports import import_seeds  # noqa: PLC0415
    from pipeline.store import history, queries  # noqa: PLC0415

    settings = Settings.from_environment()
    engine = _engine()
    run = import_seeds(engine, settings, folder)
    hits = queries.rule_hits(engine, run.changed_versions)
    if as_json:
        console.print_json(
            {
                "run": history.show_run(engine, run.id),
                "lines_removed": hits,
                "documents": queries.list_documents(engine),
                "stories": queries.list_stories(engine),
                "relations": queries.list_relations(engine),
            }
        )
    else:
        console.print_import(run.outcomes, hits, folder)
        console.print_table(tables.documents_table, queries.list_documents(engine))
        console.print_table(tables.stories_table, queries.list_stories(engine))
        console.print_table(tables.relations_table, queries.list_relations(engine))
    if run.failures:
        raise typer.Exit(EXIT_INPUT)


@app.command()
def documents(*, as_json: AsJson = False) -> None:
    """List the documents: hash, title, source, date, words kept, lines removed, story."""
    from pipeline import console, tables  # noqa: PLC0415
    from pipeline.store import queries  # noqa: PLC0415

    rows = queries.list_documents(_engine())
    console.print_json(rows) if as_json else console.print_table(tables.documents_table, rows)


@app.command()
def stories(*, as_json: AsJson = False) -> None:
    """List the stories, each with its lead, its copies, and why that one leads."""
    from pipeline import console, tables  # noqa: PLC0415
    from pipeline.store import queries  # noqa: PLC0415

    rows = queries.list_stories(_engine())
    console.print_json(rows) if as_json else console.print_table(tables.stories_table, rows)


@app.command()
def show(
    content_hash: Annotated[str, typer.Argument(metavar="HASH", help="A content hash, or how one begins.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show one document: facts with their origins, clean text, and every removed line with its rule."""
    from pipeline import console  # noqa: PLC0415
    from pipeline.store import showing  # noqa: PLC0415

    row = showing.show_document(_engine(), content_hash)
    console.print_json(row) if as_json else console.console().print(console.document_page(row))


@app.command()
def relations(
    content_hash: Annotated[
        str | None, typer.Argument(metavar="HASH", help="Only those of this document; a prefix will do.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List how documents are related, with the measured evidence."""
    from pipeline import console, tables  # noqa: PLC0415
    from pipeline.store import queries  # noqa: PLC0415

    rows = queries.list_relations(_engine(), content_hash)
    console.print_json(rows) if as_json else console.print_table(tables.relations_table, rows)


@app.command()
def runs(
    run_id: Annotated[int | None, typer.Argument(metavar="RUN", help="Show this run's whole ledger.")] = None,
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many of the newest runs to list.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List the runs, or one run's ledger: what became of each address, and why."""
    from pipeline import console, tables  # noqa: PLC0415
    from pipeline.store import history  # noqa: PLC0415

    engine = _engine()
    if run_id is None:
        rows = history.list_runs(engine, limit=limit)
        console.print_json(rows) if as_json else console.print_table(tables.runs_table, rows)
    else:
        row = history.show_run(engine, run_id)
        console.print_json(row) if as_json else console.print_table(tables.ledger_table, row)


@app.command()
def crawl(
    *,
    event: Annotated[Path | None, typer.Option(help="The event file; by default the ministerial's.")] = None,
    source: Annotated[list[str] | None, typer.Option(help="Only this source; may be given again.")] = None,
    url: Annotated[
        list[str] | None,
        typer.Option(help="Only this address, whatever the event says of it; may be given again."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="The most articles to fetch of each source.")
    ] = None,
    revisit: Annotated[bool, typer.Option("--revisit", help="Visit what is not due yet, too.")] = False,
) -> None:
    """Fetch the coverage of an event: what is due, what was left, and what these lead to.

    Exit codes: 0 all is well; 1 it could not be done; 2 a source failed, or brought nothing that should; 75 another
    crawl is at it; 143 it was stopped. What was fetched is kept in any case.
    """
    from pipeline.crawl.command import EXIT_BUSY, run_crawl  # noqa: PLC0415
    from pipeline.crawl.session import Locked  # noqa: PLC0415
    from pipeline.crawl.targets import DEFAULT_EVENT, Options  # noqa: PLC0415

    options = Options(
        event=event or DEFAULT_EVENT,
        sources=tuple(source or ()),
        urls=tuple(url or ()),
        limit=limit,
        revisit=revisit,
    )
    try:
        result = run_crawl(Settings.from_environment(), options, _engine(), {})
    except Locked as error:
        _complain(str(error))
        raise typer.Exit(EXIT_BUSY) from None
    raise typer.Exit(result.exit_code)


@db_app.command("upgrade")
def db_upgrade(
    *, quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing when all is well.")] = False
) -> None:
    """Build the tables, or bring them to the newest revision."""
    from pipeline.store.database import shown  # noqa: PLC0415
    from pipeline.store.models import HEAD_REVISION  # noqa: PLC0415

    engine = _engine(upgrade=True)
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


def _engine(*, upgrade: bool | None = None) -> "Engine":
    from pipeline.store.database import open_database  # noqa: PLC0415 - SQLAlchemy is not needed for --help

    return open_database(Settings.from_environment(), upgrade=upgrade)


def _is_database_fault(error: Exception) -> bool:
    """Tell a lost database from a fault of ours, which should show its traceback."""
    from sqlalchemy.exc import DBAPIError, OperationalError  # noqa: PLC0415

    # Without a state the connection broke before the server could say anything.
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else ""
    return isinstance(error, OperationalError) and (state is None or state.startswith(("08", "57P", "53")))


def _complain(sentence: str) -> None:
    from rich.text import Text  # noqa: PLC0415

    from pipeline.console import error_console  # noqa: PLC0415

    error_console().print(Text.assemble(("newsfold: ", "bold red"), sentence))
