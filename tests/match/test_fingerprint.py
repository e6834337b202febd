import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.match.fingerprint import SHINGLE, WINDOW, fingerprint, hash_shingles, winnow_positions
from pipeline.match.words import hash_words

WORDS = st.sampled_from(
    ["war", "of", "the", "cable", "ship", "fleet", "winter", "kyiv", "said", "he", "and", "sea"]
)
RUN = SHINGLE + WINDOW - 1


def mark(words: list[str]) -> set[int]:
    return set(fingerprint(hash_words(" ".join(words))).tolist())


@given(
    st.lists(WORDS, min_size=RUN, max_size=RUN + 20),
    st.tuples(*[st.lists(WORDS, max_size=150)] * 4),
)
def test_two_texts_that_share_twenty_words_share_a_hash(shared, around):
    above, below, other_above, other_below = around
    assert mark(above + shared + below) & mark(other_above + shared + other_below)


@given(st.integers(0, 120), st.integers(0, 120), st.integers(0, 120), st.integers(0, 120))
def test_twenty_shared_words_are_found_between_texts_with_nothing_else_in_common(above, below, left, right):
    shared = [f"shared{number}" for number in range(RUN)]
    one = [f"one{n}" for n in range(above)] + shared + [f"uno{n}" for n in range(below)]
    other = [f"two{n}" for n in range(left)] + shared + [f"due{n}" for n in range(right)]
    assert mark(one) & mark(other)


@given(st.lists(WORDS, max_size=300))
def test_a_fingerprint_is_sorted_unique_and_fits_a_bigint(words):
    found = fingerprint(hash_words(" ".join(words)))
    assert found.dtype == np.int64
    assert found.tolist() == sorted(set(found.tolist()))
    assert (len(found) > 0) == (len(words) > 0)


def test_winnowing_thins_a_long_text():
    words = hash_words(" ".join(f"word{number}" for number in range(5_000)))
    # The expected density of winnowing is 2 / (window + 1).
    assert len(fingerprint(words)) == pytest.approx(5_000 * 2 / (WINDOW + 1), rel=0.1)


def test_the_order_of_words_counts():
    words = hash_words("one two three four five")
    assert hash_shingles(words) != hash_shingles(words[::-1])


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_a_text_of_one_shingle_has_one_hash(count):
    assert len(fingerprint(hash_words("a b c d e"[: 2 * count]))) == 1


def test_the_fingerprint_of_a_known_text_never_changes_under_one_version():
    found = fingerprint(hash_words("The envoys spoke for an hour about the winter."))
    assert found.tolist() == [-6348529718224072211, 4111971612604232994]


@given(st.lists(WORDS, min_size=1, max_size=300))
def test_a_fingerprint_is_what_stands_at_the_positions_that_winnowing_keeps(words):
    shingles = hash_shingles(hash_words(" ".join(words)))
    kept = np.unique(shingles[winnow_positions(shingles)].view(np.int64))
    assert fingerprint(hash_words(" ".join(words))).tolist() == kept.tolist()
