import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.match.passages import Passage, shared_passages
from pipeline.match.relation import read_text
from pipeline.match.words import hash_words, spans


def words(start: int, stop: int) -> str:
    return " ".join(f"word{number}" for number in range(start, stop))


def passages(shorter: str, longer: str, minimum: int = 8) -> list[Passage]:
    return shared_passages(read_text(shorter), read_text(longer), minimum)


def test_a_text_is_one_passage_of_itself():
    assert passages(words(0, 50), words(0, 50)) == [Passage(0, 0, 50)]


def test_a_moved_passage_is_found_where_it_went():
    shorter = f"{words(0, 20)} new {words(20, 50)}"
    longer = f"{words(20, 50)} {words(900, 930)} {words(0, 20)}"
    assert passages(shorter, longer) == [Passage(0, 60, 20), Passage(21, 0, 30)]


def test_the_longest_is_taken_whole_and_the_others_are_cut_to_what_it_leaves():
    # Words 0-29 stand together in one place, 20-39 in another.
    longer = f"{words(0, 30)} x {words(20, 40)}"
    assert passages(words(0, 40), longer) == [Passage(0, 0, 30), Passage(30, 41, 10)]


def test_shorter_runs_than_asked_for_are_left_out():
    longer = f"{words(0, 7)} x {words(10, 18)}"
    assert passages(words(0, 20), longer) == [Passage(10, 8, 8)]
    assert passages(words(0, 20), longer, 5) == [Passage(0, 0, 7), Passage(10, 8, 8)]


@pytest.mark.parametrize(("one", "other"), [("", ""), ("", "a"), ("a b", "c d e"), ("a b c", "a b c")])
def test_tiny_texts_share_what_they_are(one, other):
    found = passages(one, other, 1)
    assert found == ([Passage(0, 0, 3)] if one == other != "" else [])


LETTERS = st.lists(st.sampled_from("abc"), max_size=60)


@given(LETTERS, LETTERS)
def test_every_passage_is_shared_word_for_word_and_none_overlap(one, other):
    shorter, longer = sorted((one, other), key=len)
    end = 0
    for passage in passages(" ".join(shorter), " ".join(longer), 5):
        assert passage.start_shorter >= end
        end = passage.start_shorter + passage.words
        there = passage.start_longer
        assert shorter[passage.start_shorter : end] == longer[there : there + passage.words]


@given(LETTERS, LETTERS)
def test_no_shared_run_is_left_out_altogether(one, other):
    shorter, longer = sorted((one, other), key=len)
    found = passages(" ".join(shorter), " ".join(longer), 5)
    covered = {place for p in found for place in range(p.start_shorter, p.start_shorter + p.words)}
    for start in range(len(shorter) - 4):
        run = shorter[start : start + 5]
        shared = any(longer[place : place + 5] == run for place in range(len(longer) - 4))
        assert not shared or covered & set(range(start, start + 5))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("He said “we’re here”.", ["He", "said", "we’re", "here"]),
        ("½ of İstanbul’s ﬁnal", ["½", "½", "of", "İstanbul’s", "ﬁnal"]),
        ("Cafe\u0301 ＡＢ\u3000Ｃ", ["Cafe\u0301", "ＡＢ", "Ｃ"]),
        ("м’ята\nЇжа", ["м’ята", "Їжа"]),
    ],
)
def test_words_are_found_in_the_text_as_it_is_written(text, written):
    assert [text[first:last] for first, last in spans(text)] == written


@given(st.text() | st.text(alphabet="aé\u0301\u0308\u0323がﾞｶ각ᄀ\u1161\u11a8ﬁ½İı'’ "))
def test_there_is_one_span_a_word(text):
    found = spans(text)
    assert len(found) == len(hash_words(text))
    assert all(0 <= first < last <= len(text) for first, last in found)
