import pytest

from pipeline.clean.page import Page


@pytest.mark.parametrize(
    "line",
    [
        "The envoys spoke for an hour about winter.",
        "“The envoys spoke for an hour about the winter.”",
        "Did the envoys speak for an hour about winter?",
        "word " * 40,
        "Посланці годину говорили в столиці про зиму, що надходить.",
        "各国外交部长星期三在首都就海底电缆的安全问题举行了会谈。",
    ],
)
def test_a_paragraph_is_prose(line):
    assert Page([line]).is_prose(0)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Good afternoon.",
        "UKRAINE",
        "Ministers agree to guard the cables in the Baltic Sea",
        "Andrew Example, Agency",
    ],
)
def test_a_heading_a_label_and_a_greeting_are_not_prose(line):
    assert not Page([line]).is_prose(0)


def test_the_neighbour_of_a_line_is_the_nearest_with_text():
    page = Page(["One", " ", "\u00a0", "Two"])
    assert (page.neighbour(0, +1), page.neighbour(3, -1)) == (3, 0)
    assert (page.neighbour(0, -1), page.neighbour(3, +1)) == (None, None)
