import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.match.words import hash_words, hash_words_with_quotes


def same(one: str, other: str) -> bool:
    return np.array_equal(hash_words(one), hash_words(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Russia’s “shadow fleet” – again", 'russia\'s "SHADOW" fleet -- again!'),
        ("the ministers’ don't", "the ministers dont"),
        ("comʼn ground м’ята", "comn ground м'ята"),
        ("ﬁnal ½ Ｗｉｄｅ", "final 1⁄2 wide"),
        ("STRASSE", "straße"),
        ("Cafe\u0301", "café"),
        ("The defence organisation", "the defense organization"),
        ("one\ntwo\u00a0three", "one two three"),
        ("cyber-attacks", "cyber attacks"),
    ],
)
def test_two_ways_of_writing_the_same_words_are_one(one, other):
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("one two", "two one"), ("can", "can't"), ("40", "41"), ("a b", "ab")]
)
def test_different_words_stay_different(one, other):
    assert not same(one, other)


def test_chinese_has_a_word_a_character():
    assert len(hash_words("外交部长会谈 met")) == 7


@pytest.mark.parametrize("text", ["", " ", "…!?", "🙂 🙂", "\n\n"])
def test_a_text_without_words_has_none(text):
    assert len(hash_words(text)) == 0
    assert len(hash_words_with_quotes(text).quoted) == 0


@given(st.text() | st.text(alphabet="ab'’\"“”«»\n .,-"))
def test_quotation_marks_never_change_the_words(text):
    words = hash_words_with_quotes(text)
    assert np.array_equal(words.hashes, hash_words(text))
    assert words.quoted.shape == words.hashes.shape


@given(st.text())
def test_the_words_do_not_depend_on_case_or_normal_form(text):
    assert same(text, unicodedata.normalize("NFD", text))
    assert same(text, unicodedata.normalize("NFC", text))


def quoted(text: str) -> str:
    return "".join("q" if inside else "." for inside in hash_words_with_quotes(text).quoted)


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ('he said "we are here" and left', "..qqq.."),
        ("he said “we are here” and left", "..qqq.."),
        ("він сказав «ми тут» і пішов", "..qq.."),
        ("er sagte „wir sind hier“ und ging", "..qqq.."),
        ('"we are," he said, "here"', "qq..q"),
        ("“it never ends\nand then it does", "qqq...."),
        ("“one paragraph\n“and another” he said", "qqqq.."),
        ('a 5" gun fired twice', "....."),
        ("the minister's friend's words", "...."),
        ("(“in brackets”) out", "qq."),
    ],
)
def test_the_words_inside_quotation_marks_are_told_from_the_prose(text, mask):
    assert quoted(text) == mask


CUT = (
    'The minister said "we shall not wait for the\nspring before we act, and we shall act with those who\n'
    'want to come along" before he left for home again, and\nnobody in the room had any more\nquestions for him.'
)
UNCLOSED = (
    'He said "we shall not wait for the spring that\nmay never come for those who still wait there\n'
    "while others act.\nThe others who had come to listen to him went\naway without another word being said to\nanyone."
)


@pytest.mark.parametrize(
    ("text", "before", "inside"),
    [
        (CUT, 3, 21),
        (UNCLOSED, 2, 20),
        (UNCLOSED.replace("\n", " "), 2, 38),
        ("部长说「我们不能等」然后", 3, 5),
    ],
)
def test_a_quotation_goes_on_where_only_the_line_is_cut(text, before, inside):
    assert quoted(text).rstrip(".") == "." * before + "q" * inside
