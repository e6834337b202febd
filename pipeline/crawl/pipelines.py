"""Scrapy's item pipelines of a crawl: read what was fetched, in other processes; keep it, in batches."""

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, Self, cast

from pipeline.crawl.answers import Trouble
from pipeline.crawl.extraction import Extraction
from pipeline.crawl.keeping import Keeper
from pipeline.crawl.session import Crawl
from pipeline.crawl.visits import NOT_MODIFIED, Visit
from pipeline.errors import Quarantine, SetupError
from pipeline.items import Capture
from pipeline.store.frontier import Task

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

_KEPT_HEADERS = ("content-type", "content-language", "last-modified", "etag", "date")
_HTML = ("text/html", "application/xhtml+xml")


class Visitor(Protocol):
    """What the pipelines need of the spider."""

    crawl: Crawl
    extraction: Extraction
    keeper: Keeper

    def is_done(self, task: Task) -> None:
        """Hear that a task's visit is over."""


class _Stage:
    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Part of Scrapy's interface."""
        return cls(crawler)

    @property
    def _spider(self) -> Visitor:
        return cast("Visitor", self._crawler.spider)


class Reading(_Stage):
    """Fills in what was read in a visit's page: the article, the addresses it leads to, or both."""

    async def process_item(self, item: Visit) -> Visit:
        """Part of Scrapy's interface."""
        if item.trouble is not None or item.status == NOT_MODIFIED:
            return item
        try:
            return await self._read(item)
        except Quarantine as trouble:
            return item.failed(Trouble(trouble.reason, str(trouble), "later"))
        except SetupError as error:
            return item.failed(Trouble("event-file", str(error), "later"))
        except Exception as error:
            logger.exception("%s could not be read.", item.task.address)
            return item.failed(
                Trouble("internal", f"{item.task.address} could not be read: {error!r}.", "later")
            )

    async def _read(self, visit: Visit) -> Visit:
        task, extraction = visit.task, self._spider.extraction
        key = self._spider.crawl.source(task).source.key
        if task.reading is not None:
            offer = await extraction.offer(task.reading, visit.body, visit.final, visit.headers, key)
            visit = replace(visit, offer=offer)
        if task.is_article:
            capture = capture_of(visit, self._spider.crawl)
            page = await extraction.page(capture, is_wanted=task.is_wanted)
            visit = replace(visit, capture=capture, page=page)
        return visit


class Keeping(_Stage):
    """Stores a visit; the item is done when it is committed, which holds back the downloads meanwhile."""

    async def process_item(self, item: Visit) -> Visit:
        """Part of Scrapy's interface."""
        try:
            # Its bytes are in the archive, and in the capture if it has one.
            await self._spider.keeper.keep(replace(item, body=b""))
        except Exception as error:  # noqa: BLE001 - the crawl ends, and says why
            await self._give_up(error)
        finally:
            self._spider.is_done(item.task)
        return item

    async def _give_up(self, error: Exception) -> None:
        engine = self._crawler.engine
        if engine is not None and engine.spider is not None:
            logger.error("Nothing can be stored any more, so the crawl ends: %s", error)
            # Not awaited: the engine waits for this very item.
            asyncio.get_running_loop().call_soon(
                lambda: asyncio.ensure_future(engine.close_spider_async(reason="storing-failed"))
            )


def capture_of(visit: Visit, crawl: Crawl) -> Capture:
    """Return what was fetched as a capture; an archive's copy is one of its original address."""
    task = visit.task
    item = crawl.source(task)
    media_type = visit.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type in _HTML or (not media_type and visit.body.lstrip()[:1] == b"<"):
        media_type = "text/html"
    is_copy = task.fetch_address is not None
    return Capture(
        address=task.address if is_copy else visit.final,
        body=visit.body,
        media_type=media_type or "application/octet-stream",
        captured_at=(task.copied_at or visit.at) if is_copy else visit.at,
        headers={name: visit.headers[name] for name in _KEPT_HEADERS if name in visit.headers},
        source=item.source,
        timezone=item.source.timezone,
        provisional_address=task.address if not is_copy and task.address != visit.final else None,
        listed=task.listed,
    )
