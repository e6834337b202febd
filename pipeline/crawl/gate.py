"""Turns at hosts, given out by the database: the limits hold for all crawls that share it."""

import asyncio
import time
from functools import partial

from pipeline.crawl.answers import HostBlocked
from pipeline.crawl.politeness import ROOM
from pipeline.crawl.session import Crawl
from pipeline.crawl.targets import DEFAULT_DELAY
from pipeline.store import hosts

_LATE = 0.015
"""Seconds that a request may be sent after its turn without the next turn being moved: what one statement takes."""


class DatabaseGate:
    """A `Gate` whose turns are in the table of hosts. A host without a delay that was never held costs nothing."""

    def __init__(self, crawl: Crawl) -> None:
        self._crawl = crawl
        self._least: dict[str, float] = {}
        self._held: set[str] = set()

    def delay_of(self, host: str) -> float:
        """Return the least seconds between two requests to a host."""
        stated = self._crawl.delays.get(host, DEFAULT_DELAY)
        return max(stated, self._least.get(host, 0.0))

    async def reserve(self, host: str) -> float:
        """Part of `Gate`."""
        delay = self.delay_of(host)
        if delay <= 0 and host not in self._held:
            return 0.0
        gap = delay + ROOM if delay > 0 else 0.0
        engine = self._crawl.engine
        return await asyncio.to_thread(self._crawl.steadily, lambda: hosts.reserve(engine, host, gap))

    async def may_go(self, host: str, late: float) -> bool:
        """Part of `Gate`. Raises `HostBlocked` where the host turned us away while the request waited."""
        why = self._crawl.why_not(host)
        if why is not None:
            raise HostBlocked(host, why)
        delay = self.delay_of(host)
        while delay > 0 and late > _LATE:
            began = time.monotonic()
            move = partial(hosts.move_turn, self._crawl.engine, host, late, delay)
            if not await asyncio.to_thread(self._crawl.steadily, move):
                return False
            late = time.monotonic() - began
        return True

    async def set_least(self, host: str, seconds: float) -> None:
        """Part of `Gate`."""
        self._least[host] = seconds

    async def hold(self, host: str, seconds: float) -> None:
        """Part of `Gate`."""
        self._held.add(host)
        engine = self._crawl.engine
        await asyncio.to_thread(self._crawl.steadily, lambda: hosts.hold(engine, host, seconds))
