"""What a discovery page said, to JSON and back."""

import json
from datetime import date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from pipeline.items import Listed
from pipeline.store.listed import listed_from, listed_json

_ZONES = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_LISTED = st.builds(
    Listed,
    origin=st.sampled_from(["feed", "sitemap", "wayback"]),
    title=st.none() | st.text(),
    published=st.none() | st.text(),
    published_at=st.none() | st.datetimes(timezones=_ZONES),
    published_on=st.none() | st.dates(),
    modified=st.none() | st.text(),
    modified_at=st.none() | st.datetimes(timezones=_ZONES),
    modified_on=st.none() | st.dates(),
)


@given(_LISTED)
def test_whatever_was_said_comes_back(listed: Listed) -> None:
    assert listed_from(json.loads(json.dumps(listed_json(listed)))) == listed


def test_what_is_not_stated_is_not_there() -> None:
    at = datetime(2024, 12, 4, 16, 28, tzinfo=timezone(timedelta(hours=2)))
    listed = Listed("feed", published_at=at, modified_on=date(2024, 12, 5))

    assert listed_json(listed) == {
        "origin": "feed",
        "published_at": "2024-12-04T16:28:00+02:00",
        "modified_on": "2024-12-05",
    }
