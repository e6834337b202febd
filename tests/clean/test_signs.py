import pytest

from pipeline.clean.canonical import fold_title
from pipeline.clean.page import Page
from pipeline.clean.residue import clean
from pipeline.clean.signs import SIGNS

ABOVE = "The envoys spoke for an hour about the winter that lies ahead."


def takes(sign: str, line: str, title: str | None = None) -> bool:
    titles = frozenset([fold_title(title)]) if title else frozenset()
    return SIGNS[sign](Page([line, ABOVE], titles), 0) is not None


@pytest.mark.parametrize(
    "line",
    [
        "Also available in German and Polish",
        "Also available in German, Polish and Czech.",
        "Available in: English | Français | Українська",
        "Read this article in Turkish",
        "Auch verfügbar auf Deutsch",
        "Також доступно: Русский",
    ],
)
def test_a_line_of_nothing_but_languages_is_a_language_list(line):
    assert takes("language-list", line)


@pytest.mark.parametrize(
    "line",
    [
        "Also available in German shops",
        "Also available in green",
        "Read this in silence",
        "German and Polish",
        "Also available in",
        "Available in German and Polish from Monday",
    ],
)
def test_a_line_that_names_anything_else_is_no_language_list(line):
    assert not takes("language-list", line)


def test_a_title_is_known_by_its_words_whatever_its_case():
    assert takes("title", "ENVOYS AGREE ON CABLES", title="Envoys agree on cables")
    assert not takes("title", "Envoys agree on the cables", title="Envoys agree on cables")
    assert not takes("title", "Envoys agree on cables", title=None)


def test_a_title_is_known_though_its_apostrophe_is_of_another_kind():
    assert takes("title", "Europe’s envoys “agree” on cables", title='Europe\'s envoys "agree" on cables')


def test_a_headline_may_stand_three_times():
    cleaned = clean(["Envoys agree to guard cables"] * 3 + [ABOVE])
    assert cleaned.text == ABOVE


def test_a_headline_repeated_in_capitals_is_the_same():
    assert clean(["Envoys agree to guard cables", "ENVOYS AGREE TO GUARD CABLES", ABOVE]).text == ABOVE


def test_the_line_between_stamp_and_reading_time_is_told_as_the_title():
    cleaned = clean(["09:05 11.03.2025", "Envoys agree", "2 min read", ABOVE])
    assert [(hint.informs, hint.text) for hint in cleaned.hints] == [
        ("date", "09:05 11.03.2025"),
        ("title", "Envoys agree"),
    ]
