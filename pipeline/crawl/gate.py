"""Turns at hosts, given out by the database: the limits hold for all crawls that share it."""

import asyncio

from pipeline.crawl.politeness import ROOM
from pipeline.crawl.session import Crawl
from pipeline.crawl.targets import DEFAULT_DELAY
from pipeline.store import hosts


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

    async def set_least(self, host: str, seconds: float) -> None:
        """Part of `Gate`."""
        self._least[host] = seconds

    async def hold(self, host: str, seconds: float) -> None:
        """Part of `Gate`."""
        self._held.add(host)
        engine = self._crawl.engine
        await asyncio.to_thread(self._crawl.steadily, lambda: hosts.hold(engine, host, seconds))
