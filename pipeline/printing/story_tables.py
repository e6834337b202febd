"""Stories, differences and rulings, laid out to fit the terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipeline.printing.tables import WIDE, count, headline, plain_table, published, short

Row = Mapping[str, Any]

_SIDE_BY_SIDE = 100
_MOST_NAMES = 4
_KINDS = {
    "identical": "the same text",
    "near": "near copy",
    "contained": "contained in the lead",
    "contains": "contains the lead",
    "indirect": "by way of a copy",
    "digest": "digest",
}


def reach_table(stories: Sequence[Row], width: int) -> Table:
    """Lay out stories by reach: lead, outlets, copies by kind, first and last seen, the time between."""
    wide = width >= WIDE
    table = plain_table(count(len(stories), "story", "stories"))
    table.add_column("story", justify="right", no_wrap=True)
    table.add_column("lead", style="cyan", no_wrap=True)
    table.add_column("title, outlet" if wide else "title, outlet, seen", ratio=1)
    table.add_column("outlets", justify="right", no_wrap=True)
    table.add_column("copies", no_wrap=True)
    if wide:
        table.add_column("first seen, last seen", no_wrap=True)
        table.add_column("between", justify="right", no_wrap=True)
    for row in stories:
        lead, first, last = row["lead"], _when(row, "first_seen"), _when(row, "last_seen")
        described = Text.assemble(
            headline(lead["title"], lead["opening"]), "\n", (lead["outlet"] or "–", "green")
        )
        cells = [Text(f"{first}\n{last}"), Text(_between(row))] if wide else []
        if not wide:
            described.append(f"\n{first}, {_between(row)} to the last", style="dim")
        table.add_row(
            str(row["id"]),
            short(lead["content_hash"], wide=wide),
            described,
            str(row["outlets"]),
            Text(_copies(row, stacked=True)),
            *cells,
        )
    return table


def story_page(story: Row, width: int) -> RenderableType:
    """Lay out one story: its lead and why it leads, and each copy with what it took, added and cut."""
    lead = story["lead"]
    parts: list[RenderableType] = [
        Text.assemble(
            ("Story ", "bold"), (str(story["id"]), "bold"), ", led by ", (lead["content_hash"], "cyan")
        ),
        Text.assemble(
            headline(lead["title"], lead["opening"]),
            ("\n" + ", ".join([lead["outlet"] or "no outlet", published(lead["published"])]), "green"),
        ),
        Padding(Text("\n".join(story["why"])), (1, 0)),
        Text(
            f"{count(story['outlets'], 'outlet')}, {_copies(story)}; first seen {_when(story, 'first_seen')}, "
            f"last {_when(story, 'last_seen')}, {_between(story)} between"
        ),
    ]
    if story["copies_in_full"]:
        parts.append(_copies_table(story["copies_in_full"], width))
    if story["more"]:
        parts.append(Text(f"… and {count(story['more'], 'more copy', 'more copies')}; --limit shows more."))
    for title, rows in (("digests", story["digests_in_full"]), ("revisions", story["revisions"])):
        if rows:
            lines = [
                f"  {row['content_hash']} {row['address']}"
                + (f", version {row['version']}" if "version" in row else "")
                for row in rows
            ]
            parts.append(Padding(Text("\n".join([title, *lines])), (1, 0, 0, 0)))
    parts.extend(Text(_ruled(ruling)) for ruling in story["rulings"])
    return Group(*parts)


def _copies_table(copies: Sequence[Row], width: int) -> Table:
    wide = width >= WIDE
    table = plain_table(count(len(copies), "copy", "copies"))
    table.add_column("copy", style="cyan", no_wrap=True)
    table.add_column("outlet, time, credit", ratio=2)
    table.add_column("taken", justify="right", no_wrap=True)
    table.add_column("what it added (+) and cut (-)", ratio=3)
    for row in copies:
        credits_ = ", ".join(dict.fromkeys(_credited(credit) for credit in row["credits"]))
        table.add_row(
            Text(f"{short(row['content_hash'], wide=wide)}\n{_KINDS[row['kind']] if wide else row['kind']}"),
            Text.assemble(
                (row["outlet"] or row["address"], "green"),
                f"\n{published(row['published'])}",
                (f"\n{credits_}", "yellow") if credits_ else "",
            ),
            f"{100 * row['taken']:.0f} %\nof {row['words']} w\n{100 * row['of_lead']:.0f} %\nof the lead",
            Text.assemble(*_changes("+", row["added"], "green"), *_changes("-", row["cut"], "red")),
            end_section=True,
        )
    table.caption = (
        "taken: share of the copy's words that stand in passages it shares with the lead (8 words or more), and the share "
        "of the lead's words that do."
    )
    return table


def _credited(credit: Row) -> str:
    return f"{'cites' if credit['kind'] == 'cited' else 'credits'} {credit['name']}"


def _changes(sign: str, change: Row, style: str) -> list[tuple[str, str]]:
    if not change["words"]:
        return []
    lines = [f"  {one['words']} w: {one['begins']} …\n" for one in change["passages"]]
    return [(f"{sign} {count(change['words'], 'word')}\n", f"bold {style}"), ("".join(lines), style)]


def difference_page(found: Row, width: int) -> RenderableType:
    """Lay out two texts: side by side where there is room, below each other where there is not.

    Colours say nothing that the marks do not: `[3: …]` is the third passage that both have, `[3~: …]` a moved one,
    and quotation within a passage stands as `[3": …]`; what stands without brackets is the one text's alone.
    """
    wide = width >= _SIDE_BY_SIDE
    parts: list[RenderableType] = [_compared(found["one"], "the other"), _compared(found["other"], "the one")]
    parts.append(
        Text("[3: …] shared passage   [3~: …] moved   [3\": …] quoted   … one text's own", style="dim")
    )
    table = Table.grid(padding=(0, 2, 1, 0), expand=True)
    if wide:
        table.add_column(ratio=1, overflow="fold")
        table.add_column(ratio=1, overflow="fold")
    else:
        table.add_column(no_wrap=True, width=1)
        table.add_column(ratio=1, overflow="fold")
    for one, other in found["rows"]:
        if wide:
            table.add_row(_line(one, "red"), _line(other, "green"))
            continue
        if one is not None:
            table.add_row("A", _line(one, "red"))
        if other is not None:
            table.add_row("B", _line(other, "green"))
    parts.append(table)
    return Group(*(Padding(part, (0, 0, 1, 0)) for part in parts))


def _compared(side: Row, whose: str) -> Text:
    name = {"the other": "A", "the one": "B"}[whose]
    return Text.assemble(
        (f"{name} ", "bold"),
        (side["content_hash"], "cyan"),
        " ",
        headline(side["title"], side["opening"]),
        (f"\n  {', '.join(side['sources']) or '–'}, {published(side['published'])}", "green"),
        f"\n  {side['words']} words, {100 * side['shared']:.0f} % of them in shared passages; "
        f"of its prose {100 * side['shared_prose']:.0f} %",
    )


def _line(line: Sequence[Row] | None, own: str) -> Text:
    shown = Text()
    for part in line or ():
        if part["passage"] is None:
            shown.append(part["text"], style=f"{own}{' italic' if part['quoted'] else ''}")
            continue
        body = part["text"].rstrip()
        mark = f"{part['passage']}{'~' if part['moved'] else ''}{chr(34) if part['quoted'] else ''}: "
        style = "yellow" if part["moved"] else ""
        shown.append(f"[{mark}", style="dim")
        shown.append(body, style=f"{style}{' italic cyan' if part['quoted'] else ''}".strip())
        shown.append("]", style="dim")
        shown.append(part["text"][len(body) :])
    return shown


def rulings_table(rulings: Sequence[Row], width: int) -> Table:
    """Lay out rulings: what was ruled of which documents, by whom and why, and whether it holds."""
    wide = width >= WIDE
    table = plain_table(count(len(rulings), "ruling"))
    table.add_column("number", justify="right", no_wrap=True)
    table.add_column("ruling", no_wrap=True)
    table.add_column("documents", style="cyan", no_wrap=True)
    table.add_column("by, when", no_wrap=True)
    table.add_column("because", ratio=1)
    table.add_column("state", no_wrap=True)
    for row in rulings:
        because = [row["because"]]
        if row["taken_back"]:
            back = row["taken_back"]
            because.append(f"taken back by {back['by']}, {back['at'][:10]}: {back['because']}")
        table.add_row(
            str(row["number"]),
            row["kind"],
            f"{short(row['one'], wide=wide)}\n{short(row['other'], wide=wide)}",
            Text(f"{row['by']}\n{row['at'][:16].replace('T', ' ')}"),
            Text("\n".join(because)),
            row["state"],
        )
    return table


def versions_table(versions: Sequence[Row], width: int) -> Table:
    """Lay out articles' versions, oldest first, with what each changed."""
    wide = width >= WIDE
    table = plain_table(count(len(versions), "version"))
    table.add_column("version", justify="right", no_wrap=True)
    table.add_column("document", style="cyan", no_wrap=True)
    table.add_column("first seen", no_wrap=True)
    table.add_column("words", justify="right", no_wrap=True)
    table.add_column("changed", no_wrap=True)
    table.add_column("title, address", ratio=1)
    for row in versions:
        changed = (
            "–" if row["added_words"] is None else f"+{row['added_words']} -{row['cut_words']} words"
        ) + ("\nprinted now" if row["is_current"] else "")
        table.add_row(
            str(row["version"]),
            short(row["content_hash"], wide=wide),
            row["first_seen_at"][:16].replace("T", " "),
            str(row["words"]),
            changed,
            Text(f"{row['title'] or 'no title'}\n{row['address']}"),
        )
    return table


def _ruled(ruling: Row) -> str:
    between = "with" if ruling["kind"] == "merge" else "from"
    return (
        f"ruling {ruling['number']} ({ruling['state']}): {ruling['kind']} {ruling['one']} {between} {ruling['other']}, "
        f"by {ruling['by']}: {ruling['because']}"
    )


def _copies(row: Row, *, stacked: bool = False) -> str:
    kinds = [f"{number} {kind}" for kind, number in row["kinds"].items() if number]
    if row["digests"]:
        kinds.append(count(row["digests"], "digest"))
    if stacked:
        return "\n".join([count(row["copies"], "copy", "copies"), *kinds])
    return count(row["copies"], "copy", "copies") + (f" ({', '.join(kinds)})" if kinds else "")


def _when(row: Row, which: str) -> str:
    captured = " (captured)" if row["seen_as"] == "captured" else ""
    return f"{published(row[which])}{captured}"


def _between(row: Row) -> str:
    seconds, days = row["between"]["seconds"], row["between"]["days"]
    if seconds is None:
        return count(days, "day")
    if abs(seconds) < 3600:
        return f"{seconds // 60} min"
    if abs(seconds) < 2 * 86400:
        return f"{seconds / 3600:.1f} h"
    return count(round(seconds / 86400), "day")
