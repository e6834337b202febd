"""Storing what visits brought: in batches, in a thread beside the event loop, each batch in one transaction.

A visit is closed in the frontier and in the ledger by the transaction that stores what came of it, so no kill
comes between the two. A batch that cannot be stored is stored one by one: what is wrong with one costs itself alone.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session as Database

from pipeline.address import canonical, host_of
from pipeline.crawl.answers import Trouble
from pipeline.crawl.closing import (
    close_for_copy,
    close_kept,
    close_read,
    close_rejected,
    close_trouble,
    close_unmodified,
    has_copy,
)
from pipeline.crawl.session import Crawl
from pipeline.crawl.visits import NOT_MODIFIED, Visit
from pipeline.errors import NewsfoldError
from pipeline.settings import BATCH
from pipeline.store import frontier, hosts, twins
from pipeline.store.frontier import Closing, Discovered
from pipeline.store.ingest import Arrival, Rejection, Verdict, store_batch
from pipeline.store.relate import relate
from pipeline.store.retrying import is_lost
from pipeline.store.runs import Outcome

logger = logging.getLogger(__name__)

FORBIDDEN_IN_A_ROW = 3
"""A host that answers 403 to so many addresses in a row means all of them."""


@dataclass(slots=True)
class _Batch:
    """What one transaction did beside storing pages; built anew each time that it is tried."""

    found: Counter[str] = field(default_factory=Counter)
    blocked: dict[str, str] = field(default_factory=dict)
    woken: set[int] = field(default_factory=set)
    again: set[int] = field(default_factory=set)


class Keeper:
    """Takes visits from the event loop and stores them; `woken` are sources that have something new to visit."""

    def __init__(self, crawl: Crawl) -> None:
        self._crawl = crawl
        self._queue: asyncio.Queue[tuple[Visit, asyncio.Future[None]]] = asyncio.Queue()
        self._worker: asyncio.Task[None] | None = None
        self._refusals: Counter[str] = Counter()
        self.woken: set[int] = set()

    async def keep(self, visit: Visit) -> None:
        """Store a visit; return when it is committed."""
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait((visit, done))
        await done

    async def close(self) -> None:
        """Store what is still waiting, and end."""
        if self._worker is not None:
            while not self._queue.empty() and not self._worker.done():
                await asyncio.sleep(0.01)
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            batch = [await self._queue.get()]
            # What came while the last batch was stored makes the next: large under load, small when idle.
            while len(batch) < BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            try:
                woken = await asyncio.to_thread(self._store, [visit for visit, _ in batch])
                self.woken |= woken
                for _, done in batch:
                    done.set_result(None)
            except Exception as error:  # noqa: BLE001 - whatever it is, those who wait have to hear of it
                self._crawl.fault = self._crawl.fault or error
                for _, done in batch:
                    done.set_exception(error)

    def _store(self, visits: Sequence[Visit]) -> set[int]:
        """Store visits, all at once or, where that fails, one by one; return the sources with something new."""
        try:
            return self._crawl.steadily(lambda: self._store_batch(visits))
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

    def _store_batch(self, visits: Sequence[Visit]) -> set[int]:
        crawl = self._crawl
        arrivals: list[Arrival | Rejection] = [_arrival(visit) for visit in visits if visit.page is not None]
        others = [visit for visit in visits if visit.page is None]
        by_address = {visit.task.address: visit for visit in visits}
        batch = _Batch()

        def alongside(session: Database, outcomes: Sequence[Outcome]) -> None:
            nonlocal batch
            batch = _Batch()
            for outcome in outcomes:
                visit = by_address[outcome.address]
                if visit.page is not None:
                    self._close_page(session, visit, outcome, batch)
            for visit in visits:
                if visit.offer is not None:
                    self._add_offer(session, visit, batch)
                if visit.page is None and visit.trouble is not None:
                    self._close_trouble(session, visit, visit.trouble, batch)
                elif visit.page is None and visit.status == NOT_MODIFIED:
                    frontier.close(session, [close_unmodified(visit, crawl.source(visit.task))])
                elif visit.page is None:
                    brought = batch.found[visit.task.address] > 0
                    frontier.close(session, [close_read(visit, crawl.source(visit.task), brought=brought)])
                if visit.was_answered and visit.status is not None:
                    hosts.unblock(session, visit.task.host)

        rejections = [Rejection(outcome) for visit in others if (outcome := self._outcome(visit)) is not None]
        outcomes, documents = store_batch(
            crawl.engine, crawl.run, [*arrivals, *rejections], crawl.archive, alongside
        )
        self._count(visits, outcomes, batch)
        relate(crawl.engine, documents)
        return batch.woken

    def _outcome(self, visit: Visit) -> Outcome | None:
        """Return what the ledger says of a visit without a page; nothing of one that goes on with a copy."""
        trouble, address = visit.trouble, visit.task.address
        if trouble is None and visit.status == NOT_MODIFIED:
            return Outcome(address, "unchanged", None, "It has not been modified since the last visit.")
        if trouble is None:
            return Outcome(address, "read", None, _said_of_offer(visit))
        if has_copy(visit, trouble) or trouble.step == "give-back":
            return None
        return Outcome(
            address, "skipped" if trouble.step == "skip" else "failed", trouble.reason, trouble.message
        )

    def _close_page(self, session: Database, visit: Visit, outcome: Outcome, batch: _Batch) -> None:
        crawl, page = self._crawl, visit.page
        assert page is not None  # noqa: S101 - the caller looked
        source = crawl.source(visit.task)
        score = page.judgement.score if page.judgement else None
        if outcome.outcome == "rejected":
            judged_by = crawl.criteria if page.prepared is not None else None
            closing = close_rejected(
                visit,
                source,
                outcome.reason or "",
                outcome.message or "",
                outcome.capture_id,
                score,
                judged_by,
            )
        elif outcome.outcome in ("failed", "refused"):
            trouble = Trouble(outcome.reason or "failed", outcome.message or "", "later")
            closing = close_trouble(visit, trouble, source, None)
        else:
            closing = close_kept(visit, source, outcome.outcome, outcome.capture_id, score, crawl.criteria)
            batch.found[visit.task.address] += outcome.outcome != "unchanged"
        own = self._name_twins(session, visit, closing)
        if own is not None:
            frontier.close(session, [own])

    def _name_twins(self, session: Database, visit: Visit, closing: Closing) -> Closing | None:
        """Close the article's own address instead of the visited one, where they differ."""
        crawl, task, page = self._crawl, visit.task, visit.page
        if page is None or page.prepared is None or visit.capture is None:
            return closing
        own = page.prepared.article_address or canonical(visit.capture.address)
        row_id: int | None = task.id
        if own != task.address and closing.state in ("kept", "rejected"):
            article = _alike(visit, own)
            row_id = twins.canonical_row(session, crawl.event.key, crawl.run.id, task, article, crawl.started)
        if row_id is None:
            return None
        stated = [_alike(visit, twin) for twin in page.prepared.twins if twin not in (own, task.address)]
        address = own if row_id != task.id else task.address
        twins.name_twins(session, crawl.event.key, crawl.run.id, stated, row_id, address, crawl.started)
        if row_id == task.id:
            return closing
        return replace(closing, id=row_id, host=host_of(own))

    def _add_offer(self, session: Database, visit: Visit, batch: _Batch) -> None:
        crawl, offer = self._crawl, visit.offer
        assert offer is not None  # noqa: S101 - the caller looked
        source_id = visit.task.source_id
        found = [
            Discovered(
                address=one.address,
                source_id=crawl.ids[one.source],
                host=host_of(one.fetch_address or one.address),
                listed=one.listed,
                fetch_address=one.fetch_address,
                copied_at=one.copied_at,
                reason=one.reason,
                message=one.message,
                judged_by=crawl.criteria if one.reason else None,
            )
            for one in offer.addresses
        ]
        found += [
            Discovered(
                address=lead.address,
                source_id=source_id,
                host=host_of(lead.address),
                is_article=False,
                reading=lead.reading,
            )
            for lead in offer.leads
        ]
        new = frontier.add(session, crawl.event.key, crawl.run.id, found, crawl.started)
        batch.found[visit.task.address] += new
        batch.woken |= {one.source_id for one in found}

    def _close_trouble(self, session: Database, visit: Visit, trouble: Trouble, batch: _Batch) -> None:
        crawl, task = self._crawl, visit.task
        if trouble.step == "give-back":
            frontier.release_taken(session, crawl.run.id, [task.id])
            return
        until: datetime | None = None
        if trouble.step == "turned-away" and self._means_the_host(visit, trouble):
            until = hosts.block(session, task.host, trouble.message, trouble.wait or 0.0)
            batch.blocked[task.host] = trouble.message
        if has_copy(visit, trouble):
            frontier.close(session, [close_for_copy(visit, crawl.started)])
            batch.woken.add(task.source_id)
            return
        frontier.close(session, [close_trouble(visit, trouble, crawl.source(task), until)])

    def _means_the_host(self, visit: Visit, trouble: Trouble) -> bool:
        """Tell whether being turned away from one address means all of its host."""
        if trouble.at_once or not visit.task.is_article:
            return visit.task.host not in self._crawl.blocked
        return self._refusals[visit.task.host] + 1 == FORBIDDEN_IN_A_ROW

    def _count(self, visits: Sequence[Visit], outcomes: Sequence[Outcome], batch: _Batch) -> None:
        """Add a committed batch to the figures."""
        crawl = self._crawl
        crawl.blocked |= batch.blocked
        by_address = {outcome.address: outcome for outcome in outcomes}
        for visit in visits:
            counts = crawl.counts.of(crawl.keys[visit.task.source_id])
            counts.found += batch.found[visit.task.address] if visit.offer is not None else 0
            if visit.trouble is not None and visit.trouble.step == "give-back":
                continue
            counts.fetched += 1
            if visit.was_answered:
                counts.answered += 1
                self._refusals[visit.task.host] = 0
            elif visit.trouble is not None:
                counts.trouble = visit.trouble.message
                self._refusals[visit.task.host] += visit.trouble.step == "turned-away"
            outcome = by_address.get(visit.task.address)
            if outcome is not None:
                counts.outcomes[outcome.outcome] += 1
                if outcome.reason:
                    counts.reasons[outcome.reason] += 1


def _arrival(visit: Visit) -> Arrival:
    """Turn a visit's page into a capture on its way in."""
    page, capture = visit.page, visit.capture
    assert page is not None and capture is not None  # noqa: S101, PT018 - the caller looked
    verdict = None
    if page.judgement is not None and page.judgement.reason is not None:
        verdict = Verdict(page.judgement.reason, page.judgement.message)
    elif page.trouble is not None and not page.trouble.reason.startswith("extraction-"):
        verdict = Verdict(page.trouble.reason, f"{capture.address}: {page.trouble}")
    return Arrival(visit.task.address, capture, visit.location, page.prepared or page.trouble, verdict)


def _alike(visit: Visit, address: str) -> Discovered:
    task = visit.task
    return Discovered(
        address=address,
        source_id=task.source_id,
        host=host_of(address),
        is_wanted=task.is_wanted,
        listed=task.listed,
    )


def _said_of_offer(visit: Visit) -> str:
    offer = visit.offer
    if offer is None:
        return "It was read."
    wanted = sum(one.reason is None for one in offer.addresses)
    parts = [f"It offers {len(offer.addresses)} addresses, {wanted} of which may be wanted"]
    parts.append(f"leads to {len(offer.leads)} further pages")
    if offer.passed_over:
        parts.append(f"{offer.passed_over} links were passed over")
    return ", ".join(parts) + "." + "".join(f" {sentence}" for sentence in offer.said)
