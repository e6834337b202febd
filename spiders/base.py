"""What all spiders share: they visit the frontier's addresses, and hand each visit to the item pipelines."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Self

import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from pipeline.crawl.answers import trouble_of_answer, trouble_of_error
from pipeline.crawl.extraction import Extraction
from pipeline.crawl.gate import DatabaseGate
from pipeline.crawl.heads import headers_of
from pipeline.crawl.keeping import Keeper
from pipeline.crawl.reading import Reader
from pipeline.crawl.recovery import make_good
from pipeline.crawl.rejudging import judge_again
from pipeline.crawl.session import Crawl, crawling
from pipeline.crawl.targets import DEFAULT_EVENT, Options
from pipeline.crawl.visits import KNOWN, Visit
from pipeline.errors import SetupError
from pipeline.events import Way
from pipeline.settings import Settings
from pipeline.store.database import open_database
from pipeline.store.frontier import Task

ROOM = 96
"""Addresses of one source that are under way at once: enough that some can be fetched, some read and some stored."""


class FrontierSpider(scrapy.Spider):
    """Visits what is due of an event's sources. `ways` are the ways of discovering that it knows; empty means all.

    Arguments (`scrapy crawl feed -a source=nato -a limit=50`): `source`, keys with commas between them; `event`,
    the event file; `limit`, the most articles of each source; `url`, an address to fetch whatever the event says.
    """

    ways: ClassVar[tuple[Way, ...]] = ()

    crawl: Crawl
    extraction: Extraction
    reader: Reader
    keeper: Keeper
    gate: DatabaseGate

    def __init__(self, name: str | None = None, crawl: Crawl | None = None, **arguments: Any) -> None:
        super().__init__(name)
        self._stack = ExitStack()
        self.crawl = crawl if crawl is not None else self._open(arguments)
        self.gate = DatabaseGate(self.crawl)
        self.keeper = Keeper(self.crawl)
        self._under_way: Counter[int] = Counter()
        self._something_ended = asyncio.Event()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Part of Scrapy's interface."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.finish, signals.spider_closed)
        return spider

    def _open(self, arguments: dict[str, Any]) -> Crawl:
        """Begin a crawl of this spider's own, when Scrapy itself was asked for one."""
        unknown = set(arguments) - {"source", "event", "limit", "url"}
        if unknown:
            raise SetupError(f"The spider takes source, event, limit and url, not {min(unknown)!r}.")
        limit = arguments.get("limit")
        if limit is not None and not str(limit).isdecimal():
            raise SetupError(f"The limit is a number of articles, not {limit!r}.")
        options = Options(
            event=Path(arguments.get("event") or DEFAULT_EVENT),
            sources=tuple(filter(None, str(arguments.get("source") or "").split(","))),
            ways=self.ways,
            urls=tuple(filter(None, str(arguments.get("url") or "").split())),
            limit=int(limit) if limit is not None else None,
        )
        settings = Settings.from_environment()
        engine = open_database(settings)
        self._stack.callback(engine.dispose)
        return self._stack.enter_context(crawling(settings, options, engine))

    async def start(self) -> AsyncIterator[Any]:
        """Yield a request for each address that is due, as there is room, until nothing is due or under way.

        Before that, what killed crawls left is made good, and what another event file turned down judged again.
        """
        try:
            async for request in self._requests():
                yield request
        except Exception as error:  # noqa: BLE001 - Scrapy would log it, and end as if all were well
            self.crawl.fault = self.crawl.fault or error

    async def _requests(self) -> AsyncIterator[Request]:
        self.extraction = Extraction(self.crawl.event, self.crawl.every, self.crawl.run.furniture)
        self.reader = Reader(self.crawl, self.extraction)
        await make_good(self.crawl, self.reader, self.keeper)
        await judge_again(self.crawl, self.reader, self.keeper)
        dry: set[int] = set()
        while self.crawl.fault is None:
            self._something_ended.clear()
            dry -= self.keeper.woken
            self.keeper.woken.clear()
            for key in self.crawl.chosen:
                for task in await self._take(key, dry):
                    yield self._request(task)
            if not self._under_way.total() and not self.keeper.woken - dry and dry >= self._chosen_ids():
                break
            if self._under_way.total():
                await self._something_ended.wait()

    def _chosen_ids(self) -> set[int]:
        return {self.crawl.ids[key] for key in self.crawl.chosen}

    async def _take(self, key: str, dry: set[int]) -> list[Task]:
        """Take up a source's addresses, if it has room for them; where there are none, note it in `dry`."""
        source_id, most = self.crawl.ids[key], self.crawl.chosen[key].max_pages
        room = ROOM - self._under_way[source_id]
        if source_id in dry or room < ROOM // 2:
            return []
        counts = self.crawl.counts.of(key)
        left = room if most is None else max(0, most - counts.articles)
        tasks = await asyncio.to_thread(
            self.crawl.take, source_id, min(room, left or room), articles=left > 0
        )
        if not tasks:
            dry.add(source_id)
        for task in tasks:
            self._under_way[source_id] += 1
            counts.articles += task.is_article
        return tasks

    def _request(self, task: Task) -> Request:
        headers = {}
        if task.state in KNOWN:
            stated = {"If-None-Match": task.etag, "If-Modified-Since": task.last_modified}
            headers = {name: value for name, value in stated.items() if value}
        return Request(
            task.asked,
            headers=headers,
            callback=self.parse,
            errback=self.failed,
            dont_filter=True,  # the frontier gives each address once
            priority=0 if task.is_article else 1,
            meta={"task": task},
        )

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Visit]:
        """Yield the visit that an answer makes."""
        task: Task = response.meta["task"]
        headers = headers_of(response)
        trouble = trouble_of_answer(
            task.asked,
            response.url,
            response.status,
            headers,
            response.body,
            response.meta.get("retry_after"),
        )
        yield Visit(
            task=task,
            at=response.meta.get("answered_at") or datetime.now(UTC),
            final=response.url,
            status=response.status,
            headers=headers,
            body=response.body,
            location=response.meta.get("location"),
            trouble=trouble,
        )

    async def failed(self, failure: Failure) -> AsyncIterator[Visit]:
        """Yield the visit that came to nothing."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        task: Task = request.meta["task"]
        trouble = trouble_of_error(
            task.asked, failure.value or RuntimeError(), request.meta.get("retry_after")
        )
        yield Visit(task=task, at=datetime.now(UTC), final=request.url, trouble=trouble)

    def is_done(self, task: Task) -> None:
        """Hear from the item pipelines that a visit is over."""
        self._under_way[task.source_id] -= 1
        self._something_ended.set()

    async def finish(self, reason: str) -> None:
        """Store what is still waiting, end the processes, and where the crawl is the spider's own, end it."""
        self.crawl.was_stopped = reason != "finished"
        await self.keeper.close()
        if hasattr(self, "extraction"):
            await asyncio.to_thread(self.extraction.close)
        # A crawl of the spider's own is recorded as what it was: failed, interrupted, or finished.
        error = self.crawl.fault or (KeyboardInterrupt() if self.crawl.was_stopped else None)
        await asyncio.to_thread(self._stack.__exit__, type(error) if error else None, error, None)
