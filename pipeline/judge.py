"""Whether an event wants a page: by its day and its words, and before it is fetched by its address.

Nothing is cast off by these judgements: a page that an event does not want keeps its capture, and another event, or
the same one with another window, may judge it again.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import unquote, urlsplit

from pipeline.events import Event, EventSource
from pipeline.items import Listed, Prepared
from pipeline.match.topic import score
from pipeline.match.words import WORDS_VERSION

JUDGE_VERSION = "judge-1"
"""Part of `criteria`; raise it whenever the same event would judge any page differently."""

_SLACK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an event makes of a page: `reason` is None where it wants it, else a short stable word for the ledger.

    The reasons are `before-window`, `after-window`, `off-topic`, `not-allowed` and `denied`; `message` is a sentence.
    `score` (0 to 1) and `found` (the terms) are the topic's, and empty where a page was judged unread.
    """

    reason: str | None
    message: str
    score: float = 0.0
    found: tuple[str, ...] = ()


def judge(prepared: Prepared, event: Event) -> Judgement:
    """Judge a page that was read: by the day of its publication, then by its words.

    The day is the one that the page states, in its own zone, and the window is taken as it is: the margins that an
    event's file adds to it allow for zones and for papers of the next morning, and a second slack here would
    make the file say one thing and the crawl do another. A page without a date is judged by its words alone.
    """
    topic = score(prepared.title.value if prepared.title else None, prepared.text, event.topic)
    day = prepared.published.day if prepared.published else None
    outside = event.window_reason(day)
    if day is not None and outside is not None:
        reason = "before-window" if day < event.first_day else "after-window"
        return Judgement(reason, outside, topic.score, topic.found)
    return Judgement(None if topic.relevant else "off-topic", topic.reason, topic.score, topic.found)


def judge_listed(
    address: str, listed: Listed | None, source: EventSource | None, event: Event
) -> Judgement | None:
    """Judge a page that was not fetched yet; None where it may be wanted.

    `deny` beats `allow`; both are searched for in the path, as it is written and as it is read (`%D0%9D` is Н). By
    its date a page is left out only where that is certain, whatever the zone: a day or more outside the window, or
    last modified a day or more before it.
    """
    path = urlsplit(address).path or "/"
    paths = {path, unquote(path)}
    if source is not None:
        denied = _matching(source.deny, paths)
        if denied is not None:
            return Judgement("denied", f"The path {path} matches {denied!r}, which the event's file denies.")
        if source.allow and _matching(source.allow, paths) is None:
            return Judgement(
                "not-allowed", f"The path {path} matches nothing that the event's file allows for the source."
            )
    if listed is None:
        return None
    published = _days(listed.published_on, listed.published_at)
    modified = _days(listed.modified_on, listed.modified_at)
    for what, days in (("dated", published), ("last modified", modified)):
        if days and max(days) < event.first_day - _SLACK:
            return Judgement(
                "before-window",
                f"The {listed.origin} says that it was {what} {max(days)}, more than a day before "
                f"{event.first_day}, the first day of the event's window.",
            )
    if published and min(published) > event.last_day + _SLACK:
        return Judgement(
            "after-window",
            f"The {listed.origin} says that it was dated {min(published)}, more than a day after "
            f"{event.last_day}, the last day of the event's window.",
        )
    return None


def criteria(event: Event) -> str:
    """Return a digest (16 hex digits) of all in an event that judgements depend on.

    Two events with one digest judge every page alike: the window, the topic, and each source's hosts and patterns
    are in it; names, delays, known addresses, ways of discovering, and the order of anything in the file are not.
    """
    topic = event.topic
    said = {
        "judge": [JUDGE_VERSION, WORDS_VERSION],
        "window": [event.first_day.isoformat(), event.last_day.isoformat()],
        "required": sorted([group.name, group.times, sorted(group.terms)] for group in topic.required),
        "any": sorted([group.name, group.times, sorted(group.terms)] for group in topic.any_of),
        "least": topic.least,
        "excluded": sorted(topic.excluded),
        "sources": sorted(
            [item.source.key, sorted(item.source.hosts), sorted(item.allow), sorted(item.deny)]
            for item in event.sources
        ),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _matching(patterns: tuple[str, ...], paths: set[str]) -> str | None:
    return next((pattern for pattern in patterns if any(re.search(pattern, path) for path in paths)), None)


def _days(on: date | None, at: datetime | None) -> list[date]:
    """Return the readings of a day: as it was stated, and in UTC."""
    return [day for day in (on, at.astimezone(UTC).date() if at else None) if day]
