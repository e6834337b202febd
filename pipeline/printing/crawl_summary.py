"""What a crawl did, for the person who started it: a table by source, the reasons, and what comes next."""

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipeline.printing.crawl_tables import moment, said_of
from pipeline.printing.tables import WIDE, count, plain_table

Row = Mapping[str, Any]

_COLUMNS = {
    "found": ("found",),
    "fetched": ("fetched",),
    "read": ("read",),
    "new": ("new",),
    "new version": ("new version", "updated"),
    "unchanged": ("unchanged",),
    "rejected": ("rejected",),
    "failed": ("failed", "refused"),
    "skipped": ("skipped",),
    "left": ("left",),
}
"""Each column, and the figures it sums."""

_ALWAYS = (
    "found",
    "fetched",
    "new",
    "failed",
    "left",
)  # the rest is left out where room is short, and it is 0
_NARROW = {"new version": "new\nversion", "unchanged": "un-\nchanged", "rejected": "re-\njected"}


def summary_page(summary: Row, width: int) -> RenderableType:
    """Lay out the summary that `pipeline.store.history.crawl_summary` gives, with `busy` and `fault` beside it."""
    parts: list[RenderableType] = [_table(summary, width), *_lines(summary, width)]
    return Group(*parts)


def _table(summary: Row, width: int) -> Table:
    table = plain_table(f"Run {summary['run']}, {summary['event']}: {summary['status']}")
    table.show_footer = len(summary["sources"]) > 1
    table.expand = False
    wide = width >= WIDE
    if not wide:
        table.padding = 0
    columns = [name for name in _COLUMNS if wide or name in _ALWAYS or _total(summary, name)]
    table.add_column("source", "total", style="cyan", no_wrap=True, overflow="ellipsis")
    for name in columns:
        heading = name if wide else _NARROW.get(name, name)
        table.add_column(heading, str(_total(summary, name)), justify="right", no_wrap=True)
    for row in summary["sources"]:
        table.add_row(Text(row["source"]), *(_cell(name, row) for name in columns))
    return table


def _lines(summary: Row, width: int) -> list[RenderableType]:
    room = width - 24
    lines: list[RenderableType] = [
        _hanging(
            Text.assemble(
                (f"{row['source']} failed: ", "red"),
                said_of({"address": "", "message": row["failure"]}, room),
            )
        )
        for row in summary["sources"]
        if row["failure"]
    ]
    for row in summary["reasons"]:
        if row["outcome"] in _COLUMNS["failed"]:
            example = said_of({"address": "", "message": row["example"]}, room)
            named = Text.assemble(
                (f"{row['outcome']}, {row['reason']}: {row['addresses']}. ", "yellow"), example
            )
            lines.append(_hanging(named))
    for outcome in ("rejected", "skipped"):
        reasons = [row for row in summary["reasons"] if row["outcome"] == outcome]
        if reasons:
            said = ", ".join(f"{row['addresses']} {row['reason']}" for row in reasons)
            lines.append(_hanging(Text(f"{outcome}: {said}.")))
    lines += [_hanging(Text(sentence)) for sentence in next_sentences(summary)]
    return lines


def next_sentences(summary: Row) -> list[str]:
    """Say what is left and why, what another crawl is at, when something is due again, and where to read more."""
    said = []
    left = [row for row in summary["reasons"] if row["outcome"] == "left"]
    if left:
        number = sum(row["addresses"] for row in left)
        said.append(
            f"{count(number, 'address', 'addresses')} {'is' if number == 1 else 'are'} left for the next run:"
        )
        said += [
            f"  {row['addresses']} {row['reason']}" + (f": {row['example']}" if row["example"] else ".")
            for row in left
        ]
    if summary["busy"]:
        names = ", ".join(summary["busy"])
        said.append(f"Another crawl is at {names}; nothing was done there.")
    fetched = sum(row["fetched"] for row in summary["sources"])
    if not fetched and not left and not summary["fault"]:
        said.append("Nothing was due. `--revisit` visits at once what is not due yet.")
    if summary["next_due_at"]:
        said.append(f"The next address is due at {moment(summary['next_due_at'])} UTC.")
    said.append(f"`newsfold runs {summary['run']}` shows what became of each address.")
    return said


def _figure(row: Row, column: str) -> int:
    return sum(row[one] for one in _COLUMNS[column])


def _total(summary: Row, column: str) -> int:
    return sum(_figure(row, column) for row in summary["sources"])


def _cell(column: str, row: Row) -> Text:
    number = _figure(row, column)
    return Text(str(number), style="dim" if not number else "red" if column == "failed" else "")


def _hanging(text: Text) -> RenderableType:
    return Padding(text, (0, 0, 0, 1))
