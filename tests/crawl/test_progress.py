"""Showing how far a crawl is must be right, and must never harm the crawl."""

import io
import sys
import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.signalmanager import SignalManager

from pipeline.crawl.progress import Pace, Progress, seconds_between_lines
from pipeline.errors import SetupError


def test_the_rate_is_that_of_the_last_ten_seconds() -> None:
    pace = Pace()
    assert pace.rate(0, 0.0) == 0.0
    for second in range(1, 31):
        fetched = second * 3 if second <= 15 else 45  # three a second, then nothing
        rate = pace.rate(fetched, float(second))
        expected = 3.0 if second <= 15 else max(0.0, (25 - second) * 3 / 10)
        assert rate == pytest.approx(expected)


@given(st.lists(st.tuples(st.floats(0, 100), st.integers(0, 100)), max_size=50))
def test_the_rate_is_never_negative_nor_a_failure(steps: list[tuple[float, int]]) -> None:
    pace, now, fetched = Pace(), 0.0, 0
    for wait, more in steps:
        now, fetched = now + wait, fetched + more
        assert pace.rate(fetched, now) >= 0


@pytest.mark.parametrize("stated", ["often", "0", "-1", "nan", "inf", "1e9"])
def test_an_interval_that_is_none_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, stated: str
) -> None:
    monkeypatch.setenv("NEWSFOLD_PROGRESS_SECONDS", stated)
    with pytest.raises(SetupError, match="number of seconds"):
        seconds_between_lines()


class _Broken(io.StringIO):
    """A stream whose reader is gone."""

    def write(self, _: str) -> int:
        raise BrokenPipeError


@pytest.mark.parametrize("crawl", [None, SimpleNamespace()])
def test_what_cannot_be_shown_harms_nothing(monkeypatch: pytest.MonkeyPatch, crawl: Any) -> None:
    monkeypatch.setenv("NEWSFOLD_PROGRESS_SECONDS", "0.01")
    monkeypatch.setattr(sys, "stderr", _Broken())
    spider = SimpleNamespace(crawl=crawl) if crawl is not None else SimpleNamespace()
    crawler: Any = SimpleNamespace(spider=spider, signals=SignalManager())
    shown = Progress.from_crawler(crawler)
    shown.start()
    time.sleep(0.1)
    shown.stop()
    shown.stop()
    assert "progress" not in [thread.name for thread in threading.enumerate()]
