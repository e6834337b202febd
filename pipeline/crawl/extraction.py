"""The pool of processes that extraction runs in, away from the event loop, with a time limit a page."""

import asyncio
import multiprocessing
import os
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError
from functools import partial
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from pipeline.crawl.worker import OfferRead, PageRead, begin, read_offer, read_page
from pipeline.errors import Quarantine
from pipeline.events import Event, EventSource
from pipeline.items import Capture
from pipeline.ways import Reading

PAGE_SECONDS = 20.0
"""A page takes 25 ms; one that takes a thousand times as long is built to."""

_Result = TypeVar("_Result")


class Extraction:
    """Processes, one a core, that read pages. A page that hangs or kills its process costs itself alone."""

    def __init__(
        self,
        event: Event,
        sources: Mapping[str, EventSource],
        *,
        workers: int | None = None,
        seconds: float = PAGE_SECONDS,
    ) -> None:
        self._seconds = seconds
        self._event = event
        self._sources = dict(sources)
        self._workers = workers or len(os.sched_getaffinity(0))
        self._pool = self._open()

    def _open(self) -> ProcessPool:
        # A forked child of a process with threads and open sockets inherits both; these begin clean.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["pipeline.crawl.worker"])
        return ProcessPool(
            max_workers=self._workers,
            initializer=begin,
            initargs=(self._event, self._sources),
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
            future: Any = self._pool.schedule(work, timeout=self._seconds)
        except RuntimeError:
            # The pool itself gave up (its pipe broke, say); what it was at has been told, and the rest goes on.
            self.close()
            self._pool = self._open()
            future = self._pool.schedule(work, timeout=self._seconds)
        try:
            result: _Result = await asyncio.wrap_future(future)
        except TimeoutError as error:
            raise Quarantine(
                "extraction-timeout",
                f"Reading {address} took more than {self._seconds:.0f} seconds; it was given up.",
            ) from error
        except (ProcessExpired, CancelledError) as error:
            raise Quarantine(
                "extraction-killed", f"Reading {address} ended the process that read it ({error})."
            ) from error
        return result

    def close(self) -> None:
        """End the processes, and what they are at."""
        stop: Any = self._pool.stop  # it has no annotation
        stop()
        self._pool.join()
