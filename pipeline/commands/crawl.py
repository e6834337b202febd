"""The command that crawls, and what it says at the end."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from pipeline.commands.base import (
    EXIT_BUSY,
    AsJson,
    EventFile,
    Sources,
    complain,
    database_said,
    names_of,
    open_engine,
)
from pipeline.errors import NewsfoldError
from pipeline.settings import Settings


class LogLevel(StrEnum):
    """What of a crawl's own log is shown."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def crawl(
    *,
    event: EventFile = None,
    source: Sources = None,
    url: Annotated[
        list[str] | None,
        typer.Option(help="Only this address, whatever the event says of it; may be given again."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="The most articles to fetch of each source.")
    ] = None,
    revisit: Annotated[bool, typer.Option("--revisit", help="Visit what is not due yet, too.")] = False,
    as_json: AsJson = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Show no progress, and nothing at all when all is well.")
    ] = False,
    log_level: Annotated[
        LogLevel | None,
        typer.Option(case_sensitive=False, help="What to show of the log.", show_default="warning"),
    ] = None,
) -> None:
    """Fetch the coverage of an event: what is due, what was left, and what these lead to.

    Exit codes: 0 all is well; 1 it could not be done; 2 a source failed, or brought nothing that should; 75 another
    crawl is at it; 130, 143 it was stopped. What was fetched is kept in any case.
    """
    from pipeline.crawl.command import run_crawl  # noqa: PLC0415
    from pipeline.crawl.session import Locked  # noqa: PLC0415
    from pipeline.crawl.stopping import Stopped, Stopping  # noqa: PLC0415
    from pipeline.crawl.targets import DEFAULT_EVENT, Options  # noqa: PLC0415

    options = Options(
        event=event or DEFAULT_EVENT,
        sources=names_of(source),
        urls=tuple(url or ()),
        limit=limit,
        revisit=revisit,
    )
    try:
        with Stopping() as stopping:
            engine = open_engine()
            result = run_crawl(
                Settings.from_environment(),
                options,
                engine,
                stopping,
                shows_progress=not quiet,
                log_level=log_level.name if log_level else None,
            )
    except Locked as error:
        complain(str(error))
        raise typer.Exit(EXIT_BUSY) from None
    except Stopped as stopped:
        raise typer.Exit(stopped.exit_code) from None
    fault = _fault(result.fault) if result.fault else None
    if fault:
        complain(fault)
    if result.exit_code or not quiet:
        _print_summary(engine, result, fault, as_json=as_json)
    raise typer.Exit(result.exit_code)


def _print_summary(engine: Any, result: Any, fault: str | None, *, as_json: bool) -> None:
    from pipeline.printing import console  # noqa: PLC0415
    from pipeline.printing.crawl_summary import summary_page  # noqa: PLC0415
    from pipeline.store.history import crawl_summary  # noqa: PLC0415

    try:
        summary = crawl_summary(engine, result.run_id, result.event, result.sources, result.failures)
    except Exception as error:
        # Why the crawl ended has been said, and the lost database is the likely reason.
        if fault and database_said(error):
            return
        raise
    summary |= {"busy": list(result.busy), "fault": fault, "exit_code": result.exit_code}
    if as_json:
        console.print_json(summary)
    else:
        console.print_table(summary_page, summary)


def _fault(error: Exception) -> str:
    """Say why a crawl had to end; a fault of ours is shown with where it happened."""
    said = database_said(error)
    if said is not None:
        return f"The crawl had to end, since the database stopped answering: {said}. What was committed is kept; run it again."
    if isinstance(error, NewsfoldError | OSError):
        return f"The crawl had to end: {error} What was committed is kept; run it again."
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    if isinstance(error, DBAPIError):
        refused = (str(error.orig).strip().splitlines() or ["no reason"])[0]
        return f"The crawl had to end, since the database refused something: {refused}. What was committed is kept."
    import traceback  # noqa: PLC0415

    traceback.print_exception(error)
    return (
        f"The crawl had to end through a fault of newsfold's own, shown above ({type(error).__name__}). "
        "What was committed is kept."
    )
