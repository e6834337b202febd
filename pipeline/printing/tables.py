"""The listings as tables that fit the terminal.

A wide terminal gets a column a fact; a narrow one gets the facts of a document stacked in one column, and
the first eight digits of a hash, which every command takes for the whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.store.brief import brief

Row = Mapping[str, Any]

WIDE = 120
_SHORT_HASH = 8
_KINDS = {
    "identical": "identical to",
    "near": "near copy of",
    "contains": "contained in",
    "quotes": "shares quotes",
}


def documents_table(documents: Sequence[Row], width: int) -> Table:
    """Lay out documents: a row each, with the story that each belongs to by its lead's hash."""
    wide = width >= WIDE
    table = plain_table(count(len(documents), "document"))
    table.add_column("content hash", style="cyan", no_wrap=True)
    table.add_column("title" if wide else "title, source, date", ratio=1)
    if wide:
        table.add_column("source", max_width=24)
        table.add_column("published", no_wrap=True)
    table.add_column("words", justify="right")
    table.add_column("lines\nremoved", justify="right")
    table.add_column("story", style="cyan", no_wrap=True)
    for row in documents:
        facts = brief(row)
        removed = max((article["removed_lines"] for article in row["articles"]), default=0)
        story = "\n".join(short(place["lead"], wide=wide) for place in row["stories"]) or "–"
        table.add_row(
            row["content_hash"], *_described(facts, wide=wide), str(row["words"]), str(removed), story
        )
    return table


def stories_table(stories: Sequence[Row], width: int) -> Table:
    """Lay out stories: the lead first, its copies below it, and why it leads."""
    wide = width >= WIDE
    table = plain_table(count(len(stories), "story", "stories"))
    table.add_column("content hash", style="cyan", no_wrap=True)
    table.add_column("role", no_wrap=True)
    table.add_column("title" if wide else "title, source, date", ratio=3)
    if wide:
        table.add_column("source", max_width=24)
        table.add_column("published", no_wrap=True)
    table.add_column("why", ratio=2)
    for story in stories:
        for member in story["documents"]:
            leads = member["role"] == "lead"
            why = (
                f"leads: {story['lead_reason']}"
                if leads
                else member["relation_to_lead"] or "by way of a copy"
            )
            table.add_row(
                Text(member["content_hash"], style="bold" if leads else ""),
                Text(member["role"] if leads else f"  {member['role']}"),
                *_described(member, wide=wide),
                Text(why),
                end_section=member is story["documents"][-1] and len(story["documents"]) > 1,
            )
    return table


def relations_table(relations: Sequence[Row], width: int) -> Table:
    """Lay out relations with their evidence; the shorter text stands first."""
    wide = width >= WIDE
    table = plain_table(count(len(relations), "relation"))
    table.add_column("shorter", style="cyan", no_wrap=True)
    table.add_column("relation", no_wrap=True)
    table.add_column("longer", style="cyan", no_wrap=True)
    for heading in ("in the\nlonger", "in the\nshorter", "Jaccard", "longest\nrun", "unquoted"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in relations:
        table.add_row(
            short(row["shorter"], wide=wide),
            _KINDS[row["kind"]],
            short(row["longer"], wide=wide),
            _percent(row["containment"]),
            _percent(row["containment_longer"]),
            f"{row['jaccard']:.3f}",
            f"{row['longest_run']} w",
            _percent(row["unquoted"]),
        )
    if relations:
        table.caption = (
            "in the longer, in the shorter: share of the one's 5-word shingles found in the other. longest run: "
            "words in the longest passage both have. unquoted: share of the shorter text outside quotation marks "
            "that lies in shared passages."
        )
    return table


NOTHING = "Nothing to list yet: `newsfold seeds` imports a folder of texts."


def plain_table(title: str) -> Table:
    """Return an empty table in the one style that all listings have."""
    return Table(
        title=title, title_justify="left", title_style="bold", caption_justify="left", box=box.SIMPLE_HEAD,
        pad_edge=False, collapse_padding=True, expand=True,
    )  # fmt: skip


def short(content_hash: str, *, wide: bool) -> str:
    """Return a hash, or on a narrow terminal as much of it as tells it apart."""
    return content_hash if wide else content_hash[:_SHORT_HASH]


def headline(title: str | None, opening: str) -> Text:
    """Show a title, or, plainly not a title, how the text begins."""
    if title:
        return Text(title)
    start = opening.split("\n", 1)[0][:60].rsplit(" ", 1)[0]
    return Text(f"no title; begins “{start} …”", style="dim italic")


def published(date: Row | None) -> str:
    """Show when something was published, as exactly as it is known."""
    if date is None:
        return "not stated"
    return f"{date['at'][:16].replace('T', ' ')} UTC" if date["at"] else str(date["on"])


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _described(facts: Row, *, wide: bool) -> Iterable[Text]:
    """Return the cells that tell a document's title, source and date: three, or one with all of them."""
    title = headline(facts["title"], facts["opening"])
    source, date = ", ".join(facts["sources"]) or "–", published(facts["published"])
    if wide:
        return title, Text(source), Text(date)
    return (Text.assemble(title, "\n", (f"{source}, {date}", "green")),)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
