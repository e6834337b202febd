"""The frontier: what is added, what is taken up, and what the ledger says of it."""

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from pipeline.items import Listed
from pipeline.store import frontier, hosts
from pipeline.store.frontier import Discovered
from pipeline.store.runs import Outcome, RunRecord, record_outcomes
from tests.builders import NOON
from tests.store.frontiers import COPY, EVENT, A, B, C, D, Frontier, run_on

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)
FEED = {"way": "feed"}
DAY = 86_400
LISTED = Listed("feed", title="Ministers meet", published_at=NOON, published_on=date(2025, 1, 26))


@pytest.fixture
def front(engine: Engine) -> Iterator[Frontier]:
    with run_on(engine) as front:
        yield front


def test_what_was_found_waits_and_is_left_until_it_has_an_outcome(front: Frontier) -> None:
    assert front.add(A, front.found(B, reason="denied", message="No.", judged_by="x")) == 2

    assert (front.row(A).state, front.row(A).due_at) == ("waiting", NOON)
    assert (front.row(B).state, front.row(B).due_at, front.row(B).judged_by) == ("skipped", None, "x")
    assert front.ledger() == {A: ("left", "not-reached"), B: ("skipped", "denied")}
    with front.transaction() as session:
        record_outcomes(session, RunRecord(front.run_id, 0), [Outcome(A, "failed", "gone", "It is gone.")])
    assert front.ledger()[A] == ("failed", "gone")


def test_nothing_found_is_nothing_added(front: Frontier) -> None:
    assert front.add() == 0
    assert front.ledger() == {}


def test_what_a_page_said_of_an_address_comes_back_with_its_task(front: Frontier) -> None:
    front.add(front.found(A, listed=LISTED, reading={"way": "section", "depth": 1}, is_wanted=True))

    (task,) = front.take()

    assert (task.listed, task.reading, task.is_wanted) == (LISTED, {"way": "section", "depth": 1}, True)
    assert (task.asked, task.attempts, task.pause, task.state) == (A, 0, None, "waiting")


@pytest.mark.parametrize("together", [True, False])
def test_an_address_that_was_found_in_two_ways_is_what_either_says(front: Frontier, together: bool) -> None:
    found = [
        front.found(A, is_article=False, reading=FEED),
        front.found(A, listed=LISTED),
        front.found(A, is_wanted=True),
    ]
    new = front.add(*found) if together else sum(front.add(one) for one in found)

    (task,) = front.take()
    assert new == 1
    assert (task.is_article, task.reading, task.listed, task.is_wanted) == (True, FEED, LISTED, True)
    assert front.ledger() == {A: ("left", "not-reached")}


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("reverse", [True, False])
def test_one_good_reason_to_visit_an_address_outdoes_one_against_it(
    front: Frontier, together: bool, reverse: bool
) -> None:
    found = [front.found(A, reason="foreign-host", message="No.", judged_by="x"), front.found(A)]
    if reverse:
        found.reverse()

    if together:
        front.add(*found)
    else:
        for one in found:
            front.add(one)

    assert [task.address for task in front.take()] == [A]
    assert (front.row(A).state, front.row(A).reason) == ("waiting", None)
    assert front.ledger() == {A: ("left", "not-reached")}


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("copy_first", [True, False])
def test_what_a_live_page_leads_to_is_fetched_live_and_its_copy_is_kept_for_a_failure(
    front: Frontier, together: bool, copy_first: bool
) -> None:
    found = [front.found(A), front.copy()]
    if copy_first:
        found.reverse()

    if together:
        front.add(*found)
    else:
        for one in found:
            front.add(one)

    (task,) = front.take()
    assert (task.asked, task.host) == (A, "example.org")
    assert task.copied_at is None
    assert task.fallback is not None
    assert task.fallback["address"] == COPY
    assert datetime.fromisoformat(task.fallback["copied_at"]) == NOON


def test_what_only_the_archive_knows_is_fetched_there(front: Frontier) -> None:
    front.add(front.copy())

    (task,) = front.take()
    assert (task.address, task.asked, task.host, task.copied_at) == (A, COPY, "web.archive.org", NOON)
    assert task.fallback is None


def test_a_copy_that_was_fetched_stays_what_the_article_is_fetched_from(front: Frontier) -> None:
    front.add(front.copy())
    front.visit(A)

    front.add(A)

    assert (front.row(A).fetch_address, front.row(A).host) == (COPY, "web.archive.org")


def test_a_page_that_is_gone_is_not_asked_again_before_its_copy_was_tried(front: Frontier) -> None:
    front.add(A)
    (task,) = front.take()
    front.close(
        task, "waiting", fetch_address=COPY, copied_at=NOON, host="web.archive.org", due_at=NOON, status=404
    )

    front.add(A)  # another listing has not noticed yet

    assert [task.asked for task in front.take()] == [COPY]


def test_a_copy_that_turns_up_after_its_page_was_gone_is_fetched(front: Frontier) -> None:
    front.add(A)
    front.visit(A, "gone", reason="gone", message="It is gone.")

    front.add(front.copy())

    (task,) = front.take()
    assert (task.asked, task.host, front.row(A).reason) == (COPY, "web.archive.org", None)
    front.close(task, "gone", reason="gone", message="So is its copy.")
    front.add(front.copy())
    assert front.take() == []


@pytest.mark.parametrize(("attempts", "days"), [(1, 1), (2, 2), (5, 16), (6, 30), (70, 30)])
def test_an_article_that_was_gone_and_is_listed_again_has_another_try_ever_more_rarely(
    front: Frontier, attempts: int, days: int
) -> None:
    front.add(A)
    front.visit(A, "gone", reason="gone", message="It is gone.", attempts=attempts, visited_at=NOON)

    front.add(A, later=days * DAY - 1)
    front.add(front.found(A, reason="denied", message="No."), later=days * DAY)
    assert front.take(later=days * DAY) == []
    assert front.row(A).state == "gone"

    front.add(A, later=days * DAY)
    (task,) = front.take(later=days * DAY)
    assert (task.state, task.attempts, task.asked) == ("waiting", attempts, A)


def test_an_article_whose_copy_was_gone_too_is_asked_for_itself_when_it_is_listed_again(
    front: Frontier,
) -> None:
    front.add(front.copy())
    front.visit(A, "gone", reason="gone", message="It is gone.", attempts=1, status=404, visited_at=NOON)

    front.add(front.copy(), later=9 * DAY)  # the archive lists what it had then
    assert front.take(later=9 * DAY) == []
    front.add(A, later=9 * DAY)

    (task,) = front.take(later=9 * DAY)
    assert (task.asked, task.host, task.fallback["address"] if task.fallback else None) == (
        A,
        "example.org",
        COPY,
    )


def test_what_was_skipped_is_visited_when_the_user_asks_for_it(front: Frontier) -> None:
    front.add(front.found(A, reason="denied", message="No.", judged_by="x"))

    front.add(front.found(A, is_wanted=True))

    (task,) = front.take()
    assert task.is_wanted


def test_what_robots_txt_forbids_is_not_looked_at_again_because_it_is_listed_again(front: Frontier) -> None:
    front.add(A)
    front.visit(A, "skipped", reason="robots", message="No.", due_at=NOON + timedelta(days=7))

    front.add(A)

    assert front.take() == []
    assert front.row(A).state == "skipped"
    assert [task.address for task in front.take(later=7 * 86_400)] == [A]


def test_what_was_rejected_stays_so_until_the_user_asks_for_it(front: Frontier) -> None:
    front.add(A)
    front.visit(A, "rejected", reason="off-topic", message="No.", judged_by="x", visited_at=NOON)

    front.add(A)
    assert front.take() == []
    front.add(front.found(A, is_wanted=True))
    assert [task.address for task in front.take()] == [A]


def test_an_address_under_way_is_left_alone_and_not_given_out_again(front: Frontier) -> None:
    front.add(A)
    front.take()

    front.add(front.found(A, is_wanted=True))

    assert front.take() == []
    assert front.row(A).run_id == front.run_id


def test_fifty_thousand_addresses_of_a_sitemap_take_seconds(front: Frontier) -> None:
    """Of processors, ours and the server's together: a busy machine is not to fail it."""
    found = [front.found(f"https://example.org/{n}", listed=LISTED) for n in range(50_000)]
    took = []
    for expected in (50_000, 0):
        with front.transaction() as session:
            server = session.scalar(text("select pg_backend_pid()"))
            began = time.process_time() + _processor_time(server)
            assert frontier.add(session, EVENT, front.run_id, found, NOON) == expected
            took.append(time.process_time() + _processor_time(server) - began)

    assert len(front.ledger()) == 50_000
    assert max(took) < 15


def _processor_time(process: int | None) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_the_ledger_says_why_what_is_known_is_not_visited(engine: Engine) -> None:
    with run_on(engine) as front:
        front.add(A, B, C, D, front.found("https://example.org/e", reason="denied", message="No."))
        front.visit(A)
        front.visit(B, "rejected", reason="off-topic", message="No.")
        front.visit(C, "gone", reason="gone", message="It is gone.")
        (task,) = front.take(addresses=[D])
        own = front.row(A).id
        with front.transaction() as session:
            session.execute(
                text(
                    "update frontier set state = 'twin', same_as_id = :own, due_at = null, run_id = null where id = :id"
                ),
                {"own": own, "id": task.id},
            )
    with run_on(engine) as later:
        with later.transaction() as session:
            frontier.note(session, EVENT, later.run_id, later.rows(), NOON)
            frontier.note(session, EVENT, later.run_id, later.rows(), NOON)

        assert later.ledger() == {
            A: ("skipped", "not-due"),
            B: ("skipped", "not-due"),
            C: ("skipped", "gone"),
            D: ("skipped", "twin"),
            "https://example.org/e": ("skipped", "denied"),
        }


def test_all_that_is_due_is_noted_as_left(engine: Engine) -> None:
    with run_on(engine) as front:
        front.add(A, B)
        front.visit(A)
    with run_on(engine) as later:
        with later.transaction() as session:
            count = frontier.note_due(session, EVENT, later.run_id, [later.source_id], NOON)

        assert count == 1
        assert later.ledger() == {B: ("left", "not-reached")}


def test_what_was_not_due_and_is_made_due_is_noted_as_left(engine: Engine) -> None:
    with run_on(engine) as front:
        front.add(A, B)
        front.visit(A)
        front.visit(B)
    with run_on(engine) as later:
        later.add(A, B)
        assert set(later.ledger().values()) == {("skipped", "not-due")}
        with later.transaction() as session:
            assert frontier.make_due(session, EVENT, [later.source_id], NOON) == 2
            frontier.note_due(session, EVENT, later.run_id, [later.source_id], NOON)

        assert later.ledger() == {A: ("left", "not-reached"), B: ("left", "not-reached")}


def test_what_is_taken_up_is_left_until_it_has_an_outcome_whatever_was_said_before(engine: Engine) -> None:
    with run_on(engine) as front:
        front.add(A)
        front.visit(A)
    with run_on(engine) as later:
        later.add(A)
        with later.transaction() as session:
            frontier.make_addresses_due(session, EVENT, [A], NOON)
        later.take()

        assert later.ledger() == {A: ("left", "not-reached")}


def test_pages_that_lead_on_come_first_then_what_was_asked_for_by_name_then_the_longest_due(
    front: Frontier,
) -> None:
    front.add(A, later=1)
    front.add(B)
    front.add(front.found(C, is_wanted=True), later=2)
    front.add(front.found(D, is_article=False, reading=FEED), later=3)

    assert [task.address for task in front.take(later=3)] == [D, C, B, A]


def test_no_more_is_taken_than_there_is_room_for_and_nothing_before_it_is_due(front: Frontier) -> None:
    front.add(A, B, C)
    front.add(D, later=60)

    first, second = front.take(2), front.take()

    assert [task.address for task in [*first, *second]] == [A, B, C]
    assert front.take() == []
    assert [task.address for task in front.take(later=60)] == [D]


def test_only_the_addresses_the_ways_and_the_source_that_were_asked_for_are_taken(front: Frontier) -> None:
    front.add(
        A,
        B,
        front.found(C, is_article=False, reading=FEED),
        front.found(D, is_article=False, reading={"way": "sitemap"}),
    )
    with front.transaction() as session:
        none = frontier.take(session, EVENT, front.run_id, front.source_id + 1, 9, NOON)
        other = frontier.take(session, "another", front.run_id, front.source_id, 9, NOON)
    assert none == other == []
    assert front.take(addresses=[]) == []
    assert [task.address for task in front.take(articles=False, ways=["feed"])] == [C]
    assert [task.address for task in front.take(ways=["feed"], addresses=[B, D])] == [B]
    assert [task.address for task in front.take(articles=False)] == [D]
    assert [task.address for task in front.take()] == [A]


def test_what_is_on_a_blocked_host_is_left_until_it_is_free_again(front: Frontier) -> None:
    front.add(A, front.copy(B))
    with front.transaction() as session:
        hosts.block(session, "example.org", "No.")

    assert [task.address for task in front.take()] == [B]
    with front.transaction() as session:
        hosts.unblock(session, "example.org")
    assert [task.address for task in front.take()] == [A]


def test_two_crawlers_at_once_are_never_given_the_same_address(front: Frontier) -> None:
    front.add(*(f"https://example.org/{n}" for n in range(400)))
    given: list[list[str]] = [[] for _ in range(6)]
    ready = threading.Barrier(len(given))

    def crawl(mine: list[str]) -> None:
        ready.wait()
        while tasks := front.take(7):
            mine.extend(task.address for task in tasks)

    threads = [threading.Thread(target=crawl, args=(mine,)) for mine in given]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    everything = [address for mine in given for address in mine]
    assert len(everything) == len(set(everything))
    # Who finds all that is left locked by others stops early; that is taken next time.
    assert len(everything) + len(front.take(400)) == 400
    assert sum(bool(mine) for mine in given) > 1


def test_a_row_that_another_transaction_is_at_is_passed_over_not_waited_for(front: Frontier) -> None:
    front.add(A, B)
    with front.transaction() as session:
        first = frontier.take(session, EVENT, front.run_id, front.source_id, 1, NOON)
        second = front.take(1)

    assert [task.address for task in [*first, *second]] == [A, B]


def test_what_a_killed_run_had_taken_up_is_given_back(engine: Engine) -> None:
    with run_on(engine) as killed:
        killed.add(A)
        killed.take()
    with run_on(engine) as alive, run_on(engine) as mine:
        alive.add(B)
        alive.take()
        with mine.transaction() as session:
            assert frontier.release(session, "another", [mine.source_id]) == 0
            assert frontier.release(session, EVENT, [mine.source_id + 1]) == 0
            assert frontier.release(session, EVENT, [mine.source_id]) == 1

        assert [task.address for task in mine.take()] == [A]
        assert mine.row(B).run_id == alive.run_id


def test_what_a_run_has_not_come_to_is_given_back(front: Frontier) -> None:
    front.add(A, B, C)
    tasks = front.take()

    with front.transaction() as session:
        assert frontier.release_taken(session, front.run_id, [tasks[0].id]) == 1
    assert [task.address for task in front.take()] == [A]
    with front.transaction() as session:
        assert frontier.release_taken(session, front.run_id, []) == 0
        assert frontier.release_taken(session, front.run_id) == 3


def test_a_visit_that_failed_keeps_what_earlier_ones_learned(front: Frontier) -> None:
    front.add(A)
    front.visit(A, etag='"1"', last_modified="Sun", status=200, score=0.5, changed_at=NOON)
    with front.transaction() as session:
        frontier.make_due(session, EVENT, [front.source_id], NOON)

    front.visit(A, "failed", reason="timeout", message="No answer.", attempts=1, due_at=NOON)

    row = front.row(A)
    assert (row.etag, row.last_modified, row.status, row.score) == ('"1"', "Sun", 200, 0.5)
    assert (row.visited_at, row.changed_at, row.attempts, row.run_id) == (NOON, NOON, 1, None)


def test_a_visit_that_was_answered_replaces_the_validators(front: Frontier) -> None:
    front.add(A)
    front.visit(A, etag='"1"', last_modified="Sun")
    with front.transaction() as session:
        frontier.make_due(session, EVENT, [front.source_id], NOON)

    front.visit(A)

    assert (front.row(A).etag, front.row(A).last_modified) == (None, None)


def test_closing_nothing_does_nothing(front: Frontier) -> None:
    with front.transaction() as session:
        frontier.close(session, [])


def test_all_that_can_be_visited_again_is_made_due(front: Frontier) -> None:
    front.add(A, B, C, front.found(D, reason="denied", message="No."))
    front.visit(A)
    front.visit(B, "failed", reason="timeout", message="No.", due_at=NOON + timedelta(days=3))
    front.visit(C, "gone", reason="gone", message="No.")
    with front.transaction() as session:
        assert frontier.make_due(session, EVENT, [front.source_id + 1], NOON) == 0
        assert frontier.make_due(session, EVENT, [front.source_id], NOON) == 2
    assert [task.address for task in front.take()] == [A, B]


@pytest.mark.parametrize("state", ["gone", "rejected", "skipped"])
def test_an_address_that_is_asked_for_by_name_is_due_whatever_became_of_it(
    front: Frontier, state: str
) -> None:
    front.add(A)
    front.visit(A, state, reason="gone", message="No.")
    with front.transaction() as session:
        assert frontier.make_addresses_due(session, EVENT, [A], NOON) == 1
    assert [task.address for task in front.take()] == [A]


def test_an_address_is_looked_up_without_being_taken(front: Frontier) -> None:
    front.add(A)
    with front.transaction() as session:
        task = frontier.task_of(session, EVENT, A)
        assert frontier.task_of(session, EVENT, B) is None
    assert task is not None
    assert front.take() == [task]


def test_events_have_frontiers_of_their_own(front: Frontier) -> None:
    front.add(A)
    with front.transaction() as session:
        frontier.add(session, "another", front.run_id, [front.found(A)], NOON)
        assert len(frontier.take(session, "another", front.run_id, front.source_id, 9, NOON)) == 1
    assert len(front.take()) == 1


def test_text_in_any_script_survives_and_moments_keep_their_zone(front: Frontier) -> None:
    at = datetime(2024, 12, 4, 16, 28, tzinfo=UTC)
    listed = replace(LISTED, title="Міністри НАТО \U0001f30d \"'\\", published_at=at)
    front.add(Discovered(A, front.source_id, "example.org", listed=listed))
    (task,) = front.take()
    assert task.listed == listed
