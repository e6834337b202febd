"""Makers of tasks, visits and sources for the tests of what crawls make of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from pipeline.crawl.session import Crawl, crawling
from pipeline.crawl.targets import Options
from pipeline.crawl.visits import Visit
from pipeline.events import Discovery, Event, EventSource
from pipeline.items import Source
from pipeline.match.topic import Group, Topic
from pipeline.settings import Settings
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


EVENT_FILE = """
[event]
key = "ministerial"
name = "Ministerial"
first_day = 2024-12-03
last_day = 2024-12-05

[topic.required.nato]
en = ["NATO"]

[source.example]
name = "Example"
hosts = ["example.org", "quick.example.org"]
timezone = "Europe/Kyiv"
delay = 0.2

[[source.example.way]]
way = "feed"
addresses = ["https://example.org/feed"]

[source.quick]
name = "Quick"
hosts = ["quick.test"]
delay = 0

[[source.quick.way]]
way = "feed"
addresses = ["https://quick.test/feed"]
"""


@contextmanager
def crawl_of(settings: Settings, engine: Engine, folder: Path) -> Iterator[Crawl]:
    """A crawl of the file above, begun and not yet asking for anything."""
    file = folder / "event.toml"
    file.write_text(EVENT_FILE)
    with crawling(settings, Options(event=file), engine) as crawl:
        yield crawl
