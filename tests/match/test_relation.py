from datetime import UTC, datetime
from functools import cache
from itertools import combinations

import pytest

from pipeline.items import Capture
from pipeline.match.fingerprint import fingerprint
from pipeline.match.relation import compare, read_text
from pipeline.match.words import hash_words
from pipeline.prepare import prepare
from pipeline.settings import CHECKOUT

# How the five are related: relation, containment, longest run, unquoted.
TABLE = {
    ("001", "004"): ("contains", 1.00, 433, 1.00),
    ("003", "004"): ("quotes", 0.643, 74, 0.25),
    ("001", "003"): ("quotes", 0.350, 42, 0.34),
    ("001", "002"): ("quotes", 0.258, 28, 0.16),
    ("002", "004"): ("quotes", 0.294, 28, 0.16),
    ("002", "003"): ("quotes", 0.180, 28, 0.06),
}


@cache
def seed_text(number: str) -> str:
    (path,) = (CHECKOUT / "seeds").glob(f"{number}_*.txt")
    return prepare(Capture(path.name, path.read_bytes(), "text/plain", datetime(2026, 1, 1, tzinfo=UTC))).text


def relate(one: str, other: str, furniture: frozenset[int] = frozenset()):
    texts = sorted((read_text(one), read_text(other)), key=lambda text: len(text.words))
    return compare(*texts, furniture)


def kind(one: str, other: str, furniture: frozenset[int] = frozenset()) -> str:
    return relate(one, other, furniture)[0]


def words(start: int, stop: int) -> str:
    """Prose of numbered words: the same number is the same word."""
    return " ".join(f"word{number}" for number in range(start, stop))


@pytest.mark.parametrize("pair", list(combinations(["000", "001", "002", "003", "004"], 2)), ids="-".join)
def test_the_seeds_are_related_as_the_design_says(pair):
    found, evidence = relate(*map(seed_text, pair))
    if pair not in TABLE:
        assert found == "none"
        assert evidence.longest_run < 8
        return
    expected, containment, longest_run, unquoted = TABLE[pair]
    assert found == expected
    assert evidence.containment == pytest.approx(containment, abs=0.05)
    assert evidence.longest_run == longest_run
    assert evidence.unquoted == pytest.approx(unquoted, abs=0.1)


@pytest.mark.parametrize("text", [words(0, 300), "word", "Two words.", "外交部长会谈"])
def test_a_text_is_identical_to_itself(text):
    assert kind(text, text) == "identical"


def test_a_text_respelled_for_another_continent_is_identical():
    british = "The defence ministers’ programme for the centre’s labour force was organised and “cancelled”, he said."
    american = (
        "The defense ministers' program for the center's labor force was organized and \"canceled,\" he said."
    )
    assert kind(british, american) == "identical"


def test_a_text_that_lost_its_last_tenth_is_near():
    assert kind(words(0, 300), words(0, 270)) == "near"


def test_a_text_that_lost_its_last_half_is_contained():
    assert kind(words(0, 300), words(0, 150)) == "contains"


def test_a_text_wrapped_in_a_longer_one_is_contained():
    found, evidence = relate(words(0, 120), f"{words(1000, 1400)} {words(0, 120)} {words(2000, 2900)}")
    assert found == "contains"
    assert (evidence.containment, evidence.longest_run) == (1.0, 120)
    assert evidence.jaccard < 0.1


def test_a_text_with_its_paragraphs_in_another_order_is_near():
    parts = [words(start, start + 60) for start in range(0, 300, 60)]
    assert kind("\n".join(parts), "\n".join(reversed(parts))) == "near"


def test_a_copy_with_a_word_changed_here_and_there_is_near():
    copy = words(0, 300).replace("word50 ", "other ").replace("word150 ", "").replace("word250 ", "one two ")
    assert kind(words(0, 300), copy) == "near"


def test_texts_that_share_only_a_speech_quote_it():
    speech = f"“{words(0, 100)}”"
    found, evidence = relate(
        f"{words(1000, 1030)} {speech}", f"{words(2000, 2200)} {speech} {words(3000, 3100)}"
    )
    assert found == "quotes"
    assert evidence.containment > 0.65
    assert evidence.unquoted == 0


def test_a_run_of_twelve_words_tells_in_a_short_text_and_not_in_a_long_one():
    assert kind(f"{words(1000, 1100)} {words(0, 12)}", f"{words(2000, 2500)} {words(0, 12)}") == "quotes"
    assert kind(f"{words(1000, 1400)} {words(0, 12)}", f"{words(2000, 2500)} {words(0, 12)}") == "none"


def test_a_run_of_twenty_five_words_tells_in_any_text():
    assert kind(f"{words(1000, 2000)} {words(0, 25)}", f"{words(3000, 5000)} {words(0, 25)}") == "quotes"
    assert kind(f"{words(1000, 2000)} {words(0, 24)}", f"{words(3000, 5000)} {words(0, 24)}") == "none"


def test_a_short_text_must_be_found_almost_whole():
    def with_lost_end(count: int, lost: int) -> str:
        return kind(words(0, count), f"{words(0, count - lost)} {words(5000, 5300)}")

    assert with_lost_end(120, 27) == "contains"
    assert with_lost_end(30, 6) == "quotes"
    assert with_lost_end(30, 3) == "contains"


def test_unrelated_texts_are_not_related():
    found, evidence = relate(words(0, 200), words(1000, 1300))
    assert found == "none"
    assert (evidence.shared, evidence.longest_run, evidence.jaccard) == (0, 0, 0.0)


@pytest.mark.parametrize("length", [60, 600])
def test_site_furniture_counts_for_nothing(length):
    standing = words(9000, 9080)
    furniture = frozenset(fingerprint(hash_words(standing)).tolist())
    one, other = f"{words(0, length)} {standing}", f"{words(1000, 2000)} {standing}"
    assert kind(one, other) == "quotes"
    assert kind(one, other, furniture) == "none"


def test_furniture_does_not_hide_a_copy():
    standing = words(9000, 9080)
    furniture = frozenset(fingerprint(hash_words(standing)).tolist())
    found, _ = relate(f"{words(0, 200)} {standing}", f"{words(0, 200)} {standing} x", furniture)
    assert found == "near"


def test_the_longer_text_first_is_a_mistake_that_is_told():
    with pytest.raises(ValueError, match="shorter"):
        compare(read_text(words(0, 20)), read_text(words(0, 10)))


@pytest.mark.parametrize("other", ["", "word", words(0, 100)])
@pytest.mark.parametrize("text", ["", "🙂"])
def test_a_text_without_words_is_related_to_nothing(text, other):
    assert kind(text, other) == "none"


@pytest.mark.timeout(20)
def test_a_text_that_repeats_itself_is_measured_in_time():
    assert kind("all work and no play " * 20_000, "all work and no play " * 25_000) in {"near", "contains"}
