"""The listings of rules and furniture as tables that fit the terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from pipeline.printing.tables import count, plain_table

Row = Mapping[str, Any]

_MOST_HOSTS = 3
_LONGEST_LINE = 90


def rules_table(rows: Sequence[Row], width: int) -> Table:
    """Lay out the rules: class and place, hits by host, the reason, and the last lines that each removed."""
    del width
    table = plain_table(count(len(rows), "rule"))
    table.add_column("rule", style="cyan", no_wrap=True)
    table.add_column("class\nwhere", no_wrap=True)
    table.add_column("hits", justify="right", no_wrap=True)
    table.add_column("reason, hosts, last lines removed", ratio=1)
    for row in rows:
        hosts = list(row["hosts"].items())
        said = ", ".join(f"{host or 'no host'} {hits}" for host, hits in hosts[:_MOST_HOSTS])
        more = f", {count(len(hosts) - _MOST_HOSTS, 'more host')}" if len(hosts) > _MOST_HOSTS else ""
        parts: list[tuple[str, str] | str] = [row["reason"]]
        if row["host"]:
            parts.append((f"\nonly on {row['host']}", "yellow"))
        if said:
            parts.append((f"\n{said}{more}", "green"))
        parts += [(f"\n– {_cut(line)}", "dim") for line in row["last"]]
        kind = "optional, off" if row["class"] == "optional" and not row["on"] else row["class"]
        table.add_row(row["rule"], f"{kind}\n{row['where']}", str(row["hits"]), Text.assemble(*parts))
    return table


def trial_table(rows: Sequence[Row], width: int) -> Table:
    """Lay out what trial rules change, document by document."""
    del width
    table = plain_table(count(len(rows), "document that would change", "documents that would change"))
    table.add_column("document", ratio=1)
    table.add_column("lines", ratio=2)
    for row in rows:
        parts: list[tuple[str, str]] = []
        for sign, lines, style in (("-", row["removed"], "red"), ("+", row["kept"], "green")):
            parts += [(f"{sign} {_cut(line['text'])}  [{line['rule']}]\n", style) for line in lines]
        if row["trouble"]:
            parts.append((row["trouble"], "yellow"))
        table.add_row(Text(f"{row['title'] or 'no title'}\n{row['address']}"), Text.assemble(*parts))
    if rows:
        table.caption = "-: would be removed. +: would not be removed any more."
    return table


def furniture_table(rows: Sequence[Row], width: int) -> Table:
    """Lay out learned furniture with its evidence."""
    del width
    table = plain_table(count(len(rows), "block"))
    table.add_column("id", justify="right", style="cyan", no_wrap=True)
    table.add_column("host", no_wrap=True)
    table.add_column("where", no_wrap=True)
    table.add_column("stories", justify="right", no_wrap=True)
    table.add_column("since", no_wrap=True)
    table.add_column("lines", ratio=1)
    for row in rows:
        forgotten = row["forgotten_at"] is not None
        lines = Text("\n".join(map(_cut, row["lines"])), style="strike dim" if forgotten else "")
        if row["path"]:
            lines.append(f"\n{row['path']}", style="dim")
        table.add_row(
            str(row["id"]),
            row["host"],
            "forgotten" if forgotten else row["region"],
            f"{row['stories']} of {row['of_stories']}",
            row["first_seen_at"][:10],
            lines,
        )
    return table


def passages_table(rows: Sequence[Row], width: int) -> Table:
    """Lay out standing passages with their evidence."""
    del width
    table = plain_table(count(len(rows), "passage that counts for nothing in matching",
                              "passages that count for nothing in matching"))  # fmt: skip
    table.add_column("id", justify="right", style="cyan", no_wrap=True)
    table.add_column("source", no_wrap=True)
    table.add_column("stories", justify="right", no_wrap=True)
    table.add_column("documents", justify="right", no_wrap=True)
    table.add_column("words", ratio=1)
    for row in rows:
        forgotten = row["forgotten_at"] is not None
        words = Text(row["words"], style="strike dim" if forgotten else "")
        if forgotten:
            words.append(f"\nforgotten {row['forgotten_at'][:10]}: it counts again")
        table.add_row(row["id"], row["source"]["key"], str(row["stories"]), str(row["documents"]), words)
    return table


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE - 2] + " …"
