"""What is known of sources, and what was turned down."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from pipeline.store.sourcebook import STATES, Told, list_rejected, list_sources, stale_since

NOW = datetime(2024, 12, 10, 12, tzinfo=UTC)
DAY_AND_HALF = timedelta(hours=36)

on_18 = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)


def _write(engine: Engine, statement: str, **values: Any) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement), values)


@pytest.fixture
def book(engine: Engine) -> Engine:
    """Two sources of the event `talks`, one of the event `games`, and addresses in every state."""
    _write(engine, "insert into source (key, name) values ('agency', 'Agency'), ('wire', 'Wire')")
    for number, state in enumerate(STATES):
        _write(
            engine,
            """
            insert into frontier (event, address, source_id, host, is_article, state, reason, message, score, due_at,
                                  same_as_id, visited_at)
            values ('talks', 'http://agency.test/' || :number, 1, 'agency.test', true, :state,
                    case when :state in ('rejected', 'failed', 'gone', 'skipped') then 'why-' || :state end,
                    'It was ' || :state, 0.25, cast(:due as timestamptz),
                    case when :state = 'twin' then (select min(id) from frontier) end, cast(:visited as timestamptz))
            """,
            number=str(number),
            state=state,
            due=NOW + timedelta(hours=number) if state in ("waiting", "kept", "read", "failed") else None,
            visited=NOW - timedelta(hours=number),
        )
    _write(
        engine,
        "insert into frontier (event, address, source_id, host, is_article, state, reason, found_at) "
        "values ('games', 'http://agency.test/1', 1, 'agency.test', true, 'rejected', 'off-topic', now())",
    )
    _write(
        engine,
        "insert into source_visit (event, source_id, ways, started_at, succeeded_at, failure) "
        "values ('talks', 1, 'feed', :now, :now, null), ('games', 1, 'feed', now(), null, 'Another event failed.')",
        now=NOW,
    )
    return engine


@on_18
def test_a_source_is_told_by_its_own_event_alone(book: Engine) -> None:
    agency, wire = list_sources(
        book, "talks", [Told("agency", "Agency", "feed"), Told("wire", "Wire", "listing")]
    )
    assert agency["addresses"] == dict.fromkeys(STATES, 1)
    assert list(agency["addresses"]) == list(STATES)
    assert agency["next_due_at"] == NOW.isoformat()
    assert agency["last_crawl_at"] == agency["last_success_at"] == NOW.isoformat()
    assert agency["failure"] is None
    assert wire == {
        "source": "wire",
        "name": "Wire",
        "ways": "listing",
        "last_crawl_at": None,
        "last_success_at": None,
        "next_due_at": None,
        "addresses": {},
        "blocked": [],
        "failure": None,
    }


@on_18
def test_what_blocks_a_source_is_its_hosts_and_the_archive_that_its_copies_are_in(book: Engine) -> None:
    _write(book, "insert into source_host (host, source_id) values ('www.agency.test', 1)")
    _write(book, "update frontier set host = 'archive.test' where address like '%/3'")
    _write(
        book,
        """
        insert into host (name, blocked_until, blocked_reason) values
            ('archive.test', now() + interval '1 hour', 'It asked for a rest.'),
            ('www.agency.test', now() + interval '1 day', 'It turned us away.'),
            ('agency.test', now() - interval '1 hour', 'That is over.'),
            ('wire.test', now() + interval '1 hour', 'Not of this source.')
        """,
    )
    [agency] = list_sources(book, "talks", [Told("agency", "Agency", "feed")])
    assert [(one["host"], one["reason"]) for one in agency["blocked"]] == [
        ("archive.test", "It asked for a rest."),
        ("www.agency.test", "It turned us away."),
    ]


def _row(**facts: Any) -> dict[str, Any]:
    row = {
        "source": "agency",
        "last_crawl_at": NOW,
        "last_success_at": None,
        "next_due_at": None,
        "failure": None,
    }
    return {
        key: fact.isoformat() if isinstance(fact, datetime) else fact
        for key, fact in {**row, **facts}.items()
    }


LONG_AGO, LATELY, LATER = NOW - timedelta(hours=37), NOW - timedelta(hours=35), NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"last_success_at": LATELY, "next_due_at": LATELY, "failure": "It is down."}, None),
        ({"last_success_at": LONG_AGO, "next_due_at": LATER}, None),
        ({"last_success_at": LONG_AGO, "next_due_at": None}, None),
        ({"last_success_at": LONG_AGO, "next_due_at": None, "failure": "It is down."}, None),
        ({"next_due_at": None}, None),
        (
            {"last_success_at": LONG_AGO, "next_due_at": LATELY},
            "agency was last crawled with success at 2024-12-08 23:00 UTC.",
        ),
        (
            {"last_success_at": LONG_AGO, "next_due_at": LATER, "failure": "It is down."},
            "agency was last crawled with success at 2024-12-08 23:00 UTC: It is down.",
        ),
        ({"next_due_at": LATELY}, "agency has never been crawled with success."),
        (
            {"next_due_at": LATER, "failure": "It is down."},
            "agency has never been crawled with success: It is down.",
        ),
        ({"last_crawl_at": None}, "agency has never been crawled."),
    ],
)
def test_a_source_is_stale_when_it_should_have_brought_something_and_did_not(
    facts: dict[str, Any], said: str | None
) -> None:
    assert stale_since(_row(**facts), DAY_AND_HALF, NOW) == said


@on_18
def test_what_was_turned_down_is_listed_latest_first_and_counted(book: Engine) -> None:
    found = list_rejected(book, "talks")
    assert [row["address"] for row in found["addresses"]] == ["http://agency.test/3"]
    assert found["reasons"] == [{"state": "rejected", "reason": "why-rejected", "addresses": 1}]
    assert found["addresses"][0] == {
        "address": "http://agency.test/3",
        "source": "agency",
        "state": "rejected",
        "reason": "why-rejected",
        "score": 0.25,
        "message": "It was rejected",
        "at": (NOW - timedelta(hours=3)).isoformat(),
    }
    states = ("rejected", "failed", "gone", "skipped")
    every = list_rejected(book, "talks", states=states)
    assert [row["state"] for row in every["addresses"]] == list(states)
    some = list_rejected(book, "talks", states=states, limit=2)
    assert some["addresses"] == every["addresses"][:2]
    assert some["reasons"] == every["reasons"]
    assert len(list_rejected(book, "talks", states=states, reasons=["why-gone"])["addresses"]) == 1
    assert list_rejected(book, "talks", sources=["wire"]) == {"reasons": [], "addresses": []}
