"""Bars over time, as SVG, as PNG and as characters. Pure: rows in, text or bytes out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from xml.sax.saxutils import escape, quoteattr

from pipeline.errors import SetupError
from pipeline.timescale import Scale, ticks

Row = Mapping[str, Any]
Group = TypeVar("Group", bound=str | None)

COLOURS = ("#2f6690", "#d1495b", "#3a7d44", "#8d5a97", "#c77d0a", "#4a4e69", "#8a8a8a")
"""Told apart by lightness too; the last is for all the others."""

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 920, 300, 48, 16, 40, 44
_LEGEND = 22
_LETTER = 6.7
"""How wide a figure is at most, where text is 12 high."""
_MOST_LABELS = 12
_EIGHTHS = " ▏▎▍▌▋▊▉█"
OTHERS = "all others"
"""The group of what is in none of the largest groups."""


def timeline_svg(rows: Sequence[Row], *, title: str, paper: str | None = None) -> str:
    """Draw bars over time as an SVG document; groups are stacked, the largest at the bottom.

    Each row has a `when` (a label, in order), a `group` (None: only one) and a number of `articles`. Colours are
    attributes, and every shape has a class, so that a page's own style sheet may overrule them. `paper` is the colour
    of the ground, which is left clear unless told otherwise.
    """
    whens, groups, counts = _stacked(rows)
    legend = _LEGEND * -(-len(groups) // 4) if groups != [None] else 0
    height = _HEIGHT + legend
    most = max((sum(counts[when].values()) for when in whens), default=0)
    top = _nice(most)
    said = f"{title}: {sum(row['articles'] for row in rows)} articles, at most {most} at a time."
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="timeline" viewBox="0 0 {_WIDTH} {height}" role="img"'
            f' aria-label={quoteattr(said)} font-family="system-ui, sans-serif" font-size="12">'
        ),
        f"<title>{escape(title)}</title>",
        *(
            [f'<rect class="paper" width="{_WIDTH}" height="{height}" fill={quoteattr(paper)}/>']
            if paper
            else []
        ),
        f'<text class="heading" x="{_LEFT}" y="22" font-size="15" fill="#222">{escape(title)}</text>',
    ]
    floor, room = _HEIGHT - _BOTTOM, _HEIGHT - _BOTTOM - _TOP
    for tick in sorted({0, top // 2, top}):
        y = floor - room * tick / max(1, top)
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
            f'<text class="tick" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#555">{tick}</text>'
        )
    step = (_WIDTH - _LEFT - _RIGHT) / max(1, len(whens))
    bar = max(1.0, min(step * 0.82, 60.0))
    labels = _labels(whens)
    for place, when in enumerate(whens):
        left, y = _LEFT + step * place + (step - bar) / 2, float(floor)
        for number, group in enumerate(groups):
            count = counts[when].get(group, 0)
            if not count:
                continue
            tall = room * count / max(1, top)
            y -= tall
            what = f"{when}, {group}: {count}" if group is not None else f"{when}: {count}"
            parts.append(
                f'<rect class="bar g{number}" x="{left:.1f}" y="{y:.1f}" width="{bar:.1f}" height="{tall:.1f}"'
                f' fill="{COLOURS[number]}"><title>{escape(what)}</title></rect>'
            )
        if place in labels:
            words = labels[place]
            half = len(words) * _LETTER / 2
            x = max(half, min(left + bar / 2, _WIDTH - half))
            parts.append(
                f'<text class="tick" x="{x:.1f}" y="{floor + 18}" text-anchor="middle"'
                f' fill="#555">{escape(words)}</text>'
            )
    if legend:
        for number, group in enumerate(groups):
            x, y = _LEFT + (number % 4) * 212, _HEIGHT - 8 + _LEGEND * (number // 4)
            name = str(group) if len(str(group)) <= 28 else f"{str(group)[:27]}…"
            parts.append(
                f'<rect class="key g{number}" x="{x}" y="{y}" width="11" height="11" fill="{COLOURS[number]}"/>'
                f'<text class="key" x="{x + 17}" y="{y + 10}" fill="#222">{escape(name)}</text>'
            )
    return "\n".join([*parts, "</svg>", ""])


def timeline_png(rows: Sequence[Row], *, title: str) -> bytes:
    """Draw what `timeline_svg` draws as a PNG picture, 1840 pixels wide, on white: its text is dark wherever it is shown.

    Latin, Greek and Cyrillic letters come with the library; others need a font of this machine, else they are boxes.

    Raises:
        SetupError: vl-convert is not installed.
    """
    try:
        import vl_convert  # noqa: PLC0415
    except ImportError:
        raise SetupError(
            "A plot as PNG needs vl-convert, which is not installed: `pip install 'newsfold[png]'`, or in a checkout "
            "`.venv/bin/python -m pip install --require-hashes -r requirements/png.txt`. SVG needs nothing (--svg)."
        ) from None
    drawn: bytes = vl_convert.svg_to_png(timeline_svg(rows, title=title, paper="#fff"), scale=2)
    return drawn


def timeline_lines(rows: Sequence[Row], width: int) -> list[tuple[str, str | None, int, str]]:
    """Return the bars as lines for a terminal: when, group, articles, and a bar of at most `width` characters.

    Eighths of a character are drawn, and nothing that is there is drawn as nothing.
    """
    whens, groups, counts = _stacked(rows)
    most = max((count for when in whens for count in counts[when].values()), default=1)
    return [
        (when, group, count, _bar(count / most * max(1, width)))
        for when in whens
        for group in groups
        if (count := counts[when].get(group, 0))
    ]


def _bar(length: float) -> str:
    eighths = max(1, round(length * 8))
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()


def _stacked(
    rows: Sequence[Row],
) -> tuple[list[str], list[str | None], dict[str, dict[str | None, int]]]:
    """Return the labels in order, the groups with the largest first, and the counts; small groups are put together."""
    totals: dict[str | None, int] = defaultdict(int)
    for row in rows:
        totals[row["group"]] += row["articles"]
    groups = coloured_groups(totals)
    counts: dict[str, dict[str | None, int]] = {}
    for row in rows:
        group = row["group"] if row["group"] in groups else OTHERS
        here = counts.setdefault(row["when"], {})
        here[group] = here.get(group, 0) + row["articles"]
    return list(counts), groups, counts


def coloured_groups(totals: Mapping[Group, int]) -> list[Group | str]:
    """Return the groups that have a colour of their own, the largest first; where there are too many, `OTHERS` is the last."""
    groups = sorted(totals, key=lambda group: (group == OTHERS, -totals[group], str(group)))
    return [*groups] if len(groups) <= len(COLOURS) else [*groups[: len(COLOURS) - 1], OTHERS]


def _nice(most: int) -> int:
    """Return an even number not below `most` that reads well at the top of an axis."""
    scale = 1
    while True:
        for step in (2, 4, 10):
            if most <= step * scale:
                return step * scale
        scale *= 10


def _labels(whens: Sequence[str]) -> dict[int, str]:
    """Return which bars have a label: the moments that a clock or a calendar would show, of those that have a bar."""
    every = -(-len(whens) // _MOST_LABELS) or 1
    evenly = {place: when for place, when in enumerate(whens) if place % every == 0}
    try:
        moments = [datetime.fromisoformat(when).replace(tzinfo=UTC) for when in whens]
    except ValueError:
        return evenly
    if not moments:
        return {}
    scale = Scale(moments[0], moments[-1], _LEFT, _WIDTH - _RIGHT)
    chosen = {
        tick.at: f"{tick.label} {tick.above}"
        if tick.above.isdigit()
        else f"{tick.above} {tick.label}".strip()
        for tick in ticks(scale, (_WIDTH - _LEFT - _RIGHT) / (_MOST_LABELS + 1))
    }
    labels = {place: chosen[moment] for place, moment in enumerate(moments) if moment in chosen}
    # Where there are gaps, none of them may have a bar.
    return labels or evenly
