from datetime import UTC, date, datetime

import pytest

from pipeline.clean.dates import claim_from_line, claim_from_value, date_within, read_date_line


@pytest.mark.parametrize(
    ("line", "shape", "kind", "when"),
    [
        ("09:05 11.03.2025", "stamp", "published", datetime.fromisoformat("2025-03-11 09:05")),
        ("March 11, 2025 at 9:05 pm", "stamp", "published", datetime.fromisoformat("2025-03-11 21:05")),
        ("11. März 2025, 09:05 Uhr", "stamp", "published", datetime.fromisoformat("2025-03-11 09:05")),
        ("11 березня 2025, 09:05", "stamp", "published", datetime.fromisoformat("2025-03-11 09:05")),
        ("Publié le 11 mars 2025 à 09h05", "stamp", "published", datetime.fromisoformat("2025-03-11 09:05")),
        ("Last updated: 11 March 2025", "day", "modified", datetime.fromisoformat("2025-03-11")),
        ("Оновлено: 11 березня 2025", "day", "modified", datetime.fromisoformat("2025-03-11")),
        ("2025-03-11", "day", "published", datetime.fromisoformat("2025-03-11")),
        ("11.3.25", "day", "published", datetime.fromisoformat("2025-03-11")),
        ("Tue. Mar 11th, 2025", "page-day", "page", datetime.fromisoformat("2025-03-11")),
        ("Вівторок, 11 березня 2025", "page-day", "page", datetime.fromisoformat("2025-03-11")),
        ("mardi 11 mars 2025", "page-day", "page", datetime.fromisoformat("2025-03-11")),
        ("04.12.2024 Stand: 16:28 Uhr", "stamp", "published", datetime.fromisoformat("2024-12-04 16:28")),
        ("2024年12月4日 16:28", "stamp", "published", datetime.fromisoformat("2024-12-04 16:28")),
        ("٤ ديسمبر ٢٠٢٤", "day", "published", datetime.fromisoformat("2024-12-04")),
        ("4 كانون الأول 2024", "day", "published", datetime.fromisoformat("2024-12-04")),
        ("Dec. 4, 2024 4:28 pm ET", "stamp", "published", datetime.fromisoformat("2024-12-04 16:28-05:00")),
        ("July 4, 2024 4:28 pm ET", "stamp", "published", datetime.fromisoformat("2024-07-04 16:28-04:00")),
        ("The Hague, 11 March 2025", "dateline", "published", datetime.fromisoformat("2025-03-11")),
        ("Київ, 11 березня 2025", "dateline", "published", datetime.fromisoformat("2025-03-11")),
    ],
)
def test_a_line_that_is_a_date_is_read_exactly(line, shape, kind, when):
    found = read_date_line(line)
    assert found is not None
    assert (found.shape, found.kind, found.when) == (shape, kind, when)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "2025",
        "March 2025",
        "11 March",
        "31.02.2025",
        "09:05",
        "Room 12 2025",
        "Version 3.5.10",
        "11 March 2025 was a long day",
        "The talks of 11 March 2025",
        "In 2025, 11 ministers left",
        "The minister, 44, spoke in 2025",
        "Paris 2024",
        "У 2025 році їх було 11",
        "3-4 December 2024",
        "x" * 100_000 + " 11 March 2025",
    ],
)
def test_a_line_that_only_mentions_a_date_is_none(line):
    assert read_date_line(line) is None


@pytest.mark.parametrize("line", ["On 4 December 2024", "Le 4 décembre 2024", "By 4 December 2024"])
def test_a_date_after_a_preposition_or_an_article_does_not_date_only_the_page(line):
    found = read_date_line(line)
    assert found is None or found.kind == "published"


def test_a_dateline_may_name_a_place_with_commas_and_points():
    found = read_date_line("Washington, D.C., 11 March 2025")
    assert found is not None
    assert found.shape == "dateline"


def test_a_date_whose_day_and_month_could_be_exchanged_has_no_value():
    assert read_date_line("04/12/2024").when is None
    assert read_date_line("12/04/2024").when is None
    # Its weekday says which is the month; one that fits both readings, or none, does not.
    assert read_date_line("Wed, 12/04/2024 - 16:28").when == datetime.fromisoformat("2024-12-04T16:28")
    assert read_date_line("Fri, 12/04/2024 - 16:28").when == datetime.fromisoformat("2024-04-12T16:28")
    assert read_date_line("Mon, 12/04/2024 - 16:28").when is None
    assert read_date_line("25/12/2024").when == datetime.fromisoformat("2024-12-25")
    assert read_date_line("05/05/2024").when == datetime.fromisoformat("2024-05-05")


def claim(line, timezone=None):
    return claim_from_line(line, read_date_line(line), timezone)


def test_a_time_gets_the_zone_of_its_source():
    told = claim("09:05 11.07.2025", "Europe/Kyiv")
    assert told.at == datetime(2025, 7, 11, 6, 5, tzinfo=UTC)
    assert (told.local, told.zone) == (
        datetime.fromisoformat("2025-07-11 09:05"),
        "Europe/Kyiv",
    )


def test_a_time_without_a_zone_is_no_instant():
    told = claim("09:05 11.07.2025")
    assert (told.at, told.local, told.day) == (
        None,
        datetime.fromisoformat("2025-07-11 09:05"),
        date(2025, 7, 11),
    )


def test_a_stated_offset_beats_the_zone_of_the_source():
    told = claim("11 July 2025, 09:05 GMT+2", "America/New_York")
    assert told.at == datetime(2025, 7, 11, 7, 5, tzinfo=UTC)


def test_a_day_stays_a_day():
    told = claim("The Hague, 11 March 2025", "Europe/Amsterdam")
    assert (told.origin, told.day, told.local) == ("dateline", date(2025, 3, 11), None)


def test_a_date_that_could_be_two_days_claims_nothing():
    assert claim("04/12/2024") is None


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("December 4, 2024 / 4:28 PM EST / AP", "2024-12-04 16:28-05:00"),
        ("Updated Dec. 5, 2024 9:10 am ET Published Dec. 4, 2024 4:28 pm ET", "2024-12-04 16:28-05:00"),
        ("The poet published 4 December 2024", None),
        ("The talks of 4 December 2024 / 4:28 PM EST", None),
    ],
)
def test_a_date_is_found_beside_others_words_and_labels(line, at):
    claim = date_within(line, None)
    assert (claim and claim.at) == (at and datetime.fromisoformat(at))


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("1733329680", "2024-12-04 16:28+00:00"),
        ("1733329680000", "2024-12-04 16:28+00:00"),
        ("2024120416", None),
        ("173332968", None),
    ],
)
def test_unix_time_is_universal_time(value, at):
    claim = claim_from_value("published", "time-element", value, "Europe/Kyiv")
    assert (claim and claim.at) == (at and datetime.fromisoformat(at))
