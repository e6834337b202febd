"""The commands that prepare again what was captured before, and say what that changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.commands.base import EXIT_INPUT, AsJson, EventFile, Sources, complain, names_of, open_engine
from pipeline.settings import Settings

if TYPE_CHECKING:
    from rich.progress import Progress

    from pipeline.changes import Summary
    from pipeline.reprocess import Report, Reprocessed
    from pipeline.store.runs import RunRecord

EngineName = Annotated[
    Literal["local", "dask"],
    typer.Option(
        "--engine", help="Where the work runs: processes here, this process alone, or a Dask cluster."
    ),
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=0, help="How many processes; by default one a core; 0: this one alone."),
]
Scheduler = Annotated[
    str | None,
    typer.Option("--scheduler", metavar="ADDRESS", help="The Dask scheduler, such as tcp://host:8786."),
]
_Moment = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], metavar="DAY")]


def reprocess(
    path: Annotated[
        Path | None,
        typer.Argument(help="A folder of seed documents: only those, and those of them not stored yet."),
    ] = None,
    *,
    source: Sources = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="Captured on this day (UTC) or later."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="Captured before this day (UTC)."),
    ] = None,
    every: Annotated[bool, typer.Option("--every", help="Those too that today's recipe made.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would change; nothing is written.")
    ] = False,
    engine: EngineName = "local",
    workers: Workers = None,
    scheduler: Scheduler = None,
    as_json: AsJson = False,
) -> None:
    """Prepare again, offline, what was captured under another recipe, and write what that changes.

    It can be stopped at any moment; run again, it goes on where it was. `newsfold changes` shows what a run changed.
    Exit codes: 0 all is well; 1 it could not be done; 2 some captures could not be read or prepared.
    """
    from pipeline.changes import Summary  # noqa: PLC0415
    from pipeline.engines.opening import open_engine as open_works  # noqa: PLC0415
    from pipeline.prepare import current_recipe  # noqa: PLC0415
    from pipeline.reprocess import look_ahead  # noqa: PLC0415
    from pipeline.reprocess import reprocess as again  # noqa: PLC0415
    from pipeline.store.outdated import Choice  # noqa: PLC0415

    settings = Settings.from_environment()
    database = open_engine()
    digests = _digests(path) if path else None
    choice = Choice(names_of(source), _utc(since), _utc(until), digests, every)
    summary = Summary()
    with open_works(engine, workers=workers, scheduler=scheduler, facts=current_recipe) as works:
        steps = (look_ahead if dry_run else again)(database, settings, works, choice)
        done = _watch(steps, summary)
    rest = _import_rest(path) if path is not None and not dry_run else None
    if dry_run:
        _show_foreseen(summary, done, as_json=as_json)
    else:
        _show_done(done, rest, as_json=as_json)
    if rest is not None and rest.failures:
        raise typer.Exit(EXIT_INPUT)
    if done is not None and any(done.report.outcomes[word] for word in ("failed", "refused")):
        raise typer.Exit(EXIT_INPUT)


def changes(
    run: Annotated[
        int, typer.Argument(metavar="RUN", help="The number of a re-processing; `newsfold runs` lists them.")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Show what a re-processing changed: by rule and source, the documents, lines gained and lost, other stories."""
    from pipeline.changes import Summary  # noqa: PLC0415
    from pipeline.printing import change_tables, console  # noqa: PLC0415
    from pipeline.store.changes import read_changes  # noqa: PLC0415

    summary = Summary()
    summary.add(read_changes(open_engine(), run))
    if as_json:
        console.print_json(summary.as_json())
    else:
        console.console().print(change_tables.summary_page(summary, foreseen=False))


def rebuild(
    *,
    event: EventFile = None,
    engine: EngineName = "local",
    workers: Workers = None,
    scheduler: Scheduler = None,
    as_json: AsJson = False,
) -> None:
    """Fill an empty database from the archive alone: every page that was ever captured, in the order it came in.

    Rulings, learned furniture and the ledgers of earlier runs are not in the archive. Exit codes: 0 all is well; 1 it
    could not be done; 2 some of the archive is damaged.
    """
    from pipeline import rebuild as rebuilding  # noqa: PLC0415
    from pipeline.crawl.targets import DEFAULT_EVENT  # noqa: PLC0415
    from pipeline.engines.opening import open_engine as open_works  # noqa: PLC0415
    from pipeline.events import read_event  # noqa: PLC0415
    from pipeline.prepare import current_recipe  # noqa: PLC0415
    from pipeline.printing import console  # noqa: PLC0415

    settings = Settings.from_environment()
    wanted = read_event(event or DEFAULT_EVENT)
    with (
        open_works(engine, workers=workers, scheduler=scheduler, facts=current_recipe) as works,
        _progress() as progress,
    ):
        task = progress.add_task("pages", total=None)
        for done in rebuilding.rebuild(open_engine(upgrade=True), settings, works, wanted):
            progress.update(task, completed=done.stored, total=done.pages)
    if as_json:
        run = done.run.id if done.run else None
        console.print_json({"run": run, "pages": done.pages, "stored": done.stored, "damaged": done.damaged})
    else:
        for sentence in done.damaged:
            typer.echo(sentence)
        typer.echo(
            f"Run {done.run.id if done.run else '-'}: {done.stored} pages of {settings.archive} were stored."
        )
    if done.damaged:
        raise typer.Exit(EXIT_INPUT)


def _watch(steps: "Iterator[tuple[Reprocessed, Report]]", summary: "Summary") -> "Reprocessed | None":
    """Take the steps, with a line that counts them where somebody watches."""
    done: Reprocessed | None = None
    with _progress() as progress:
        task = progress.add_task("articles", total=None)
        for done, report in steps:
            summary.add(report.changes)
            progress.update(task, completed=done.report.articles)
    return done


@contextmanager
def _progress() -> "Iterator[Progress]":
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    from pipeline.printing.console import error_console  # noqa: PLC0415

    console = error_console()
    with Progress(
        SpinnerColumn(),
        TextColumn("prepared {task.completed} articles"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        yield progress


def _show_foreseen(summary: "Summary", done: "Reprocessed | None", *, as_json: bool) -> None:
    from pipeline.printing import change_tables, console  # noqa: PLC0415

    captures = done.report.captures if done else 0
    if as_json:
        console.print_json({"captures": captures, **summary.as_json()})
        return
    console.console().print(change_tables.summary_page(summary, foreseen=True))
    typer.echo(f"{captures} captures were prepared. Nothing was written.")


def _show_done(done: "Reprocessed | None", rest: "RunRecord | None", *, as_json: bool) -> None:
    from pipeline.printing import console  # noqa: PLC0415

    report = done.report if done else None
    run = done.run.id if done and done.run else None
    if as_json:
        console.print_json(
            {
                "run": run,
                "articles": report.articles if report else 0,
                "captures": report.captures if report else 0,
                "outcomes": dict(report.outcomes) if report else {},
                "imported_by_run": rest.id if rest and rest.changed_versions else None,
            }
        )
    elif report is None:
        typer.echo("Nothing had to be prepared again: every capture was made by today's recipe.")
    else:
        words = ", ".join(f"{number} {word}" for word, number in sorted(report.outcomes.items()))
        typer.echo(
            f"Run {run}: {report.captures} captures of {report.articles} articles were prepared again: {words}."
        )
        typer.echo(f"`newsfold changes {run}` shows what that changed.")
    if rest is not None and not as_json:
        for outcome in rest.failures:
            complain(outcome.message or outcome.address)
        if rest.changed_versions:
            typer.echo(
                f"Run {rest.id}: {len(rest.changed_versions)} documents were not stored yet, and were imported."
            )


def _import_rest(folder: Path) -> "RunRecord":
    """Import those of a folder's documents that are not stored yet."""
    from pipeline.imports import import_seeds  # noqa: PLC0415

    return import_seeds(open_engine(), Settings.from_environment(), folder)


def _digests(folder: Path) -> tuple[bytes, ...]:
    import hashlib  # noqa: PLC0415

    from pipeline.errors import SetupError  # noqa: PLC0415

    try:
        return tuple(
            hashlib.sha256(file.read_bytes()).digest() for file in sorted(folder.iterdir()) if file.is_file()
        )
    except OSError as error:
        raise SetupError(f"The folder {folder} cannot be read: {error.strerror}.") from error


def _utc(day: datetime | None) -> datetime | None:
    return day.replace(tzinfo=UTC) if day else None
