"""The command that takes in what others archived, and loose pages."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.commands.base import EXIT_INPUT, AsJson, complain, names_of, open_engine
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.foreign.filters import Filters


def ingest(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="WARC, ARC or WACZ files; lines of JSON; pages of HTML or text. Gzip and zstd are read too.",
        ),
    ],
    *,
    base: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Where loose pages came from: a page's address is this and its name."
        ),
    ] = None,
    captured_at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="When loose pages were captured; by default, when the file was last changed."
        ),
    ] = None,
    host: Annotated[
        list[str] | None, typer.Option(help="Only this host and its subdomains; again, or with commas.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="Only captures of this day (UTC) or later.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="Only captures of this day (UTC) or earlier.")
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option(help="Only pages in this language, as en; again, or with commas.")
    ] = None,
    status: Annotated[
        list[str] | None, typer.Option(help="Only answers with this HTTP status.", show_default="200")
    ] = None,
    media_type: Annotated[
        list[str] | None, typer.Option("--type", help="Only answers of this media type.", show_default="HTML")
    ] = None,
    event: Annotated[
        Path | None,
        typer.Option(
            "--event", help="Only what this event file's topic and days want; its hosts name the sources."
        ),
    ] = None,
    again: Annotated[
        bool,
        typer.Option("--again", help="Read files once more that were imported before with the same filters."),
    ] = False,
    workers: Annotated[
        int | None, typer.Option(min=0, help="Processes that read pages; by default one a core.")
    ] = None,
    as_json: AsJson = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    """Take in somebody else's archives, or loose pages; what was interrupted goes on where it stopped.

    Exit codes: 0 all is well; 1 it could not be done; 2 some of the input was damaged or could not be used; 130, 143 it
    was stopped. What was stored is kept in any case.
    """
    from contextlib import nullcontext  # noqa: PLC0415

    from pipeline.crawl.stopping import Stopped, Stopping  # noqa: PLC0415
    from pipeline.engines.opening import open_engine as open_workers  # noqa: PLC0415
    from pipeline.foreign.importing import import_files  # noqa: PLC0415
    from pipeline.foreign.progress import ImportProgress  # noqa: PLC0415
    from pipeline.foreign.reading import Loose  # noqa: PLC0415
    from pipeline.foreign.storing import Figures  # noqa: PLC0415

    filters = _filters(host, since, until, language, status, media_type, event)
    loose = Loose(_address(base), _moment(captured_at))
    figures = Figures()
    try:
        with Stopping():
            database = open_engine()
            with (
                nullcontext() if quiet else ImportProgress(figures),
                open_workers(workers=_workers(workers, files)) as engine,
            ):
                imported = import_files(
                    database, Settings.from_environment(), files, filters, loose, engine, figures, anew=again
                )
    except Stopped as stopped:
        complain("Stopped. What was committed is kept; the same command goes on from there.")
        raise typer.Exit(stopped.exit_code) from None
    _print_summary(database, imported, as_json=as_json)
    if imported.is_flawed:
        raise typer.Exit(EXIT_INPUT)


def _print_summary(database: Any, imported: Any, *, as_json: bool) -> None:
    from pipeline.printing import console, import_tables  # noqa: PLC0415
    from pipeline.store.imports import import_summary  # noqa: PLC0415

    summary = import_summary(database, imported.run.id) | {"done_before": imported.done_before}
    if as_json:
        console.print_json(summary)
    else:
        console.print_table(import_tables.import_page, summary)


def _workers(asked: int | None, files: list[Path]) -> int | None:
    """Return how many processes to use; a handful of pages is done before the first of them has started."""
    few = len(files) < 20 and sum(one.stat().st_size for one in files if one.is_file()) < 1_000_000
    return 0 if asked is None and few else asked


def _filters(
    host: list[str] | None,
    since: str | None,
    until: str | None,
    language: list[str] | None,
    status: list[str] | None,
    media_type: list[str] | None,
    event: Path | None,
) -> "Filters":
    from pipeline.events import read_event  # noqa: PLC0415
    from pipeline.foreign.filters import HTML, Filters  # noqa: PLC0415

    statuses = names_of(status) or ("200",)
    if not all(one.isascii() and one.isdigit() and len(one) == 3 for one in statuses):
        raise typer.BadParameter(f"{', '.join(statuses)} is no HTTP status; write it like 200.")
    languages = [one.lower() for one in names_of(language)]
    if not all(len(one) == 2 and one.isalpha() for one in languages):
        raise typer.BadParameter(
            f"{', '.join(languages)} is no language; write it with two letters, like en."
        )
    return Filters(
        hosts=tuple(one.lower().strip(".") for one in names_of(host)),
        since=_day(since),
        until=_day(until),
        languages=frozenset(languages),
        statuses=frozenset(map(int, statuses)),
        types=frozenset(one.lower() for one in names_of(media_type)) or frozenset(HTML),
        event=read_event(event) if event else None,
    )


def _day(stated: str | None) -> date | None:
    try:
        return date.fromisoformat(stated) if stated else None
    except ValueError:
        raise typer.BadParameter(f"{stated!r} is no day; write it like 2024-12-04.") from None


def _moment(stated: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(stated) if stated else None
    except ValueError:
        raise typer.BadParameter(f"{stated!r} is no time; write it like 2024-12-04T16:28Z.") from None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _address(base: str | None) -> str | None:
    from pipeline.address import canonical  # noqa: PLC0415

    if base is None:
        return None
    try:
        canonical(base)
    except ValueError as error:
        raise typer.BadParameter(f"--base {base!r} is no address of pages: {error}.") from None
    return base
