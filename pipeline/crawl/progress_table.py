"""The table that shows how far a crawl is: it fits 80 columns, and as many lines as the terminal has."""

from collections import Counter
from collections.abc import Mapping

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

FIGURES = ("found", "fetched", "kept", "rejected", "failed")

_AROUND = 11
"""Lines that are no source's: title, headings, rules, total, rate, reasons, and one for the cursor."""

_MOST_REASONS = 5


def progress_table(
    title: str,
    sources: Mapping[str, Mapping[str, int]],
    total: Mapping[str, int],
    *,
    rate: float,
    left: int | None,
    reasons: Counter[str],
    height: int,
) -> RenderableType:
    """Lay out a line a source, by the figures of `FIGURES`; `rate` is in pages a second, `height` in lines.

    Where there are more sources than lines, those that fetched most stand for all; the total is that of all.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True, show_footer=True, expand=False)
    table.add_column(
        "source", Text("total", style="bold"), style="cyan", no_wrap=True, overflow="ellipsis", max_width=32
    )
    for name in FIGURES:
        table.add_column(name, Text(str(total[name]), style="bold"), justify="right", no_wrap=True)
    room = max(1, height - _AROUND)
    shown = _shown(sources, room)
    for key in shown:
        table.add_row(Text(key), *(_cell(name, sources[key][name]) for name in FIGURES))
    if len(shown) < len(sources):
        table.add_row(Text(f"… {len(sources) - len(shown)} more", style="dim"), *[""] * len(FIGURES))
    said = f"{rate:.1f} pages a second" + ("" if left is None else f", {left} left")
    why = ", ".join(f"{reason} {number}" for reason, number in reasons.most_common(_MOST_REASONS))
    lines: list[RenderableType] = [_line(title, "bold"), table, _line(said, "")]
    if why:
        lines.append(_line(why, "dim"))
    return Group(*lines)


def _shown(sources: Mapping[str, Mapping[str, int]], room: int) -> list[str]:
    """Choose the sources there is room for, in their own order, so that lines do not jump about."""
    if len(sources) <= room:
        return list(sources)
    busiest = sorted(sources, key=lambda key: -sources[key]["fetched"])[: room - 1]
    return [key for key in sources if key in busiest]


def _cell(name: str, number: int) -> Text:
    style = "red" if name == "failed" and number else "dim" if not number else ""
    return Text(str(number), style=style)


def _line(said: str, style: str) -> Text:
    return Text(said, style=style, no_wrap=True, overflow="ellipsis")
