"""robots.txt, as RFC 9309 has it: what it forbids is not asked for, be it page, feed, sitemap or redirect's target.

* One that answers 4xx does not exist: all is allowed (2.3.1.3). Neither does one that redirects without an end.
* One that answers 5xx or 429, or not at all, forbids everything for now (2.3.1.4); it is asked again after
  ten minutes, and a sound one after a day (2.4).
* Only its first 500 KiB are read (2.5).
* Crawl-delay is not in the RFC, yet many files state it: it is obeyed, up to an hour. A file that states more is
  taken to mean an hour, which is as good as not at all.

Rules are looked up for the product token `newsfold`, whatever the User-Agent says after it.
"""

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler

from pipeline.crawl.answers import HostBlocked
from pipeline.crawl.downloading import TooManyRedirects
from pipeline.crawl.politeness import CrawlEnding, gate_of, host_of
from pipeline.crawl.resolver import PrivateAddress
from pipeline.errors import Quarantine, Retry

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser

TOKEN = "newsfold"  # noqa: S105 -- RFC 9309 calls a crawler's name its product token
"""The name by which a robots.txt file speaks to this crawler."""

LARGEST = 500 * 1024
LONGEST_DELAY = 3600.0
_ASK_AGAIN_SOUND = 24 * 3600.0
_ASK_AGAIN_UNREACHABLE = 600.0
_TOO_MANY_REQUESTS = 429


class Forbidden(Quarantine, IgnoreRequest):
    """A request was not sent, because its host's robots.txt forbids it."""

    def __init__(self, url: str) -> None:
        """Say which request this is."""
        super().__init__("robots", f"{url} was not fetched: the site's robots.txt forbids it to {TOKEN}.")


class RobotsUnreachable(Retry, IgnoreRequest):
    """A request was not sent, because its host's robots.txt could not be read, and all is forbidden until it can."""

    def __init__(self, url: str, why: str) -> None:
        """Say which request this is, and what became of the request for robots.txt."""
        super().__init__(f"{url} was not fetched: the site's robots.txt {why}. Try again later.")


@dataclass(frozen=True)
class _Answer:
    """What one origin's robots.txt came to: rules (None: no rules), or why it cannot be known."""

    until: float
    parser: "RobotParser | None" = None
    unreachable: str | None = None
    error: Exception | None = None  # no fault of the file: the host is private, or the crawl ends
    retry_after: float | None = None


class Robots(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware with the rules above (in `DOWNLOADER_MIDDLEWARES`, in place of Scrapy's).

    Raises `Forbidden`, `RobotsUnreachable`, and for the request itself what kept robots.txt from being asked:
    `PrivateAddress`, `CrawlEnding`, `HostBlocked`. A request that waits for robots.txt may have `retry_after` left in its meta.
    """

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._asked: dict[str, asyncio.Future[_Answer]] = {}

    async def robot_parser(self, request: Request) -> "RobotParser | None":
        """The rules of a request's origin, fetched once for all who wait for them; None if there are none."""
        url = urlparse_cached(request)
        if url.scheme not in {"http", "https"}:
            return None  # there is no handler for it either
        origin = f"{url.scheme}://{url.netloc}"
        asked = self._asked.get(origin)
        if asked is None or (asked.done() and asked.result().until <= time.monotonic()):
            asked = asyncio.ensure_future(self._ask(origin, request))
            self._asked[origin] = asked
        answer = await asyncio.shield(asked)
        if isinstance(answer.error, PrivateAddress) and not answer.unreachable:
            raise PrivateAddress(request.url, answer.error.found) from answer.error
        if isinstance(answer.error, CrawlEnding):
            raise CrawlEnding(request.url) from answer.error
        if isinstance(answer.error, HostBlocked):
            raise HostBlocked(request.url, answer.error.why) from answer.error
        if answer.unreachable:
            if answer.retry_after is not None:
                request.meta["retry_after"] = answer.retry_after
            self._stats.inc_value("robotstxt/unreachable")
            raise RobotsUnreachable(request.url, answer.unreachable) from answer.error
        return answer.parser

    def process_request_2(self, rp: "RobotParser | None", request: Request) -> None:
        """Raise `Forbidden` where the rules forbid a request."""
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise Forbidden(request.url) from error

    async def _ask(self, origin: str, request: Request) -> _Answer:
        assert self.crawler.engine  # noqa: S101 -- there is no request without one
        meta = {"dont_obey_robotstxt": True, "allow_offsite": True}
        ask = Request(
            f"{origin}/robots.txt", priority=self.DOWNLOAD_PRIORITY, meta=meta, callback=NO_CALLBACK
        )
        self._stats.inc_value("robotstxt/request_count")
        try:
            response = await self.crawler.engine.download_async(ask)
        except (CrawlEnding, HostBlocked) as error:
            return _Answer(0.0, error=error)
        except TooManyRedirects:
            return _Answer(time.monotonic() + _ASK_AGAIN_SOUND)
        except Exception as error:  # noqa: BLE001 -- whatever it was, the rules are not known
            if isinstance(error, PrivateAddress) and error.url == ask.url:  # not one it was redirected to
                return _Answer(0.0, error=error)
            return _Answer(
                time.monotonic() + _ASK_AGAIN_UNREACHABLE,
                unreachable=f"could not be fetched ({str(error).rstrip('.') or type(error).__name__})",
                error=error,
            )
        self._stats.inc_value("robotstxt/response_count")
        self._stats.inc_value(f"robotstxt/response_status_count/{response.status}")
        return await self._judge(response, request)

    async def _judge(self, response: Response, request: Request) -> _Answer:
        if response.status >= 500 or response.status == _TOO_MANY_REQUESTS:
            asked_for = response.request or request
            return _Answer(
                time.monotonic() + _ASK_AGAIN_UNREACHABLE,
                unreachable=f"answered {response.status}",
                retry_after=asked_for.meta.get("retry_after"),
            )
        until = time.monotonic() + _ASK_AGAIN_SOUND
        if response.status >= 300:
            return _Answer(until)
        rules = build_from_crawler(self._parserimpl, self.crawler, _first(response.body))
        await gate_of(self.crawler).set_least(
            host_of(request), min(rules.crawl_delay(TOKEN) or 0.0, LONGEST_DELAY)
        )
        await self.crawler.signals.send_catch_log_async(
            signal=signals.robots_parsed, robotparser=rules, request=request
        )
        return _Answer(until, parser=rules)


def _first(body: bytes) -> bytes:
    """The part of a file that is read: whole lines, so that no rule is cut into a wider one."""
    if len(body) <= LARGEST:
        return body
    return body[: body.rfind(b"\n", 0, LARGEST) + 1]
