"""`newsfold sources`, `rejected` and `runs`, after a crawl and before any."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from sqlalchemy import text

from pipeline.commands.records import Outcome, _age
from pipeline.store.history import OUTCOMES
from tests.crawl.end_to_end.harness import Desk, Ended, event_of
from tests.site.conftest import running, site
from tests.site.server import Site

__all__ = ["running", "site"]  # the fixtures

on_18 = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)


@pytest.fixture
def desk(database_url: str, tmp_path: Path, site: Site) -> Iterator[Desk]:
    """A database and a home of this test's own."""
    desk = Desk(tmp_path / "home", database_url, site)
    yield desk
    desk.close()


def _run(desk: Desk, *words: str) -> Ended:
    ended = desk.begin(*words, COLUMNS="100").end()
    assert "Traceback" not in ended.stderr, ended.stderr
    return ended


@on_18
def test_before_the_first_crawl_sources_are_listed_and_have_never_been_crawled(desk: Desk) -> None:
    known = '\n[[known]]\naddress = "http://elsewhere.test/a"\n'
    event = str(desk.event(event_of("agency", "monitor", more=known)))
    rows = {
        row["source"]: row for row in json.loads(_run(desk, "sources", "--event", event, "--json").stdout)
    }
    assert {key: row["ways"] for key, row in rows.items()} == {
        "agency": "listing",
        "monitor": "wordpress, sitemap, feed",
        "elsewhere-test": "addresses",
    }
    assert {
        row["last_crawl_at"] or row["last_success_at"] or row["next_due_at"] for row in rows.values()
    } == {None}
    assert all(row["addresses"] == {} for row in rows.values())
    stale = _run(desk, "sources", "--event", event, "--stale", "36h")
    assert stale.code == 2
    assert "agency has never been crawled." in stale.stderr
    assert json.loads(_run(desk, "rejected", "--event", event, "--json").stdout) == {
        "reasons": [],
        "addresses": [],
    }


def test_the_command_line_knows_every_outcome() -> None:
    assert [outcome.value for outcome in Outcome] == list(OUTCOMES)


@pytest.mark.parametrize("age", ["36", "h", "-1h", "1.5h", "0m", "36 hours", "٣h", ""])
def test_what_is_no_age_is_a_wrong_command_line(age: str) -> None:
    with pytest.raises(typer.BadParameter, match="90m, 36h or 2d"):
        _age(age)


@on_18
def test_after_a_crawl_its_sources_what_was_turned_down_and_its_ledger_can_be_read(desk: Desk) -> None:
    event = str(desk.event(event_of("agency", "institute", delay=0.02)))
    desk.crawl(Path(event))

    rows = json.loads(_run(desk, "sources", "--event", event, "--json").stdout)
    counted = "select key, state, count(*) from frontier join source on source.id = source_id group by 1, 2"
    assert {(row["source"], state, number) for row in rows for state, number in row["addresses"].items()} == {
        tuple(row) for row in desk.rows(counted)
    }
    assert all(row["last_success_at"] and row["next_due_at"] and row["failure"] is None for row in rows)
    with desk.engine.begin() as connection:
        connection.execute(text("update source_visit set succeeded_at = now() - interval '40 hours'"))
        connection.execute(
            text("update frontier set due_at = now() where host = 'agency.test' and due_at is not null")
        )
    stale = _run(desk, "sources", "--event", event, "--stale", "36h")
    assert (stale.code, stale.stdout) == (2, "")
    assert re.findall(r"newsfold: (\S+) was last crawled", stale.stderr) == ["agency"]
    fresh = _run(desk, "sources", "--event", event, "--stale", "2d")
    assert (fresh.code, fresh.stdout, fresh.stderr) == (0, "", "")

    words = ["rejected", "--event", event, "--skipped"]
    found = json.loads(_run(desk, *words, "--json").stdout)
    states = "select count(*) from frontier where state in ('rejected', 'skipped', 'failed', 'gone')"
    assert [(len(found["addresses"]),)] == desk.rows(states)
    shown = _run(desk, *words, "--source", "institute", "--reason", "after-window").stdout
    assert max(map(len, shown.splitlines())) <= 100
    assert "after-window" in shown
    assert "before-window" not in shown
    unknown = _run(desk, "rejected", "--event", event, "--source", "nobody")
    assert unknown.code == 1
    assert "no source 'nobody'" in unknown.stderr

    run = json.loads(_run(desk, "runs", "1", "--json", "--outcome", "read", "--reason", "off-topic").stdout)
    assert run["ledger"] == []
    assert run["outcomes"] == desk.outcomes()
    shown = _run(desk, "runs", "1", "--outcome", "read", "--outcome", "skipped").stdout
    assert max(map(len, shown.splitlines())) <= 100
    assert shown.count("http://institute.test") >= 6
    assert _run(desk, "runs", "--reason", "off-topic").code == 64
    assert _run(desk, "runs", "1", "--outcome", "nonsense").code == 64
