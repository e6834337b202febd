"""Work to the side ends in time, and one that dies takes nothing with it."""

import os
import time

import pytest

from pipeline.errors import NotFound
from pipeline.web.aside import TooLong, aside


def test_what_takes_too_long_is_ended_and_others_go_on() -> None:
    assert aside(divmod, 7, 2) == (3, 1)
    begun = time.monotonic()
    with pytest.raises(TooLong, match="more than 1 seconds"):
        aside(pow, 7, 10**9, seconds=1.0)  # C code that holds the lock and hears no signal
    assert time.monotonic() - begun < 10
    with pytest.raises(TooLong, match="ended the process"):
        aside(os._exit, 1)
    assert aside(divmod, 7, 2) == (3, 1)


def test_what_the_work_raises_is_raised_here() -> None:
    with pytest.raises(NotFound, match="nothing"):
        aside(_fail)


def _fail() -> None:
    raise NotFound("nothing")
