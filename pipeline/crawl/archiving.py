"""A downloader middleware that archives every answer as it came, before anything else sees it."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider
from scrapy.http import Response

from pipeline.address import host_of
from pipeline.crawl.answers import HostBlocked
from pipeline.crawl.heads import fields_of
from pipeline.crawl.politeness import CrawlEnding
from pipeline.crawl.session import Crawl
from pipeline.errors import SetupError
from pipeline.items import Exchange
from pipeline.store.facts import source_json
from pipeline.store.frontier import Task
from pipeline.store.listed import listed_json

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Archiving:
    """Next to the downloader (in `DOWNLOADER_MIDDLEWARES`): redirects and packed bodies are seen as they came.

    A request that leads to a page has its `Task` in `meta["task"]`; the answer's place in the archive is left
    in `meta["location"]`. A host that turned us away meanwhile is not asked again.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Part of Scrapy's interface."""
        return cls(crawler)

    def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Raise `HostBlocked` for a host that turned us away meanwhile, `CrawlEnding` when nothing can be kept."""
        del spider  # Scrapy's old signature
        crawl = self._crawl()
        if crawl is not None and crawl.fault is not None:
            raise CrawlEnding(request.url)
        why = crawl.why_not(host_of(request.url)) if crawl is not None else None
        if why is not None:
            raise HostBlocked(request.url, why)

    async def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Response:
        """Archive an answer, in a thread: packing it takes longer than the event loop has."""
        del spider  # Scrapy's old signature
        crawl = self._crawl()
        if crawl is not None:
            at = datetime.now(UTC)
            task: Task | None = request.meta.get("task")
            facts = facts_of(crawl, task) if task is not None else {"event": crawl.event.key}
            exchange = exchange_of(response, at)
            try:
                location = await asyncio.to_thread(crawl.archive.append_exchange, exchange, facts)
            except OSError as error:
                crawl.fault = crawl.fault or SetupError(
                    f"The archive {crawl.settings.archive} cannot be written to: {error.strerror}. Free some space, "
                    "or set NEWSFOLD_HOME to a folder of yours; then run it again: what was committed is kept."
                )
                raise CrawlEnding(request.url) from error
            request.meta["location"] = location
            request.meta["answered_at"] = at
        return response

    def _crawl(self) -> Crawl | None:
        crawl: Crawl | None = getattr(self._crawler.spider, "crawl", None)
        return crawl


def exchange_of(response: Response, at: datetime) -> Exchange:
    """Return a response as it came."""
    try:
        phrase = HTTPStatus(response.status).phrase
    except ValueError:
        phrase = ""
    ip = str(response.ip_address) if response.ip_address is not None else None
    return Exchange(response.url, response.status, fields_of(response), response.body, at, phrase, ip)


def facts_of(crawl: Crawl, task: Task) -> Mapping[str, Any]:
    """Return what the archive keeps beside an answer, so that the visit can be made good from it alone."""
    source = crawl.source(task).source
    facts: dict[str, Any] = {
        "event": crawl.event.key,
        "frontier": task.address,
        "source": source_json(source),
        "article": task.is_article,
        "wanted": task.is_wanted,
    }
    if source.timezone is not None:
        facts["timezone"] = source.timezone
    if task.fetch_address is not None:
        facts["copied_at"] = task.copied_at.isoformat() if task.copied_at else None
        facts["copy_of"] = task.address
    if task.listed is not None:
        facts["listed"] = listed_json(task.listed)
    return facts
