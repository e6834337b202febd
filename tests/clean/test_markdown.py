from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean.canonical import tidy_line
from pipeline.clean.markdown import Shape, to_markdown, without_marks

SHAPES = st.sampled_from(get_args(Shape))
LINES = st.text(min_size=1, max_size=30).map(tidy_line).filter(bool)
TRICKY = st.sampled_from(
    ["# one", "#one", "> a", "- b", "-", "---", "* * *", "1. x", "1\\. x", "12) y", "\\# z", "| a | b |", "|---|", ">", "\\", "+ c", "```"]
)  # fmt: skip


@given(st.lists(st.tuples(LINES | TRICKY, SHAPES), min_size=1, max_size=12))
def test_taking_the_marks_away_gives_the_text_to_the_letter(lines):
    marked = to_markdown(lines)
    assert (without_marks(marked) if marked else None) == (
        "\n".join(line for line, _ in lines) if marked else None
    )


def test_a_text_of_paragraphs_needs_no_markdown():
    assert to_markdown([("One.", "paragraph"), ("- Two", "paragraph")]) is None


def test_headings_lists_quotes_and_tables_look_as_markdown_wants_them():
    lines = [
        ("Ferries", "h2"),
        ("They run again.", "paragraph"),
        ("one", "item"),
        ("two", "item"),
        ("A word.", "quote"),
        ("Another.", "quote"),
        ("Port | Crews", "row"),
        ("Merrow | 4", "row"),
    ]
    assert to_markdown(lines) == (
        "## Ferries\n\nThey run again.\n\n- one\n- two\n\n> A word.\n>\n> Another.\n\n"
        "| Port | Crews |\n|---|---|\n| Merrow | 4 |"
    )


@pytest.mark.parametrize(
    ("line", "written"), [("1. First", "1\\. First"), ("# tag", "\\# tag"), ("-5 °C", "-5 °C")]
)
def test_a_paragraph_that_looks_marked_is_made_harmless(line, written):
    assert to_markdown([(line, "paragraph"), ("x", "item")]).split("\n")[0] == written
