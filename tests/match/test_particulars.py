import pytest

from pipeline.match.particulars import Particulars, particulars
from pipeline.match.relation import compare, read_text
from pipeline.match.words import hash_single_words


def of(text: str) -> Particulars:
    return particulars(text, hash_single_words(text))


def names(*words: str) -> frozenset[int]:
    return frozenset(hash_single_words(" ".join(words)).tolist())


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("6-7/16 pct, 1,550.3 and 12:30.", {"6-7/16", "15503", "12:30"}),
        ("five or 5, but 15", {"15"}),
        ("٢٠٢٤", {"2024"}),
        ("none", set()),
    ],
)
def test_figures_are_taken_whole_and_single_digits_are_none(text, figures):
    assert of(text).figures == figures


def test_names_begin_with_a_capital_within_a_sentence():
    assert of("He met Olha Ivanenko in Lviv. They left. Nobody saw it").names == names(
        "Olha", "Ivanenko", "Lviv"
    )


def test_a_text_in_capitals_tells_no_names():
    assert of("THE MINISTERS MET IN LVIV").names == frozenset()


FORM = (
    "The Reserve Board is expected to enter the market to add temporary reserves, economists said. They expect it to "
    "supply them indirectly by arranging around {} billion crowns of overnight repurchase agreements. The Board may "
    "add reserves directly instead. Reserve funds, which averaged {} pct on the previous day, opened at {} pct and "
    "traded between there and {} pct in the first hour, and dealers said that they saw no sign of any other pressure."
)


def kind(one: str, other: str) -> str:
    return compare(*sorted((read_text(one), read_text(other)), key=lambda text: len(text.words)))[0]


def test_one_form_filled_in_on_two_days_is_no_copy():
    assert (
        kind(FORM.format("1.5", "6.25", "6-1/8", "6-3/8"), FORM.format("2.5", "6.75", "6-5/8", "6-7/8"))
        == "quotes"
    )


def test_a_report_with_two_figures_corrected_is_a_copy():
    assert (
        kind(FORM.format("1.5", "6.25", "6-1/8", "6-3/8"), FORM.format("2.5", "6.75", "6-1/8", "6-3/8"))
        == "near"
    )


# What else these say is the same from one time to the next: some 60 words.
QUAKE = (
    "An earthquake of magnitude {} struck near {} on {}, the survey said. It was {} kilometres deep, and people felt it "
    "in the towns around. No damage was reported at first, and there was no warning of a wave. Crews went out to look at "
    "roads and bridges, schools stayed shut for the day, and the survey said that weaker shocks were likely in the days "
    "to come and asked everyone to keep away from walls that had cracked."
)
COIN = (
    "The price of the largest of the digital coins passed {} on {} for the first time in some weeks, as traders bet on "
    "lower rates and on friendlier rules. Other coins rose with it, and so did the shares of the firms that deal in them. "
    "Analysts warned that what rises so quickly may fall as quickly, and told savers to put in no more than they can lose."
)


@pytest.mark.parametrize(
    ("form", "one", "other"),
    [
        (QUAKE, ("5.6", "Merrow", "Monday", "10"), ("6.1", "Tallin", "Friday", "35")),
        (COIN, ("95,000", "Monday"), ("91,000", "Friday")),
    ],
)
def test_a_short_form_with_no_particular_in_common_is_no_copy(form, one, other):
    assert kind(form.format(*one), form.format(*other)) == "quotes"
    # Corrected in its figures alone, it is the same report.
    corrected = [new if new[0].isdigit() else old for old, new in zip(one, other, strict=True)]
    assert kind(form.format(*one), form.format(*corrected)) == "near"
