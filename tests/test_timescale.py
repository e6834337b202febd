"""Labels of time: days by their dates, hours within them, and no more of them than there is room for."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from pipeline.timescale import Scale, ticks
from pipeline.web.bars import coverage_bars, groups_of


def at(stated: str) -> datetime:
    return datetime.fromisoformat(stated).replace(tzinfo=UTC)


def labels(first: str, last: str, width: float) -> list[str]:
    scale = Scale(at(first), at(last), 0, width)
    return [f"{tick.above} {tick.label}{'!' if tick.strong else ''}".strip() for tick in ticks(scale, 60)]


def test_a_day_begins_with_its_date_and_has_hours_within() -> None:
    assert labels("2024-12-03T13:00", "2024-12-05T08:00", 600) == [
        "3 Dec 18:00", "4 Dec!", "06:00", "12:00", "18:00", "5 Dec!", "06:00",
    ]  # fmt: skip
    assert labels("2024-12-03T13:00", "2024-12-05T08:00", 180) == ["4 Dec!", "12:00", "5 Dec!"]
    assert labels("2024-12-04T13:10", "2024-12-04T15:20", 600) == ["4 Dec 14:00", "15:00"]


@pytest.mark.parametrize(
    ("first", "last"),
    [("2024-11-28", "2024-12-09"), ("2024-11-03", "2025-01-20"), ("1990-01-01", "2024-12-04"),
     ("0001-01-01", "9999-12-31"), ("2024-12-31T22:00", "2025-01-01T02:00")],
)  # fmt: skip
@pytest.mark.parametrize("width", [358, 960])
def test_whatever_the_span_labels_are_apart_and_there_are_some(first: str, last: str, width: int) -> None:
    scale = Scale(at(first), at(last), 10, width)
    places = [scale(tick.at) for tick in ticks(scale, 60)]
    assert 1 <= len(places) <= width / 60 + 1
    assert all(later - sooner > 40 for sooner, later in pairwise(places))


def test_bars_stand_where_their_hours_are_and_small_groups_are_one() -> None:
    rows = [
        {"when": f"2024-12-0{3 + n // 3} {n:02}:00", "group": f"G{n}", "articles": 9 - n} for n in range(9)
    ]
    drawn = coverage_bars(rows, "hour")
    assert groups_of(rows) == ["G0", "G1", "G2", "G3", "G4", "G5", "all others"]
    assert drawn.count('class="bars broad"') == drawn.count('class="bars slim"') == 1
    assert "style=" not in drawn
    assert drawn.count('class="bar g6"') == 2 * 3
    assert coverage_bars([{"when": "2024-12-03", "group": None, "articles": 0}], "day") == ""
