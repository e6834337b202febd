"""The frontier: every address that a crawl knows, in Postgres, so that the end of no crawl loses any of it.

An address is taken up by a run, visited, and closed in the transaction that stores what came of it. What a killed
run had taken up is released by the next one. Rows travel to PostgreSQL as one JSON array a statement.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from pipeline.items import Listed
from pipeline.store.listed import listed_from, listed_json

_CHUNK = 2000  # rows in a statement

_NEW_COLUMNS = """
    address text, source_id bigint, host text, is_article boolean, reading jsonb, is_wanted boolean,
    listed jsonb, fetch_address text, copied_at timestamptz, reason text, message text, judged_by text
"""

_ADD = text(f"""
    insert into frontier (event, address, source_id, host, is_article, reading, is_wanted, listed,
                          fetch_address, copied_at, state, due_at, reason, message, judged_by)
    select :event, address, source_id, host, is_article, reading, is_wanted, listed, fetch_address, copied_at,
           case when reason is null then 'waiting' else 'skipped' end, case when reason is null then :now end,
           reason, message, judged_by
    from jsonb_to_recordset(cast(:rows as jsonb)) as fresh ({_NEW_COLUMNS})
    order by address
    on conflict (event, address) do nothing
    returning address
""")  # noqa: S608 - the columns are our own words

# An archive's copy is what an address is fetched from while no live page leads to it, and else what is left when
# the live one fails. A page that a crawl begins with is read as the event file says now. What was judged unwanted is
# looked at again when another page, or the user, gives better reasons; what robots.txt forbade is due by itself. An
# article that was gone, and is listed again, may have been put up since, or missed for an hour: it is asked for once
# more, at least a day after the last time, then 2, 4, 8 ... days after it, and 30 at most.
_MERGE = text(f"""
    update frontier
    set is_article = frontier.is_article or fresh.is_article,
        reading = case when is_read_anew then fresh.reading else coalesce(frontier.reading, fresh.reading) end,
        source_id = fresh.source_id,
        is_wanted = frontier.is_wanted or fresh.is_wanted,
        listed = coalesce(frontier.listed, fresh.listed),
        fallback = coalesce(
            frontier.fallback,
            case when is_spare
                 then jsonb_build_object('address', fresh.fetch_address, 'copied_at', fresh.copied_at)
                 when goes_live
                 then jsonb_build_object('address', frontier.fetch_address, 'copied_at', frontier.copied_at) end),
        fetch_address = case when goes_live or takes_copy then fresh.fetch_address else frontier.fetch_address end,
        copied_at = case when goes_live or takes_copy then fresh.copied_at else frontier.copied_at end,
        host = case when goes_live or takes_copy then fresh.host else frontier.host end,
        state = case when revived then 'waiting' else frontier.state end,
        due_at = case when revived then :now else frontier.due_at end,
        reason = case when revived then null else frontier.reason end,
        message = case when revived then null else frontier.message end,
        same_as_id = case when revived then null else frontier.same_as_id end
    from (
        select fresh.*, known.id as known_id, takes_copy, goes_live, is_read_anew,
               fresh.fetch_address is not null and known.fetch_address is null and not takes_copy as is_spare,
               takes_copy or is_read_anew or is_back or fresh.reason is null
                   and (known.state = 'skipped' and known.due_at is null
                        or fresh.is_wanted and not known.is_wanted or is_no_twin)
               as revived
        from jsonb_to_recordset(cast(:rows as jsonb)) as fresh ({_NEW_COLUMNS})
        join frontier as known on known.event = :event and known.address = fresh.address
        cross join lateral (
            select fresh.reason is null and fresh.fetch_address is null and known.state = 'gone' and known.is_article
                       and coalesce(known.visited_at, known.found_at) + make_interval(
                           days => least(1 << least(greatest(known.attempts - 1, 0), 5), 30)) <= :now
                       as is_back
        ) as gone
        cross join lateral (
            select fresh.reason is null and fresh.fetch_address is not null
                       and known.fetch_address is null and known.state = 'gone' as takes_copy,
                   fresh.fetch_address is null and known.fetch_address is not null
                       and (is_back or known.state in ('waiting', 'skipped')
                                       and known.status is null and known.attempts = 0) as goes_live,
                   fresh.reading is not null and known.reading is not null and fresh.reading <> known.reading
                       and not jsonb_exists(fresh.reading, 'page') and not jsonb_exists(known.reading, 'page')
                       as is_read_anew,
                   known.state = 'twin' and exists (
                       select from frontier as own
                       where own.id = known.same_as_id and own.state in ('rejected', 'gone', 'failed', 'skipped')
                   ) as is_no_twin
        ) as turns
    ) as fresh
    where frontier.id = fresh.known_id and frontier.run_id is null
      and (revived or goes_live or fresh.source_id <> frontier.source_id or (fresh.is_article and not frontier.is_article)
           or (fresh.is_wanted and not frontier.is_wanted)
           or (frontier.reading is null and fresh.reading is not null)
           or (frontier.listed is null and fresh.listed is not null)
           or (frontier.fallback is null and is_spare))
""")  # noqa: S608 - as above

# What is to be visited after all is left until it has its outcome, whatever was said of it before.
_IS_LEFT = """
    on conflict (run_id, address) do update
    set outcome = excluded.outcome, reason = excluded.reason, message = excluded.message
    where ledger.outcome = 'skipped' and excluded.outcome = 'left'
"""

_NOTE = text(f"""
    insert into ledger (run_id, address, source_id, outcome, reason, message)
    select :run, address, source_id, case when waits then 'left' else 'skipped' end,
           case when waits then 'not-reached' when state in ('skipped', 'gone') then reason
                when state = 'twin' then 'twin' else 'not-due' end,
           case when waits then null when state in ('skipped', 'gone') then message
                when state = 'twin' then 'It is another address of an article that is known.'
                else 'It was visited before, and is not due again yet.' end
    from (select *, run_id is not null or due_at <= :now as waits from frontier
          where event = :event and address = any(:addresses)) as known
    {_IS_LEFT}
""")  # noqa: S608 - as above

_TAKE = text(f"""
    with chosen as (
        select frontier.id from frontier
        left join host on host.name = frontier.host
        where event = :event and source_id = :source and due_at <= :now and run_id is null
          and (blocked_until is null or blocked_until <= now()) and (:articles or not is_article)
          and (is_article or :all_ways or reading ->> 'way' = any(:ways))
          and (:all_addresses or address = any(:addresses))
        order by reading is null, is_wanted desc, due_at, frontier.id
        limit :most
        for update of frontier skip locked
    ), taken as (
        update frontier set run_id = :run from chosen where frontier.id = chosen.id returning frontier.*
    ), noted as (
        insert into ledger (run_id, address, source_id, outcome, reason)
        select :run, address, source_id, 'left', 'not-reached' from taken
        {_IS_LEFT}
    )
    select * from taken order by reading is null, is_wanted desc, due_at, id
""")  # noqa: S608 - as above

_CLOSE = text("""
    update frontier
    set run_id = null, state = closing.state, due_at = closing.due_at, pause = closing.pause,
        attempts = closing.attempts, reason = closing.reason, message = closing.message,
        fetch_address = closing.fetch_address, copied_at = closing.copied_at, fallback = closing.fallback,
        host = closing.host, judged_by = closing.judged_by,
        status = coalesce(closing.status, frontier.status), score = coalesce(closing.score, frontier.score),
        capture_id = coalesce(closing.capture_id, frontier.capture_id),
        etag = case when closing.visited_at is null then frontier.etag else closing.etag end,
        last_modified = case when closing.visited_at is null then frontier.last_modified
                             else closing.last_modified end,
        visited_at = coalesce(closing.visited_at, frontier.visited_at),
        changed_at = coalesce(closing.changed_at, frontier.changed_at)
    from jsonb_to_recordset(cast(:rows as jsonb)) as closing (
        id bigint, state text, due_at timestamptz, pause integer, attempts integer, reason text, message text,
        fetch_address text, copied_at timestamptz, fallback jsonb, host text, judged_by text, status integer,
        score double precision, capture_id bigint, etag text, last_modified text, visited_at timestamptz,
        changed_at timestamptz)
    where frontier.id = closing.id
""")


@dataclass(frozen=True, slots=True)
class Discovered:
    """An address that was found: whose it is, what it may be, and where its bytes are if not there.

    `reason` and `message` say why it is not to be visited, by the criteria whose digest is `judged_by`.
    """

    address: str
    source_id: int
    host: str
    is_article: bool = True
    reading: dict[str, Any] | None = None
    is_wanted: bool = False
    listed: Listed | None = None
    fetch_address: str | None = None
    copied_at: datetime | None = None
    reason: str | None = None
    message: str | None = None
    judged_by: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """An address that a run has taken up; the fields are those of the frontier's row."""

    id: int
    address: str
    source_id: int
    host: str
    is_article: bool
    reading: dict[str, Any] | None
    is_wanted: bool
    listed: Listed | None
    fetch_address: str | None
    copied_at: datetime | None
    fallback: dict[str, Any] | None
    state: str
    attempts: int
    pause: int | None
    etag: str | None
    last_modified: str | None
    changed_at: datetime | None = None

    @property
    def asked(self) -> str:
        """The address that is fetched."""
        return self.fetch_address or self.address


@dataclass(frozen=True, slots=True)
class Closing:
    """How a visit ended: the new values of the frontier's row; empty facts leave what is known there.

    Entity tag and modification date are taken over when `visited_at` is set.
    """

    id: int
    state: str
    host: str
    due_at: datetime | None = None
    pause: int | None = None
    attempts: int = 0
    reason: str | None = None
    message: str | None = None
    fetch_address: str | None = None
    copied_at: datetime | None = None
    fallback: dict[str, Any] | None = None
    judged_by: str | None = None
    status: int | None = None
    score: float | None = None
    capture_id: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    visited_at: datetime | None = None
    changed_at: datetime | None = None


def add(session: Session, event: str, run_id: int, found: Iterable[Discovered], now: datetime) -> int:
    """Add addresses, and note each in the run's ledger; return how many the frontier did not know.

    What is to be visited is noted as left, and takes its outcome when it has one; the rest as skipped, with the
    reason. An address that is known already learns what it did not know of itself.
    """
    new = 0
    for once in _rounds(found):
        waiting = iter(once)
        while chunk := list(islice(waiting, _CHUNK)):
            rows = _json([_described(one) for one in chunk])
            parameters = {"event": event, "rows": rows, "now": now}
            inserted = set(session.execute(_ADD, parameters).scalars())
            new += len(inserted)
            if len(inserted) < len(chunk):
                session.execute(_MERGE, parameters)
            addresses = [one.address for one in chunk]
            note(session, event, run_id, addresses, now)
    return new


def note(session: Session, event: str, run_id: int, addresses: Collection[str], now: datetime) -> None:
    """Write addresses of the frontier into the run's ledger, as left or skipped, unless they are there."""
    session.execute(_NOTE, {"event": event, "run": run_id, "addresses": list(addresses), "now": now})


def note_due(session: Session, event: str, run_id: int, sources: Collection[int], now: datetime) -> int:
    """Write into the run's ledger, as left, all that is due of some sources; return how many there are."""
    return _count(
        session,
        f"""
        insert into ledger (run_id, address, source_id, outcome, reason)
        select :run, address, source_id, 'left', 'not-reached' from frontier
        where event = :event and source_id = any(:sources) and due_at <= :now and run_id is null
        {_IS_LEFT}
        """,  # noqa: S608 - as above
        {"event": event, "run": run_id, "sources": list(sources), "now": now},
    )


def take(
    session: Session,
    event: str,
    run_id: int,
    source_id: int,
    most: int,
    now: datetime,
    *,
    articles: bool = True,
    ways: Sequence[str] = (),
    addresses: Sequence[str] | None = None,
) -> list[Task]:
    """Take up a source's addresses that are due, pages that lead to others first; not those of blocked hosts.

    `now` is the run's beginning: what falls due later is the next run's. Without `articles` only pages that
    lead to others are taken, and of these only such as are read in one of the `ways`, where some are given. With
    `addresses` no others are taken.
    """
    parameters = {
        "event": event,
        "run": run_id,
        "source": source_id,
        "most": most,
        "now": now,
        "articles": articles,
        "all_ways": not ways,
        "ways": list(ways),
        "all_addresses": addresses is None,
        "addresses": list(addresses or ()),
    }
    return [task_from(row) for row in session.execute(_TAKE, parameters).mappings()]


def close(session: Session, closings: Sequence[Closing]) -> None:
    """Write how visits ended, and give the addresses back."""
    if closings:
        session.execute(_CLOSE, {"rows": _json([asdict(one) for one in closings])})


def release(session: Session, event: str, sources: Collection[int]) -> int:
    """Give back what runs had taken up of some sources that are no longer running; return how much that was."""
    return _count(
        session,
        """
        update frontier set run_id = null from run
        where run.id = run_id and run.status <> 'running' and event = :event and source_id = any(:sources)
        """,
        {"event": event, "sources": list(sources)},
    )


def release_taken(session: Session, run_id: int, ids: Collection[int] | None = None) -> int:
    """Give back what a run has taken up and not come to: all of it, or the rows of some ids."""
    return _count(
        session,
        "update frontier set run_id = null where run_id = :run and (:all or id = any(:ids))",
        {"run": run_id, "all": ids is None, "ids": list(ids or ())},
    )


def make_due(session: Session, event: str, sources: Collection[int], now: datetime) -> int:
    """Make everything due that was ever visited well or failed; return how many addresses that were."""
    return _count(
        session,
        """
        update frontier set due_at = :now
        where event = :event and source_id = any(:sources) and run_id is null
          and state in ('waiting', 'kept', 'read', 'failed') and (due_at is null or due_at > :now)
        """,
        {"event": event, "sources": list(sources), "now": now},
    )


def claim_hosts(session: Session, event: str, source_id: int, hosts: Sequence[str]) -> int:
    """Give a source the articles on its hosts that another had: its key, or its hosts, changed in the event file."""
    return _count(
        session,
        """
        update frontier set source_id = :source
        where event = :event and host = any(:hosts) and source_id <> :source and is_article and run_id is null
          and fetch_address is null and not is_wanted
        """,
        {"event": event, "source": source_id, "hosts": list(hosts)},
    )


def make_addresses_due(session: Session, event: str, addresses: Sequence[str], now: datetime) -> int:
    """Make addresses due that were asked for by name, whatever became of them before; return how many."""
    return _count(
        session,
        """
        update frontier set due_at = :now, state = case when state = 'twin' then 'waiting' else state end,
               same_as_id = null
        where event = :event and address = any(:addresses) and run_id is null
        """,
        {"event": event, "addresses": list(addresses), "now": now},
    )


def task_of(session: Session, event: str, address: str) -> Task | None:
    """Return an address of the frontier as a task, without taking it up."""
    query = text("select * from frontier where event = :event and address = :address")
    row = session.execute(query, {"event": event, "address": address}).mappings().first()
    return task_from(row) if row is not None else None


def _count(session: Session, statement: str, parameters: dict[str, Any]) -> int:
    """Run a statement, and return how many rows it wrote."""
    result: Any = session.execute(text(statement), parameters)
    return int(result.rowcount)


def task_from(row: Any) -> Task:
    """Read a row of the frontier, by its columns' names."""
    listed = row["listed"]
    values = {field.name: row[field.name] for field in fields(Task) if field.name != "listed"}
    return Task(**values, listed=listed_from(listed) if listed else None)


def _rounds(found: Iterable[Discovered]) -> Iterator[list[Discovered]]:
    """Yield lists in which each address stands once.

    One that was found in two ways may be what either says; a copy, and a reason not to visit it, come in a later
    list than what they contradict, as if they were found later.
    """
    kinds: dict[tuple[str, bool, bool], Discovered] = {}
    for one in found:
        key = (one.address, one.fetch_address is None, one.reason is None)
        known = kinds.get(key)
        if known is None:
            kinds[key] = one
        else:
            kinds[key] = replace(
                known,
                is_article=known.is_article or one.is_article,
                reading=known.reading or one.reading,
                is_wanted=known.is_wanted or one.is_wanted,
                listed=known.listed or one.listed,
            )
    waiting = list(kinds.values())
    while waiting:
        once: dict[str, Discovered] = {}
        later = [one for one in waiting if once.setdefault(one.address, one) is not one]
        yield list(once.values())
        waiting = later


def _described(one: Discovered) -> dict[str, Any]:
    # Not asdict: it copies deeply, and a sitemap brings fifty thousand.
    row = {name: getattr(one, name) for name in one.__slots__}
    return row | {"listed": listed_json(one.listed) if one.listed else None}


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, default=_iso)


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in a row of the frontier.")
