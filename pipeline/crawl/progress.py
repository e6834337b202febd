"""How far a crawl is, shown on standard error while it works: a table on a terminal, else a line of JSON a minute.

It is shown by a thread of its own: a terminal that takes nothing more does not hold up the crawl, and whatever goes
wrong in showing ends the showing alone.
"""

import atexit
import json
import logging
import os
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Self

from rich.console import Console
from rich.live import Live
from scrapy import signals

from pipeline.crawl.counts import SourceCounts
from pipeline.crawl.progress_table import progress_table
from pipeline.crawl.session import Crawl
from pipeline.errors import SetupError
from pipeline.store.history import count_left

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

LINE_SECONDS = 60.0
"""Seconds between two lines where there is no terminal; `NEWSFOLD_PROGRESS_SECONDS` says otherwise."""

RATE_SECONDS = 10.0
"""The time over which the rate is measured."""

_TABLE_SECONDS = 0.25
_COUNT_SECONDS = 5.0  # between two looks into the database at what is left

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Figures:
    """How far a source, or the whole crawl, is."""

    found: int = 0
    fetched: int = 0
    kept: int = 0
    rejected: int = 0
    failed: int = 0

    @classmethod
    def of(cls, counts: SourceCounts) -> Self:
        """Read a source's figures."""
        return cls(counts.found, counts.fetched, counts.kept, counts.rejected, counts.failed)


class Pace:
    """Pages a second, over the last `RATE_SECONDS`, or since the last look where that is longer ago."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()

    def rate(self, fetched: int, now: float) -> float:
        """Note how many pages were fetched by now (in seconds of any clock), and return the rate."""
        self._marks.append((now, fetched))
        # The mark at or before the beginning of the window stays, to be measured from.
        while len(self._marks) > 1 and self._marks[1][0] <= now - RATE_SECONDS:
            self._marks.popleft()
        then, before = self._marks[0]
        return (fetched - before) / (now - then) if now > then else 0.0


def seconds_between_lines() -> float:
    """Return how often a line is written where there is no terminal.

    Raises:
        SetupError: `NEWSFOLD_PROGRESS_SECONDS` is no time.
    """
    stated = os.environ.get("NEWSFOLD_PROGRESS_SECONDS") or str(LINE_SECONDS)
    try:
        seconds = float(stated)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise SetupError(
            f"NEWSFOLD_PROGRESS_SECONDS is {stated!r}; set it to a number of seconds, such as 60."
        )
    return seconds


def progress_line(crawl: Crawl, rate: float, left: int | None) -> str:
    """Return how far a crawl is as one line of JSON; `left` is None where the database does not say."""
    total = crawl.counts.total()
    facts: dict[str, Any] = {
        "ts": datetime.now(UTC).isoformat(timespec="seconds"),
        "event": crawl.event.key,
        "run": crawl.run.id,
        **asdict(Figures.of(total)),
        "left": left,
        "rate": round(rate, 2),
        "reasons": dict(total.reasons.most_common()),
    }
    return json.dumps(facts, ensure_ascii=False)


class Progress:
    """The Scrapy extension that shows how far the spider's `crawl` is, from the engine's start to its end."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._ended = Event()
        self._thread: Thread | None = None
        self._live: Live | None = None
        self._handlers: list[logging.StreamHandler[Any]] = []
        self._pace = Pace()
        self._left: int | None = None
        self._counted_at = 0.0
        crawler.signals.connect(self.start, signals.engine_started)
        crawler.signals.connect(self.stop, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Part of Scrapy's interface."""
        return cls(crawler)

    def start(self) -> None:
        """Begin to show."""
        crawl = getattr(self._crawler.spider, "crawl", None)
        if crawl is None:
            return
        atexit.register(self.stop)  # a terminal without a cursor is not to be left behind
        console = Console(stderr=True, highlight=False)
        is_live = sys.stderr.isatty() and console.is_terminal and not console.is_dumb_terminal
        try:
            work = (lambda: self._show_table(crawl)) if is_live else (lambda: self._print_line(crawl))
            if is_live:
                self._begin_live(console)
            seconds = _TABLE_SECONDS if is_live else seconds_between_lines()
            self._thread = Thread(target=self._repeat, args=(work, seconds), daemon=True, name="progress")
            self._thread.start()
        except Exception:
            logger.debug("Progress cannot be shown", exc_info=True)

    def stop(self) -> None:
        """Show no more, and leave the terminal as it was."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(timeout=2)
        live, self._live = self._live, None
        if live is not None:
            stream = sys.__stderr__
            for handler in self._handlers:
                handler.setStream(stream)
            try:
                live.stop()
            except Exception:
                logger.debug("The display could not be ended", exc_info=True)

    def _begin_live(self, console: Console) -> None:
        self._live = Live(
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            vertical_overflow="crop",
        )
        self._live.start()
        # The log's handlers hold on to the stream of before, past the display, and would write into the table.
        for handler in logging.getLogger().handlers:
            if isinstance(handler, logging.StreamHandler) and handler.stream is sys.__stderr__:
                handler.setStream(sys.stderr)
                self._handlers.append(handler)

    def _repeat(self, work: Any, seconds: float) -> None:
        while not self._ended.wait(seconds):
            try:
                work()
            except OSError:
                return  # nobody is there to see it any more
            except Exception:
                logger.debug("Progress could not be shown", exc_info=True)

    def _show_table(self, crawl: Crawl) -> None:
        live = self._live
        if live is None:
            return
        now = time.monotonic()
        if now - self._counted_at >= _COUNT_SECONDS:
            self._counted_at, self._left = now, count_left(crawl.engine, crawl.run.id)
        total = crawl.counts.total()
        rows = {key: Figures.of(counts) for key, counts in crawl.counts.begun().items()}
        table = progress_table(
            f"Run {crawl.run.id}: {crawl.event.name}",
            {key: asdict(figures) for key, figures in rows.items()},
            asdict(Figures.of(total)),
            rate=self._pace.rate(total.fetched, now),
            left=self._left,
            reasons=total.reasons,
            height=live.console.height,
        )
        live.update(table, refresh=True)

    def _print_line(self, crawl: Crawl) -> None:
        try:
            left = count_left(crawl.engine, crawl.run.id)
        except Exception:  # noqa: BLE001 - the database may be away, which is when one looks at the log
            left = None
        total = crawl.counts.total()
        line = progress_line(crawl, self._pace.rate(total.fetched, time.monotonic()), left)
        sys.stderr.write(line + "\n")
        sys.stderr.flush()
