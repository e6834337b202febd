"""The command that writes files for other programs: export."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.base import AsJson, Sources, names_of
from pipeline.settings import Settings

_SECONDS = 3600.0
"""An export sorts whole tables; nobody waits for a page meanwhile."""


class Form(StrEnum):
    """What an export can be written as."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"
    BIBTEX = "bibtex"
    CSL_JSON = "csl-json"


def _folder(words: str) -> Path:
    if not words.strip():  # as a path it would be the folder that one stands in
        raise typer.BadParameter("It names no folder; for the one that you are in it is a dot.")
    return Path(words)


def export(
    *,
    form: Annotated[Form, typer.Option("--format", help="What to write.")],
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="DIR", parser=_folder, help="The folder to fill; nothing in it is written over."
        ),
    ],
    query: Annotated[
        str | None, typer.Option(help="Only articles that this finds, as `newsfold search` does.")
    ] = None,
    source: Sources = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only what was published on this day or later."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only what was published on this day or earlier."),
    ] = None,
    tables: Annotated[
        list[str] | None,
        typer.Option(
            "--tables",
            help="The tables to write: coverage, stories, copies and removed_lines unless told otherwise; also texts, "
            "relations, credits, authors, revisions, quotes, quote_carriers, sources_overlap, timeline; or all.",
        ),
    ] = None,
    part_rows: Annotated[
        int, typer.Option(min=1, metavar="N", help="Rows in a file at most; more go into further files.")
    ] = 1_000_000,
    as_json: AsJson = False,
) -> None:
    """Write tables as Parquet, CSV or JSON lines, or a bibliography, with schemas and where it is all from.

    An export that was interrupted goes on when the same command is given again.
    """
    from pipeline.export.job import BIBLIOGRAPHIES, USUAL, Request  # noqa: PLC0415
    from pipeline.export.job import export as write  # noqa: PLC0415
    from pipeline.printing import console  # noqa: PLC0415
    from pipeline.printing.tables import count  # noqa: PLC0415
    from pipeline.store.exporting import TABLES, Choice  # noqa: PLC0415
    from pipeline.store.reading import open_reading  # noqa: PLC0415

    if tables and form.value in BIBLIOGRAPHIES:
        raise typer.BadParameter(f"--tables says nothing to {form.value}: a bibliography has the articles.")
    names = names_of(tables) or USUAL
    choice = Choice(query, names_of(source), _day(since), _day(until))
    if "all" in names:
        names = tuple(name for name, table in TABLES.items() if table.which is not None or choice.is_all)
    request = Request(form.value, names, choice, part_rows)
    engine = open_reading(Settings.from_environment(), seconds=_SECONDS)
    with _Bar() as bar:
        done = write(engine, out, request, bar.tell)
    if as_json:
        console.print_json({"out": str(out), "rows": done.rows, "files": done.files, "left_out_undated": done.undated,
                            "notes": done.notes, "resumed": done.resumed})  # fmt: skip
        return
    told = console.console()
    rows = ", ".join(f"{name} {count(number, 'row')}" for name, number in done.rows.items())
    told.print(f"{'Finished' if done.resumed else 'Exported'} {out}: {rows}.", markup=False)
    if done.undated:
        articles = count(done.undated, "article states", "articles state")
        told.print(
            f"{articles} no day of publication, and so are on neither side of --since and --until: left out."
        )
    for note in done.notes:
        told.print(note, markup=False)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


class _Bar:
    """How far it is, on standard error, where that is a terminal."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

        from pipeline.printing.console import error_console  # noqa: PLC0415

        shown = error_console()
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            console=shown, transient=True, disable=not shown.is_terminal,
        )  # fmt: skip
        self._tasks: dict[str, object] = {}

    def __enter__(self) -> "_Bar":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def tell(self, table: str, done: int, total: int) -> None:
        """Show a table's rows that are written, of those there are."""
        if table not in self._tasks:
            self._tasks[table] = self._progress.add_task(table, total=total)
        self._progress.update(self._tasks[table], completed=done)  # type: ignore[arg-type]
