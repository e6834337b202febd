"""What is known of an event's sources, and what was turned down and why, as plain values for tables and JSON."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

Row = dict[str, Any]

STATES = ("waiting", "kept", "read", "rejected", "failed", "gone", "skipped", "twin")
"""The frontier's words, in the order in which they are shown."""

_VISITS = text("""
    select key, started_at, succeeded_at, failure
    from source_visit join source on source.id = source_id where event = :event and key = any(:keys)
""")

_STATES = text("""
    select key, state, count(*) as addresses, min(due_at) as next_due_at
    from frontier join source on source.id = source_id where event = :event and key = any(:keys)
    group by key, state
""")

# A copy in an archive is fetched from the archive's host: what blocks that host holds up the source.
_BLOCKED = text("""
    select distinct key, host.name, blocked_until, blocked_reason
    from host join (
        select distinct key, host from frontier join source on source.id = source_id
        where event = :event and key = any(:keys)
        union select key, source_host.host from source_host join source on source.id = source_id
        where key = any(:keys)
    ) as asked on asked.host = host.name
    where blocked_until > now()
    order by key, host.name
""")

_TURNED_DOWN = """
    from frontier join source on source.id = source_id
    where event = :event and state = any(:states) and (:all_sources or key = any(:sources))
      and (:all_reasons or reason = any(:reasons))
"""


@dataclass(frozen=True, slots=True)
class Told:
    """A source as the event file describes it: `ways` says how it is discovered."""

    key: str
    name: str
    ways: str


def list_sources(engine: Engine, event: str, told: Sequence[Told]) -> list[Row]:
    """Return the sources of an event: their last crawl and success, what is due, what blocks them, what they gave.

    Before the first crawl of one, all of that is empty. Times are ISO 8601.
    """
    keys = [one.key for one in told]
    rows: dict[str, Row] = {
        one.key: {
            "source": one.key,
            "name": one.name,
            "ways": one.ways,
            "last_crawl_at": None,
            "last_success_at": None,
            "next_due_at": None,
            "addresses": {},
            "blocked": [],
            "failure": None,
        }
        for one in told
    }
    given = {"event": event, "keys": keys}
    with Session(engine) as session:
        for visit in session.execute(_VISITS, given):
            rows[visit.key] |= {
                "last_crawl_at": _iso(visit.started_at),
                "last_success_at": _iso(visit.succeeded_at),
                "failure": visit.failure,
            }
        due: dict[str, datetime] = {}
        for state in sorted(session.execute(_STATES, given), key=lambda row: STATES.index(row.state)):
            rows[state.key]["addresses"][state.state] = state.addresses
            if state.next_due_at is not None:
                due[state.key] = min(state.next_due_at, due.get(state.key, state.next_due_at))
        for key, moment in due.items():
            rows[key]["next_due_at"] = _iso(moment)
        for host in session.execute(_BLOCKED, given):
            rows[host.key]["blocked"].append(
                {"host": host.name, "until": _iso(host.blocked_until), "reason": host.blocked_reason}
            )
    return list(rows.values())


def stale_since(row: Row, age: timedelta, now: datetime | None = None) -> str | None:
    """Say why a source of `list_sources` is stale, in a sentence; None where it is not.

    It is, when its last success is older than `age` and it failed since, or something of it has been due. What
    is not due yet, for a source that seldom brings anything, is no fault, and one with nothing left to visit
    has none. A source that was never crawled has its beginnings due.
    """
    now = now or datetime.now(UTC)
    success = _moment(row["last_success_at"])
    if success is not None and now - success <= age:
        return None
    due = _moment(row["next_due_at"])
    never_begun = row["last_crawl_at"] is None
    if not never_begun and due is None:
        return None
    is_overdue = never_begun or row["failure"] is not None or (due is not None and due <= now)
    if not is_overdue:
        return None
    if never_begun:
        return f"{row['source']} has never been crawled."
    why = f": {row['failure']}" if row["failure"] else "."
    if success is None:
        return f"{row['source']} has never been crawled with success{why}"
    return f"{row['source']} was last crawled with success at {success:%Y-%m-%d %H:%M} UTC{why}"


def list_rejected(
    engine: Engine,
    event: str,
    *,
    sources: Collection[str] = (),
    reasons: Collection[str] = (),
    states: Collection[str] = ("rejected",),
    limit: int | None = None,
) -> Row:
    """Return addresses that were turned down, the latest first, and how many there are of each reason.

    `states` are the frontier's words for how; `sources` and `reasons` choose among them; `limit` is the most
    addresses, and does not touch the counts.
    """
    given = {
        "event": event,
        "states": list(states),
        "all_sources": not sources,
        "sources": list(sources),
        "all_reasons": not reasons,
        "reasons": list(reasons),
        "limit": limit,
    }
    counts = text(f"""
        select state, reason, count(*) as addresses {_TURNED_DOWN}
        group by state, reason order by count(*) desc, reason, state
    """)
    addresses = text(f"""
        select address, key as source, state, reason, score, message,
               coalesce(visited_at, found_at) as at {_TURNED_DOWN}
        order by coalesce(visited_at, found_at) desc, address limit :limit
    """)
    with Session(engine) as session:
        return {
            "reasons": [dict(row) for row in session.execute(counts, given).mappings()],
            "addresses": [
                {**row, "at": _iso(row["at"])} for row in session.execute(addresses, given).mappings()
            ],
        }


def _moment(stated: str | None) -> datetime | None:
    return datetime.fromisoformat(stated) if stated else None


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
