"""What is known of a capture from outside its bytes, through JSON and back."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from pipeline.items import Capture, Declared, Listed, Source
from pipeline.store.facts import facts_of, with_facts
from tests.builders import NOON

BARE = Capture("https://a.test/1", b"A text.", "text/plain", NOON)
LISTED = Listed(
    origin="feed",
    title="A title",
    published="Wed, 04 Dec 2024 16:28:00 +0200",
    published_at=datetime(2024, 12, 4, 16, 28, tzinfo=timezone(timedelta(hours=2))),
    published_on=date(2024, 12, 4),
    modified="2024-12-05",
    modified_at=datetime(2024, 12, 5, 9, 0, 0, 250000, tzinfo=UTC),
    modified_on=date(2024, 12, 5),
)


@pytest.mark.parametrize(
    "capture",
    [
        BARE,
        replace(BARE, listed=Listed("sitemap")),
        replace(BARE, listed=LISTED),
        replace(BARE, listed=replace(LISTED, title=None, published_at=None, modified_on=None)),
        replace(
            BARE, timezone="Europe/Kyiv", declared=Declared("00000000000000a1", "T", date(2024, 12, 4), "en")
        ),
        replace(BARE, declared=Declared(published=datetime(2024, 12, 4, 16, 28, tzinfo=UTC))),
    ],
)
def test_facts_come_back_as_they_were(capture: Capture) -> None:
    stored = json.loads(json.dumps(facts_of(capture)))
    bare = replace(capture, timezone=None, declared=Declared(), listed=None)
    assert with_facts(bare, stored) == capture


def test_what_is_not_known_is_not_there() -> None:
    assert facts_of(BARE) == {}
    assert facts_of(replace(BARE, listed=Listed("wayback"))) == {"listed": {"origin": "wayback"}}
    assert facts_of(replace(BARE, source=Source("a", "A"))) == {"source": {"key": "a", "name": "A"}}


def test_days_and_times_are_kept_as_iso_strings() -> None:
    listed = facts_of(replace(BARE, listed=LISTED))["listed"]
    assert listed["published_at"] == "2024-12-04T16:28:00+02:00"
    assert listed["modified_on"] == "2024-12-05"
