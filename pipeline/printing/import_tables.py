"""The page that an import ends with: its records by what became of them."""

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from pipeline.printing.tables import count, plain_table

Row = Mapping[str, Any]


def import_page(summary: Row, width: int) -> RenderableType:
    """Lay out what an import did: a line for each outcome and reason, those that are in the ledger first."""
    del width  # its columns are narrow
    parts: list[RenderableType] = [
        Text(f"{name} was read to its end before, by run {run}; --again reads it once more.")
        for name, run in summary["done_before"].items()
    ]
    rows = summary["records"]
    if rows:
        table = plain_table(f"Run {summary['run']}: {count(sum(row['records'] for row in rows), 'record')}")
        table.add_column("became", no_wrap=True)
        table.add_column("reason", no_wrap=True)
        table.add_column("records", justify="right")
        table.add_column("for example", ratio=1, overflow="fold")
        for row in rows:
            style = "red" if row["outcome"] in ("failed", "refused") else ""
            table.add_row(
                Text(row["outcome"], style=style),
                row["reason"] or "",
                f"{row['records']:,}",
                Text(row["example"] or ""),
            )
        parts.append(table)
        parts.append(Text(f"`newsfold runs {summary['run']}` says what became of each.", style="dim"))
    elif not parts:
        parts.append(Text("There was nothing in it."))
    return Group(*parts)
