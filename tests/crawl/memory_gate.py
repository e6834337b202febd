"""A gate that keeps its turns in memory, for crawls without a database."""

import time
from collections.abc import Callable, Mapping

from pipeline.crawl.politeness import ROOM


class MemoryGate:
    """Gaps are `delays[host]`, else `delay`, or what `set_least` said if that is more."""

    def __init__(
        self,
        delay: float = 1.0,
        delays: Mapping[str, float] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._delay = delay
        self._delays = dict(delays or {})
        self._clock = clock
        self._least: dict[str, float] = {}
        self._last: dict[str, float] = {}
        self._held: dict[str, float] = {}

    async def reserve(self, host: str) -> float:
        now = self._clock()
        delay = self._delay_of(host)
        turn = max(now, self._held.get(host, now))
        if delay > 0 and host in self._last:
            turn = max(turn, self._last[host] + delay + ROOM)
        self._last[host] = turn
        return turn - now

    async def may_go(self, host: str, late: float) -> bool:
        now, delay = self._clock(), self._delay_of(host)
        if delay > 0 and self._last.get(host, now) > now - late + delay / 2:
            return False
        self._last[host] = now
        return True

    async def set_least(self, host: str, seconds: float) -> None:
        self._least[host] = seconds

    async def hold(self, host: str, seconds: float) -> None:
        self._held[host] = max(self._held.get(host, 0.0), self._clock() + seconds)

    def _delay_of(self, host: str) -> float:
        return max(self._delays.get(host, self._delay), self._least.get(host, 0.0))
