import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.clean.canonical import (
    _CONTROL,
    _INVISIBLE,
    _SURROGATE,
    digest,
    join_lines,
    split_lines,
    tidy_line,
)

ANY_TEXT = st.text(alphabet=st.characters(codec=None))


@given(ANY_TEXT)
@example("\ud800 \x00\x1f\u2028")
def test_a_tidy_line_has_neither_control_characters_nor_surrogates(line):
    assert not {unicodedata.category(char) for char in tidy_line(line)} & {"Cc", "Cs"}


@given(ANY_TEXT)
@example("e\u200b\u0301")
@example(" \u0308x")
def test_a_canonical_text_is_its_own_canonical_form(text):
    once = join_lines(tidy_line(line) for line in split_lines(text))
    assert join_lines(tidy_line(line) for line in split_lines(once)) == once


@pytest.mark.parametrize(
    ("line", "tidy"),
    [
        ("  two \t\u00a0 words\u2003", "two words"),
        ("co\u00adoperation\u200b", "cooperation"),
        ("\ufeffThe first", "The first"),
        ("\u2067שלום\u2069", "שלום"),
        ("Cafe\u0301", "Café"),
        ("Ки\u0438\u0306в", "Ки\u0439в"),
        ("a\x00b\x07c", "abc"),
        ("a\x0cb", "a b"),
        ("half \ud83d a pair", "half \ufffd a pair"),
        ("👨\u200d👩\u200d👧 می\u200cخواهم", "👨\u200d👩\u200d👧 می\u200cخواهم"),
    ],
)
def test_a_tidy_line_shows_the_same_words(line, tidy):
    assert tidy_line(line) == tidy


def test_every_kind_of_line_break_parts_lines_and_a_form_feed_does_not():
    assert split_lines("a\r\nb\rc\nd\u2028e\u2029f\x85g\x0ch") == ["a", "b", "c", "d", "e", "f", "g\x0ch"]


def test_empty_lines_do_not_reach_the_canonical_text():
    assert join_lines(["", "One.", "", "", "Two.", ""]) == "One.\nTwo."


def test_the_digest_is_the_sha256_of_the_utf8_bytes():
    # FIPS 180-4's own example.
    assert digest("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest("é") != digest("e\u0301")


def test_no_character_that_shows_is_one_that_is_taken_out_or_folded():
    """Lines of characters that show are tidied the quick way."""
    shown = "".join(map(chr, range(0x21, 0x110000)))
    shown = "".join(char for char in shown if char.isprintable())
    assert not any(char.isspace() for char in shown)
    assert not re.search(f"{_INVISIBLE.pattern}|{_CONTROL.pattern}|{_SURROGATE.pattern}", shown)
    assert tidy_line(" \ufb01n  d\u2019e\u0301te\u0301 ") == "fin d\u2019\u00e9t\u00e9"
