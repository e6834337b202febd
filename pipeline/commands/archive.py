"""The commands that look after the archive."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.base import EXIT_INPUT, AsJson, open_engine
from pipeline.settings import Settings

archive_app = typer.Typer(no_args_is_help=True, help="Look after the archive of captured bytes.")


@archive_app.command("reindex")
def archive_reindex(
    *,
    event: Annotated[
        Path | None,
        typer.Option(help="The event file that crawled pages are judged by; by default the ministerial's."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be stored.")] = False,
    as_json: AsJson = False,
) -> None:
    """Find the archived pages that no row points at, as a crash may leave them, and store them.

    Exit codes: 0 all is well; 1 it could not be done; 2 some of the archive is damaged.
    """
    from pipeline.crawl.targets import DEFAULT_EVENT  # noqa: PLC0415
    from pipeline.events import read_event  # noqa: PLC0415
    from pipeline.printing import console  # noqa: PLC0415
    from pipeline.reindex import reindex  # noqa: PLC0415

    settings = Settings.from_environment()
    found = reindex(open_engine(), settings, read_event(event or DEFAULT_EVENT), dry_run=dry_run)
    if as_json:
        console.print_json(
            {
                "files": found.files,
                "pages": found.pages,
                "lost": found.lost,
                "damaged": found.damaged,
                "run": found.run.id if found.run else None,
            }
        )
    else:
        for sentence in found.damaged:
            typer.echo(sentence)
        stored = "would be stored" if dry_run else "were stored"
        lost = (
            f"{len(found.lost)} of them had no row and {stored}"
            if found.lost
            else "every one of them has its row"
        )
        typer.echo(f"Looked at {found.pages} pages in {found.files} files of {settings.archive}: {lost}.")
        if found.run is not None and found.lost:
            typer.echo(f"`newsfold runs {found.run.id}` says what became of each.")
    if found.damaged:
        raise typer.Exit(EXIT_INPUT)
