"""Searches, sentences that travel and coverage over time, laid out for the terminal."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import NoneType
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipeline.plots import COLOURS, timeline_lines
from pipeline.printing.tables import WIDE, count, plain_table, published, short
from pipeline.web.travels import first_of

Row = Mapping[str, Any]

_GAP = 3  # characters between two columns
_BESIDE = 46  # characters that stand beside a bar


def search_page(found: Row, width: int) -> RenderableType:
    """Lay out what a search found: title, outlet, date and place in its story, and a snippet with the words marked."""
    wide = width >= WIDE
    parts: list[RenderableType] = []
    for hit in found["hits"]:
        head = _marked(hit["marked_title"], "bold") if hit["title"] else Text("no title", style="dim italic")
        head = Text.assemble((short(hit["content_hash"], wide=wide), "cyan"), "  ", head)
        facts = [hit["outlet"] or "–", published(hit["published"]), f"{hit['words']} words"]
        if hit["story"] is not None:
            more = (
                f", {count(hit['others_of_story'], 'other text')} of it found"
                if hit["others_of_story"]
                else ""
            )
            facts.append(f"story {hit['story']} ({hit['kind']}{more})")
        snippet = _marked(hit["snippet"], "")
        parts.append(
            Group(head, Text(", ".join(facts), style="green"), Padding(snippet, (0, 0, 1, 2)))
        )  # fmt: skip
    said = f"{len(found['hits'])} of {found['found']} found"
    if found["more"]:
        said += "; many more documents have these words, and only the newest were ranked"
    return Group(*parts, Text(said + ".", style="dim"))


def _marked(segments: Sequence[Row], style: str) -> Text:
    shown = Text(style=style)
    for segment in segments:
        words = " ".join(segment["text"].split("\n"))
        shown.append(words, style="bold yellow" if segment["hit"] else "")
    return shown


def quotes_page(quotes: Sequence[Row], width: int) -> RenderableType:
    """Lay out sentences that travel: each with those who carry it, the first one first, in their words."""
    wide = width >= WIDE
    parts: list[RenderableType] = []
    for quote in quotes:
        table = Table.grid(padding=(0, 2))
        table.add_column(style="cyan", no_wrap=True)
        table.add_column(style="green", max_width=28)
        table.add_column(no_wrap=True)
        table.add_column(justify="right", no_wrap=True)
        table.add_column(ratio=1, style="dim")
        for carrier in quote["carriers"]:
            words = " ".join(carrier["carried"].split())
            same = words == " ".join(quote["quote"].split())
            table.add_row(
                short(carrier["content_hash"], wide=wide), Text(carrier["outlet"] or "–"), published(carrier["published"]),
                f"{100 * carrier['share']:.0f} %", Text("word for word" if same else words),
            )  # fmt: skip
        head = Text.assemble((f"q{quote['id']}  ", "dim"), (" ".join(quote["quote"].split()), "bold"))
        under: list[RenderableType] = [head, Padding(table, (0, 0, 0, 2))]
        if perhaps := first_of(quote["carriers"])["perhaps"]:
            under.append(Text(f"  May have been earlier that day: {', '.join(perhaps)}.", style="yellow"))
        parts.append(Padding(Group(*under), (0, 0, 1, 0)))
    texts = count(len(quotes), "sentence")
    return Group(
        *parts, Text(f"{texts} that more than one text has. %: the share of its words.", style="dim")
    )


def timeline_page(found: Row, width: int) -> RenderableType:
    """Lay out coverage over time as bars."""
    table = Table.grid(padding=(0, 1))
    table.add_column(style="dim", no_wrap=True)
    grouped = found["by"] != "none"
    if grouped:
        table.add_column(style="green", no_wrap=True, max_width=22)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    last = None
    for when, group, articles, bar in timeline_lines(named_groups(found), max(10, width - _BESIDE)):
        cells = [when if when != last else ""]
        if grouped:
            cells.append(group or "–")
        table.add_row(*(Text(cell) for cell in cells), str(articles), Text(bar, style=COLOURS[0]))
        last = when
    return Group(table, Text(left_out(found), style="dim"))


def named_groups(found: Row) -> list[Row]:
    """Return the rows of coverage over time with groups that can stand alone: `story 5`, and – for what is not known."""
    if found["by"] == "none":
        return list(found["rows"])
    story = "story " if found["by"] == "story" else ""
    return [
        {**row, "group": "–" if row["group"] is None else f"{story}{row['group']}"} for row in found["rows"]
    ]


def left_out(found: Row) -> str:
    """Say which articles are not in the bars, and what an hour is."""
    said = ["Hours are UTC." if found["step"] == "hour" else "Days are those at the place of publication."]
    if found["day_only"]:
        said.append(f"{count(found['day_only'], 'article')} with a day and no hour: see --step day.")
    if found["undated"]:
        said.append(f"{count(found['undated'], 'article')} without a date.")
    return " ".join(said)


def answer_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], width: int) -> RenderableType:
    """Lay out the answer to somebody's own question; where its columns have no room beside each other, one under the other."""
    title = count(len(rows), "row")
    if sum(len(column) + _GAP for column in columns) > width:
        return _upright(columns, rows, title)
    table = plain_table(title)
    table.expand = False
    for place, column in enumerate(columns):
        numbers = all(isinstance(row[place], (int, float, Decimal, NoneType)) for row in rows)
        table.add_column(Text(column), overflow="fold", justify="right" if rows and numbers else "left")
    for row in rows:
        table.add_row(*map(_value, row))
    return table


def _upright(columns: Sequence[str], rows: Sequence[Sequence[Any]], title: str) -> RenderableType:
    parts: list[RenderableType] = [Text(title, style="bold"), Text()]
    for row in rows:
        table = Table.grid(padding=(0, 2))
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        for column, value in zip(columns, row, strict=True):
            table.add_row(Text(column), _value(value))
        parts += [table, Text()]
    return Group(*parts)


def _value(value: Any) -> Text:
    return Text("–", style="dim") if value is None else Text(str(value))
