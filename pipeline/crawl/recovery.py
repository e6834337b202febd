"""Making good what killed crawls had fetched and not stored: from the archive, without asking any site again.

An answer is archived before anything else is done with it. What a killed crawl had taken up and not closed is
therefore either in its archive file, and is read there, or was never answered, and is due again.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session as Database

from pipeline.archive.fields import folded
from pipeline.archive.warc import Damage, Record, read_file, recover
from pipeline.crawl.answers import trouble_of_answer
from pipeline.crawl.keeping import Keeper
from pipeline.crawl.reading import Reader
from pipeline.crawl.session import Crawl
from pipeline.crawl.visits import Visit
from pipeline.errors import Quarantine
from pipeline.store import frontier
from pipeline.store.frontier import Task

logger = logging.getLogger(__name__)

_AT_ONCE = 32

_LEFT_BEHIND = text("""
    select frontier.*, run.arguments ->> 'archive' as archive_file
    from frontier join run on run.id = frontier.run_id
    where frontier.event = :event and source_id = any(:sources) and run.status <> 'running'
    order by frontier.id
""")


@dataclass(frozen=True, slots=True)
class _Found:
    """The last answer that an address got from a killed crawl."""

    task: Task
    record: Record


async def make_good(crawl: Crawl, reader: Reader, keeper: Keeper) -> int:
    """Store what killed crawls of these sources had fetched, and give back the rest; return how many were stored.

    Raises:
        OSError: the archive cannot be read.
    """
    found = await asyncio.to_thread(crawl.steadily, lambda: _find(crawl))
    for start in range(0, len(found), _AT_ONCE):
        some = found[start : start + _AT_ONCE]
        await asyncio.gather(*(_keep(one, reader, keeper) for one in some))
    await asyncio.to_thread(_release, crawl)
    return len(found)


async def _keep(found: _Found, reader: Reader, keeper: Keeper) -> None:
    await keeper.keep(await reader.read(visit_of(found.task, found.record)))


def visit_of(task: Task, record: Record) -> Visit:
    """Return the visit that an archived answer was, as it would have been yielded when it came."""
    headers = folded(record.headers)
    status = record.status or 0
    return Visit(
        task=task,
        at=record.at,
        final=record.address,
        status=status,
        headers=headers,
        body=record.body,
        location=record.location,
        kind="made-good",
        trouble=trouble_of_answer(task.asked, record.address, status, headers, record.body, None),
    )


def _find(crawl: Crawl) -> list[_Found]:
    """Return the answers in the files of killed crawls whose addresses are still taken up by them."""
    recover(crawl.settings.archive)
    wanted: dict[str, dict[str, Task]] = defaultdict(dict)
    with Database(crawl.engine) as session:
        sources = [crawl.ids[key] for key in crawl.chosen]
        rows = session.execute(_LEFT_BEHIND, {"event": crawl.event.key, "sources": sources}).mappings()
        for row in rows:
            if row["archive_file"]:
                wanted[row["archive_file"]][row["address"]] = frontier.task_from(row)
    return [one for name, tasks in wanted.items() for one in _answers(crawl, name, tasks)]


def _answers(crawl: Crawl, name: str, tasks: dict[str, Task]) -> Iterator[_Found]:
    """Yield the last answer of each address, where it is one that needs no further request."""
    last: dict[str, Record] = {}
    try:
        for record in read_file(crawl.settings.archive / name):
            if isinstance(record, Damage):
                logger.warning("%s Its address is fetched again.", record.sentence)
            elif record.facts.get("event") == crawl.event.key and record.facts.get("frontier") in tasks:
                last[record.facts["frontier"]] = record
    except Quarantine:
        return  # the crawl was killed before it had fetched anything
    for address, record in last.items():
        visit = visit_of(tasks[address], record)
        if visit.trouble is None or visit.trouble.step == "gone":
            yield _Found(tasks[address], record)


def _release(crawl: Crawl) -> None:
    def release() -> None:
        with Database(crawl.engine) as session, session.begin():
            frontier.release(session, crawl.event.key, [crawl.ids[key] for key in crawl.chosen])

    crawl.steadily(release)
