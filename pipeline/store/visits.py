"""How the crawls of an event's sources go, as rows: begun, succeeded, failed."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pipeline.store.crawl_models import SourceVisit


def begin_visits(session: Session, event: str, ways: Mapping[int, str], now: datetime) -> None:
    """Note that a crawl of some sources begins; `ways` says how each is discovered."""
    rows = [
        {"event": event, "source_id": source_id, "ways": said, "started_at": now}
        for source_id, said in sorted(ways.items())
    ]
    if rows:
        statement = insert(SourceVisit)
        excluded = {name: statement.excluded[name] for name in ("ways", "started_at")}
        session.execute(
            statement.on_conflict_do_update(index_elements=["event", "source_id"], set_=excluded), rows
        )


def end_visit(
    session: Session, event: str, source_id: int, failure: str | None, answered_at: datetime | None
) -> None:
    """Note how the crawl of a source ended: `failure` is a sentence, or None where it went well.

    `answered_at` is set where anything of it was answered well, whatever failed besides.
    """
    session.execute(
        text("""
            update source_visit set failure = :failure,
                   succeeded_at = coalesce(:answered_at, succeeded_at)
            where event = :event and source_id = :source_id
        """),
        {"event": event, "source_id": source_id, "failure": failure, "answered_at": answered_at},
    )


def sources_with_coverage(session: Session, event: str) -> set[int]:
    """Return the sources of which the event has an article, now gone or not."""
    rows = session.execute(
        text("""
            select distinct source_id from frontier
            where event = :event and is_article and (state = 'kept' or changed_at is not null)
        """),
        {"event": event},
    )
    return set(rows.scalars())


def explain_left(session: Session, run_id: int, reason: str, message: str, source_id: int | None) -> None:
    """Say in the ledger why addresses were left for the next run, where that is not said yet."""
    session.execute(
        text("""
            update ledger set reason = :reason, message = :message
            where run_id = :run and outcome = 'left' and reason = 'not-reached'
              and (cast(:source as bigint) is null or source_id = :source)
        """),
        {"run": run_id, "reason": reason, "message": message, "source": source_id},
    )


def explain_blocked(session: Session, event: str, run_id: int) -> None:
    """Say in the ledger which addresses were left because their host turns us away."""
    session.execute(
        text("""
            update ledger set reason = 'blocked',
                   message = 'Its host is left alone until ' || to_char(blocked_until, 'YYYY-MM-DD HH24:MI TZ')
                             || ': ' || blocked_reason
            from frontier join host on host.name = frontier.host
            where ledger.run_id = :run and ledger.outcome = 'left' and frontier.event = :event
              and frontier.address = ledger.address and blocked_until > now()
        """),
        {"run": run_id, "event": event},
    )
