"""What somebody typed, as terms."""

import pytest

from pipeline.errors import Refuse
from pipeline.store.searchwords import LONGEST_QUERY, MOST_TERMS, Term, search_terms


def test_phrases_exclusions_beginnings_and_alternatives_are_told_apart() -> None:
    assert search_terms('"shadow fleet" -cable sabot* rutte OR “mark rutte” -"north sea"') == [
        [Term("shadow fleet", "phrase")],
        [Term("cable", "word", excluded=True)],
        [Term("sabot", "beginning")],
        [Term("rutte", "word"), Term("mark rutte", "phrase")],
        [Term("north sea", "phrase", excluded=True)],
    ]


@pytest.mark.parametrize(
    "query", ["", "-", '"', "or or", "''\\*:&|!()<->", "\x00\ud800", '-"" ** --', "\n\t"]
)
def test_what_has_no_word_in_it_gives_no_term(query: str) -> None:
    assert search_terms(query) == []


def test_a_search_that_is_too_long_is_refused_and_not_cut() -> None:
    assert search_terms("a" * LONGEST_QUERY) == [[Term("a" * LONGEST_QUERY, "word")]]
    assert len(search_terms("a " * MOST_TERMS)) == MOST_TERMS
    with pytest.raises(Refuse, match="has 501 characters, and 500 are the most"):
        search_terms("a" * 494 + " -cable")
    with pytest.raises(Refuse, match="has 33 terms, and 32 are the most"):
        search_terms("a " * MOST_TERMS + "-cable")
