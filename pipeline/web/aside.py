"""Work that somebody else's page or text can make long: done in a process to the side, which is killed when time is up.

A regular expression or a parser that is at it holds Python's lock, and with it every other answer; a thread cannot
be ended. The processes start with the first such work, or before it where `start_early` is called, and end with this one.
"""

import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Lock, Timer
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from pipeline.engines.process import end_with_parent, soundly
from pipeline.errors import NewsfoldError, Retry

SECONDS = 10.0
"""How long the work for one page may take, from when a process begins with it."""

_AT_ONCE = 2
_WAIT_SECONDS = 10.0  # for those before it, and for the processes to start
_END_SECONDS = 0.5  # a process that is told to end and is deep in somebody's C code is killed after so long
_lock = Lock()
_pool: ProcessPool | None = None

_Result = TypeVar("_Result")


class TooLong(NewsfoldError):
    """The work took more time than it may, or ended the process that was at it."""


class Crowded(Retry):
    """Other work of this kind is in the way."""


def aside(work: Callable[..., _Result], *given: object, seconds: float = SECONDS) -> _Result:
    """Return what a function of a module gives for some arguments, computed in another process.

    Raises:
        TooLong: it took more than so many seconds.
        Crowded: none of the processes was free for some seconds.
        Exception: whatever the function raised.
    """
    future = _begin(partial(soundly, partial(work, *given)), seconds)
    try:
        found: _Result = future.result(timeout=seconds + _WAIT_SECONDS)
    except TimeoutError as error:
        if future.done():
            raise TooLong(f"It took more than {seconds:.0f} seconds.") from error
        future.cancel()
        raise Crowded(
            "Too much of this kind is asked for at once. Wait a moment, and load the page again."
        ) from error
    except ProcessExpired as error:
        raise TooLong("It ended the process that was at it.") from error
    return found


def start_early(after: float = 1.0) -> Timer:
    """Start the processes in the background, so that the first work finds them ready; return what is at it.

    It begins after so many seconds, so as not to be in the way of the first page. The processes take seconds to import what
    they need, for which whoever asks first would wait. What keeps them from starting is told to whoever first has work.
    """

    def start() -> None:
        with suppress(Exception):
            aside(int)

    timer = Timer(after, start)
    timer.daemon = True
    timer.start()
    return timer


def _kill_soon() -> None:
    """Have the pool kill a process that does not hear it is to end, soon.

    The pool's own three seconds, added to those that a page may take, are longer than somebody who waits believes in;
    it has no public setting for them. One that keeps them elsewhere, or no more, works as well, and is a little slower.
    """
    with suppress(ImportError, AttributeError):
        from pebble.common.types import CONSTS  # noqa: PLC0415

        CONSTS.term_timeout = _END_SECONDS


def _begin(call: Callable[[], Any], seconds: float) -> Any:
    global _pool  # noqa: PLW0603 - one for all rooms of this process
    with _lock:
        if _pool is not None:
            try:
                return _pool.schedule(call, timeout=seconds)
            except RuntimeError:  # It gave up since it was last used.
                _pool.stop()  # type: ignore[no-untyped-call]
        # A forked child of a process with threads and open sockets inherits both; these begin clean.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["pipeline.web.inert", "pipeline.web.rooms"])
        _kill_soon()
        _pool = ProcessPool(max_workers=_AT_ONCE, initializer=end_with_parent, context=context)
        return _pool.schedule(call, timeout=seconds)
