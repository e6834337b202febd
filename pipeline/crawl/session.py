"""A crawl under way: its run, its locks, its archive file, and what it knows of its sources.

What is here blocks, and is called before the event loop runs, after it, or in a thread beside it.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session as Database
from tenacity import retry, retry_if_exception, stop_after_delay, wait_exponential

from pipeline.address import host_of
from pipeline.archive.warc import ArchiveWriter
from pipeline.crawl.counts import Counts
from pipeline.crawl.targets import (
    Options,
    all_sources,
    beginnings,
    chosen_sources,
    delays,
    limited,
)
from pipeline.errors import SetupError
from pipeline.events import Event, EventSource, read_event
from pipeline.judge import criteria
from pipeline.settings import Settings
from pipeline.store import frontier, hosts, visits
from pipeline.store.address import SOURCE_LOCK, database_address
from pipeline.store.frontier import Discovered, Task
from pipeline.store.guard import Guard
from pipeline.store.relate import sweep
from pipeline.store.retrying import is_lost
from pipeline.store.runs import RunRecord, running
from pipeline.store.sources import source_rows

DATABASE_PATIENCE = 600
"""Seconds that a crawl waits for a database that went away; what it fetched meanwhile waits with it."""

_Result = TypeVar("_Result")


class Locked(SetupError):
    """Another crawl is at all that this one was to do."""


@dataclass(slots=True)
class Crawl:
    """One crawl: what it is after, where it writes, and how far it is.

    `ids` are the rows of `chosen`, `every` also holds the event's other sources, to which a page of these may lead.
    `busy` are the chosen sources that another crawl is at. `blocked` are the hosts that are left alone, with the
    reason; `refused` those that turned us away just now, which is not stored yet.
    """

    settings: Settings
    options: Options
    event: Event
    engine: Engine
    run: RunRecord
    locks: Guard
    archive: ArchiveWriter
    started: datetime
    every: dict[str, EventSource]
    chosen: dict[str, EventSource]
    busy: tuple[str, ...]
    ids: dict[str, int]
    criteria: str
    counts: Counts = field(default_factory=Counts)
    blocked: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    was_stopped: bool = False
    fault: Exception | None = None
    delays: dict[str, float] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)

    def source(self, task: Task) -> EventSource:
        """Return the source of a task."""
        return self.every[self.keys[task.source_id]]

    def why_not(self, host: str) -> str | None:
        """Return why a host is not to be asked now; None where it may be."""
        return self.blocked.get(host) or self.refused.get(host)

    def steadily(self, action: Callable[[], _Result]) -> _Result:
        """Do something with the database, through a restart of it if need be.

        Raises:
            Retry: another crawl took over while the database was away.
            DBAPIError: it did not come back within `DATABASE_PATIENCE` seconds.
        """
        patient = retry(
            retry=retry_if_exception(is_lost),
            stop=stop_after_delay(DATABASE_PATIENCE),
            wait=wait_exponential(multiplier=0.2, max=10),
            reraise=True,
        )
        tries = count()

        def attempt() -> _Result:
            # Part of the attempt: while the database is away, so is what revives the locks.
            if next(tries):
                self._revive()
            return action()

        return patient(attempt)()

    def take(self, source_id: int, most: int, *, articles: bool) -> list[Task]:
        """Take up addresses of a source that are due."""

        def take() -> list[Task]:
            with Database(self.engine) as session, session.begin():
                return frontier.take(
                    session,
                    self.event.key,
                    self.run.id,
                    source_id,
                    most,
                    self.started,
                    articles=articles,
                    ways=self.options.ways,
                    addresses=self.wanted_addresses(),
                )

        return self.steadily(take)

    def wanted_addresses(self) -> tuple[str, ...] | None:
        """Return the only addresses that are to be fetched; None where the event decides."""
        if not self.options.urls:
            return None
        return tuple(one.address for one in beginnings(self.event, self.chosen, self.options))

    def give_back(self, ids: Sequence[int]) -> None:
        """Give back addresses that were taken up and not asked for."""

        def give_back() -> None:
            with Database(self.engine) as session, session.begin():
                frontier.release_taken(session, self.run.id, ids)

        self.steadily(give_back)

    def _revive(self) -> None:
        # The embedded server is started again by asking for its address.
        database_address(self.settings)
        self.locks.ensure()
        if self.run.guard is not None:
            self.run.guard.ensure()


@contextmanager
def crawling(settings: Settings, options: Options, engine: Engine) -> Iterator[Crawl]:
    """Begin a crawl: read the event, lock its sources, take up what killed crawls left, list what is due.

    Raises:
        SetupError: the event file is wrong, or there is no such source.
        Locked: other crawls are at all of the sources.
    """
    event = read_event(options.event)
    every = all_sources(event, options.urls)
    wanted = chosen_sources(event, options)
    arguments = {
        "event": str(options.event),
        "sources": list(options.sources),
        "ways": list(options.ways),
        "urls": list(options.urls),
        "limit": options.limit,
        "revisit": options.revisit,
    }
    archive = ArchiveWriter(settings.archive, "crawl")
    with ExitStack() as stack:
        locks = stack.enter_context(Guard(engine))
        free = [key for key in wanted if locks.try_hold((SOURCE_LOCK, _lock_key(key)))]
        busy = tuple(key for key in wanted if key not in free)
        if not free:
            raise Locked(
                f"Another crawl is at {'these sources' if len(busy) > 1 else busy[0]} just now; nothing was done. "
                "It ends by itself; `newsfold runs` shows it."
            )
        # The run names its file, so that what a killed crawl had fetched is found again.
        run = stack.enter_context(running(engine, "crawl", {**arguments, "archive": archive.name}))
        stack.enter_context(archive)
        with Database(engine) as session, session.begin():
            ids = source_rows(session, [item.source for item in every.values()])
        crawl = Crawl(
            settings=settings,
            options=options,
            event=event,
            engine=engine,
            run=run,
            locks=locks,
            archive=archive,
            started=datetime.now(UTC),
            every=every,
            chosen={key: limited(wanted[key], options.limit) for key in free},
            busy=busy,
            ids=ids,
            criteria=criteria(event),
            delays=delays(every.values()),
            keys={row_id: key for key, row_id in ids.items()},
        )
        _begin(crawl)
        try:
            yield crawl
        finally:
            _end(crawl)


def _begin(crawl: Crawl) -> None:
    crawl.blocked = crawl.steadily(lambda: _begin_once(crawl))


def _begin_once(crawl: Crawl) -> dict[str, str]:
    """List what the crawl begins with, and what is due; return the hosts that are left alone, and why."""
    chosen = [crawl.ids[key] for key in crawl.chosen]
    with Database(crawl.engine) as session, session.begin():
        ways = {crawl.ids[key]: _ways(item) for key, item in crawl.chosen.items()}
        visits.begin_visits(session, crawl.event.key, ways, crawl.started)
        found = [
            Discovered(
                address=one.address,
                source_id=crawl.ids[one.source],
                host=host_of(one.address),
                is_article=one.reading is None,
                reading=one.reading,
                is_wanted=one.is_wanted,
            )
            for one in beginnings(crawl.event, crawl.chosen, crawl.options)
        ]
        frontier.add(session, crawl.event.key, crawl.run.id, found, crawl.started)
        for key, item in crawl.chosen.items():
            frontier.claim_hosts(session, crawl.event.key, crawl.ids[key], item.source.hosts)
        if crawl.options.revisit:
            frontier.make_due(session, crawl.event.key, chosen, crawl.started)
        if crawl.options.urls:
            addresses = [one.address for one in found]
            frontier.make_addresses_due(session, crawl.event.key, addresses, crawl.started)
        else:
            frontier.note_due(session, crawl.event.key, crawl.run.id, chosen, crawl.started)
        return {name: why for name, (why, _) in hosts.blocked(session).items()}


def _end(crawl: Crawl) -> None:
    now = datetime.now(UTC)

    def end() -> None:
        with Database(crawl.engine) as session, session.begin():
            frontier.release_taken(session, crawl.run.id)
            visits.explain_blocked(session, crawl.event.key, crawl.run.id)
            for key, item in crawl.chosen.items():
                counts = crawl.counts.of(key)
                if item.max_pages is not None and counts.articles >= item.max_pages:
                    said = f"The run was to fetch no more than {item.max_pages} articles of the source."
                    visits.explain_left(session, crawl.run.id, "limit", said, crawl.ids[key])
            if crawl.was_stopped:
                said = "The run was stopped before it came to it."
                visits.explain_left(session, crawl.run.id, "stopped", said, None)
            covered = visits.sources_with_coverage(session, crawl.event.key)
            for key in crawl.chosen:
                failure = _failure(crawl, key, is_covered=crawl.ids[key] in covered)
                crawl.counts.of(key).trouble = failure
                counts = crawl.counts.of(key)
                if counts.fetched or failure:
                    well = now if counts.well else None
                    visits.end_visit(session, crawl.event.key, crawl.ids[key], failure, well)

    crawl.steadily(end)
    # What was committed when the database or an earlier crawl went away has no relations and no story yet.
    crawl.steadily(lambda: sweep(crawl.engine))


def _failure(crawl: Crawl, key: str, *, is_covered: bool) -> str | None:
    """Say why a source failed in this run; None where it did not, or nothing of it was due."""
    counts, item = crawl.counts.of(key), crawl.chosen[key]
    asked = [host_of(address) for way in item.ways for address in way.addresses]
    blocked = [crawl.blocked[host] for host in (*item.source.hosts, *asked) if host in crawl.blocked]
    if blocked and (counts.fetched or counts.answered == 0):
        return f"It turns us away: {blocked[0]}"
    if counts.fetched and counts.answered == 0:
        return counts.trouble or "Nothing of it could be fetched."
    if counts.leads and not counts.leads_well:
        return counts.trouble or "None of the pages that lead to its articles could be read."
    is_discovered = any(discovery.way != "addresses" for discovery in item.ways)
    if counts.fetched and is_discovered and not is_covered and not crawl.was_stopped:
        return "It was answered, and nothing of the event was found there, now or before."
    return None


def _ways(item: EventSource) -> str:
    return ", ".join(dict.fromkeys(discovery.way for discovery in item.ways))


def _lock_key(key: str) -> int:
    """Fold a source's key into the 31 bits that a two-key advisory lock has for it."""
    return zlib.crc32(key.encode()) & 0x7FFFFFFF
