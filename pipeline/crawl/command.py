"""Running a crawl from the command line: Scrapy in this process, and what its end means for the exit code."""

import os
import signal
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from pipeline.crawl.counts import Counts
from pipeline.crawl.session import Crawl, crawling
from pipeline.crawl.targets import Options
from pipeline.errors import SetupError
from pipeline.settings import Settings

EXIT_FAILED = 1
EXIT_SOURCE = 2
EXIT_STOPPED = 128 + signal.SIGTERM
EXIT_BUSY = 75
"""EX_TEMPFAIL of sysexits.h: try again later."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a crawl ended: its run, its figures, the sources that failed with a sentence each, and the exit code."""

    run_id: int
    counts: Counts
    failures: dict[str, str]
    busy: tuple[str, ...]
    was_stopped: bool
    fault: Exception | None
    exit_code: int


def run_crawl(settings: Settings, options: Options, engine: Engine, extensions: dict[str, int]) -> Result:
    """Crawl what the options say, and return how it went. To be called once in a process: a reactor runs once.

    `extensions` are further Scrapy extensions (a progress display), with their order.

    Raises:
        SetupError: the event file is wrong, there is no such source, or other crawls are at all of them
            (`Locked`).
    """
    # Scrapy costs half a second to import, which --help and the rest need not pay.
    from scrapy.crawler import AsyncCrawlerProcess  # noqa: PLC0415
    from scrapy.utils.project import get_project_settings  # noqa: PLC0415

    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "pipeline.crawl.settings")
    with crawling(settings, options, engine) as crawl:
        scrapy_settings = get_project_settings()
        scrapy_settings.set("EXTENSIONS", extensions, priority="cmdline")
        process: Any = AsyncCrawlerProcess(scrapy_settings)
        process.crawl("event", crawl=crawl)
        process.start()
        if process.bootstrap_failed:
            raise SetupError("The crawl could not begin; what Scrapy said is above.")
    return _result(crawl)


def _result(crawl: Crawl) -> Result:
    failures = {key: said for key in crawl.chosen if (said := crawl.counts.of(key).trouble)}
    code = 0
    if failures:
        code = EXIT_SOURCE
    if crawl.was_stopped:
        code = EXIT_STOPPED
    if crawl.fault is not None:
        code = EXIT_FAILED
    return Result(
        run_id=crawl.run.id,
        counts=crawl.counts,
        failures=failures,
        busy=crawl.busy,
        was_stopped=crawl.was_stopped,
        fault=crawl.fault,
        exit_code=code,
    )
