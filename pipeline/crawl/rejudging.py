"""Judging again, by a changed event file, what was rejected or skipped before: from the archive, without fetching."""

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import text, update
from sqlalchemy.orm import Session as Database

from pipeline.address import host_of
from pipeline.archive.warc import Location, read_record
from pipeline.crawl.answers import Trouble
from pipeline.crawl.keeping import Keeper
from pipeline.crawl.owning import Owners
from pipeline.crawl.reading import Reader
from pipeline.crawl.session import Crawl
from pipeline.crawl.visits import Visit
from pipeline.errors import Quarantine
from pipeline.store import frontier
from pipeline.store.crawl_models import FrontierEntry
from pipeline.store.frontier import Discovered, Task

_AT_ONCE = 64

_OUTDATED = text("""
    select frontier.*, capture.address as capture_address, capture.sha256, capture.headers,
           capture.captured_at, archive_file, archive_offset, archive_length
    from frontier left join capture on capture.id = frontier.capture_id
    where event = :event and frontier.source_id = any(:sources) and state = :state
      and judged_by <> :criteria and frontier.run_id is null and frontier.id > :after
    order by frontier.id limit :most
""")


async def judge_again(crawl: Crawl, reader: Reader, keeper: Keeper) -> int:
    """Judge by today's criteria what was turned down by others; return how many addresses that were."""
    skipped = await asyncio.to_thread(_judge_skipped, crawl)
    rejected, after = 0, 0
    while rows := await asyncio.to_thread(_outdated, crawl, "rejected", after):
        after = rows[-1]["id"]
        rejected += len(rows)
        await asyncio.gather(*(_judge_page(crawl, row, reader, keeper) for row in rows))
    return skipped + rejected


async def _judge_page(crawl: Crawl, row: Any, reader: Reader, keeper: Keeper) -> None:
    task = frontier.task_from(row)
    visit = await asyncio.to_thread(_fetched_before, crawl, task, row)
    await keeper.keep(await reader.read(visit))


def _fetched_before(crawl: Crawl, task: Task, row: Any) -> Visit:
    """Return the visit in which a rejected page was fetched, out of the archive."""
    location = Location(row["archive_file"], row["archive_offset"], row["archive_length"])
    visit = Visit(
        task=task,
        at=row["captured_at"],
        final=row["capture_address"],
        status=row["status"],
        headers={**row["headers"], "etag": task.etag or "", "last-modified": task.last_modified or ""},
        location=location,
        kind="judged-again",
    )
    try:
        body = read_record(crawl.settings.archive, location, row["sha256"])
    except Quarantine as error:
        return visit.failed(Trouble(error.reason, str(error), "later"))
    return replace(visit, body=body)


def _judge_skipped(crawl: Crawl) -> int:
    """Judge the addresses that were never fetched; those that may be wanted now become due."""
    owners = Owners(crawl.event, crawl.every)
    judged, after = 0, 0
    while rows := _outdated(crawl, "skipped", after):
        after = rows[-1]["id"]
        judged += len(rows)
        revived, outdated = [], []
        for row in rows:
            task = frontier.task_from(row)
            owned = owners.place(task.address, task.listed, crawl.keys[task.source_id])
            if owned.reason is None:
                revived.append(_due(task, crawl.ids[owned.source]))
            else:
                values = {"reason": owned.reason, "message": owned.message, "judged_by": crawl.criteria}
                outdated.append({"id": task.id, **values})
        crawl.steadily(partial(_write, crawl, revived, outdated))
    return judged


def _write(crawl: Crawl, revived: list[Discovered], outdated: list[dict[str, Any]]) -> None:
    with Database(crawl.engine) as session, session.begin():
        frontier.add(session, crawl.event.key, crawl.run.id, revived, crawl.started)
        if outdated:
            session.execute(update(FrontierEntry), outdated)


def _due(task: Task, source_id: int) -> Discovered:
    return Discovered(
        address=task.address,
        source_id=source_id,
        host=host_of(task.asked),
        listed=task.listed,
        fetch_address=task.fetch_address,
        copied_at=task.copied_at,
    )


def _outdated(crawl: Crawl, state: str, after: int) -> list[Any]:
    parameters = {
        "event": crawl.event.key,
        "sources": [crawl.ids[key] for key in crawl.chosen],
        "state": state,
        "criteria": crawl.criteria,
        "after": after,
        "most": _AT_ONCE,
    }

    def read() -> list[Any]:
        with Database(crawl.engine) as session:
            return list(session.execute(_OUTDATED, parameters).mappings())

    return crawl.steadily(read)
