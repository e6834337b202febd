"""Runs, their ledgers, sources and what was turned down, as tables that fit the terminal.

Addresses are cut in the middle where they are long: how they begin tells the site, how they end the page.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from pipeline.printing.tables import WIDE, count, plain_table

Row = Mapping[str, Any]

_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_HOST = re.compile(r"(https?://[^/]*/?)?")
_SHORTEST = 24


def runs_table(runs: Sequence[Row], width: int) -> Table:  # noqa: ARG001 - all tables are called alike
    """Lay out runs with the counts of their outcomes."""
    table = plain_table(count(len(runs), "run"))
    for heading in ("run", "kind", "status", "started (UTC)"):
        table.add_column(heading, no_wrap=True)
    table.add_column("outcomes", ratio=1)
    for run in runs:
        table.add_row(
            str(run["run"]),
            run["kind"],
            run["status"],
            moment(run["started_at"], seconds=True),
            _outcomes(run),
        )
    return table


def ledger_table(run: Row, width: int) -> Table:
    """Lay out one run's ledger: an address a line, with what became of it and why."""
    ledger = run["ledger"]
    shown, every = len(ledger), sum(run["outcomes"].values())
    addresses = count(every, "address", "addresses") if shown == every else f"{shown} of {every} addresses"
    table = plain_table(f"Run {run['run']}: {run['kind']}, {run['status']}, {addresses}")
    table.caption = _outcomes(run)
    if run.get("passed_over"):
        passed = ", ".join(f"{reason} {number:,}" for reason, number in run["passed_over"].items())
        table.caption = Text(f"{table.caption}\npassed over without a line here: {passed}")
    wide = width >= WIDE
    table.add_column("outcome", no_wrap=True)
    if wide:
        table.add_column("reason", no_wrap=True)
        table.add_column("address", ratio=1, overflow="fold")
        table.add_column("what happened", ratio=1, overflow="fold")
    else:
        table.add_column("address, and what happened to it", ratio=1, overflow="fold")
    words = max([len("outcome"), *(len(entry["outcome"]) for entry in ledger)])
    why = max([len("reason"), *(len(entry["reason"] or "") for entry in ledger)])
    # Room for an address on one line: half of what the narrow columns leave, or all of it.
    room = (width - words - why - 12) // 2 if wide else width - max(words, why) - 5
    for entry in ledger:
        address, message = Text(shortened(entry["address"], room)), Text(said_of(entry, room))
        if wide:
            table.add_row(entry["outcome"], entry["reason"] or "", address, message)
        else:
            message.stylize("dim")
            parts = [address, Text("\n"), message] if message else [address]
            table.add_row(_stacked(entry["outcome"], entry["reason"]), Text.assemble(*parts))
    return table


def sources_table(sources: Sequence[Row], width: int) -> Table:
    """Lay out an event's sources: when each was crawled, what is due, what came of its addresses, what is wrong."""
    wide = width >= WIDE
    table = plain_table(count(len(sources), "source"))
    table.add_column("source", ratio=2, overflow="fold")
    table.add_column("last crawl\nlast success (UTC)", no_wrap=True)
    table.add_column("next due\n(UTC)", no_wrap=True)
    table.add_column("addresses", ratio=3 if wide else 2)
    for row in sources:
        told = Text.assemble((row["source"], "cyan"), "\n", row["name"], "\n", (row["ways"], "dim"))
        states = ", ".join(f"{number} {state}" for state, number in row["addresses"].items()) or "none yet"
        known = Text(states)
        for block in row["blocked"]:
            known.append(
                f"\n{block['host']} is left alone until {moment(block['until'])}: {block['reason']}", "yellow"
            )
        if row["failure"]:
            known.append(f"\n{_shortened_within(row['failure'], 60)}", "red")
        visits = f"{moment(row['last_crawl_at'])}\n{moment(row['last_success_at'])}"
        table.add_row(told, visits, moment(row["next_due_at"]), known)
    return table


def rejected_table(rejected: Row, width: int) -> Table:
    """Lay out what was turned down: when, why, and the counts by reason."""
    addresses, every = rejected["addresses"], sum(row["addresses"] for row in rejected["reasons"])
    said = count(every, "address", "addresses")
    table = plain_table(said if len(addresses) == every else f"The latest {len(addresses)} of {said}")
    table.add_column("seen (UTC)\nsource", no_wrap=True, overflow="ellipsis", max_width=20)
    table.add_column("reason\nscore", no_wrap=True)
    table.add_column("address, and why", ratio=1, overflow="fold")
    room = width - 44
    for row in addresses:
        score = f"\n{row['score']:.2f}" if row["score"] is not None else ""
        why = Text.assemble(shortened(row["address"], room), "\n", (said_of(row, room), "dim"))
        table.add_row(Text(f"{moment(row['at'])}\n{row['source']}"), f"{row['reason']}{score}", why)
    table.caption = ", ".join(
        f"{row['addresses']} {row['state']}: {row['reason']}" for row in rejected["reasons"]
    )
    return table


def shortened(address: str, room: int) -> str:
    """Return an address in at most `room` characters (24 at the least), cut in the middle where it is longer."""
    room = max(room, _SHORTEST)
    if len(address) <= room:
        return address
    # The host stays where there is room for it; of the rest, the end tells pages of one site apart.
    host = _HOST.match(address)
    begin = min(max((room - 1) * 2 // 5, host.end() if host else 0), (room - 1) * 2 // 3)
    return f"{address[:begin]}…{address[begin + 1 - room :]}"


def said_of(entry: Row, room: int) -> str:
    """Return an entry's sentence with the addresses in it cut, and the entry's own called `It`."""
    message: str = entry["message"] or ""
    own: str = entry["address"]
    message = message.removeprefix(f"{own}: ")
    if message.startswith(f"{own} "):
        message = "It" + message.removeprefix(own)
    return _shortened_within(message, room)


def moment(stated: str | None, *, seconds: bool = False) -> str:
    """Show an ISO 8601 time (in UTC) to the minute, or to the second."""
    return stated[: 19 if seconds else 16].replace("T", " ") if stated else "–"


def _shortened_within(sentence: str, room: int) -> str:
    return _ADDRESS.sub(lambda match: shortened(match.group(), room), sentence)


def _outcomes(run: Row) -> str:
    return ", ".join(f"{number} {outcome}" for outcome, number in run["outcomes"].items()) or "none"


def _stacked(outcome: str, reason: str | None) -> Text:
    return Text.assemble(outcome, ("\n" + reason, "dim")) if reason else Text(outcome)
