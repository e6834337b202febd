"""A database that goes away in the midst of a crawl, and comes back, costs the crawl nothing but the time."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.store.server import EmbeddedServer
from tests.crawl.end_to_end.conftest import NewDesk
from tests.crawl.end_to_end.harness import Desk, asked, event_of, wait_for
from tests.site.server import Site

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

KEYS = ("agency", "insight", "wire")
MOMENTS = (4, 9, 14)
"""The server goes after so many requests."""


@pytest.fixture(scope="module")
def undisturbed(new_desk: NewDesk) -> dict[str, list[object]]:
    """What a crawl that nothing befalls leaves."""
    desk = new_desk()
    desk.crawl(desk.event(event_of(*KEYS, delay=0.03)))
    return desk.summary()


def _disturbed(desk: Desk, site: Site, disturb: Callable[[], None]) -> dict[str, list[object]]:
    assert desk.begin("db", "upgrade").end().code == 0
    begin = len(site.requests)
    crawl = desk.begin("crawl", "--event", str(desk.event(event_of(*KEYS, delay=0.25))))
    for moment in MOMENTS:
        until = time.monotonic() + 40
        while len(site.requests) < begin + moment and crawl.is_running and time.monotonic() < until:
            time.sleep(0.01)
        assert len(site.requests) >= begin + moment, crawl.said()
        disturb()
    ended = crawl.end(90)
    assert "Traceback" not in ended.stderr, ended.stderr[-3000:]
    assert ended.code == 0, ended.stderr[-3000:]
    assert set(asked(site, begin).values()) == {1}
    assert desk.outcomes().keys() <= {"new", "read", "rejected", "skipped"}
    return desk.summary()


@pytest.mark.thorough
def test_a_server_of_ones_own_that_crashes_and_is_started_again(
    undisturbed: dict[str, list[object]], site: Site, tmp_path: Path
) -> None:
    # Commits must be on the disk when they are said to be, as they are by default.
    server = EmbeddedServer(tmp_path / "pg", options=("fsync=off",))
    desk = Desk(tmp_path / "home", server.url(), site)

    def restart() -> None:
        pid = server.pid()
        assert pid is not None
        os.kill(pid, signal.SIGQUIT)  # what `pg_ctl stop -m immediate` sends
        wait_for(lambda: server.pid() is None)
        server.url()

    try:
        assert _disturbed(desk, site, restart) == undisturbed
    finally:
        desk.close()
        server.stop()


def test_the_embedded_server_killed_is_started_again_by_the_crawl(
    undisturbed: dict[str, list[object]], site: Site, tmp_path: Path
) -> None:
    desk = Desk(tmp_path / "home", None, site)
    server = EmbeddedServer(desk.home / "postgres")

    def kill() -> None:
        pid = server.pid()
        if pid is not None:  # it may not have been needed since the last time
            os.kill(pid, signal.SIGKILL)

    try:
        assert _disturbed(desk, site, kill) == undisturbed
    finally:
        desk.close()
        server.stop()
