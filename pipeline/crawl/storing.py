"""What a batch of visits writes beside the pages themselves: the frontier, twins, hosts that turn us away."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

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
from pipeline.store import frontier, hosts, twins
from pipeline.store.frontier import Closing, Discovered
from pipeline.store.ingest import Arrival, Verdict
from pipeline.store.runs import Outcome

FORBIDDEN_IN_A_ROW = 3
"""A host that answers 403 to so many addresses in a row means all of them."""


@dataclass(slots=True)
class Writing:
    """One try at writing a batch, in one transaction; `write` is called once.

    `refusals` are how often each host has turned us away in a row. Afterwards, `found` says how many new addresses each
    visit brought, `blocked` which hosts are left alone from now on, and why, and `woken` which sources have something
    new to be visited.
    """

    crawl: Crawl
    visits: Sequence[Visit]
    refusals: Counter[str]
    found: Counter[str] = field(default_factory=Counter)
    blocked: dict[str, str] = field(default_factory=dict)
    woken: set[int] = field(default_factory=set)
    _closings: dict[int, Closing] = field(default_factory=dict)
    _unblocked: set[str] = field(default_factory=set)

    def write(self, session: Database, outcomes: Sequence[Outcome]) -> None:
        """Write what the visits brought; `outcomes` are those of their pages, among others."""
        by_address = {outcome.address: outcome for outcome in outcomes}
        for visit in self.visits:
            if visit.offer is not None:
                self._add_offer(session, visit)
            if visit.page is not None:
                self._close_page(session, visit, by_address[visit.task.address])
            elif visit.trouble is None:
                self._close(self._unchanged_or_read(visit))
            elif visit.trouble.step != "give-back":
                # What is given back stays taken up until the run ends, lest it be taken up again and again.
                self._close_trouble(session, visit, visit.trouble)
            if visit.kind == "live" and visit.was_answered and visit.status is not None:
                self._answers_again(session, visit.task.host)
        frontier.close(session, list(self._closings.values()))

    def _answers_again(self, session: Database, host: str) -> None:
        """Forget the refusals of a host; an answer that was under way when it turned us away says nothing."""
        self.refusals[host] = 0
        if self.crawl.why_not(host) is None and host not in self.blocked and host not in self._unblocked:
            self._unblocked.add(host)
            hosts.unblock(session, host)

    def _close(self, closing: Closing) -> None:
        self._closings[closing.id] = closing

    def _unchanged_or_read(self, visit: Visit) -> Closing:
        source = self.crawl.source(visit.task)
        if visit.status == NOT_MODIFIED:
            return close_unmodified(visit, source)
        return close_read(visit, source, brought=self.found[visit.task.address] > 0)

    def _close_page(self, session: Database, visit: Visit, outcome: Outcome) -> None:
        crawl, page = self.crawl, visit.page
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
            self.found[visit.task.address] += outcome.outcome != "unchanged"
        if visit.kind == "judged-again":
            # Nothing was asked: what is known of the visit stays, and the next is counted from now.
            due = closing.due_at and crawl.started + timedelta(seconds=closing.pause or 0)
            closing = replace(closing, due_at=due, visited_at=None)
        own = self._name_twins(session, visit, closing)
        if own is not None:
            self._close(own)

    def _name_twins(self, session: Database, visit: Visit, closing: Closing) -> Closing | None:
        """Close the article's own address instead of the visited one, where they differ."""
        crawl, task, page = self.crawl, visit.task, visit.page
        if page is None or page.prepared is None or visit.capture is None:
            return closing
        own = page.prepared.article_address or canonical(visit.capture.address)
        row_id: int | None = task.id
        # A page that is not wanted may be no article at all, but where a site sends everybody for a while.
        is_wanted = page.judgement is None or page.judgement.reason is None
        if own != task.address and closing.state == "kept" and is_wanted:
            article = _alike(visit, own)
            row_id = twins.canonical_row(session, crawl.event.key, crawl.run.id, task, article, crawl.started)
        if row_id is None:
            return None
        if not is_wanted:
            return closing
        stated = [_alike(visit, twin) for twin in page.prepared.twins if twin not in (own, task.address)]
        address = own if row_id != task.id else task.address
        twins.name_twins(session, crawl.event.key, crawl.run.id, stated, row_id, address, crawl.started)
        if row_id == task.id:
            return closing
        is_own_answer = task.fetch_address is None and canonical(visit.final) == own
        return replace(
            closing,
            id=row_id,
            host=host_of(own),
            fetch_address=None,
            copied_at=None,
            etag=closing.etag if is_own_answer else None,
            last_modified=closing.last_modified if is_own_answer else None,
        )

    def _add_offer(self, session: Database, visit: Visit) -> None:
        crawl, offer = self.crawl, visit.offer
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
        self.found[visit.task.address] += new
        self.woken |= {one.source_id for one in found}

    def _close_trouble(self, session: Database, visit: Visit, trouble: Trouble) -> None:
        crawl, host = self.crawl, visit.task.host
        until: datetime | None = None
        if trouble.step == "turned-away":
            self.refusals[host] += 1
            if self._means_the_host(visit, trouble) and host not in {**crawl.blocked, **self.blocked}:
                until = hosts.block(session, host, trouble.message, trouble.wait or 0.0)
                self.blocked[host] = trouble.message
        if has_copy(visit, trouble):
            self._close(close_for_copy(visit, crawl.started))
            self.woken.add(visit.task.source_id)
        else:
            self._close(close_trouble(visit, trouble, crawl.source(visit.task), until))

    def _means_the_host(self, visit: Visit, trouble: Trouble) -> bool:
        """Tell whether being turned away from one address means all of its host."""
        enough = self.refusals[visit.task.host] >= FORBIDDEN_IN_A_ROW
        return trouble.at_once or not visit.task.is_article or enough


def arrival_of(visit: Visit) -> Arrival:
    """Return a visit's page as a capture on its way in."""
    page, capture = visit.page, visit.capture
    assert page is not None and capture is not None  # noqa: S101, PT018 - the caller looked
    verdict = None
    if page.judgement is not None and page.judgement.reason is not None:
        verdict = Verdict(page.judgement.reason, page.judgement.message)
    elif page.trouble is not None and not page.trouble.reason.startswith("extraction-"):
        verdict = Verdict(page.trouble.reason, f"{capture.address}: {page.trouble}", stands=False)
    return Arrival(visit.task.address, capture, visit.location, page.prepared or page.trouble, verdict)


def outcome_of(visit: Visit) -> Outcome | None:
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
