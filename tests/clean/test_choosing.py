from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from pipeline.clean.choosing import choose_published, latest_modified, zone_doubts
from pipeline.items import DateClaim

CAPTURED = datetime(2025, 1, 26, 12, tzinfo=UTC)
DAY = date(2024, 12, 4)


def claim(origin: str, day: date = DAY, **fields) -> DateClaim:
    return DateClaim("published", origin, day.isoformat(), day, **fields)


def timed(origin: str, raw: str, hour: int, zone: str | None) -> DateClaim:
    local = datetime(2024, 12, 4, hour, 28)  # noqa: DTZ001 - as it stands on the page
    at = local.replace(tzinfo=ZoneInfo(zone)) if zone else None
    return DateClaim("published", origin, raw, DAY, local, at, zone)


def test_what_is_stated_comes_before_what_is_guessed_and_the_reason_says_so():
    chosen, why = choose_published(
        [claim("byline", is_guess=True), claim("dateline", date(2024, 12, 3))], CAPTURED
    )
    assert chosen.origin == "dateline"
    assert why == "the text's dateline states it; byline has another day"


def test_a_guess_is_chosen_where_there_is_nothing_else_and_called_one():
    chosen, why = choose_published([claim("address", is_guess=True)], CAPTURED)
    assert (chosen.origin, chosen.is_guess) == ("address", True)
    assert why == "a guess: the address has it, and nothing states the date"


@pytest.mark.parametrize("day", [date(2025, 1, 28), date(1970, 1, 1), date(1989, 12, 31)])
def test_an_impossible_date_never_wins(day):
    assert choose_published([claim("json-ld", day)], CAPTURED) == (None, None)
    chosen, why = choose_published([claim("json-ld", day), claim("dateline")], CAPTURED)
    assert chosen.origin == "dateline"
    assert why.endswith("1 impossible date was passed over")


def test_the_minute_is_taken_from_where_it_is_stated_on_the_same_day():
    minute = timed("opengraph", "2024-12-04T16:28+02:00", 16, "Europe/Kyiv")
    assert choose_published([claim("json-ld"), minute], CAPTURED)[0] is minute
    other = claim("json-ld", date(2024, 12, 3))
    assert choose_published([other, minute], CAPTURED)[0] is other


def test_nothing_is_chosen_from_what_dates_only_the_page_or_a_change():
    dates = [DateClaim("page", "http", "x", DAY), DateClaim("modified", "json-ld", "x", DAY)]
    assert choose_published(dates, CAPTURED) == (None, None)
    assert latest_modified(dates, CAPTURED) is dates[1]


Z = "2024-12-04T16:28:00Z"


@pytest.mark.parametrize(
    ("shown", "doubted"),
    [
        (
            timed("byline", "16:28", 16, "Europe/Kyiv"),
            True,
        ),  # the same clock in another zone: Z was put behind local time
        (timed("byline", "18:28", 18, "Europe/Kyiv"), False),
        (timed("byline", "18:28", 18, None), True),
        (timed("byline", "16:28", 16, None), False),
        (
            replace(timed("byline", "18:31", 18, None), local=datetime(2024, 12, 4, 18, 31)),  # noqa: DTZ001
            False,
        ),  # no whole zone apart: the page shows another moment
    ],
)
def test_universal_time_that_is_not_what_the_page_shows_is_doubted(shown, doubted):
    assert bool(zone_doubts([timed("json-ld", Z, 16, "UTC"), shown])) is doubted


def test_a_stated_offset_is_never_doubted():
    assert (
        zone_doubts(
            [
                timed("json-ld", "2024-12-04T16:28:00+01:00", 16, "Europe/Oslo"),
                timed("byline", "18:28", 18, None),
            ]
        )
        == ()
    )
