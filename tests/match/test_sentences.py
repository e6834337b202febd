"""Where sentences end, and where a full stop is something else."""

import pytest

from pipeline.match.sentences import sentences


@pytest.mark.parametrize(
    "parts",
    [
        [
            "Mr. Rutte met Dr. A. B. Smith of the U.S. Army.",
            "They left on Dec. 4 at 5 p.m. in Brussels.",
            "Then?",
        ],
        ["“We must act.”", "He left!"],
        ['"We must act." he said.', "(It is so.)", "Good…"],
        ["Am 3. Dezember kam er, d.h. spät.", "Dann ging er."],
        ["Він приїхав у 2024 р. до Києва.", "Потім поїхав."],
        ["هل وصل؟", "نعم."],
        ["It rose 3.5 percent at nato.int.", "Prices fell."],
    ],
)
def test_a_line_is_parted_into_its_sentences(parts: list[str]) -> None:
    text = "  ".join(parts)

    assert [text[first:last] for first, last in sentences(text)] == parts


def test_a_line_break_ends_a_sentence_and_nothing_is_lost_or_empty() -> None:
    text = "A heading\n\n  The text. \n北约开会。他说好。\n\n"

    assert [text[first:last] for first, last in sentences(text)] == [
        "A heading",
        "The text.",
        "北约开会。",
        "他说好。",
    ]
    assert list(sentences("")) == list(sentences(" \n ")) == []
