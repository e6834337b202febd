"""How a visit ends in the frontier: the address's new state, and when it is due again."""

from datetime import datetime, timedelta
from typing import Any

from pipeline.address import host_of
from pipeline.crawl.answers import Trouble
from pipeline.crawl.schedule import next_pause, retry_pause
from pipeline.crawl.visits import Visit
from pipeline.events import EventSource
from pipeline.store.frontier import Closing, Task

_BROUGHT = frozenset({"new", "new version", "updated"})
_REFUSED_FOR_NOW = timedelta(days=7)
"""How long what robots.txt forbids is not looked at again."""


def close_kept(
    visit: Visit,
    source: EventSource,
    outcome: str,
    capture_id: int | None,
    score: float | None,
    judged_by: str,
) -> Closing:
    """Close a visit whose page was stored, as new or as what it was."""
    brought = outcome in _BROUGHT
    pause = next_pause(visit.task.pause, source.revisit_min, source.revisit_max, brought=brought)
    return _answered(
        visit,
        "kept",
        visit.at + timedelta(seconds=pause),
        pause=pause,
        score=score,
        judged_by=judged_by,
        capture_id=capture_id,
        # That it was ever kept can be told by this, whatever its state is later.
        changed_at=visit.at if brought or visit.task.changed_at is None else None,
    )


def close_rejected(
    visit: Visit,
    source: EventSource,
    reason: str,
    message: str,
    capture_id: int | None,
    score: float | None,
    judged_by: str | None,
) -> Closing:
    """Close a visit to a page that is not wanted; where the event's criteria said so, it is not visited again.

    A page in which no article was found may have one another day. An address whose article was kept stays kept,
    with the text it had: criteria change, and sites send everybody to one page for a while.
    """
    pause = next_pause(visit.task.pause, source.revisit_min, source.revisit_max, brought=False)
    due = visit.at + timedelta(seconds=pause)
    if visit.task.changed_at is not None and visit.task.is_article:
        return _answered(visit, "kept", due, pause=pause)
    return _answered(
        visit,
        "rejected",
        None if judged_by else due,
        pause=pause,
        reason=reason,
        message=message,
        score=score,
        judged_by=judged_by,
        capture_id=capture_id,
    )


def close_read(visit: Visit, source: EventSource, *, brought: bool) -> Closing:
    """Close a visit to a page that leads to others; `brought` says whether any of them was new."""
    pause = next_pause(visit.task.pause, source.revisit_min, source.revisit_max, brought=brought)
    due = visit.at + timedelta(seconds=pause)
    return _answered(visit, "read", due, pause=pause, changed_at=visit.at if brought else None)


def close_unmodified(visit: Visit, source: EventSource) -> Closing:
    """Close a visit that was answered with 304: all stays as it is, and is looked at more rarely."""
    task = visit.task
    pause = next_pause(task.pause, source.revisit_min, source.revisit_max, brought=False)
    state = task.state if task.state in ("kept", "read") else "read" if task.reading else "kept"
    # An answer without validators leaves those that led to it.
    return _answered(
        visit,
        state,
        visit.at + timedelta(seconds=pause),
        pause=pause,
        etag=visit.headers.get("etag") or task.etag,
        last_modified=visit.headers.get("last-modified") or task.last_modified,
    )


def close_trouble(
    visit: Visit, trouble: Trouble, source: EventSource, blocked_until: datetime | None
) -> Closing:
    """Close a visit that came to nothing. `blocked_until` is set where its host is left alone from now on."""
    task = visit.task
    attempts = task.attempts + 1
    state = "failed"
    due: datetime | None = visit.at + timedelta(seconds=retry_pause(attempts, source.revisit_max))
    if trouble.step == "gone":
        # An article does not come back, unless it is listed again; a feed that is missing for an hour does by itself,
        # and all that it leads to with it.
        state, due = "gone", None if task.is_article else due
    elif trouble.step == "never":
        due = visit.at + source.revisit_max
    elif trouble.step == "skip":
        state, due = "skipped", visit.at + _REFUSED_FOR_NOW
    if due is not None and blocked_until is not None:
        due = max(due, blocked_until)
    return Closing(
        id=task.id,
        state=state,
        due_at=due,
        pause=task.pause,
        attempts=attempts,
        reason=trouble.reason,
        message=trouble.message,
        status=visit.status,
        visited_at=visit.at if state == "gone" else None,
        **_place(task),
    )


def close_for_copy(visit: Visit, due: datetime) -> Closing:
    """Close a visit to an address that is gone, so that the archive's copy of it is fetched instead."""
    task = visit.task
    copy = task.fallback or {}
    copied_at = copy.get("copied_at")
    return Closing(
        id=task.id,
        state="waiting",
        due_at=due,
        attempts=task.attempts,
        status=visit.status,
        fetch_address=copy["address"],
        copied_at=datetime.fromisoformat(copied_at) if copied_at else None,
        host=host_of(copy["address"]),
    )


def has_copy(visit: Visit, trouble: Trouble) -> bool:
    """Tell whether an archive's copy is to be fetched for an address that failed."""
    if not visit.task.fallback or visit.task.fetch_address or trouble.step in ("skip", "give-back"):
        return False
    return trouble.step in ("gone", "turned-away") or visit.task.attempts >= 2


def _answered(visit: Visit, state: str, due_at: datetime | None, **facts: Any) -> Closing:
    validators = {"etag": visit.headers.get("etag"), "last_modified": visit.headers.get("last-modified")}
    return Closing(
        id=visit.task.id,
        state=state,
        due_at=due_at,
        status=visit.status,
        visited_at=visit.at,
        **{**_place(visit.task), **validators, **facts},
    )


def _place(task: Task) -> dict[str, Any]:
    return {
        "host": task.host,
        "fetch_address": task.fetch_address,
        "copied_at": task.copied_at,
        "fallback": task.fallback,
    }
