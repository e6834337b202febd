"""A crawl that is asked to end does so soon, keeps all it has, and leaves the rest to the next one."""

import time

import pytest

from tests.crawl.end_to_end.conftest import NewDesk
from tests.crawl.end_to_end.harness import asked, event_of, wait_for
from tests.site import truth
from tests.site.server import Site

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

KEYS = ("agency", "insight", "monitor", "wire")
WANTED = {f"{a.host}{a.path}" for a in truth.articles() if a.on_topic and a.host.split(".")[0] in KEYS}


def test_a_stopped_crawl_keeps_what_it_fetched_and_the_next_one_fetches_the_rest(
    new_desk: NewDesk, site: Site
) -> None:
    desk, begin = new_desk(), len(site.requests)
    event = desk.event(event_of(*KEYS, delay=0.4))
    crawl = desk.begin("crawl", "--event", str(event))
    wait_for(lambda: sum(asked(site, begin).values()) >= 12)
    crawl.terminate()
    told = time.monotonic()
    ended = crawl.end()
    assert time.monotonic() - told < 5
    assert ended.code == 143
    assert "Traceback" not in ended.stderr

    fetched = asked(site, begin)
    assert set(desk.archived()) == set(fetched)
    ledger = desk.ledger()
    closed = {address for address, row in ledger.items() if row.outcome not in ("left", "skipped")}
    assert closed == set(fetched)
    left = [row for row in ledger.values() if row.outcome == "left"]
    assert {(row.reason, row.message) for row in left} == {
        ("stopped", "The run was stopped before it came to it.")
    }
    assert desk.rows("select 1 from frontier where run_id is not null") == []
    [(status,)] = desk.rows("select status from run where id = :run", run=desk.last_run())
    assert status == "interrupted"
    assert not list((desk.home / "archive").rglob("*.open"))

    desk.crawl(desk.event(event_of(*KEYS, delay=0.03)))
    assert set(asked(site, begin).values()) == {1}
    assert {desk.bare(row.address) for row in desk.rows("select address from article")} == WANTED
