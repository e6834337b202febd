"""Work to the side ends in time, and one that dies takes nothing with it."""

import os
import sys
import time
from types import ModuleType

import pytest

from pipeline.errors import NotFound
from pipeline.web.aside import TooLong, _kill_soon, aside, start_early


def test_what_takes_too_long_is_ended_and_others_go_on() -> None:
    assert aside(divmod, 7, 2) == (3, 1)
    begun = time.monotonic()
    with pytest.raises(TooLong, match="more than 1 seconds"):
        aside(pow, 7, 10**9, seconds=1.0)  # C code that holds the lock and hears no signal
    assert time.monotonic() - begun < 10
    with pytest.raises(TooLong, match="ended the process"):
        aside(os._exit, 1)
    assert aside(divmod, 7, 2) == (3, 1)


@pytest.mark.parametrize("kept", [{}, {"CONSTS": object()}])
def test_another_pool_s_settings_keep_nothing_from_working(
    monkeypatch: pytest.MonkeyPatch, kept: dict[str, object]
) -> None:
    module = ModuleType("pebble.common.types")
    vars(module).update(kept)
    monkeypatch.setitem(sys.modules, "pebble.common.types", module)
    _kill_soon()


def test_processes_that_start_early_are_those_that_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.web.aside._pool", None)
    start_early(0).join(60)
    pool = sys.modules["pipeline.web.aside"]._pool
    assert pool is not None
    assert aside(divmod, 7, 2) == (3, 1)
    assert sys.modules["pipeline.web.aside"]._pool is pool
    pool.stop()


def test_what_the_work_raises_is_raised_here() -> None:
    with pytest.raises(NotFound, match="nothing"):
        aside(_fail)


def _fail() -> None:
    raise NotFound("nothing")
