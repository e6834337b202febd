"""What happened: the runs and their ledgers, as plain values ready for tables and JSON."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from pipeline.errors import NotFound
from pipeline.store.imports import passed_over
from pipeline.store.models import LedgerEntry, Run

Row = dict[str, Any]

OUTCOMES = (
    "new",
    "new version",
    "updated",
    "unchanged",
    "rejected",
    "failed",
    "refused",
    "skipped",
    "read",
    "left",
)
"""The ledger's words, in the order in which they are shown."""

# What was taken from the archive of a killed crawl, or judged again, was not fetched by this run.
_FIGURES = text("""
    select source.key as source, source.name, ledger.outcome, count(*) as addresses,
           count(*) filter (where frontier.found_at >= run.started_at) as found,
           count(*) filter (where ledger.outcome not in ('left', 'skipped')
                            and (ledger.outcome in ('failed', 'refused')
                                 or frontier.visited_at >= run.started_at)) as fetched
    from ledger
    join run on run.id = ledger.run_id
    left join frontier on frontier.event = :event and frontier.address = ledger.address
    left join source on source.id = coalesce(ledger.source_id, frontier.source_id)
    where ledger.run_id = :run
    group by source.key, source.name, ledger.outcome
""")

_REASONS = text("""
    select outcome, reason, count(*) as addresses, min(message) as example
    from ledger where run_id = :run and reason is not null
    group by outcome, reason
    order by array_position(cast(:order as text[]), outcome), count(*) desc, reason
""")

_DUE = text("""
    select count(*) filter (where due_at <= now()) as due, min(due_at) filter (where due_at > now()) as next
    from frontier join source on source.id = source_id
    where event = :event and key = any(:sources)
""")


def list_runs(engine: Engine, *, limit: int, offset: int = 0) -> list[Row]:
    """Return the newest runs, with how many addresses ended in which outcome; `offset` passes over the very newest."""
    with Session(engine) as session:
        runs = session.scalars(select(Run).order_by(Run.id.desc()).limit(limit).offset(offset)).all()
        counts = _counts(session, [run.id for run in runs])
        return [_run_row(run, counts[run.id]) for run in runs]


def newest_event_file(engine: Engine) -> str | None:
    """Return the path of the event file that the newest crawl went by; None before any crawl."""
    with Session(engine) as session:
        return session.scalar(
            select(Run.arguments["event"].astext).where(Run.kind == "crawl").order_by(Run.id.desc()).limit(1)
        )


def show_run(
    engine: Engine,
    run_id: int,
    *,
    outcomes: Collection[str] = (),
    reasons: Collection[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Row:
    """Return one run with its ledger, by outcome and then by address: all of it, or only some outcomes or reasons.

    The counts are always those of the whole ledger; `limit` and `offset` choose a stretch of its lines.

    Raises:
        NotFound: there is no such run.
    """
    entries = text("""
        select address, outcome, reason, message, source.key as source
        from ledger left join source on source.id = source_id
        where run_id = :run and (:all_outcomes or outcome = any(:outcomes))
          and (:all_reasons or reason = any(:reasons))
        order by array_position(cast(:order as text[]), outcome), address
        limit :limit offset :offset
    """)
    given = {
        "run": run_id,
        "order": list(OUTCOMES),
        "all_outcomes": not outcomes,
        "outcomes": list(outcomes),
        "all_reasons": not reasons,
        "reasons": list(reasons),
        "limit": limit,
        "offset": offset,
    }
    with Session(engine) as session:
        run = session.get(Run, run_id)
        if run is None:
            raise NotFound(f"There is no run {run_id}. `newsfold runs` lists them.")
        ledger = [dict(row) for row in session.execute(entries, given).mappings()]
        row = {**_run_row(run, _counts(session, [run_id])[run_id]), "ledger": ledger}
    return row | ({"passed_over": passed_over(engine, run_id)} if row["kind"] == "ingest" else {})


def count_left(engine: Engine, run_id: int) -> int:
    """Return how many addresses a run has not come to."""
    with Session(engine) as session:
        query = select(func.count()).where(LedgerEntry.run_id == run_id, LedgerEntry.outcome == "left")
        return session.scalar(query) or 0


def crawl_summary(
    engine: Engine, run_id: int, event: str, sources: Mapping[str, str], failures: Mapping[str, str]
) -> Row:
    """Return what a crawl did, from its ledger: by source, by reason, and when what is due next.

    `sources` are the names of those that were crawled, by their keys; pages may have led to addresses of others,
    which are listed as well. `failures` has a sentence for each source that failed. `found` counts the addresses
    that no crawl knew before, `fetched` those that were asked for.
    """
    by_source = {key: _no_figures(key, name) for key, name in sources.items()}
    with Session(engine) as session:
        run = session.get_one(Run, run_id)
        for row in session.execute(_FIGURES, {"run": run_id, "event": event}):
            key = row.source or ""
            figures = by_source.setdefault(key, _no_figures(key, row.name or "of no source"))
            figures[row.outcome] += row.addresses
            figures["found"] += row.found
            figures["fetched"] += row.fetched
        reasons = session.execute(_REASONS, {"run": run_id, "order": list(OUTCOMES)}).mappings()
        due = session.execute(_DUE, {"event": event, "sources": list(sources)}).one()
        return {
            **_run_row(run, _counts(session, [run_id])[run_id]),
            "event": event,
            "sources": [{**figures, "failure": failures.get(key)} for key, figures in by_source.items()],
            "reasons": [dict(row) for row in reasons],
            "due_now": due.due,
            "next_due_at": _iso(due.next),
        }


def _no_figures(key: str, name: str) -> Row:
    return {"source": key, "name": name, "found": 0, "fetched": 0, **dict.fromkeys(OUTCOMES, 0)}


def _counts(session: Session, run_ids: Collection[int]) -> defaultdict[int, dict[str, int]]:
    counts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    tally = (
        select(LedgerEntry.run_id, LedgerEntry.outcome, func.count().label("addresses"))
        .where(LedgerEntry.run_id.in_(run_ids))
        .group_by(LedgerEntry.run_id, LedgerEntry.outcome)
    )
    for row in sorted(session.execute(tally), key=lambda row: OUTCOMES.index(row.outcome)):
        counts[row.run_id][row.outcome] = row.addresses
    return counts


def _run_row(run: Run, counts: dict[str, int]) -> Row:
    return {
        "run": run.id,
        "kind": run.kind,
        "status": run.status,
        "started_at": run.started_at.isoformat(),
        "finished_at": _iso(run.finished_at),
        "arguments": run.arguments,
        "outcomes": counts,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
