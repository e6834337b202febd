"""The `newsfold` command: a verb a function, each of them thin.

Exit codes: 0 all is well; 1 newsfold could not do it; 2 it was done, but some of the input could not be
used; 64 the command line was wrong; 75 another crawl is at it; 130 it was interrupted, 143 it was ended.
"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.archive import archive_app
from pipeline.commands.base import (
    EXIT_ENDED,
    EXIT_ERROR,
    EXIT_INPUT,
    EXIT_INTERRUPTED,
    EXIT_USAGE,
    AsJson,
    complain,
    database_said,
    open_engine,
)
from pipeline.commands.crawl import crawl
from pipeline.commands.db import db_app
from pipeline.commands.export import export
from pipeline.commands.ingest import ingest
from pipeline.commands.query import quotes, search, sql, timeline
from pipeline.commands.records import rejected, runs, sources
from pipeline.commands.reprocess import changes, rebuild, reprocess
from pipeline.commands.rules import furniture_app, rules_app
from pipeline.commands.stories import diff, merge, rulings_app, split, stories, story
from pipeline.commands.web import report, serve
from pipeline.errors import NewsfoldError
from pipeline.settings import CHECKOUT, Settings

_STOPPED = "Stopped. What was done so far is kept; the same command goes on with the rest."

# typer brings its own copy of click and names only the leaves of its exceptions.
_ClickError: type[Exception] = typer.BadParameter.__mro__[2]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Fold the coverage of an event: clean texts, related and grouped into stories, in Postgres.",
    epilog="Set DATABASE_URL to use a PostgreSQL server of yours, NEWSFOLD_HOME to keep the data elsewhere.",
)


def main() -> None:
    """Run the command, and turn every error into a sentence and an exit code."""
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()  # while a closed pipe can still be told from a fault
        if code in (EXIT_INTERRUPTED, EXIT_ENDED):  # typer turns Ctrl-C into a code, and says nothing
            complain(_STOPPED)
    except NewsfoldError as error:
        complain(str(error))
        code = EXIT_ERROR
    except _ClickError as error:
        error.show()  # type: ignore[attr-defined]  # every one of them has it
        code = EXIT_USAGE
    except (typer.Abort, KeyboardInterrupt):
        complain(_STOPPED)
        code = EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        said = database_said(error)
        if said is None:
            raise
        complain(f"The database stopped answering: {said}. What was committed is kept; run it again.")
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
    from pipeline.imports import import_seeds  # noqa: PLC0415
    from pipeline.printing import console, tables  # noqa: PLC0415
    from pipeline.store import history, queries  # noqa: PLC0415

    settings = Settings.from_environment()
    engine = open_engine()
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
    from pipeline.printing import console, tables  # noqa: PLC0415
    from pipeline.store import queries  # noqa: PLC0415

    rows = queries.list_documents(open_engine())
    console.print_json(rows) if as_json else console.print_table(tables.documents_table, rows)


@app.command()
def show(
    content_hash: Annotated[
        str, typer.Argument(metavar="HASH", help="A content hash, how one begins, or an article's address.")
    ],
    *,
    history: Annotated[
        bool,
        typer.Option("--history", help="List the versions of its articles instead, and what each changed."),
    ] = False,
    residue: Annotated[
        bool, typer.Option("--residue", help="Show the removed lines faded, in their places.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show one document: facts with their origins, clean text, and every removed line with its rule."""
    from pipeline.printing import console, story_tables  # noqa: PLC0415
    from pipeline.store import comparing, showing  # noqa: PLC0415

    if history:
        rows = comparing.list_versions(open_engine(), content_hash)
        console.print_json(rows) if as_json else console.print_table(story_tables.versions_table, rows)
        return
    row = showing.show_document(open_engine(), content_hash)
    console.print_json(row) if as_json else console.console().print(
        console.document_page(row, residue=residue)
    )


@app.command()
def relations(
    content_hash: Annotated[
        str | None, typer.Argument(metavar="HASH", help="Only those of this document; a prefix will do.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List how documents are related, with the measured evidence."""
    from pipeline.printing import console, tables  # noqa: PLC0415
    from pipeline.store import queries  # noqa: PLC0415

    rows = queries.list_relations(open_engine(), content_hash)
    if as_json:
        console.print_json(rows)
    elif content_hash:
        console.print_table(tables.relations_table, rows, nothing="It is related to no other document.")
    else:
        console.print_table(tables.relations_table, rows)


_COMMANDS = (
    quotes, timeline, sql, serve, report, stories, story, diff, merge, split, crawl, ingest, sources, rejected, runs, reprocess, changes, rebuild, export
)  # fmt: skip
# A word that is not wanted begins with a hyphen, as an option does.
app.command(context_settings={"ignore_unknown_options": True})(search)
for _command in _COMMANDS:
    app.command()(_command)
app.add_typer(archive_app, name="archive")
app.add_typer(db_app, name="db")
app.add_typer(furniture_app, name="furniture")
app.add_typer(rules_app, name="rules")
app.add_typer(rulings_app, name="rulings")
