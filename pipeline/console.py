"""What the commands print: tables for people, JSON for programs, sentences for trouble.

Captured text is never read as markup: it goes in as `Text`, so a headline with brackets shows its brackets.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

Row = Mapping[str, Any]

_PIPE_WIDTH = 140


def console() -> Console:
    """Return the console for results; where the output is no terminal, lines are given room."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _PIPE_WIDTH
    return Console(width=width, highlight=False, soft_wrap=False)


def error_console() -> Console:
    """Return the console for errors and remarks, on standard error."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def print_json(value: object) -> None:
    """Print a value as JSON, in UTF-8, on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def documents_table(documents: Sequence[Row]) -> RenderableType:
    """Lay out documents: a line each, with the story that each belongs to by its lead's hash."""
    table = _table(f"{_count(len(documents), 'document')}")
    for heading, style in (("content hash", "cyan"), ("title", None), ("source", None), ("published", None)):
        table.add_column(heading, style=style, no_wrap=heading in {"content hash", "published"})
    table.columns[1].ratio = 1
    table.add_column("words", justify="right")
    table.add_column("removed", justify="right")
    table.add_column("story", style="cyan", no_wrap=True)
    for row in documents:
        articles = row["articles"]
        table.add_row(
            row["content_hash"],
            _headline(articles, row["opening"]),
            _sources(article["source"]["name"] for article in articles if article["source"]),
            _published([article["published"] for article in articles if article["published"]]),
            str(row["words"]),
            str(max((article["removed_lines"] for article in articles), default=0)),
            _places(row),
        )
    return table


def stories_table(stories: Sequence[Row]) -> RenderableType:
    """Lay out stories: the lead first, its copies below it, and why it leads."""
    table = _table(f"{_count(len(stories), 'story', 'stories')}")
    table.add_column("content hash", style="cyan", no_wrap=True)
    table.add_column("role", no_wrap=True)
    table.add_column("title", ratio=1)
    table.add_column("source")
    table.add_column("published", no_wrap=True)
    table.add_column("how it is the same", ratio=1)
    for story in stories:
        for member in story["documents"]:
            leads = member["role"] == "lead"
            why = story["lead_reason"] if leads else (member["relation_to_lead"] or "through another copy")
            table.add_row(
                Text(member["content_hash"], style="bold" if leads else ""),
                Text(member["role"] if leads else f"  {member['role']}"),
                _title(member["title"], member["opening"]),
                ", ".join(member["sources"]) or "–",
                _published([member["published"]] if member["published"] else []),
                Text(f"leads: {why}" if leads else f"{why} (the lead)" if "contain" in why else why),
            )
    return table


def relations_table(relations: Sequence[Row]) -> RenderableType:
    """Lay out relations with their evidence."""
    table = _table(f"{_count(len(relations), 'relation')}")
    table.add_column("shorter", style="cyan", no_wrap=True)
    table.add_column("relation", no_wrap=True)
    table.add_column("longer", style="cyan", no_wrap=True)
    for heading in ("in longer", "in shorter", "Jaccard", "longest run", "unquoted"):
        table.add_column(heading, justify="right")
    kinds = {"contains": "is contained in", "quotes": "quotes the same as", "near": "nearly is"}
    for row in relations:
        table.add_row(
            row["shorter"],
            kinds.get(row["kind"], "is identical to"),
            row["longer"],
            _percent(row["containment"]),
            _percent(row["containment_longer"]),
            f"{row['jaccard']:.3f}",
            f"{row['longest_run']} words",
            _percent(row["unquoted"]),
        )
    return table


def document_page(row: Row) -> RenderableType:
    """Lay out one document: its facts with where each came from, its text, and what was removed."""
    parts: list[RenderableType] = [Text(_plain_title(row), style="bold"), _facts(row)]
    parts.extend(_article_facts(article) for article in row["articles"])
    parts.append(Text("Clean text", style="bold"))
    parts.append(Padding(Text(row["text"].replace("\n", "\n\n")), (0, 0, 0, 2)))
    parts.extend(_removed_table(article) for article in row["articles"])
    return Group(*(Padding(part, (0, 0, 1, 0)) for part in parts))


def runs_table(runs: Sequence[Row]) -> RenderableType:
    """Lay out runs with the counts of their outcomes."""
    table = _table(_count(len(runs), "run"))
    for heading in ("run", "kind", "status", "started", "outcomes"):
        table.add_column(heading, no_wrap=heading != "outcomes")
    for run in runs:
        counts = (
            ", ".join(f"{count} {outcome}" for outcome, count in run["outcomes"].items()) or "nothing yet"
        )
        started = run["started_at"][:19].replace("T", " ")
        table.add_row(str(run["run"]), run["kind"], run["status"], started, counts)
    return table


def ledger_table(run: Row) -> RenderableType:
    """Lay out one run's ledger: an address a line, with what became of it and why."""
    table = _table(
        f"Run {run['run']}: {run['kind']}, {run['status']}, {_count(len(run['ledger']), 'address', 'addresses')}"
    )
    table.add_column("address", overflow="fold", ratio=1)
    table.add_column("outcome", no_wrap=True)
    table.add_column("reason", no_wrap=True)
    table.add_column("what happened", ratio=1)
    for entry in run["ledger"]:
        table.add_row(
            Text(entry["address"]), entry["outcome"], entry["reason"] or "", Text(entry["message"] or "")
        )
    return table


def _table(title: str) -> Table:
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        expand=True,
    )


def _facts(row: Row) -> Table:
    places = "; ".join(
        f"{'leads its story' if place['role'] == 'lead' else place['role'] + ' in the story of ' + place['lead']}"
        for place in row["stories"]
    )
    language = row["language"]
    return _pairs(
        ("content hash", f"{row['content_hash']} ({row['hash_origin']})"),
        ("also known as", ", ".join(row["also_known_as"])),
        ("SHA-256", row["sha256"]),
        ("words", str(row["words"])),
        ("language", f"{language['value']} ({language['origin']})" if language else "not known"),
        ("story", places or "not looked for yet"),
    )


def _article_facts(article: Row) -> Table:
    pairs = [("address", article["address"])]
    if article["source"]:
        pairs.append(("source", article["source"]["name"]))
    title = article["title"]
    pairs.append(("title", f"{title['value']} ({title['origin']})" if title else "none stated"))
    published = article["published"]
    pairs.append(
        ("published", f"{_published([published])} ({published['origin']})" if published else "not stated")
    )
    for date in article["dates"]:
        time = f" {date['time']}" if date["time"] else ""
        zone = f" {date['zone']}" if date["zone"] else ", zone not known" if date["time"] else ""
        pairs.append((f"{date['kind']} date", f"{date['day']}{time}{zone} ({date['origin']}: {date['raw']})"))
    pairs.extend(("credit", f"{credit['name']} ({credit['origin']})") for credit in article["credits"])
    return _pairs(*pairs)


def _removed_table(article: Row) -> RenderableType:
    removed = article["removed"]
    if not removed:
        return Text(f"No line was removed from {article['address']}", style="dim")
    table = _table(f"{_count(len(removed), 'line')} removed from {article['address']}")
    table.add_column("line", justify="right")
    table.add_column("rule", style="yellow", no_wrap=True)
    table.add_column("text", ratio=1)
    for line in removed:
        shown = Text(line["text"]) if line["text"].strip() else Text(ascii(line["text"]), style="dim")
        table.add_row(str(line["line"] + 1), line["rule"], shown)
    return table


def _pairs(*pairs: tuple[str, str]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs:
        if value:
            table.add_row(name, Text(value))
    return table


def _plain_title(row: Row) -> str:
    titles = [article["title"]["value"] for article in row["articles"] if article["title"]]
    return titles[0] if titles else f"(no title) {row['opening']} …"


def _headline(articles: Sequence[Row], opening: str) -> Text:
    titles = [article["title"]["value"] for article in articles if article["title"]]
    return _title(titles[0] if titles else None, opening)


def _title(title: str | None, opening: str) -> Text:
    """Show a title, or, plainly not a title, how the text begins."""
    if title:
        return Text(title)
    start = opening.split("\n", 1)[0][:60].rsplit(" ", 1)[0]
    return Text(f"no title; begins “{start} …”", style="dim italic")


def _sources(names: Any) -> str:
    return ", ".join(sorted(set(names))) or "–"


def _published(dates: Sequence[Row]) -> str:
    if not dates:
        return "not stated"
    first = min(dates, key=lambda date: (date["on"], date["at"] or "~"))
    if first["at"]:
        return f"{first['at'][:16].replace('T', ' ')} UTC"
    return str(first["on"])


def _places(row: Row) -> str:
    return ", ".join(place["lead"] for place in row["stories"]) or "–"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def print_import(out: Console, outcomes: Sequence[Any], hits: Mapping[str, int], folder: Any) -> None:
    """Say what an import did: each input in trouble with its sentence, the counts, the rules that fired."""
    for outcome in outcomes:
        if outcome.message:
            style = "red" if outcome.reason else "yellow"
            words = f"{outcome.outcome} ({outcome.reason})" if outcome.reason else "note"
            said = outcome.message if outcome.reason else f"{outcome.address}: {outcome.message}"
            out.print(Text.assemble((f"{words}: ", style), said), soft_wrap=True)
    counts: dict[str, int] = {}
    for outcome in outcomes:
        counts[outcome.outcome] = counts.get(outcome.outcome, 0) + 1
    total = len(outcomes)
    if counts == {"unchanged": total}:
        out.print(Text(f"Nothing changed: all {_count(total, 'document')} of {folder} were here already."))
    else:
        said = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
        out.print(Text(f"Imported {folder}: {said}."))
    if hits:
        out.print(
            Text(
                "Lines removed: " + ", ".join(f"{rule} {count}" for rule, count in hits.items()), style="dim"
            )
        )
    out.print()


def status_page(status: Row) -> RenderableType:
    """Lay out the database's status."""
    return _pairs(
        *((name.replace("_", " "), str(value)) for name, value in status.items() if value is not None)
    )
