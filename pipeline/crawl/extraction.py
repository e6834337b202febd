"""The pool of processes that extraction runs in, away from the event loop, with a time limit a page."""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Mapping
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import forkserver, resource_tracker
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from pipeline.clean.furniture import NO_FURNITURE, Furniture
from pipeline.crawl.worker import OfferRead, PageRead, begin, read_offer, read_page
from pipeline.engines.process import soundly
from pipeline.errors import Quarantine
from pipeline.events import Event, EventSource
from pipeline.items import Capture
from pipeline.ways import Reading

PAGE_SECONDS = 20.0
"""A page takes 25 ms; one that takes a thousand times as long is built to."""

_LOOK_SECONDS = 1.0  # how often it is looked whether the pool still works

_Result = TypeVar("_Result")


class _PoolBroke(Exception):
    """All processes are lost, or what they say cannot be understood any more."""


class Extraction:
    """Processes, one a core, that read pages. A page that hangs or kills its process costs itself alone."""

    def __init__(
        self,
        event: Event,
        sources: Mapping[str, EventSource],
        furniture: Furniture = NO_FURNITURE,
        *,
        workers: int | None = None,
        seconds: float = PAGE_SECONDS,
    ) -> None:
        self._seconds = seconds
        self._event = event
        self._sources = dict(sources)
        self._furniture = furniture
        self._workers = workers or len(os.sched_getaffinity(0))
        self._is_closed = False
        self._pool = self._open()

    def _open(self) -> ProcessPool:
        # A forked child of a process with threads and open sockets inherits both; these begin clean.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["pipeline.crawl.apart", "pipeline.crawl.worker"])
        _forget_the_program()
        _start_fork_server()
        return ProcessPool(
            max_workers=self._workers,
            initializer=begin,
            initargs=(self._event, self._sources, self._furniture),
            context=context,
        )

    async def page(self, capture: Capture, *, is_wanted: bool) -> PageRead:
        """Prepare and judge a page; a page that cannot be read comes back as trouble."""
        try:
            return await self._run(partial(read_page, capture, is_wanted=is_wanted), capture.address)
        except Quarantine as trouble:
            return PageRead(None, None, trouble)

    async def offer(
        self, reading: Reading, body: bytes, address: str, headers: Mapping[str, str], source: str
    ) -> OfferRead:
        """Read a discovery page.

        Raises:
            Quarantine: it took too long, or killed the process that read it.
            SetupError: a selector of the event file is not CSS.
        """
        return await self._run(partial(read_offer, reading, body, address, dict(headers), source), address)

    async def _run(self, work: Callable[[], _Result], address: str) -> _Result:
        try:
            return await self._try(work, address)
        except _PoolBroke as error:
            if self._is_closed:
                raise Quarantine("extraction-killed", f"Reading {address} was cut off.") from error
        # Most likely it was another page, or the system, that broke it.
        try:
            return await self._try(work, address)
        except _PoolBroke as error:
            raise Quarantine(
                "extraction-killed", f"Reading {address} ended the processes that read pages, twice."
            ) from error

    async def _try(self, work: Callable[[], _Result], address: str) -> _Result:
        pool, future = self._scheduled(partial(soundly, work))
        waiting: asyncio.Future[_Result] = asyncio.wrap_future(future)
        try:
            while not (await asyncio.wait({waiting}, timeout=_LOOK_SECONDS))[0]:
                if not pool.active:
                    # A pool whose pipe broke tells some of what it was at, and is silent about the rest.
                    future.cancel()
            return waiting.result()
        except TimeoutError as error:
            raise Quarantine(
                "extraction-timeout",
                f"Reading {address} took more than {self._seconds:.0f} seconds; it was given up.",
            ) from error
        except ProcessExpired as error:
            raise Quarantine(
                "extraction-killed", f"Reading {address} ended the process that read it ({error})."
            ) from error
        except BrokenProcessPool as error:
            raise _PoolBroke from error
        except asyncio.CancelledError as error:
            if not waiting.cancelled():
                raise
            raise _PoolBroke from error
        finally:
            waiting.cancel()

    def _scheduled(self, work: Callable[[], _Result]) -> tuple[ProcessPool, Any]:
        try:
            return self._pool, self._pool.schedule(work, timeout=self._seconds)
        except RuntimeError:
            if self._is_closed:
                raise RuntimeError("The processes that read pages were ended.") from None
        # The pool itself gave up; the rest goes on with another.
        self._end()
        self._pool = self._open()
        return self._pool, self._pool.schedule(work, timeout=self._seconds)

    def close(self) -> None:
        """End the processes, and what they are at."""
        self._is_closed = True
        self._end()

    def _end(self) -> None:
        stop: Any = self._pool.stop  # it has no annotation
        stop()
        self._pool.join()


def _forget_the_program() -> None:
    """Have no process import the program that crawls, as multiprocessing would have each do for what stands in it.

    Nothing of it is needed there, and with it would come the whole command line, SQLAlchemy and all: 0.8 seconds and
    43 MB a process.
    """
    program = sys.modules["__main__"]
    program.__spec__ = None
    vars(program).pop("__file__", None)


def _start_fork_server() -> None:
    """Start it, unless it runs, out of reach of signals to the whole process group: `apart` lifts the block there."""
    # By itself the fork server starts this one first, which would lift the block here.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
