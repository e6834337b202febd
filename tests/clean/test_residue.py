"""Texts that try to lose a line of their own, or to keep a line of the page's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean.canonical import tidy_line
from pipeline.clean.residue import clean

ABOVE = "The envoys spoke for an hour about the winter that lies ahead."
BELOW = "They will meet again in the spring, officials said on Thursday."


def rules_of(lines: list[str], title: str | None = None) -> list[str]:
    return [removed.rule for removed in clean(lines, titles=[title or ""]).removed]


@pytest.mark.parametrize(
    "line",
    [
        "On Wednesday, 4 December 2024, the ministers met.",
        "4 December 2024 was the day the cables were cut, the navy said.",
        "Brussels, 4 December 2024, will be remembered.",
        "UKRAINE",
        "Q&A",
        "(As delivered)",
        "Andrew Example, Reuters",
        "Source close to the talks: no deal",
        "AD 79",
        "Share of the vote",
        "Print is not dead",
        "Email from the front",
        "No comment",
        "Topics of the day",
        "Bild berichtet über neue Waffen",
        "Share prices in Kyiv and Warsaw",
        "Related to the cables, the navy said nothing.",
        "«Реклама» – так назвав це міністр.",
        "Реклама зброї зростає, кажуть у Києві.",
        "Джерело в уряді: рішення ще немає.",
        "Werbung für den Frieden",
        "Teilen heißt herrschen",
        "Partager le fardeau, dit le ministre",
        "Publicité : la fin d’une époque.",
        "– We were there first.",
        "🙂",
        "שלום לכולם, אמר השר.",
    ],
)
def test_a_real_line_stays_wherever_it_stands(line):
    assert rules_of([line, ABOVE, BELOW]) == []
    assert rules_of([ABOVE, line, BELOW]) == []
    assert rules_of([ABOVE, BELOW, line]) == []


@pytest.mark.parametrize(
    "headline",
    [
        "Bild: Germany sends two more ships to the strait",
        "Bild: Німеччина передасть ще дві системи",
        "Bild: Minister tritt zurück",
    ],
)
def test_a_headline_that_names_the_newspaper_bild_is_no_caption(headline):
    assert rules_of([headline, ABOVE, BELOW]) == []


@pytest.mark.parametrize(
    "line",
    [
        "Copyright law divided the envoys to the last.",
        "Copyright law must change, say artists",
        "(c) the third clause was dropped.",
    ],
)
def test_a_last_sentence_about_copyright_is_no_copyright_line(line):
    assert rules_of([ABOVE, BELOW, line]) == []


@pytest.mark.parametrize(
    "line",
    [
        "With contributions from 40 states the fund was filled.",
        "With files from the archive, he built his case.",
    ],
)
def test_a_last_sentence_that_begins_with_with_is_no_agency_note(line):
    assert rules_of([ABOVE, BELOW, line]) == []


@pytest.mark.parametrize(
    "line",
    [
        "Topics: energy, defence, and the winter that lies ahead, he said.",
        "Tags: none of them matter, she said.",
    ],
)
def test_a_last_sentence_that_begins_with_topics_is_no_list_of_tags(line):
    assert rules_of([ABOVE, BELOW, line]) == []


def test_the_languages_of_a_country_stay_in_its_fact_box():
    assert rules_of([ABOVE, "Capital: Brussels", "Languages: Dutch, French and German", BELOW]) == []


def test_a_chronology_below_the_last_paragraph_keeps_its_dates():
    lines = [ABOVE, BELOW, "24 February 2022", "The invasion begins", "4 December 2024", "The ministers meet"]
    assert rules_of(lines) == []


def test_a_chronology_of_short_entries_keeps_its_dates():
    lines = ["3 December 2024", "Arrival of the ministers", "4 December 2024", "Departure of the ministers"]
    assert rules_of(lines) == []


def test_speakers_who_greet_before_the_first_paragraph_are_no_headline():
    lines = [
        "Alliance Spokesperson Anna Example",
        "Good afternoon.",
        "Secretary Otto Nobody",
        "Thank you, Anna.",
    ]
    lines += ["Alliance Spokesperson Anna Example", "We now take the questions that you have for us today."]
    assert rules_of(lines) == []


def test_a_text_without_any_paragraph_is_not_all_head():
    lines = [f"A short line, the {number}th" for number in range(30)]
    lines[20] = "Share"
    assert rules_of(lines) == []


def test_a_prompt_inside_the_prose_stays():
    assert rules_of([ABOVE, "Share", BELOW]) == []


def test_residue_is_taken_from_the_edge_inwards_through_lines_that_stay():
    lines = ["Sun. Jan 26th, 2025", "A headline of its own", "The Hague, 24 January 2025", ABOVE, BELOW]
    cleaned = clean([*lines, "Share", "A last word", "Follow us on X", ""])
    assert [line.rule for line in cleaned.removed] == [
        "page-date",
        "dateline",
        "share-prompt",
        "subscribe-prompt",
    ]
    assert cleaned.text == f"A headline of its own\n{ABOVE}\n{BELOW}\nA last word"


def test_a_heading_above_a_heading_goes_when_both_head_nothing():
    assert rules_of([ABOVE, "Related articles", "Topics", "Source – NATO"]) == ["empty-label"] * 2 + [
        "source-line"
    ]


def test_a_heading_with_an_advertisement_between_it_and_its_text_stays():
    cleaned = clean([ABOVE, "More information", "AD", BELOW])
    assert cleaned.text == f"{ABOVE}\nMore information\n{BELOW}"


def test_a_run_of_ad_markers_is_cut_from_the_end_of_a_paragraph():
    cleaned = clean(["“We agreed,” she said. AD AD", BELOW])
    assert cleaned.text == f"“We agreed,” she said.\n{BELOW}"
    assert [(line.text, line.rule) for line in cleaned.removed] == [("AD AD", "trailing-ad-run")]


def test_a_run_at_the_end_goes_though_another_run_stands_before_it():
    assert clean(["He left. AD AD She stayed. AD AD AD", BELOW]).text.startswith(
        "He left. AD AD She stayed.\n"
    )


@pytest.mark.parametrize(
    "line",
    [
        "EARLIER: Who cut the cables?",
        "READ MORE: Could the alliance do more?",
        "Source – European External Action Service (EEAS)",
        "Source – Council of the EU (via e-mail)",
        "Source – U.S. Department of State",
    ],
)
def test_residue_of_a_known_kind_goes_in_the_middle_too(line):
    assert clean([ABOVE, line, BELOW]).text == f"{ABOVE}\n{BELOW}"


@pytest.mark.parametrize(
    "line",
    [
        "The flags at the summit. Photo by A. Nother/Pool",
        "The flags at the summit. © European Union",
    ],
)
def test_residue_of_a_known_kind_goes_at_the_head(line):
    assert clean([line, ABOVE, BELOW]).text == f"{ABOVE}\n{BELOW}"


def test_what_a_removed_line_told_comes_in_the_order_of_the_lines():
    cleaned = clean(["09:05 11.03.2025", ABOVE, "Source – NATO", BELOW, "(Reuters)"])
    assert [(hint.informs, hint.text) for hint in cleaned.hints] == [
        ("date", "09:05 11.03.2025"),
        ("credit", "NATO"),
        ("credit", "Reuters"),
    ]


LINES = st.lists(
    st.sampled_from(
        [ABOVE, BELOW, "", " ", "AD", "Share", "Topics", "Source – NATO", "4 December 2024", "UKRAINE"]
    )
    | st.text(max_size=40),
    max_size=12,
)


@given(LINES)
def test_every_line_is_either_kept_or_accounted_for(lines):
    cleaned = clean(lines)
    numbers = [removed.number for removed in cleaned.removed]
    assert len(set(numbers)) == len(numbers)
    assert all(lines[removed.number] == removed.text for removed in cleaned.removed)
    left = [line for number, line in enumerate(lines) if number not in numbers]
    assert clean(lines).text == "\n".join(line for line in map(tidy_line, left) if line)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("ending", ["", "!", " x9?"])
@pytest.mark.parametrize(
    "unit",
    [
        "share the article ",
        "share this on the x ",
        "facebook, ",
        "follow us on x, ",
        "AD ",
        ". AD AD",
        "- ",
        " ",
        "\xa0",
        "EARLIER: a",
        "Source - ",
        "a. Photo: ",
        "all rights reserved ",
        "© ",
        "with inputs from ",
        "Topics: ",
        "(AP/AP",
        "available in French, ",
        "4 December 2024 ",
        "Brussels, ",
        "1 min",
        "subscribe to our ",
        "a",
        "🙂",
        "ש",
        "。",
    ],
)
def test_no_line_however_long_makes_a_rule_hang(unit, ending):
    for length in (59, 199, 2_000, 100_000):
        line = (unit * (length // len(unit) + 1))[:length] + ending
        clean([line, ABOVE, line, BELOW, line])


@pytest.mark.timeout(10)
def test_a_text_of_ten_thousand_date_lines_does_not_hang():
    clean([*["4 December 2024"] * 10_000, ABOVE])
