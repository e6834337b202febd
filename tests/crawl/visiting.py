"""Makers of tasks, visits and sources for the tests of what crawls make of them."""

from datetime import timedelta
from typing import Any

from pipeline.crawl.visits import Visit
from pipeline.events import Discovery, Event, EventSource
from pipeline.items import Source
from pipeline.match.topic import Group, Topic
from pipeline.store.frontier import Task
from tests.builders import NOON

TOPIC = Topic((Group("nato", ("NATO",)),), (), 0, ())
ADDRESS = "https://example.org/news/1"
COPY = "https://web.archive.org/web/20241204id_/https://example.org/news/1"
FALLBACK = {"address": COPY, "copied_at": NOON.isoformat()}


def source(key: str = "example", *hosts: str, **options: Any) -> EventSource:
    options.setdefault("ways", (Discovery("addresses", ()),))
    return EventSource(Source(key, key.title(), hosts or (f"{key}.org",)), **options)


def event(*sources: EventSource, **options: Any) -> Event:
    day = NOON.date()
    return Event("ministerial", "Ministerial", day, day + timedelta(days=2), TOPIC, sources, **options)


def task(**options: Any) -> Task:
    values = {
        "id": 1, "address": ADDRESS, "source_id": 1, "host": "example.org", "is_article": True, "reading": None,
        "is_wanted": False, "listed": None, "fetch_address": None, "copied_at": None, "fallback": None,
        "state": "waiting", "attempts": 0, "pause": None, "etag": None, "last_modified": None,
    }  # fmt: skip
    return Task(**{**values, **options})


def visit(of: Task | None = None, **options: Any) -> Visit:
    return Visit(**{"task": of or task(), "at": NOON, "status": 200, **options})
