"""How crawls of sources went, and why the ledger's addresses were left."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from pipeline.items import Source
from pipeline.store import hosts, visits
from pipeline.store.sources import source_rows
from tests.builders import NOON
from tests.store.frontiers import EVENT, A, B, C, Frontier, run_on

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def front(engine: Engine) -> Iterator[Frontier]:
    with run_on(engine) as front:
        yield front


def _visit(front: Frontier) -> Any:
    with front.transaction() as session:
        return session.execute(text("select * from source_visit")).one()


def test_a_visit_is_begun_and_ends_well_or_with_a_sentence(front: Frontier) -> None:
    with front.transaction() as session:
        visits.begin_visits(session, EVENT, {front.source_id: "feed"}, NOON)
    begun = _visit(front)
    assert (begun.ways, begun.started_at, begun.succeeded_at, begun.failure) == ("feed", NOON, None, None)

    with front.transaction() as session:
        visits.end_visit(session, EVENT, front.source_id, None, NOON)
    assert (_visit(front).succeeded_at, _visit(front).failure) == (NOON, None)

    with front.transaction() as session:
        visits.begin_visits(session, EVENT, {front.source_id: "feed, sitemap"}, LATER)
        visits.end_visit(session, EVENT, front.source_id, "Nothing of it could be fetched.", None)
    failed = _visit(front)
    assert (failed.ways, failed.started_at, failed.succeeded_at) == ("feed, sitemap", LATER, NOON)
    assert failed.failure == "Nothing of it could be fetched."

    with front.transaction() as session:
        visits.end_visit(session, EVENT, front.source_id, None, LATER)
    assert (_visit(front).succeeded_at, _visit(front).failure) == (LATER, None)


def test_beginning_no_visits_is_no_work(front: Frontier) -> None:
    with front.transaction() as session:
        visits.begin_visits(session, EVENT, {}, NOON)
        assert session.scalar(text("select count(*) from source_visit")) == 0


def test_an_event_is_covered_by_the_sources_of_which_it_has_an_article(front: Frontier) -> None:
    front.add(A, B)
    with front.transaction() as session:
        assert visits.sources_with_coverage(session, EVENT) == set()
    front.visit(A, "rejected", reason="off-topic", message="No.")
    with front.transaction() as session:
        assert visits.sources_with_coverage(session, EVENT) == set()
    front.visit(B)
    with front.transaction() as session:
        assert visits.sources_with_coverage(session, EVENT) == {front.source_id}
        assert visits.sources_with_coverage(session, "another") == set()


def test_what_was_left_is_explained_once_and_by_source(front: Frontier) -> None:
    with front.transaction() as session:
        (other,) = source_rows(session, [Source("other", "Other")]).values()
    front.add(A, front.found(B, reason="denied", message="No."))
    with front.transaction() as session:
        session.execute(text("update ledger set source_id = :id where address = :a"), {"id": other, "a": A})
        visits.explain_left(session, front.run_id, "limit", "Enough.", front.source_id)
    assert front.ledger()[A] == ("left", "not-reached")

    with front.transaction() as session:
        visits.explain_left(session, front.run_id, "limit", "Enough.", other)
        visits.explain_left(session, front.run_id, "stopped", "It was stopped.", None)
    assert front.ledger() == {A: ("left", "limit"), B: ("skipped", "denied")}


def test_what_was_left_because_of_a_blocked_host_says_so(engine: Engine) -> None:
    with run_on(engine) as earlier:
        earlier.add(A)
    with run_on(engine) as front:
        front.add(A, front.found(B, host="example.com"), front.found(C, reason="denied", message="No."))
        with front.transaction() as session:
            hosts.block(session, "example.org", "It answered 403.")
            visits.explain_blocked(session, EVENT, front.run_id)

        assert front.ledger() == {
            A: ("left", "blocked"),
            B: ("left", "not-reached"),
            C: ("skipped", "denied"),
        }
        with front.transaction() as session:
            said = session.scalar(text("select message from ledger where reason = 'blocked'"))
            runs = session.scalar(text("select count(*) from ledger where reason = 'blocked'"))
        assert said is not None
        assert said.endswith("It answered 403.")
        assert "left alone until 20" in said
        assert runs == 1
