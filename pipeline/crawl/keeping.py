"""Storing what visits brought: in batches, in a thread beside the event loop, each batch in one transaction.

A visit is closed in the frontier and in the ledger by the transaction that stores what came of it, so no kill
comes between the two. A batch that cannot be stored is stored one by one: what is wrong with one costs itself alone.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence

from sqlalchemy.orm import Session as Database

from pipeline.crawl.answers import Trouble
from pipeline.crawl.session import Crawl
from pipeline.crawl.storing import Writing, arrival_of, outcome_of
from pipeline.crawl.visits import Visit
from pipeline.errors import NewsfoldError
from pipeline.settings import BATCH
from pipeline.store.ingest import Arrival, Rejection, store_batch
from pipeline.store.relate import relate
from pipeline.store.retrying import is_lost
from pipeline.store.runs import Outcome

logger = logging.getLogger(__name__)

LINGER = 0.25
"""Seconds that a batch waits for more visits. What waits is in the archive already, so a kill loses none of it."""


class Keeper:
    """Takes visits from the event loop and stores them; `woken` are sources that have something new to visit."""

    def __init__(self, crawl: Crawl) -> None:
        self._crawl = crawl
        self._queue: asyncio.Queue[tuple[Visit, asyncio.Future[None]]] = asyncio.Queue()
        self._worker: asyncio.Task[None] | None = None
        self._refusals: Counter[str] = Counter()
        self._waiting = 0
        self.woken: set[int] = set()

    async def keep(self, visit: Visit) -> None:
        """Store a visit; return when it is committed."""
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting += 1
        self._queue.put_nowait((visit, done))
        try:
            await done
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Store what is still waiting, and end."""
        if self._worker is not None:
            while self._waiting and not self._worker.done():
                await asyncio.sleep(0.01)
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            batch = await self._batch()
            try:
                woken = await asyncio.to_thread(self._store, [visit for visit, _ in batch])
                self.woken |= woken
                for _, done in batch:
                    done.set_result(None)
            except Exception as error:  # noqa: BLE001 - whatever it is, those who wait have to hear of it
                self._crawl.fault = self._crawl.fault or error
                for _, done in batch:
                    done.set_exception(error)

    async def _batch(self) -> list[tuple[Visit, asyncio.Future[None]]]:
        """Wait for a visit, and a moment for more: a batch costs a dozen statements, however many are in it."""
        batch = [await self._queue.get()]
        until = asyncio.get_running_loop().time() + LINGER
        while len(batch) < BATCH and (left := until - asyncio.get_running_loop().time()) > 0:
            try:
                batch.append(await asyncio.wait_for(self._queue.get(), left))
            except TimeoutError:
                break
        return batch

    def _store(self, visits: Sequence[Visit]) -> set[int]:
        """Store visits, all at once or, where that fails, one by one; return the sources with something new."""
        try:
            woken, documents = self._crawl.steadily(lambda: self._store_batch(visits))
        except (NewsfoldError, OSError):
            raise
        except Exception as error:
            if is_lost(error):
                raise
            if len(visits) > 1:
                logger.debug("A batch is stored one by one", exc_info=True)
                return set().union(*(self._store([visit]) for visit in visits))
            visit = visits[0]
            if visit.trouble is not None:
                raise
            logger.exception("%s could not be stored.", visit.task.address)
            said = f"{visit.task.address} could not be stored: {str(error).splitlines()[0]}"
            return self._store([visit.failed(Trouble("internal", said, "later"))])
        # Only what is committed is looked at; what cannot be is looked at when the crawl ends.
        self._crawl.steadily(lambda: relate(self._crawl.engine, documents))
        return woken

    def _store_batch(self, visits: Sequence[Visit]) -> tuple[set[int], list[int]]:
        crawl = self._crawl
        # A transaction may be tried again, and what is written beside the pages with it: from the beginning.
        writing = Writing(crawl, visits, self._refusals.copy())

        def alongside(session: Database, outcomes: Sequence[Outcome]) -> None:
            nonlocal writing
            writing = Writing(crawl, visits, self._refusals.copy())
            writing.write(session, outcomes)

        arrivals: list[Arrival | Rejection] = [
            arrival_of(visit) for visit in visits if visit.page is not None
        ]
        others = [outcome_of(visit) for visit in visits if visit.page is None]
        rejections = [Rejection(outcome) for outcome in others if outcome is not None]
        outcomes, documents = store_batch(
            crawl.engine, crawl.run, [*arrivals, *rejections], crawl.archive, alongside
        )
        self._refusals = writing.refusals
        self._count(visits, outcomes, writing)
        return writing.woken, documents

    def _count(self, visits: Sequence[Visit], outcomes: Sequence[Outcome], writing: Writing) -> None:
        """Add a committed batch to the figures."""
        crawl = self._crawl
        crawl.blocked |= writing.blocked
        by_address = {outcome.address: outcome for outcome in outcomes}
        for visit in visits:
            counts = crawl.counts.of(crawl.keys[visit.task.source_id])
            counts.found += writing.found[visit.task.address] if visit.offer is not None else 0
            if visit.trouble is not None and visit.trouble.step == "give-back":
                continue
            counts.fetched += visit.kind != "judged-again"
            counts.answered += visit.was_answered
            counts.well += visit.trouble is None
            counts.leads += not visit.task.is_article
            counts.leads_well += not visit.task.is_article and visit.trouble is None
            if visit.trouble is not None and not (visit.was_answered and visit.task.is_article):
                counts.trouble = visit.trouble.message
            outcome = by_address.get(visit.task.address)
            if outcome is not None:
                counts.outcomes[outcome.outcome] += 1
                if outcome.reason:
                    counts.reasons[outcome.reason] += 1
