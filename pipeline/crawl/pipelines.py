"""Scrapy's item pipelines of a crawl: read what was fetched, in other processes; keep it, in batches."""

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, Self, cast

from pipeline.crawl.keeping import Keeper
from pipeline.crawl.reading import Reader
from pipeline.crawl.session import Crawl
from pipeline.crawl.visits import Visit
from pipeline.store.frontier import Task

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class Visitor(Protocol):
    """What the pipelines need of the spider."""

    crawl: Crawl
    reader: Reader
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
        visit = await self._spider.reader.read(item)
        if visit.trouble is not None and visit.trouble.at_once:
            # Storing it takes a moment, in which the host would be asked again.
            self._spider.crawl.refused[visit.task.host] = visit.trouble.message
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
