"""Work in processes on this machine, one a core. What hangs or kills one of them costs itself alone."""

import gc
import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, TypeAlias

from pebble import ProcessExpired, ProcessPool
from pebble.common.types import CONSTS

from pipeline.engines.base import (
    PAGE_SECONDS,
    Attempt,
    Closing,
    Done,
    Item,
    Lost,
    Result,
    is_about_more,
    next_attempt,
    said_of,
)
from pipeline.engines.process import end_with_parent, soundly

_AHEAD = 3  # batches a worker: the one it is at, and enough that it need not wait for us
_LOOK_SECONDS = 1.0  # how often it is looked whether the pool still works
_GRACE = 15.0  # seconds past every time limit after which a silent pool is taken for a broken one
_LOCK_SECONDS = 5.0  # the pool's pipe is locked for less than a millisecond, unless its holder was killed
_END_SECONDS = 0.5  # a process that is told to end and is deep in somebody's C code is killed after so long
_KILLED = "It ended every process that worked on it."

_Outcome: TypeAlias = Done[Item, Any] | Lost[Item] | list[Attempt[Item]]


class LocalEngine(Closing):
    """A pool of processes. They start with the first `map`, which only one caller may use at a time."""

    def __init__(self, workers: int | None = None, *, seconds: float = PAGE_SECONDS) -> None:
        """Take as many workers as there are cores unless told otherwise; `seconds` is what one item may take."""
        self.workers = workers or len(os.sched_getaffinity(0))
        self._seconds = seconds
        self._pool: ProcessPool | None = None

    def map(
        self, work: Callable[[Sequence[Item]], Result], batches: Iterable[Sequence[Item]]
    ) -> Iterator[Done[Item, Result] | Lost[Item]]:
        """Work on every batch, as `Engine.map` says."""
        source = iter(batches)
        again: deque[Attempt[Item]] = deque()
        running: dict[Any, Attempt[Item]] = {}
        ended: SimpleQueue[Any] = SimpleQueue()
        try:
            while True:
                while len(running) < _AHEAD * self.workers:
                    attempt = again.popleft() if again else next_attempt(source)
                    if attempt is None:
                        break
                    future = self._start(work, attempt)
                    running[future] = attempt
                    future.add_done_callback(ended.put)
                if not running:
                    return
                for outcome in self._outcomes(running, ended):
                    if isinstance(outcome, list):
                        again.extend(outcome)
                    else:
                        yield outcome
        finally:
            for future in running:
                future.cancel()

    def _start(self, work: Callable[[Sequence[Item]], Result], attempt: Attempt[Item]) -> Any:
        call = partial(soundly, partial(work, attempt.batch))
        seconds = attempt.seconds(self._seconds)
        if self._pool is None:
            self._pool = _open(self.workers, work)
        try:
            return self._pool.schedule(call, timeout=seconds)
        except RuntimeError:  # The pool gave up between two batches.
            self.close()
            self._pool = _open(self.workers, work)
            return self._pool.schedule(call, timeout=seconds)

    def _outcomes(
        self, running: dict[Any, Attempt[Item]], ended: "SimpleQueue[Any]"
    ) -> "Iterator[_Outcome[Item]]":
        """Wait until an attempt ends, and return what came of it; of all of them, where the pool broke."""
        patience = max(attempt.seconds(self._seconds) for attempt in running.values()) + _GRACE
        until = time.monotonic() + patience
        while self._works() and time.monotonic() < until:
            try:
                future = ended.get(timeout=_LOOK_SECONDS)
            except Empty:
                continue
            if future not in running:  # of a pool that broke
                continue
            if isinstance(future.exception(), BrokenProcessPool):
                break
            yield self._outcome(running.pop(future), future)
            return
        begun = {future for future in running if future.running() or future.done()}
        self.close()
        for future, attempt in list(running.items()):
            del running[future]
            is_told = future.done() and not future.cancelled()
            if is_told and not isinstance(future.exception(), BrokenProcessPool):
                yield self._outcome(attempt, future)
            else:
                # What a process was at may have broken it; the rest only waited.
                yield attempt.after("killed", _KILLED) if future in begun else [attempt]

    def _outcome(self, attempt: Attempt[Item], future: Any) -> "_Outcome[Item]":
        """Return what came of an attempt that ended, in a pool that works."""
        error = future.exception()
        if error is None:
            return Done(attempt.batch, future.result())
        if isinstance(error, ProcessExpired):
            return attempt.after("killed", _KILLED)
        if isinstance(error, TimeoutError) and error.args[:1] == ("Task timeout",):  # the pool's own
            seconds = attempt.seconds(self._seconds)
            return attempt.after("timeout", f"Working on it took more than {seconds:.0f} seconds.")
        if is_about_more(error):
            raise error
        return attempt.after("failed", said_of(error))

    def _works(self) -> bool:
        return self._pool is not None and bool(self._pool.active)

    def close(self) -> None:
        """Kill the processes, whatever they are at; another `map` would start others."""
        if self._pool is not None:
            stop: Any = self._pool.stop  # it has no annotation
            stop()
            self._pool.join()
            self._pool = None


def _open(workers: int, work: Callable[..., Any]) -> ProcessPool:
    # A forked child of a process with threads and open sockets inherits both; these begin clean.
    context = multiprocessing.get_context("forkserver")
    while isinstance(work, partial):
        work = work.func
    # Imported once, for all of them; the main module is not to be run again.
    CONSTS.term_timeout = _END_SECONDS
    context.set_forkserver_preload([work.__module__ if work.__module__ != "__main__" else __name__])
    return ProcessPool(max_workers=workers, initializer=_begin, context=context)


def _begin() -> None:
    end_with_parent()
    CONSTS.channel_lock_timeout = _LOCK_SECONDS
    # What was imported stays: the collector need not look at it again with every batch.
    gc.freeze()
