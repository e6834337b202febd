"""Addresses that turned out to show the same article: one of them is the article's, the others point to it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from pipeline.store.frontier import Discovered, Task, add

_SEEN_AS_TWIN = text("""
    update ledger set outcome = 'skipped', reason = 'twin', message = :message, recorded_at = now()
    where run_id = :run and address = :address and outcome = 'left'
""")


def canonical_row(
    session: Session, event: str, run_id: int, task: Task, article: Discovered, now: datetime
) -> int | None:
    """Make a visited address a twin of the article's own; return the row that the visit is to close.

    That is the article's row, or None where another visit is at it just now and will close it. An address
    whose article is said to be a twin of the address itself stays what it is: the site contradicts itself.
    """
    add(session, event, run_id, [article], now)
    # Locked, so that no crawler takes it up before the visit has closed it.
    row = session.execute(
        text("""
            select own.id, own.run_id from frontier as article
            join frontier as own on own.id = coalesce(article.same_as_id, article.id)
            where article.event = :event and article.address = :address
            for update of own
        """),
        {"event": event, "address": article.address},
    ).one()
    own = row.id
    if own == task.id:
        return task.id
    session.execute(
        text("""
            update frontier set state = 'twin', same_as_id = :own, due_at = null, run_id = null, reason = null,
                   message = null, visited_at = :now, attempts = 0
            where id = :id
        """),
        {"own": own, "id": task.id, "now": now},
    )
    # Whoever pointed to this address points to the article now.
    session.execute(
        text("update frontier set same_as_id = :own where same_as_id = :id and id <> :own"),
        {"own": own, "id": task.id},
    )
    if row.run_id is not None:
        return None
    _note_twin(session, run_id, article.address, task.address)
    return int(own)


def name_twins(
    session: Session,
    event: str,
    run_id: int,
    twins: Iterable[Discovered],
    own: int,
    address: str,
    now: datetime,
) -> None:
    """Make further addresses that an article states of itself its twins, unless they were visited before.

    An address that was gone then is a twin all the same.
    """
    twins = [twin for twin in twins if twin.address != address]
    if not twins:
        return
    add(session, event, run_id, twins, now)
    named = session.execute(
        text("""
            update frontier set state = 'twin', same_as_id = :own, due_at = null, reason = null, message = null
            where event = :event and address = any(:addresses) and state = 'waiting'
              and (visited_at is null or status in (404, 410)) and run_id is null and id <> :own
            returning address
        """),
        {"event": event, "addresses": [twin.address for twin in twins], "own": own},
    )
    for twin in named.scalars().all():
        _note_twin(session, run_id, twin, address)


def _note_twin(session: Session, run_id: int, address: str, fetched_as: str) -> None:
    message = f"It is the same article as {fetched_as}, which was fetched."
    session.execute(_SEEN_AS_TWIN, {"run": run_id, "address": address, "message": message})
