"""The commands that ask the database: search, quotes, timeline, sql. None of them can change it."""

import csv
import os
import shutil
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.commands.base import AsJson, Sources, names_of
from pipeline.errors import NotFound, Refuse, SetupError
from pipeline.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

_DAY = ["%Y-%m-%d"]
_LISTED = 50


def search(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORDS",
            help='"shadow fleet" is a phrase, -cable excludes, sabot* is a beginning; or between two.',
        ),
    ],
    *,
    source: Sources = None,
    since: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="Published on this day or later.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="Published on this day or earlier.")
    ] = None,
    story: Annotated[
        str | None, typer.Option(help="Only in this story: its number, or a document of it.")
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(help="Only lead, identical, near, contained, contains or indirect; may be given again."),
    ] = None,
    language: Annotated[str | None, typer.Option(help="Only texts of this language: en, uk, ...")] = None,
    every: Annotated[bool, typer.Option("--all", help="List each text, also several of one story.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many to list.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Look for words in titles and texts; the best first, a row a story."""
    from pipeline.printing import console, query_tables  # noqa: PLC0415
    from pipeline.store import searching  # noqa: PLC0415

    for word in words:
        if word.startswith("--"):
            raise typer.BadParameter(f"No such option: {word}")
    kinds = names_of(kind)
    strange = sorted(set(kinds) - set(searching.KINDS))
    if strange:
        raise Refuse("kind", f"There is no kind {strange[0]!r}; there are {', '.join(searching.KINDS)}.")
    found = searching.search(
        _reading(),
        " ".join(words),
        sources=names_of(source),
        since=_day(since),
        until=_day(until),
        story=story,
        kinds=kinds,
        language=language,
        every=every,
        limit=limit,
    )
    if as_json:
        console.print_json(found)
    elif found["hits"]:
        console.print_table(query_tables.search_page, found)
    else:
        typer.echo(found["note"])


def quotes(
    content_hash: Annotated[
        str | None,
        typer.Argument(metavar="HASH", help="Only the sentences of this document, in its order."),
    ] = None,
    *,
    limit: Annotated[
        int | None, typer.Option(min=1, help="How many sentences; by default 50, and all of them as JSON.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the sentences that travel: who carried each first, who after, and in what words."""
    from pipeline.printing import console, query_tables  # noqa: PLC0415
    from pipeline.store.quotations import list_quotes  # noqa: PLC0415

    rows = list_quotes(_reading(), content_hash, limit=limit if limit or as_json else _LISTED)
    if as_json:
        console.print_json(rows)
    elif rows:
        console.print_table(query_tables.quotes_page, rows)
    else:
        typer.echo(
            "No other text has a sentence of this one."
            if content_hash
            else "No two texts share a sentence yet."
        )


def timeline(
    *,
    by: Annotated[str, typer.Option(help="A bar for each: none, source or story.")] = "none",
    step: Annotated[
        str, typer.Option(help="hour, day, or auto: hours where most articles state one.")
    ] = "auto",
    source: Sources = None,
    story: Annotated[
        str | None, typer.Option(help="Only this story: its number, or a document of it.")
    ] = None,
    svg: Annotated[Path | None, typer.Option(help="Write the plot to this file, as SVG.")] = None,
    png: Annotated[Path | None, typer.Option(help="Write the plot to this file, as PNG.")] = None,
    as_json: AsJson = False,
) -> None:
    """Plot the coverage over time: articles by hour or by day."""
    from pipeline.plots import timeline_png, timeline_svg  # noqa: PLC0415
    from pipeline.printing import console, query_tables  # noqa: PLC0415
    from pipeline.store.overtime import coverage_over_time  # noqa: PLC0415

    found = coverage_over_time(_reading(), by=by, step=step, sources=names_of(source), story=story)
    left_out = query_tables.left_out(found)
    if found["rows"]:
        title = f"Articles by {found['step']}{', UTC' if found['step'] == 'hour' else ''}"
        if svg is not None:
            _keep_plot(svg, timeline_svg(query_tables.named_groups(found), title=title).encode())
        if png is not None:
            _keep_plot(png, timeline_png(query_tables.named_groups(found), title=title))
    if as_json:
        console.print_json(found)
    elif not found["rows"]:
        typer.echo(f"No article that states a date. {left_out}")
    elif svg is not None or png is not None:
        typer.echo(f"Wrote {' and '.join(str(path) for path in (svg, png) if path is not None)}. {left_out}")
    else:
        console.print_table(query_tables.timeline_page, found)


def _keep_plot(path: Path, drawn: bytes) -> None:
    try:
        path.write_bytes(drawn)
    except OSError as error:
        raise SetupError(
            f"The plot cannot be written to {path}: {error.strerror}. Name another file."
        ) from error


def sql(
    *,
    command: Annotated[
        str | None, typer.Option("--command", "-c", help="Run one statement and leave; psql is not needed.")
    ] = None,
    csv_: Annotated[bool, typer.Option("--csv", help="Print its answer as CSV.")] = False,
    as_json: AsJson = False,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long one statement may take.")] = 60,
) -> None:
    """Ask in SQL, read-only: opens psql and says which views there are, or runs one statement (-c)."""
    from pipeline.store.asking import ask, describe_views  # noqa: PLC0415
    from pipeline.store.reading import open_reading  # noqa: PLC0415

    engine = open_reading(Settings.from_environment(), seconds=seconds, views_will_do=True)
    if command is None:
        _open_psql(engine.url, describe_views(engine), seconds)
        return
    from pipeline.printing import console, query_tables  # noqa: PLC0415

    if command.lstrip().startswith("\\"):
        raise Refuse(
            "statement", f"{command.split()[0]} is psql's own; `newsfold sql` without -c opens psql."
        )
    answer = ask(engine, command)
    if csv_:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(answer.columns)
        writer.writerows([_cell(value) for value in row] for row in answer.rows)
    elif as_json:
        rows = [dict(zip(answer.columns, map(_plain, row), strict=True)) for row in answer.rows]
        console.print_json(rows)
    elif answer.columns:
        out = console.console()
        out.print(query_tables.answer_table(answer.columns, answer.rows, out.width))
    else:
        typer.echo("Done; that statement gives no rows.")


def _open_psql(url: "URL", views: list[tuple[str, str]], seconds: float) -> None:
    from pipeline.store.server import embedded_binaries  # noqa: PLC0415

    program = shutil.which("psql")
    if program is None:
        try:
            own = embedded_binaries() / "psql"
        except SetupError:
            own = None
        program = str(own) if own is not None and own.exists() else None
    if program is None:
        raise NotFound(
            'psql is not installed here. Install it (apt install postgresql-client), or ask with newsfold sql -c "...".'
        )
    typer.echo("newsfold, read-only. The views:")
    typer.echo("")
    for name, meaning in views:
        typer.echo(f"  {name:<16} {meaning}")
    typer.echo("")
    typer.echo(
        "\\d+ coverage explains its columns; docs/querying.md has thirty questions with their SQL; \\q leaves."
    )
    sys.stdout.flush()
    options = (
        f"-c default_transaction_read_only=on -c statement_timeout={round(seconds * 1000)} -c timezone=UTC"
    )
    environment = {**os.environ, "PGOPTIONS": options, "PGAPPNAME": "newsfold-sql"}
    # With a password in it, if there is one: psql hides it from the list of processes.
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    os.execve(program, [program, "--quiet", address], environment)  # noqa: S606 - psql takes over this process


def _reading() -> "Engine":
    from pipeline.store.reading import open_reading  # noqa: PLC0415

    return open_reading(Settings.from_environment())


def _day(given: datetime | None) -> date | None:
    return given.date() if given is not None else None


def _cell(value: Any) -> Any:
    """Return a value as CSV can have it, and as exports have it."""
    from pipeline.export.sheet import as_text  # noqa: PLC0415

    plain = _plain(value)
    if isinstance(plain, bool):
        return str(plain).lower()
    return as_text(plain) if isinstance(plain, (list, dict)) else plain


def _plain(value: Any) -> Any:
    """Return a value as JSON can have it."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    return str(value)
