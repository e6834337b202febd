"""Bars over time."""

import struct
import sys
from typing import Any

import pytest
from lxml import etree

from pipeline.errors import SetupError
from pipeline.plots import COLOURS, OTHERS, timeline_lines, timeline_png, timeline_svg

_SVG = "{http://www.w3.org/2000/svg}"


def _rows(*rows: tuple[str, str | None, int]) -> list[dict[str, Any]]:
    return [{"when": when, "group": group, "articles": articles} for when, group, articles in rows]


def test_the_svg_is_xml_whatever_an_outlet_is_called_and_has_no_script_or_style() -> None:
    hostile = '</text><script>alert(1)</script>" onload="x'
    drawn = etree.fromstring(
        timeline_svg(_rows(("2024-12-04", hostile, 2), ("2024-12-04", "B", 1)), title="A & <b>")
    )

    assert {element.tag.removeprefix(_SVG) for element in drawn.iter()} == {
        "svg",
        "title",
        "text",
        "line",
        "rect",
    }
    assert all(
        not name.startswith("on") and name != "style" for element in drawn.iter() for name in element.attrib
    )
    assert hostile in [text.split(": ")[0].removeprefix("2024-12-04, ") for text in drawn.itertext()]


def test_bars_are_as_tall_as_their_counts_and_stand_on_one_floor() -> None:
    drawn = etree.fromstring(
        timeline_svg(_rows(("10:00", None, 1), ("11:00", None, 0), ("12:00", None, 3)), title="t")
    )
    bars = [rect for rect in drawn.iter(f"{_SVG}rect") if rect.get("class", "").startswith("bar")]

    low, tall = (float(bar.get("height", 0)) for bar in bars)
    assert abs(tall - 3 * low) < 0.2
    floors = {round(float(bar.get("y", 0)) + float(bar.get("height", 0))) for bar in bars}
    assert len(floors) == 1


def test_small_groups_are_put_together_and_nothing_is_lost() -> None:
    rows = _rows(*(("2024-12-04", f"outlet {number}", 20 - number) for number in range(20)))

    lines = timeline_lines(rows, 40)

    assert len(lines) == len(COLOURS)
    assert {group for _, group, _, _ in lines} >= {"outlet 0", OTHERS}
    assert sum(articles for _, _, articles, _ in lines) == sum(row["articles"] for row in rows)


def test_no_bar_is_longer_than_the_terminal_and_none_that_counts_is_empty() -> None:
    lines = timeline_lines(_rows(("a", None, 1), ("b", None, 0), ("c", None, 100_000)), 30)

    assert [(when, len(bar)) for when, _, _, bar in lines] == [("a", 1), ("c", 30)]


def test_no_label_of_the_axis_is_cut_at_the_edge() -> None:
    rows = _rows(*((f"2024-12-{day:02} {hour:02}:00", None, 1) for day in (3, 4, 5) for hour in range(22)))

    labels = [
        one
        for one in etree.fromstring(timeline_svg(rows, title="t")).iter(f"{_SVG}text")
        if one.get("text-anchor") == "middle"
    ]

    assert len(labels) > 6
    assert all(
        len(one.text or "") * 3.3 <= float(one.get("x", 0)) <= 920 - len(one.text or "") * 3.3
        for one in labels
    )


def test_a_png_is_large_and_has_letters_whatever_fonts_the_machine_has() -> None:
    pictures = [
        timeline_png(_rows(("2024-12-04", None, 1)), title=title)
        for title in ("Жд", "Дж", "Ωλ", "Or", "", "")
    ]

    assert all(one.startswith(b"\x89PNG\r\n") for one in pictures)
    assert {struct.unpack(">II", one[16:24]) for one in pictures} == {(1840, 600)}
    assert len(set(pictures)) == 5  # a letter that is not there is drawn as a box, as any other


def test_a_ground_is_drawn_only_where_it_is_asked_for() -> None:
    clear, white = (
        etree.fromstring(timeline_svg(_rows(("2024-12-04", None, 1)), title="t", paper=paper))
        for paper in (None, "#fff")
    )

    assert next(one.get("fill") for one in white.iter(f"{_SVG}rect")) == "#fff"
    assert [one for one in clear.iter() if one.get("class") == "paper"] == []


def test_without_its_library_a_png_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)

    with pytest.raises(SetupError, match=r"newsfold\[png\].*--svg"):
        timeline_png(_rows(("2024-12-04", None, 1)), title="t")


def test_labels_are_days_and_the_hours_within_them() -> None:
    hours = [(f"2024-12-0{3 + hour // 24} {hour % 24:02}:00", None, 1) for hour in range(13, 60)]
    drawn = etree.fromstring(timeline_svg(_rows(*hours), title="t"))
    labels = [text.text for text in drawn.iter(f"{_SVG}text") if text.get("text-anchor") == "middle"]

    assert labels == ["3 Dec 18:00", "4 Dec", "06:00", "12:00", "18:00", "5 Dec", "06:00"]
    days = timeline_svg(_rows(*((f"2024-12-{day}", None, 1) for day in range(10, 32))), title="t")
    assert ">11 Dec 2024<" in days
    assert ">13 Dec<" in days
