"""Publications on an axis of time, as SVG: a line for each outlet, a mark for each publication. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from markupsafe import Markup

from pipeline.timescale import Scale, spread, ticks

Row = dict[str, Any]

_LANES = 30
_WORDS = {
    "lead": "leads",
    "identical": "prints the same text",
    "near": "prints nearly the same text",
    "contained": "prints a part of it",
    "contains": "prints it with more",
    "indirect": "is joined by way of another copy",
    "digest": "has it in a round-up",
    "part": "has a part of it",
    "whole": "has all of it",
}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The measures of a drawing: for a wide window the names stand before their lines, for a narrow one above them."""

    name: str
    width: int
    left: int
    lane: int
    apart: float
    letters: int


_BROAD = _Sheet("broad", 960, 190, 28, 62.0, 26)
_SLIM = _Sheet("slim", 358, 10, 42, 60.0, 46)
_TOP, _RIGHT = 40, 14


def story_axis(publications: Sequence[Row]) -> Markup:
    """Draw publications (as `shelf.publications_of` returns them) by outlet and time, for both widths; a sheet shows one.

    A mark stands at the minute where one is stated, and spans the day where only the day is. What states no date is
    not drawn; where nothing does, what is drawn is empty. Classes `k-lead`, `k-near`, ... give the marks their colours;
    no attribute is a style, so that a strict policy lets it be shown.
    """
    dated = [row for row in publications if row["published"]]
    if not dated:
        return Markup("")
    return _drawn(dated, _BROAD) + _drawn(dated, _SLIM)


def axis_notes(publications: Sequence[Row]) -> list[str]:
    """Say in sentences what the axis leaves out."""
    undated = sum(1 for row in publications if not row["published"])
    outlets = {row["outlet"] for row in publications if row["published"]}
    notes = []
    if any(row["published"] and not row["published"]["at"] for row in publications):
        notes.append("A bar spans a day of which no time is stated.")
    if undated:
        what = (
            "1 publication states no date and is"
            if undated == 1
            else f"{undated} publications state no date and are"
        )
        notes.append(f"{what} not on the axis.")
    if len(outlets) > _LANES:
        notes.append(f"The first {_LANES} outlets are drawn; {len(outlets) - _LANES} more are in the list.")
    return notes


def _drawn(dated: Sequence[Row], sheet: _Sheet) -> Markup:
    lanes: dict[str, list[Row]] = defaultdict(list)
    for row in dated:
        lanes[row["outlet"] or "no outlet"].append(row)
    shown = list(lanes.items())[:_LANES]
    drawn = [row for _, rows in shown for row in rows]
    first, last = min(_begin(row) for row in drawn), max(_end(row) for row in drawn)
    margin = max((last - first) * 0.04, timedelta(minutes=30))
    scale = Scale(*spread(first, last, margin), sheet.left, sheet.width - _RIGHT)
    height = _TOP + sheet.lane * len(shown) + 10
    parts = [
        Markup('<svg class="axis {}" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            sheet.name, sheet.width, height, _summary(shown, first, last)
        )
    ]
    parts += _ticks(scale, sheet, height)
    for number, (outlet, rows) in enumerate(shown):
        top = _TOP + sheet.lane * number
        beside = sheet is _BROAD
        middle = top + (sheet.lane // 2 if beside else sheet.lane - 12)
        parts.append(
            Markup('<text class="lane" x="{}" y="{}">{}</text>').format(
                sheet.left - 16 if beside else 0,
                middle + 4 if beside else top + 14,
                _short(outlet, sheet.letters),
            )
        )
        parts.append(
            Markup('<line class="thread" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
                sheet.left, sheet.width - _RIGHT, middle, middle
            )
        )
        parts += [_mark(row, scale, middle) for row in sorted(rows, key=lambda row: row["kind"] == "lead")]
    parts.append(Markup("</svg>"))
    return Markup("").join(parts)


def _begin(row: Row) -> datetime:
    stated = row["published"]["at"]
    if stated:
        return datetime.fromisoformat(stated).astimezone(UTC)
    return datetime.fromisoformat(row["published"]["on"]).replace(tzinfo=UTC)


def _end(row: Row) -> datetime:
    begin = _begin(row)
    return begin if row["published"]["at"] else spread(begin, begin, timedelta(days=1))[1]


def _ticks(scale: Scale, sheet: _Sheet, height: int) -> list[Markup]:
    parts = []
    for tick in ticks(scale, sheet.apart):
        x = scale(tick.at)
        parts.append(
            Markup('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="{}" x="{}" y="{}">{}</text>').format(
                "tick day" if tick.strong else "tick", x, x, _TOP - 8, height - 8,
                "date" if tick.strong else "hour", x, _TOP - 14, tick.label,
            )
        )  # fmt: skip
        if tick.above:
            parts.append(
                Markup('<text class="date" x="{}" y="{}">{}</text>').format(x, _TOP - 29, tick.above)
            )
    return parts


def _mark(row: Row, scale: Scale, y: int) -> Markup:
    x, kind = scale(_begin(row)), row["kind"]
    begin = _begin(row)
    when = f"{begin.day} {begin:%b %Y}" + (f", {begin:%H:%M} UTC" if row["published"]["at"] else "")
    title = f"{row['outlet'] or 'An outlet'} {_WORDS[kind]}, {when}"
    if row["published"]["at"] is None:
        shape = Markup('<rect x="{}" y="{}" width="{}" height="8" rx="4"/>').format(
            x, y - 4, round(scale(_end(row)) - x, 1)
        )
    elif kind == "lead":
        shape = Markup('<circle cx="{}" cy="{}" r="8"/>').format(x, y)
    elif kind in ("contained", "part"):
        shape = Markup('<path d="M{} {}h12l-6 10z"/>').format(round(x - 6, 1), y - 5)
    elif kind == "contains":
        shape = Markup('<path d="M{} {}h12l-6 -10z"/>').format(round(x - 6, 1), y + 5)
    elif kind == "digest":
        shape = Markup('<rect x="{}" y="{}" width="10" height="10"/>').format(round(x - 5, 1), y - 5)
    else:
        shape = Markup('<circle cx="{}" cy="{}" r="5.5"/>').format(x, y)
    return Markup('<g class="mark k-{}"><title>{}</title>{}</g>').format(kind, title, shape)


def _summary(lanes: Sequence[tuple[str, list[Row]]], first: datetime, last: datetime) -> str:
    count = sum(len(rows) for _, rows in lanes)
    return (
        f"{count} publications of {len(lanes)} outlets from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC. "
        "The list below has the same facts."
    )


def _short(name: str, letters: int) -> str:
    return name if len(name) <= letters else name[: letters - 1] + "…"
