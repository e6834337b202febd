"""Coverage over time as stacked bars, in SVG, drawn once for a wide window and once for a narrow one. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from markupsafe import Markup

from pipeline.plots import OTHERS, coloured_groups
from pipeline.timescale import Scale, spread, ticks

Row = dict[str, Any]

_BROAD = (960, 250, 60.0)  # width, height, least room for a label
_SLIM = (358, 210, 56.0)
_LEFT, _RIGHT, _TOP, _BOTTOM = 30, 12, 14, 44


def coverage_bars(rows: Sequence[Row], step: str) -> Markup:
    """Draw rows of `coverage_over_time`, counted by `step` (hour or day), for both widths; a style sheet shows one.

    A bar stands where its hour or day is, so that a pause looks like one. Colours are the classes `g0`, `g1`, ...,
    in the order of `groups_of`; no attribute is a style, so that a strict policy lets it be shown.
    """
    counted = [row for row in rows if row["articles"]]
    if not counted:
        return Markup("")
    return _drawn(counted, step, "broad", *_BROAD) + _drawn(counted, step, "slim", *_SLIM)


def groups_of(rows: Sequence[Row]) -> list[str]:
    """Return the names of the groups that are told apart, the largest first; the smallest are one."""
    totals: dict[str, int] = defaultdict(int)
    for row in rows:
        totals[_group(row)] += row["articles"]
    return coloured_groups({name: total for name, total in totals.items() if total})


def _group(row: Row) -> str:
    return row["group"] or "of no outlet"


def _drawn(rows: Sequence[Row], step: str, name: str, width: int, height: int, apart: float) -> Markup:
    groups = groups_of(rows)
    counts: dict[datetime, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        group = _group(row) if _group(row) in groups else OTHERS
        counts[datetime.fromisoformat(row["when"]).replace(tzinfo=UTC)][group] += row["articles"]
    pace = timedelta(hours=1) if step == "hour" else timedelta(days=1)
    first, last = min(counts), spread(max(counts), max(counts), pace)[1]
    # A few bars alone would be as wide as walls.
    spare = max(timedelta(0), pace * 12 - (last - first)) / 2
    scale = Scale(*spread(first, last, spare), _LEFT, width - _RIGHT)
    floor, room = height - _BOTTOM, height - _BOTTOM - _TOP
    most = max(sum(stack.values()) for stack in counts.values())
    top = _nice(most)
    said = f"{sum(row['articles'] for row in rows):,} articles, at most {most:,} in one {step}. The figures are below."
    parts = [
        Markup('<svg class="bars {}" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            name, width, height, said
        )
    ]
    for level in sorted({0, top // 2, top}):
        y = round(floor - room * level / top, 1)
        parts.append(
            Markup(
                '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="level" x="{}" y="{}">{}</text>'
            ).format(_LEFT, width - _RIGHT, y, y, _LEFT - 8, y + 4, f"{level:,}")
        )
    for tick in ticks(scale, apart):
        x = scale(tick.at)
        kind = "tick day" if tick.strong else "tick"
        parts.append(
            Markup(
                '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="{}" x="{}" y="{}">{}</text>'
            ).format(
                kind, x, x, floor, floor + 6, "date" if tick.strong else "hour", x, floor + 20, tick.label
            )
        )
        if tick.above:
            parts.append(
                Markup('<text class="date" x="{}" y="{}">{}</text>').format(x, floor + 36, tick.above)
            )
    wide = scale(last) - scale(last - pace)
    bar = max(1.0, round(wide * 0.86, 1))
    for when, stack in counts.items():
        left, y = round(scale(when) + (wide - bar) / 2, 1), float(floor)
        for number, group in enumerate(groups):
            if not stack.get(group):
                continue
            tall = room * stack[group] / top
            y -= tall
            parts.append(
                Markup(
                    '<rect class="bar g{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>'
                ).format(
                    number,
                    left,
                    round(y, 1),
                    bar,
                    round(tall, 1),
                    f"{said_when(when, step)}, {group}: {stack[group]:,}",
                )
            )
    return Markup("").join([*parts, Markup("</svg>")])


def said_when(stated: datetime | str, step: str) -> str:
    """Return an hour or a day as one writes it."""
    when = datetime.fromisoformat(stated) if isinstance(stated, str) else stated
    return f"{when.day} {when:%b %Y, %H:%M}" if step == "hour" else f"{when.day} {when:%B %Y}"


def _nice(most: int) -> int:
    """Return an even number not below `most` that reads well at the top of an axis."""
    scale = 1
    while True:
        for step in (2, 4, 6, 10):
            if most <= step * scale:
                return step * scale
        scale *= 10
