"""The commands that show what crawls did: sources, rejected, runs."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.base import (
    EXIT_INPUT,
    AsJson,
    ShownEvent,
    Sources,
    complain,
    event_shown,
    names_of,
    open_engine,
)
from pipeline.errors import SetupError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from pipeline.events import EventSource

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Outcome(StrEnum):
    """The words of a ledger."""

    NEW = "new"
    NEW_VERSION = "new version"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    FAILED = "failed"
    REFUSED = "refused"
    SKIPPED = "skipped"
    READ = "read"
    LEFT = "left"


def sources(
    *,
    event: ShownEvent = None,
    stale: Annotated[
        str | None,
        typer.Option(
            metavar="AGE", help="Exit with 2 if a source has not been crawled well for so long: 36h, 2d."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List an event's sources: last crawl and success, what is due, what became of the addresses, what is wrong.

    With --stale only the stale ones are listed, each with a sentence: those whose last success is longer ago than
    that, where something failed or was due since, and those that were never crawled well.
    """
    from pipeline.printing import console, crawl_tables  # noqa: PLC0415
    from pipeline.store.sourcebook import Told, list_sources, stale_since  # noqa: PLC0415

    age = _age(stale) if stale is not None else None
    engine = open_engine()
    key, known = _event_sources(engine, event)
    told = [Told(name, item.source.name, _ways(item)) for name, item in known.items()]
    rows = list_sources(engine, key, told)
    if age is None:
        console.print_json(rows) if as_json else console.print_table(crawl_tables.sources_table, rows)
        return
    judged = [{**row, "stale": said} for row in rows if (said := stale_since(row, age))]
    if as_json:
        console.print_json(judged)
    for row in judged if not as_json else ():
        complain(row["stale"])
    if judged:
        raise typer.Exit(EXIT_INPUT)


def rejected(
    *,
    event: ShownEvent = None,
    source: Sources = None,
    reason: Annotated[
        list[str] | None, typer.Option(help="Only what was turned down for this reason; may be given again.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many of the latest to list.")] = 50,
    skipped: Annotated[
        bool, typer.Option("--skipped", help="Also what was not visited, failed, or is not there any more.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the addresses that were not wanted, the latest first, each with its reason and how far it is on the topic."""
    from pipeline.printing import console, crawl_tables  # noqa: PLC0415
    from pipeline.store.sourcebook import list_rejected  # noqa: PLC0415

    engine = open_engine()
    key, known = _event_sources(engine, event)
    names = names_of(source)
    for name in names:
        if name not in known:
            raise SetupError(f"The event {key} has no source {name!r}; it has {', '.join(sorted(known))}.")
    states = ("rejected", "skipped", "failed", "gone") if skipped else ("rejected",)
    found = list_rejected(engine, key, sources=names, reasons=reason or (), states=states, limit=limit)
    if as_json:
        console.print_json(found)
    elif found["addresses"]:
        console.print_table(crawl_tables.rejected_table, found)
    else:
        console.console().print("Nothing of that kind was turned down.")


def runs(
    run_id: Annotated[int | None, typer.Argument(metavar="RUN", help="Show this run's whole ledger.")] = None,
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many of the newest runs to list.")] = 20,
    outcome: Annotated[
        list[Outcome] | None, typer.Option(help="Of a run's ledger only this outcome; may be given again.")
    ] = None,
    reason: Annotated[
        list[str] | None, typer.Option(help="Of a run's ledger only this reason; may be given again.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the runs, or one run's ledger: what became of each address, and why."""
    from pipeline.printing import console, crawl_tables  # noqa: PLC0415
    from pipeline.store import history  # noqa: PLC0415

    if run_id is None and (outcome or reason):
        raise typer.BadParameter("--outcome and --reason choose of one run's ledger; say which run.")
    engine = open_engine()
    if run_id is None:
        rows = history.list_runs(engine, limit=limit)
        console.print_json(rows) if as_json else console.print_table(crawl_tables.runs_table, rows)
    else:
        words = [one.value for one in outcome or ()]
        row = history.show_run(engine, run_id, outcomes=words, reasons=reason or ())
        console.print_json(row) if as_json else console.print_table(crawl_tables.ledger_table, row)


def _event_sources(engine: "Engine", path: Path | None) -> "tuple[str, Mapping[str, EventSource]]":
    """Return an event's key, and its sources with those that its known addresses imply."""
    from pipeline.crawl.targets import all_sources  # noqa: PLC0415

    event = event_shown(engine, path)
    return event.key, all_sources(event)


def _ways(item: "EventSource") -> str:
    return ", ".join(dict.fromkeys(discovery.way for discovery in item.ways))


def _age(stated: str) -> timedelta:
    """Read a time such as 90m, 36h or 2d."""
    number, unit = stated[:-1], stated[-1:]
    if unit not in _UNITS or not (number.isascii() and number.isdigit()) or not 0 < int(number) < 100_000:
        raise typer.BadParameter(f"{stated!r} is no time; write it like 90m, 36h or 2d.")
    return timedelta(**{_UNITS[unit]: int(number)})
