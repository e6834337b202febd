from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean.canonical import tidy_line
from pipeline.clean.layout import in_place, lay_out, without_table_marks
from pipeline.clean.residue import clean
from pipeline.clean.structure import Place
from tests.test_prepare import REMOVED, SEED, seed_bytes

assert REMOVED


def rebuilt(lines: list[str]) -> list[tuple[int, str]]:
    """Clean lines, and put what was kept and what was removed together again."""
    cleaned = clean(lines)
    layout = lay_out(lines, (), cleaned.text, cleaned.removed)
    removed = [(line.number, line.rule, line.text) for line in cleaned.removed]
    whole: dict[int, str] = {}
    for line in in_place(layout.text, layout.line_numbers, removed):
        whole[line.number] = f"{whole[line.number]} {line.text}" if line.number in whole else line.text
    return [(number, tidy_line(text)) for number, text in whole.items() if tidy_line(text)]


def given_lines(lines: list[str]) -> list[tuple[int, str]]:
    return [(number, tidy_line(line)) for number, line in enumerate(lines) if tidy_line(line)]


@SEED
def test_the_extractors_lines_come_back_from_what_was_kept_and_what_was_removed(number):
    lines = seed_bytes(number).decode().split("\n")
    assert rebuilt(lines) == given_lines(lines)


PIECES = st.sampled_from(
    ["", " ", "\u00a0", "AD", "AD AD", "3 min read", "16:28 04.12.2024", "Topics", "Share", "The envoys met. AD AD",
     "The envoys of nine states met in the harbour town on Tuesday.", "- Read more", "Ferries", "Ferries"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=15))
def test_any_lines_come_back_each_in_its_place(lines):
    assert rebuilt(lines) == given_lines(lines)


def test_shapes_come_from_the_page():
    lines = ["Ferries", "- one", "- Said a man.", "A word.", "Port | Crews"]
    places = [
        Place("h2"),
        Place("li", within=frozenset(["list"])),
        None,
        Place("p", within=frozenset(["quote"])),
        None,
    ]
    layout = lay_out(lines, places, "\n".join(lines), (), frozenset([4]))
    assert layout.text == "Ferries\none\n- Said a man.\nA word.\nPort | Crews"
    assert (
        layout.markdown
        == "## Ferries\n\n- one\n\n\\- Said a man.\n\n> A word.\n\n| Port | Crews |\n|---|---|"
    )
    assert layout.line_numbers == (0, 1, 2, 3, 4)


def test_the_marks_of_tables_go_and_every_line_keeps_its_number():
    lines = [
        "| Port | Crews | ",
        "|---|---|",
        "| Merrow | 4 | ",
        "| All the text of an old page |  |  | ",
        "a | b",
    ]
    assert without_table_marks(lines) == (
        ["Port | Crews", "", "Merrow | 4", "All the text of an old page", "a | b"],
        frozenset([0, 2]),
    )
