"""Running a crawl from the command line: Scrapy in this process, and what its end means for the exit code."""

import asyncio
import logging
import os
import signal
import sys
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from pipeline.crawl.counts import Counts
from pipeline.crawl.progress import seconds_between_lines
from pipeline.crawl.session import Crawl, crawling
from pipeline.crawl.stopping import Stopped, Stopping
from pipeline.crawl.targets import Options
from pipeline.errors import SetupError
from pipeline.settings import Settings

EXIT_FAILED = 1
EXIT_SOURCE = 2
EXIT_STOPPED = 128 + signal.SIGTERM

_PROGRESS = "pipeline.crawl.progress.Progress"
_STOPPING = "Stopping: what was fetched is stored first. A second signal (Ctrl-C) stops at once.\n"


@dataclass(frozen=True, slots=True)
class Result:
    """How a crawl ended: its run, its figures, the sources that failed with a sentence each, and the exit code.

    `sources` are the names of those that were crawled, by their keys; `busy` are the keys of those that another
    crawl was at; `fault` is why nothing could be stored any more.
    """

    run_id: int
    event: str
    sources: dict[str, str]
    counts: Counts
    failures: dict[str, str]
    busy: tuple[str, ...]
    was_stopped: bool
    fault: Exception | None
    exit_code: int


def run_crawl(
    settings: Settings,
    options: Options,
    engine: Engine,
    stopping: Stopping,
    *,
    shows_progress: bool = True,
    log_level: str | None = None,
) -> Result:
    """Crawl what the options say, and return how it went. To be called once in a process: a reactor runs once.

    `stopping` is entered already, so that signals are heard. `log_level` is one of logging's names (default: WARNING).

    Raises:
        SetupError: the event file is wrong, there is no such source, or other crawls are at all of them
            (`Locked`).
        Stopped: a signal came before the crawl had begun.
    """
    # Scrapy costs half a second to import, which --help and the rest need not pay.
    from scrapy.crawler import AsyncCrawlerProcess  # noqa: PLC0415
    from scrapy.utils.project import get_project_settings  # noqa: PLC0415

    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "pipeline.crawl.settings")
    seconds_between_lines()
    crawl: Crawl | None = None
    try:
        with crawling(settings, options, engine) as crawl:
            scrapy_settings = get_project_settings()
            if shows_progress:
                scrapy_settings.set("EXTENSIONS", {_PROGRESS: 0}, priority="cmdline")
            if log_level is not None:
                scrapy_settings.set("LOG_LEVEL", log_level, priority="cmdline")
            process: Any = AsyncCrawlerProcess(scrapy_settings)
            # Scrapy makes every record and lets its handler drop it, which costs something with each request.
            logging.getLogger("scrapy").setLevel(scrapy_settings["LOG_LEVEL"])
            process.crawl("event", crawl=crawl)
            _start(process, stopping)
            _raise_end(process, crawl, stopping)
    except Stopped:
        if crawl is None or not crawl.was_stopped:
            raise
    except Exception as error:
        if crawl is None or crawl.fault is not error:
            raise
    assert crawl is not None  # noqa: S101 - it was begun, or its error went on
    return _result(crawl, stopping)


def _start(process: Any, stopping: Stopping) -> None:
    """Run Scrapy to its end, or to that of the first signal."""
    loop = asyncio.get_event_loop()
    under_way: list[asyncio.Future[None]] = []

    async def stop() -> None:
        # Scrapy forgets about a crawl that is told to stop before its engine runs.
        while any(one.crawling and not (one.engine and one.engine.running) for one in process.crawlers):
            await asyncio.sleep(0.05)
        await process.stop()

    def begin_to_stop() -> None:
        sys.stderr.write(_STOPPING)
        under_way.append(asyncio.ensure_future(stop()))

    def hear() -> None:
        loop.call_soon_threadsafe(begin_to_stop)

    stopping.while_crawling(hear)
    try:
        process.start(install_signal_handlers=False)
    finally:
        stopping.end()


def _raise_end(process: Any, crawl: Crawl, stopping: Stopping) -> None:
    """Raise why the crawl ended before its time, so that the run's row says that it did."""
    if process.bootstrap_failed:
        raise SetupError("The crawl could not begin; what Scrapy said is above.")
    if crawl.fault is not None:
        raise crawl.fault
    if crawl.was_stopped:
        raise Stopped(stopping.heard or signal.SIGTERM)


def _result(crawl: Crawl, stopping: Stopping) -> Result:
    failures = {key: said for key in crawl.chosen if (said := crawl.counts.of(key).trouble)}
    code = 0
    if failures:
        code = EXIT_SOURCE
    if crawl.was_stopped:
        code = EXIT_STOPPED if stopping.heard is None else 128 + stopping.heard
    if crawl.fault is not None:
        code = EXIT_FAILED
    return Result(
        run_id=crawl.run.id,
        event=crawl.event.key,
        sources={key: item.source.name for key, item in crawl.chosen.items()},
        counts=crawl.counts,
        failures=failures,
        busy=crawl.busy,
        was_stopped=crawl.was_stopped,
        fault=crawl.fault,
        exit_code=code,
    )
