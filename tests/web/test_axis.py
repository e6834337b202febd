"""The axis: where marks stand, what it leaves out, and that no name gets out of its text."""

import re

from lxml import etree

from pipeline.web.axis import axis_notes, story_axis


def drawings(rows) -> list[str]:
    """What is drawn for a wide window, and for a narrow one."""
    drawn = [part + "</svg>" for part in str(story_axis(rows)).split("</svg>")[:-1]]
    assert ['class="axis broad"' in drawn[0], 'class="axis slim"' in drawn[1]] == [True, True]
    return drawn


def publication(outlet: str, on: str | None, at: str | None = None, kind: str = "near"):
    return {"outlet": outlet, "kind": kind, "published": {"on": on, "at": at} if on else None}


def test_marks_stand_in_the_order_of_time() -> None:
    rows = [
        publication("A", "2024-12-04", "2024-12-04T06:00:00+00:00", "lead"),
        publication("B", "2024-12-04", "2024-12-04T12:00:00+00:00", "identical"),
        publication("C", "2024-12-04", "2024-12-04T22:00:00+02:00", "digest"),
    ]
    for drawn in drawings(rows):
        lead, same = (float(x) for x in re.findall(r'<circle cx="([\d.]+)"', drawn))
        round_up = float(re.findall(r'<g class="mark k-digest">.*?<rect x="([\d.]+)"', drawn)[0]) + 5
        assert lead < same < round_up
        assert round((round_up - same) / (same - lead), 1) == round(8 / 6, 1)  # 20:00 UTC
        assert "style=" not in drawn  # a strict policy would not apply it


def test_a_day_alone_spans_the_day_and_no_date_is_said() -> None:
    rows = [
        publication("A", "2024-12-04", kind="lead"),
        publication("B", "2024-12-05", "2024-12-05T00:00:00+00:00"),
    ]
    for drawn in drawings(rows):
        [(left, width)] = re.findall(r'<rect x="([\d.]+)" y="\d+" width="([\d.]+)"', drawn)
        [middle] = re.findall(r'<circle cx="([\d.]+)"', drawn)
        assert abs(float(left) + float(width) - float(middle)) < 0.2
    assert axis_notes([*rows, publication("C", None)]) == [
        "A bar spans a day of which no time is stated.",
        "1 publication states no date and is not on the axis.",
    ]
    assert story_axis([publication("C", None)]) == ""


def test_names_are_text_and_many_outlets_are_cut_with_a_word() -> None:
    rows = [publication(f'<x on="{n}">', "2024-12-04", f"2024-12-04T06:{n:02}:00+00:00") for n in range(40)]
    for drawn in drawings(rows):
        etree.fromstring(drawn)
        assert "<x" not in drawn
        assert drawn.count('class="lane"') == 30
    assert axis_notes(rows) == ["The first 30 outlets are drawn; 10 more are in the list."]


def test_a_moment_alone_and_the_whole_calendar_have_few_ticks() -> None:
    alone = [publication("A", "2024-12-04", "2024-12-04T06:00:00+00:00")]
    long = [publication("A", "0001-01-01"), publication("B", "9999-12-31")]
    for drawn in drawings(alone) + drawings(long):
        assert 1 <= len(re.findall('<line class="tick', drawn)) <= 20
