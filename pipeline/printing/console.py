"""What the commands print: pages for people, JSON for programs, sentences for trouble.

Captured text is never read as markup: it goes in as `Text`, so a headline with brackets shows its brackets. Nor does it
command the terminal: control characters in it are left out, whatever prints it.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from pipeline.printing import tables

Row = Mapping[str, Any]

_PIPE_WIDTH = 140


# Those of ASCII and of Latin-1; a tab and the end of a line are what they are meant to be. Rich itself leaves out five.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class _Plain(Console):
    """A console whose texts hold no command to the terminal."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Render as Rich does, without control characters in what is text; they take no room in a line."""
        for segment in super().render(renderable, options):
            if segment.control or not _CONTROLS.search(segment.text):
                yield segment
            else:
                yield Segment(_CONTROLS.sub("", segment.text), segment.style)


class _Console(_Plain):
    """A console that leaves a closed pipe to the command: a reader such as `head` may have seen enough."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def print_table(
    layout: Callable[[Any, int], RenderableType], rows: object, *, nothing: str = tables.NOTHING
) -> None:
    """Print rows as the table that one of `pipeline.printing.tables` makes of them, fitted to the terminal.

    Where there are none, a sentence says why and what to do: `nothing`.
    """
    out = console()
    out.print(layout(rows, out.width) if rows else Text(nothing))


def console() -> Console:
    """Return the console for results; where the output is no terminal, lines are given room."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _PIPE_WIDTH
    return _Console(width=width, highlight=False, soft_wrap=False)


def error_console() -> Console:
    """Return the console for errors and remarks, on standard error."""
    return _Plain(stderr=True, highlight=False, soft_wrap=True)


def print_json(value: object) -> None:
    """Print a value as JSON, in UTF-8, on standard output."""
    try:
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # Without its number: typer would make exit code 1 of it before the command can see it.
        raise BrokenPipeError from None


def document_page(row: Row, *, residue: bool = False) -> RenderableType:
    """Lay out one document: its facts with where each came from, its text, and what was removed.

    With `residue` the removed lines stand faded in their places in the text, once for each article that had it.
    """
    parts: list[RenderableType] = [_title_of(row), _facts(row)]
    parts.extend(_article_facts(article) for article in row["articles"])
    if residue:
        for article in row["articles"]:
            parts.append(Text(f"Text of {article['address']}, removed lines faded", style="bold"))
            parts.append(_text_with_residue(article, row["text"]))
    else:
        parts.append(Text("Clean text", style="bold"))
        parts.append(Padding(Text(row["text"].replace("\n", "\n\n")), (0, 0, 0, 2)))
        parts.extend(_removed_table(article) for article in row["articles"])
    return Group(*(Padding(part, (0, 0, 1, 0)) for part in parts))


def _text_with_residue(article: Row, text: str) -> RenderableType:
    if not article["lines"]:
        said = "Where its lines stood was not stored yet; `newsfold reprocess` does it."
        return Group(Text(said, style="dim"), Padding(Text(text.replace("\n", "\n\n")), (0, 0, 0, 2)))
    table = Table.grid(padding=(0, 2, 1, 0))
    table.add_column(style="dim", justify="right")
    table.add_column(overflow="fold")
    table.add_column(style="yellow", no_wrap=True)
    for line in article["lines"]:
        shown = line["text"] if line["text"].strip() else ascii(line["text"])
        table.add_row(
            str(line["line"]), Text(shown, style="dim strike" if line["rule"] else ""), line["rule"] or ""
        )
    return table


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
    facts = ("standfirst", "section", "publisher")
    pairs.extend((name, _stated(article[name])) for name in facts if article[name])
    pairs.extend(("author", _author(author)) for author in article["authors"])
    date = article["published"]
    pairs.append(("published", _published(date) if date else "not stated"))
    if article["modified"]:
        pairs.append(
            ("modified", f"{tables.published(article['modified'])} ({article['modified']['origin']})")
        )
    for date in article["dates"]:
        time = f" {date['time']}" if date["time"] else ""
        zone = f" {date['zone']}" if date["zone"] else ", zone not known" if date["time"] else ""
        zone += ", a guess" if date["is_guess"] else ""
        pairs.append(
            (f"states ({date['kind']})", f"{date['day']}{time}{zone} ({date['origin']}: {date['raw']})")
        )
    pairs.extend(("credit", _credit(credit)) for credit in article["credits"])
    pairs.extend(("flag", f"{flag['name']} ({flag['origin']})") for flag in article["flags"])
    pairs.append(("languages", _languages(article["languages"])))
    picture = article["picture"]
    if picture:
        pairs.append(("picture", f"{picture['address']} ({picture['origin']})"))
        pairs.append(("caption", picture["caption"] or ""))
    return _pairs(*pairs)


def _stated(fact: Row) -> str:
    return f"{fact['value']} ({fact['origin']})"


def _credit(credit: Row) -> str:
    cited = ", only cited" if credit["kind"] == "cited" else ""
    evidence = f": {credit['evidence']}" if credit["evidence"] else ""
    return f"{credit['name']} ({credit['origin']}{cited}{evidence})"


def _author(author: Row) -> str:
    kind = ", an organization" if author["kind"] == "organization" else ""
    return f"{author['name']}{kind} ({author['origin']})"


def _published(date: Row) -> str:
    guess = ", a guess" if date["is_guess"] else ""
    why = f": {date['reason']}" if date["reason"] else ""
    return f"{tables.published(date)} ({date['origin']}{guess}{why})"


def _languages(languages: Row) -> str:
    declared, detected = languages["declared"], languages["detected"]
    said = [f"declared {_stated(declared)}"] if declared else []
    return ", ".join([*said, f"detected {detected}"] if detected else said)


def _removed_table(article: Row) -> RenderableType:
    removed = article["removed"]
    if not removed:
        return Text(f"No line was removed from {article['address']}", style="dim")
    table = tables.plain_table(f"{tables.count(len(removed), 'line')} removed from {article['address']}")
    table.add_column("line", justify="right")
    table.add_column("rule", style="yellow", no_wrap=True)
    table.add_column("where", no_wrap=True)
    table.add_column("sure", justify="right", no_wrap=True)
    table.add_column("text", ratio=1)
    for line in removed:
        shown = Text(line["text"]) if line["text"].strip() else Text(ascii(line["text"]), style="dim")
        table.add_row(str(line["line"]), line["rule"], line["position"], f"{line['confidence']:.1f}", shown)
    return table


def _pairs(*pairs: tuple[str, str]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs:
        if value:
            table.add_row(name, Text(value))
    return table


def _title_of(row: Row) -> Text:
    titles = [article["title"]["value"] for article in row["articles"] if article["title"]]
    return tables.headline(titles[0] if titles else None, row["opening"])


def print_import(outcomes: Sequence[Any], hits: Mapping[str, int], folder: Any) -> None:
    """Say what an import did: each input in trouble with its sentence, the counts, the rules that fired."""
    out = console()
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
        out.print(
            Text(f"Nothing changed: all {tables.count(total, 'document')} of {folder} were here already.")
        )
    else:
        said = ", ".join(f"{number} {outcome}" for outcome, number in counts.items())
        out.print(Text(f"Imported {folder}: {tables.count(total, 'file')}, {said}."))
    if hits:
        out.print(
            Text(
                "Lines removed: " + ", ".join(f"{rule} {number}" for rule, number in hits.items()),
                style="dim",
            )
        )
    out.print()


def status_page(status: Row) -> RenderableType:
    """Lay out the database's status."""
    return _pairs(
        *((name.replace("_", " "), str(value)) for name, value in status.items() if value is not None)
    )
