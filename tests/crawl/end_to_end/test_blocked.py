"""A host that turns us away is left alone, longer each time; the others are none the worse for it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.crawl.end_to_end.conftest import NewDesk
from tests.crawl.end_to_end.harness import Desk, Ended, event_of, source_of
from tests.site.server import Site

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

HOSTS = {"forbid": "forbid.trouble.test", "wait": "wait.trouble.test", "check": "check.trouble.test"}
GROWING = "growing.trouble.test"
FIRST = {"forbid": [f"/403?n={n}" for n in range(5)], "wait": ["/429-year"], "check": ["/challenge-200"]}
DELAY = 2.0  # time enough for one answer to be stored before the next page is asked for
AFTER = [f"/fine?n={n}" for n in range(5)]


def _addresses(key: str) -> list[str]:
    return [f"http://{HOSTS[key]}:8099{path}" for path in FIRST[key] + AFTER]


EVENT = event_of(
    "wire",
    delay=0.02,
    more="".join(source_of(key, host, *_addresses(key), delay=DELAY) for key, host in HOSTS.items())
    + source_of("growing", GROWING, f"http://{GROWING}:8099/challenge-200"),
)


class Refused:
    """A crawl of three hosts that turn us away and one that does not."""

    def __init__(self, desk: Desk, site: Site) -> None:
        begin = len(site.requests)
        self.desk = desk
        self.ended: Ended = desk.crawl(desk.event(EVENT), code=2)
        self.ledger: dict[str, Any] = desk.ledger()
        self.asked = [f"{one.host}{one.path}" for one in site.requests[begin:] if one.path != "/robots.txt"]

    def of(self, key: str) -> dict[str, Any]:
        """A source's rows of the ledger, by path."""
        return {a.removeprefix(HOSTS[key]): row for a, row in self.ledger.items() if a.startswith(HOSTS[key])}


@pytest.fixture(scope="module")
def refused(new_desk: NewDesk, site: Site) -> Refused:
    """The first crawl."""
    return Refused(new_desk(), site)


@pytest.mark.parametrize(
    ("key", "reason", "answers"),
    [("forbid", "forbidden", 3), ("wait", "asked-to-wait", 1), ("check", "challenge", 1)],
)
def test_a_host_that_turns_us_away_is_asked_no_more(
    refused: Refused, key: str, reason: str, answers: int
) -> None:
    rows = refused.of(key)
    assert len(rows) == len(FIRST[key] + AFTER)
    asked = [one.removeprefix(HOSTS[key]) for one in refused.asked if one.startswith(HOSTS[key])]
    refusals = [path for path in asked if path in FIRST[key]]
    assert len(refusals) == answers
    # A challenge that comes with the status of a page is one only once it was read: meanwhile the next page may be asked for.
    assert len(asked) - 1 - asked.index(refusals[-1]) <= (key == "check")
    assert {(rows[path].outcome, rows[path].reason) for path in refusals} == {("failed", reason)}
    rest = [row for path, row in rows.items() if path not in asked]
    assert {(row.outcome, row.reason) for row in rest} == {("left", "blocked")}
    assert all("left alone until" in row.message for row in rest)


def test_the_others_are_crawled(refused: Refused) -> None:
    new = [address for address, row in refused.ledger.items() if row.outcome == "new"]
    assert sum(address.startswith("wire.test/") for address in new) == 4


def test_it_is_left_alone_until_its_time_is_over_and_then_for_longer(refused: Refused, site: Site) -> None:
    desk, event = refused.desk, refused.desk.event(EVENT)
    begin = len(site.requests)
    desk.crawl(event, "--revisit", code=2)
    assert {one.host for one in site.requests[begin:]} == {"wire.test"}
    ledger = desk.ledger()
    blocked = [row for address, row in ledger.items() if not address.startswith(("wire.", "m.wire."))]
    assert len(blocked) == sum(len(FIRST[key] + AFTER) for key in HOSTS) + 1
    assert {(row.outcome, row.reason) for row in blocked} == {("left", "blocked")}
    rows = desk.rows("select key, failure from source_visit join source on source.id = source_id")
    failures = {row.key: row.failure for row in rows}
    assert failures.pop("wire") is None
    assert all(failure.startswith("It turns us away: ") for failure in failures.values()), failures

    _let_blocks_end(desk)
    desk.crawl(event, "--revisit", "--source", "growing", code=2)
    [(until, blocks)] = desk.rows("select blocked_until, blocks from host where name = :name", name=GROWING)
    assert blocks == 2
    assert timedelta(minutes=119) < until - datetime.now(UTC) <= timedelta(hours=2)

    _let_blocks_end(desk)
    desk.crawl(event, "--url", f"http://{GROWING}:{site.port}/fine")
    [row] = desk.rows(
        "select blocked_until, blocked_reason, blocks from host where name = :name", name=GROWING
    )
    assert tuple(row) == (None, None, 0)


def _let_blocks_end(desk: Desk) -> None:
    with desk.engine.begin() as connection:
        connection.exec_driver_sql(
            "update host set blocked_until = now() - interval '1 second' where blocked_until is not null"
        )
