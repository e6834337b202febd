import time

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


def test_the_outermost_paragraphs_are_not_at_the_edge_by_their_own_place():
    said = "The envoys spoke for an hour about winter."
    page = Page(["UKRAINE", said, "Brussels", said + " Twice.", "AP"])
    assert ["edge" in page.evidence(index) for index in range(5)] == [True, False, False, False, True]


def test_the_bounds_of_the_prose_look_at_no_line_twice():
    looked_at: list[int] = []

    class Counting(Page):
        def _is_kept_prose(self, index: int) -> bool:
            looked_at.append(index)
            return super()._is_kept_prose(index)

    page = Counting(["Read more"] * 20_000)
    for index in range(20_000):
        page.taken[index] = "read-more-label"
        assert page.prose_bounds() == (None, None)
    assert len(looked_at) <= 20_001


def test_the_bounds_of_the_prose_move_inwards_with_what_is_taken():
    page = Page(["The envoys spoke for an hour about winter."] * 4)
    assert page.prose_bounds() == (0, 3)
    page.taken[3] = page.taken[0] = "one"
    assert page.prose_bounds() == (1, 2)
    page.taken[1] = page.taken[2] = "one"
    assert page.prose_bounds() == (None, None)


def test_a_long_line_of_characters_without_a_mark_is_read_once():
    began = time.process_time()
    assert not Page(["各" * 200_000]).is_prose(0)
    assert not Page(["各国" * 10 + "。"]).is_prose(0)
    assert time.process_time() - began < 2
