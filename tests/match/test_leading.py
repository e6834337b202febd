from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from pipeline.match.leading import StoryText, choose_lead

DAY = date(2024, 12, 4)


def text(key: str, word_count: int = 100, **facts) -> StoryText:
    names = {field: frozenset(facts.pop(field, ())) for field in ("outlets", "credits", "cites")}
    return StoryText(key.encode(), word_count, **facts, **names)


@pytest.mark.parametrize(
    ("lead", "other", "reason"),
    [
        ({"outlets": ["dpa"], "credits": ["AP"]}, {"credits": ["DPA"], "published_on": DAY}, "others credit"),
        ({"outlets": ["Ukrinform"]}, {"cites": ["ukrinform"], "published_on": DAY}, "others cite"),
        ({"word_count": 50}, {"credits": ["AFP"], "published_on": DAY}, "credits nobody"),
        ({"published_on": DAY}, {"word_count": 500}, "first"),
        ({"published_on": DAY}, {"published_on": DAY + timedelta(1), "word_count": 500}, "first"),
        ({"word_count": 101}, {}, "longest"),
        ({}, {}, "smallest"),
    ],
)
def test_the_lead_is_chosen_by_the_first_criterion_that_tells(lead, other, reason):
    chosen, why = choose_lead([text("b" if reason != "smallest" else "a", **lead), text("c", **other)])
    assert chosen == (b"b" if reason != "smallest" else b"a")
    assert reason in why
    if reason != "smallest":
        assert choose_lead([text("c", **lead), text("b", **other)])[0] == b"c"


def test_an_outlet_that_credits_itself_owes_nothing():
    own = text("b", outlets=["Reuters"], credits=["REUTERS"])
    assert choose_lead([own, text("a", credits=["PAP"])])[0] == b"b"


def test_a_day_with_a_time_comes_before_the_day_alone():
    timed = text("b", published_on=DAY, published_at=datetime(2024, 12, 4, 22, tzinfo=UTC))
    assert choose_lead([timed, text("a", published_on=DAY)])[0] == b"b"


def test_the_earlier_instant_leads_whatever_its_zone():
    kyiv = datetime(2024, 12, 4, 16, 28, tzinfo=timezone(timedelta(hours=2)))
    london = datetime(2024, 12, 4, 15, 0, tzinfo=UTC)
    early = text("b", published_on=DAY, published_at=kyiv)
    assert choose_lead([early, text("a", published_on=DAY, published_at=london)])[0] == b"b"


def test_the_reason_names_the_outlet_and_how_many_credit_it():
    own = text("a", outlets=["nato", "NATO"], credits=["NATO"])
    copies = [text(key, credits=["Nato"]) for key in "bcd"]
    assert (
        choose_lead([own, *copies])[1]
        == "its outlet, NATO, is the one the others credit (3 others of the story)"
    )
