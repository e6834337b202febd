"""How fast a crawl may go: each request waits for its host's turn right before it is sent.

Scrapy's own delay holds inside one process, varies at random and starts anew with each crawl. Here a gate gives out
the turns; it is kept in the database (gate.py), so the limits hold across processes. The wait is over before the
download's clock starts, so it never counts as a time-out of the server. A turn is when a request is sent: one that has
to open a connection first arrives later by that, and the gap to the next is as much shorter at the server. A busy
machine sends later than the turn was; the next turn is then moved as well.
"""

import asyncio
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Protocol

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import CannotResolveHostError, DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from pipeline.crawl.downloading import TooLarge
from pipeline.crawl.resolver import PrivateAddress, installed_resolver
from pipeline.errors import Retry

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

ROOM = 0.005
"""Seconds added to every gap, so that what the machine's clock and scheduler blur does not make one too short."""

LONGEST_WAIT = 120
"""Seconds. A server that asks in Retry-After for a longer rest is left alone instead of waited for."""

_CHECK = 1.0  # seconds between two looks, while waiting, at whether the crawl is ending


class Gate(Protocol):
    """Gives out turns, host by host. Hosts are lower-case names without a port; times are in seconds."""

    async def reserve(self, host: str) -> float:
        """Take the host's next free turn, and return in how many seconds it is (0 or less: now)."""

    async def may_go(self, host: str, late: float) -> bool:
        """Hear that a request is about to be sent, so many seconds after its turn; tell whether it may be.

        Turns that come after it are counted from now. Where one of them was given out already, the request has
        to take another turn.
        """

    async def set_least(self, host: str, seconds: float) -> None:
        """Let no gap on the host be shorter from now on, the one after the last turn given out included."""

    async def hold(self, host: str, seconds: float) -> None:
        """Give out no turn on the host for so long from now; turns that were given out stay."""


def gate_of(crawler: "Crawler") -> Gate:
    """The gate of a crawl, which is its spider's attribute `gate`."""
    gate: Gate = crawler.spider.gate  # type: ignore[union-attr]  # no other spider gets here
    return gate


def host_of(request: Request) -> str:
    """The host that a request goes to, as gates name it."""
    return urlparse_cached(request).hostname or ""


def asked_to_wait(response: Response) -> float | None:
    """The seconds that a response's Retry-After asks for (RFC 9110, 10.2.3), a date being counted from now.

    None where there is none, where it is neither a number nor a date, and where it names no time to come.
    """
    stated = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if stated.isascii() and stated.isdigit():
        seconds = float(stated[:18])  # more digits say no more
    else:
        try:
            moment = parsedate_to_datetime(stated)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            seconds = (moment - datetime.now(UTC)).total_seconds()
        except (ValueError, OverflowError):
            return None
    return seconds if seconds > 0 else None


class CrawlEnding(Retry, IgnoreRequest):
    """A request was not sent, because the crawl began to end while it waited for its turn."""

    def __init__(self, url: str) -> None:
        """Say which request this is."""
        super().__init__(f"{url} was not fetched: the crawl ended while it waited for its turn.")


class PoliteHandler(HTTP11DownloadHandler):
    """Scrapy's handler of http and https (setting `DOWNLOAD_HANDLERS`): in turn, and to public addresses only.

    Raises `PrivateAddress`, `TooLarge` and `CrawlEnding` beside what Scrapy's raises. It hears a server's
    Retry-After itself, since Scrapy starts the host's next request before any middleware sees the response.
    """

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._resolver = installed_resolver(crawler)

    async def download_request(self, request: Request) -> Response:
        """Wait for the host's turn, then fetch."""
        host = host_of(request)
        gate = gate_of(self.crawler)
        await self._wait_for_turn(gate, host, request)
        try:
            response = await super().download_request(request)
        except CannotResolveHostError as error:
            found = self._resolver.refused(host)
            if found is None:
                raise
            raise PrivateAddress(request.url, found) from error
        except DownloadCancelledError as error:
            raise TooLarge(request.url, self._default_maxsize) from error
        asked = asked_to_wait(response)
        if asked is not None and asked <= LONGEST_WAIT:
            await gate.hold(host, asked)
        return response

    async def _wait_for_turn(self, gate: Gate, host: str, request: Request) -> None:
        may_go = False
        while not may_go:
            began = time.monotonic()
            wait = max(0.0, await gate.reserve(host))
            if wait > 0:
                await self._sleep(wait, request)
            may_go = await gate.may_go(host, time.monotonic() - began - wait)

    async def _sleep(self, seconds: float, request: Request) -> None:
        """Sleep, but do not keep a crawl that is ending from its end: a turn can be an hour away."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._is_ending():
                raise CrawlEnding(request.url)
            await asyncio.sleep(min(left, _CHECK))

    def _is_ending(self) -> bool:
        engine = self.crawler.engine
        slot = engine._slot if engine else None  # noqa: SLF001 -- no signal says that a spider begins to close
        return slot is not None and slot.closing is not None
