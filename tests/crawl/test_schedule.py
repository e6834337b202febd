"""When an address is visited again."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline.crawl.schedule import FIRST_RETRY, next_pause, retry_pause

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_BOUNDS = st.tuples(st.integers(1, 87_840), st.integers(1, 87_840)).map(
    lambda hours: (timedelta(hours=min(hours)), timedelta(hours=max(hours)))
)


def test_the_first_pause_is_the_shortest() -> None:
    assert next_pause(None, HOUR, DAY, brought=True) == next_pause(None, HOUR, DAY, brought=False) == 3600


def test_what_brings_nothing_is_visited_half_as_often_and_what_brings_something_twice() -> None:
    assert next_pause(4 * 3600, HOUR, DAY, brought=False) == 8 * 3600
    assert next_pause(4 * 3600, HOUR, DAY, brought=True) == 2 * 3600


@given(_BOUNDS, st.none() | st.integers(0, 10**9), st.booleans())
def test_a_pause_is_within_the_bounds_whatever_it_was_under_other_ones(
    bounds: tuple[timedelta, timedelta], pause: int | None, brought: bool
) -> None:
    least, most = bounds

    assert least.total_seconds() <= next_pause(pause, least, most, brought=brought) <= most.total_seconds()


def test_failures_rest_for_longer_each_time() -> None:
    pauses = [retry_pause(attempts, timedelta(days=30)) for attempts in range(1, 13)]

    assert pauses[:3] == [3600, 7200, 14_400]
    assert pauses[-1] == 30 * 86_400
    assert pauses == sorted(pauses)


@given(st.integers(0, 10**6), st.integers(1, 87_840))
def test_a_retry_is_never_later_than_the_longest_pause(attempts: int, hours: int) -> None:
    assert 0 < retry_pause(attempts, timedelta(hours=hours)) <= hours * 3600
    assert retry_pause(attempts, timedelta(hours=hours)) >= FIRST_RETRY.total_seconds()
