"""What the command's modules share: exit codes, the option for programs, the way to the database."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from pipeline.events import Event

EXIT_ERROR = 1
EXIT_INPUT = 2
EXIT_USAGE = 64
EXIT_BUSY = 75
"""EX_TEMPFAIL of sysexits.h: try again later."""
EXIT_INTERRUPTED = 130
EXIT_ENDED = 143

AsJson = Annotated[bool, typer.Option("--json", help="Print the same facts as JSON, for programs.")]

EventFile = Annotated[
    Path | None, typer.Option("--event", help="The event file; by default the ministerial's.")
]
ShownEvent = Annotated[
    Path | None,
    typer.Option(
        "--event", help="The event file; by default the newest crawl's, or the ministerial's before any."
    ),
]
Sources = Annotated[
    list[str] | None,
    typer.Option(
        "--source", help="Only this source; may be given again, or several with commas between them."
    ),
]


def open_engine(*, upgrade: bool | None = None) -> "Engine":
    """Open the database that the environment names; `upgrade` builds its tables, or brings them up to date."""
    from pipeline.store.database import open_database  # noqa: PLC0415 - SQLAlchemy is not needed for --help

    return open_database(Settings.from_environment(), upgrade=upgrade)


def event_shown(engine: "Engine", given: Path | None) -> "Event":
    """Return the event that was named, else that of the newest crawl, else the ministerial's.

    Where the newest crawl's event file is not to be read any more, a sentence says so.
    """
    from pipeline.crawl.targets import DEFAULT_EVENT  # noqa: PLC0415
    from pipeline.events import read_event  # noqa: PLC0415
    from pipeline.store.history import newest_event_file  # noqa: PLC0415

    crawled = None if given else newest_event_file(engine)
    if crawled and not Path(crawled).is_file():
        complain(
            f"The newest crawl's event file, {crawled}, is not there; this is told of {DEFAULT_EVENT.name} instead. "
            "Name another one with --event."
        )
        crawled = None
    return read_event(given or Path(crawled or DEFAULT_EVENT))


def complain(sentence: str) -> None:
    """Say on standard error what is wrong."""
    from rich.text import Text  # noqa: PLC0415

    from pipeline.printing.console import error_console  # noqa: PLC0415

    error_console().print(Text.assemble(("newsfold: ", "bold red"), sentence))


def database_said(error: Exception) -> str | None:
    """Return what a lost database said last; None where the error is a fault of ours, to be shown as such."""
    from sqlalchemy.exc import DBAPIError, OperationalError  # noqa: PLC0415

    # Without a state the connection broke before the server could say anything.
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else ""
    if not isinstance(error, OperationalError) or not (
        state is None or state.startswith(("08", "57P", "53"))
    ):
        return None
    return (str(error.orig).strip().splitlines() or ["nothing"])[0]


def names_of(given: list[str] | None) -> tuple[str, ...]:
    """Return the names that were given, one at a time or with commas between them."""
    return tuple(
        dict.fromkeys(name.strip() for words in given or () for name in words.split(",") if name.strip())
    )
