"""Signals are counted as whoever sent them meant them."""

import os
import signal

import pytest

from pipeline.crawl import stopping
from pipeline.crawl.stopping import ECHO_SECONDS, Stopping


class _Ended(Exception):
    pass


def test_a_signal_that_comes_twice_at_once_is_one_and_a_later_one_ends_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, stops = [100.0], []
    monkeypatch.setattr(stopping.time, "monotonic", lambda: now[0])

    def end(code: int) -> None:
        raise _Ended(code)

    monkeypatch.setattr(stopping.os, "_exit", end)
    with Stopping() as heard:
        heard.while_crawling(lambda: stops.append(now[0]))
        os.kill(os.getpid(), signal.SIGTERM)
        now[0] += ECHO_SECONDS / 2
        os.kill(os.getpid(), signal.SIGTERM)
        assert (heard.heard, stops) == (signal.SIGTERM, [100.0])
        now[0] += ECHO_SECONDS
        with pytest.raises(_Ended, match="143"):
            os.kill(os.getpid(), signal.SIGTERM)
    assert len(stops) == 1
