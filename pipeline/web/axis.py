"""A story on an axis of time, as SVG: a line for each outlet, a mark for each publication. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from markupsafe import Markup, escape

Row = dict[str, Any]

_WIDTH, _NAMES, _RIGHT, _TOP, _LANE = 920, 190, 24, 40, 28
_LANES = 30
_MOST_TICKS = 7
_NAME = 26  # letters
_STEPS = [
    timedelta(hours=hours) for hours in (1, 2, 3, 6, 12, 24, 48, 24 * 7, 24 * 14, 24 * 28, 24 * 91, 24 * 365)
]
_WORDS = {
    "lead": "leads",
    "identical": "prints the same text",
    "near": "prints nearly the same text",
    "contained": "prints a part of it",
    "contains": "prints it with more",
    "indirect": "is joined by way of another copy",
    "digest": "has it in a round-up",
}


def story_axis(publications: Sequence[Row]) -> Markup:
    """Draw publications (as `shelf.publications_of` returns them) by outlet and time.

    A mark stands at the minute where one is stated, and spans the day where only the day is. What states no date is
    not drawn; where nothing does, what is drawn is empty. Classes `k-lead`, `k-near`, ... give the marks their colours;
    no attribute is a style, so that a strict policy lets it be shown.
    """
    dated = [row for row in publications if row["published"]]
    if not dated:
        return Markup("")
    lanes: dict[str, list[Row]] = defaultdict(list)
    for row in dated:
        lanes[row["outlet"] or "no outlet"].append(row)
    shown = list(lanes.items())[:_LANES]
    drawn = [row for _, rows in shown for row in rows]
    first, last = min(_begin(row) for row in drawn), max(_end(row) for row in drawn)
    margin = max((last - first) * 0.04, timedelta(minutes=30))
    scale = _Scale(first - margin, last + margin)
    height = _TOP + _LANE * len(shown) + 14
    said = _summary(shown, first, last)
    parts = [
        Markup('<svg class="axis" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            _WIDTH, height, said
        )
    ]
    parts += _ticks(scale, height)
    for number, (outlet, rows) in enumerate(shown):
        middle = _TOP + _LANE * number + _LANE // 2
        parts.append(
            Markup('<text class="lane" x="{}" y="{}" text-anchor="end">{}</text>').format(
                _NAMES - 14, middle + 4, _short(outlet)
            )
        )
        parts.append(
            Markup('<line class="thread" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
                _NAMES, _WIDTH - _RIGHT, middle, middle
            )
        )
        parts += [_mark(row, scale, middle) for row in sorted(rows, key=lambda row: row["kind"] == "lead")]
    parts.append(Markup("</svg>"))
    return Markup("").join(parts)


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


class _Scale:
    def __init__(self, first: datetime, last: datetime) -> None:
        self.first, self.last = first, last
        self._width = (last - first).total_seconds() or 1.0

    def __call__(self, moment: datetime) -> float:
        share = (moment - self.first).total_seconds() / self._width
        return round(_NAMES + share * (_WIDTH - _RIGHT - _NAMES), 1)


def _begin(row: Row) -> datetime:
    stated = row["published"]["at"]
    if stated:
        return datetime.fromisoformat(stated).astimezone(UTC)
    return datetime.fromisoformat(row["published"]["on"]).replace(tzinfo=UTC)


def _end(row: Row) -> datetime:
    return _begin(row) + (timedelta(0) if row["published"]["at"] else timedelta(days=1))


def _ticks(scale: _Scale, height: int) -> list[Markup]:
    span = scale.last - scale.first
    step = next((step for step in _STEPS if span / step <= _MOST_TICKS), _STEPS[-1])
    midnight = scale.first.replace(hour=0, minute=0, second=0, microsecond=0)
    moment = midnight + step * -(-(scale.first - midnight) // step)
    parts, day = [], None
    while moment <= scale.last:
        x = scale(moment)
        is_day = moment.hour == 0
        parts.append(
            Markup('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
                "tick day" if is_day else "tick", x, x, _TOP - 6, height - 12
            )
        )
        if step < timedelta(days=1):
            parts.append(
                Markup('<text class="hour" x="{}" y="{}" text-anchor="middle">{:%H:%M}</text>').format(
                    x, _TOP - 12, moment
                )
            )
        if moment.date() != day:
            day = moment.date()
            parts.append(
                Markup('<text class="date" x="{}" y="{}" text-anchor="middle">{}</text>').format(
                    x,
                    14 if step < timedelta(days=1) else _TOP - 12,
                    f"{moment.day} {moment:%b}" + (f" {moment:%Y}" if step > timedelta(days=90) else ""),
                )
            )
        moment += step
    return parts


def _mark(row: Row, scale: _Scale, y: int) -> Markup:
    x, kind = scale(_begin(row)), row["kind"]
    when = f"{_begin(row):%Y-%m-%d %H:%M} UTC" if row["published"]["at"] else row["published"]["on"]
    title = f"{row['outlet'] or 'An outlet'} {_WORDS[kind]}, {when}"
    if row["published"]["at"] is None:
        shape = Markup('<rect x="{}" y="{}" width="{}" height="8" rx="4"/>').format(
            x, y - 4, round(scale(_end(row)) - x, 1)
        )
    elif kind == "lead":
        shape = Markup('<circle cx="{}" cy="{}" r="8"/>').format(x, y)
    elif kind == "contained":
        shape = Markup('<path d="M{} {}h12l-6 10z"/>').format(x - 6, y - 5)
    elif kind == "contains":
        shape = Markup('<path d="M{} {}h12l-6 -10z"/>').format(x - 6, y + 5)
    elif kind == "digest":
        shape = Markup('<rect x="{}" y="{}" width="10" height="10"/>').format(x - 5, y - 5)
    else:
        shape = Markup('<circle cx="{}" cy="{}" r="5.5"/>').format(x, y)
    return Markup('<g class="mark k-{}"><title>{}</title>{}</g>').format(kind, title, shape)


def _summary(lanes: Sequence[tuple[str, list[Row]]], first: datetime, last: datetime) -> str:
    count = sum(len(rows) for _, rows in lanes)
    return (
        f"{count} publications of {len(lanes)} outlets from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC. "
        "The list below has the same facts."
    )


def _short(name: str) -> str:
    return escape(name if len(name) <= _NAME else name[: _NAME - 1] + "…")
