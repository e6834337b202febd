"""Addresses of one article: chains, cycles, and visits that are under way meanwhile."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from pipeline.store import frontier
from pipeline.store.frontier import Task
from pipeline.store.runs import Outcome, RunRecord, record_outcomes
from pipeline.store.twins import canonical_row, name_twins
from tests.builders import NOON
from tests.store.frontiers import EVENT, A, B, C, D, Frontier, run_on

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)


@pytest.fixture
def front(engine: Engine) -> Iterator[Frontier]:
    with run_on(engine) as front:
        yield front


def _says(front: Frontier, task: Task, canonical: str, state: str = "kept") -> int | None:
    """A visited page names its article's own address; the row that is to be closed is closed."""
    with front.transaction() as session:
        row_id = canonical_row(session, EVENT, front.run_id, task, front.found(canonical), NOON)
        record_outcomes(session, RunRecord(front.run_id, 0), [Outcome(task.address, "new")])
    if row_id is not None:
        row = next(row for row in front.rows().values() if row.id == row_id)
        with front.transaction() as session:
            closed = frontier.task_of(session, EVENT, row.address)
        assert closed is not None
        front.close(closed, state)
    return row_id


def _take(front: Frontier, address: str) -> Task:
    (task,) = front.take(addresses=[address])
    return task


def _pointers(front: Frontier) -> dict[str, str | None]:
    """To which address each one points."""
    rows = front.rows()
    names = {row.id: address for address, row in rows.items()}
    return {address: names.get(row.same_as_id) for address, row in rows.items()}


def _make_due(front: Frontier) -> None:
    with front.transaction() as session:
        frontier.make_due(session, EVENT, [front.source_id], NOON)


def test_the_visit_closes_the_articles_own_address_which_is_not_fetched_again(front: Frontier) -> None:
    front.add(A, B)

    row_id = _says(front, _take(front, A), B)

    assert row_id == front.row(B).id
    assert _pointers(front) == {A: B, B: None}
    assert (front.row(A).state, front.row(A).due_at, front.row(A).run_id) == ("twin", None, None)
    assert front.row(A).visited_at == NOON
    assert front.row(B).state == "kept"
    assert front.take() == []
    assert front.ledger() == {A: ("new", None), B: ("skipped", "twin")}


def test_an_own_address_that_was_not_known_becomes_known(front: Frontier) -> None:
    front.add(A)

    _says(front, _take(front, A), B)

    assert (front.row(B).state, front.row(B).source_id) == ("kept", front.source_id)
    assert front.take() == []


def test_a_twin_is_not_visited_by_later_crawls_even_if_it_is_listed_again(engine: Engine) -> None:
    with run_on(engine) as front:
        front.add(A, B)
        _says(front, _take(front, A), B)
    with run_on(engine) as later:
        later.add(A, B)
        _make_due(later)

        assert [task.address for task in later.take()] == [B]
        assert later.ledger()[A] == ("skipped", "twin")


def test_a_chain_ends_at_its_last_address(front: Frontier) -> None:
    """A says B; B, when it is visited, says C."""
    front.add(A)
    _says(front, _take(front, A), B)
    _make_due(front)

    _says(front, _take(front, B), C)

    assert _pointers(front) == {A: C, B: C, C: None}
    assert front.row(C).state == "kept"


def test_a_page_that_names_a_twin_is_one_of_what_the_twin_points_to(front: Frontier) -> None:
    front.add(A, D)
    _says(front, _take(front, A), B)

    assert _says(front, _take(front, D), A) == front.row(B).id

    assert _pointers(front) == {A: B, B: None, D: B}


def test_two_pages_that_name_each_other_are_one_article_that_is_still_visited(front: Frontier) -> None:
    front.add(A, B)
    _says(front, _take(front, A), B)
    _make_due(front)

    task = _take(front, B)
    assert _says(front, task, A) == task.id

    assert _pointers(front) == {A: B, B: None}
    assert front.row(B).state == "kept"


def test_two_pages_that_name_each_other_and_are_under_way_at_once(front: Frontier) -> None:
    front.add(A, B)
    a, b = front.take()

    assert _says(front, a, B) is None
    assert _says(front, b, A) == b.id

    assert _pointers(front) == {A: B, B: None}
    assert (front.row(A).run_id, front.row(B).run_id, front.row(B).state) == (None, None, "kept")


def test_a_circle_of_three_has_one_article(front: Frontier) -> None:
    front.add(A, B, C)
    a, b, c = front.take()
    for task, named in ((a, B), (b, C), (c, A)):
        _says(front, task, named)
    _make_due(front)

    (task,) = front.take()
    for named in (A, B, C):
        assert _says(front, task, named) == task.id
    pointers = _pointers(front)
    assert [address for address, to in pointers.items() if to is None] == [task.address]
    assert set(pointers.values()) == {None, task.address}


def test_an_own_address_that_is_being_visited_is_left_to_that_visit(front: Frontier) -> None:
    """The AMP page is read while the page itself is still on its way."""
    front.add(A, B)
    a, b = front.take()

    assert _says(front, a, B) is None

    assert front.row(B).run_id == front.run_id
    assert front.ledger()[B] == ("left", "not-reached")  # it has no outcome before it comes
    front.close(b)
    assert _pointers(front) == {A: B, B: None}


def test_what_a_named_twin_points_to_is_left_alone_too_while_it_is_being_visited(front: Frontier) -> None:
    front.add(A, D)
    _says(front, _take(front, A), B)
    _make_due(front)
    _take(front, B)

    assert _says(front, _take(front, D), A) is None

    assert front.row(B).run_id == front.run_id
    assert _pointers(front) == {A: B, B: None, D: B}


def test_a_crawler_cannot_take_an_own_address_between_finding_and_closing_it(front: Frontier) -> None:
    front.add(A, B)
    a = _take(front, A)
    with front.transaction() as session:
        row_id = canonical_row(session, EVENT, front.run_id, a, front.found(B), NOON)
        assert row_id is not None
        assert front.take() == []


def test_an_own_address_that_was_not_wanted_is_kept_when_its_article_is(front: Frontier) -> None:
    front.add(A, front.found(B, reason="denied", message="No.", judged_by="x"))

    _says(front, _take(front, A), B)

    assert (front.row(B).state, front.row(B).reason) == ("kept", None)


def test_stated_twins_that_were_never_visited_are_not(front: Frontier) -> None:
    front.add(A, B)
    a = _take(front, A)
    with front.transaction() as session:
        found = [front.found(B), front.found(C), front.found(A)]
        name_twins(session, EVENT, front.run_id, found, a.id, A, NOON)
    front.close(a)

    assert _pointers(front) == {A: None, B: A, C: A}
    assert front.take() == []
    ledger = front.ledger()
    assert (ledger[B], ledger[C]) == (("skipped", "twin"), ("skipped", "twin"))


def test_a_stated_twin_that_was_visited_or_is_being_visited_stays_what_it_is(front: Frontier) -> None:
    front.add(A, B, C)
    front.visit(B)
    a = _take(front, A)
    _take(front, C)
    with front.transaction() as session:
        name_twins(session, EVENT, front.run_id, [front.found(B), front.found(C)], a.id, A, NOON)

    assert _pointers(front) == {A: None, B: None, C: None}
    assert (front.row(B).state, front.row(C).run_id) == ("kept", front.run_id)


def test_a_stated_twin_that_was_gone_is_a_twin_and_not_asked_for_again(front: Frontier) -> None:
    front.add(A, B)
    front.visit(B, "gone", reason="gone", message="No.", status=404, attempts=1, visited_at=NOON)
    a = _take(front, A)
    with front.transaction() as session:
        later = NOON + timedelta(days=2)
        name_twins(session, EVENT, front.run_id, [front.found(B)], a.id, A, later)

    assert _pointers(front) == {A: None, B: A}
    assert front.row(B).state == "twin"


def test_no_twins_are_no_work(front: Frontier) -> None:
    front.add(A)
    with front.transaction() as session:
        name_twins(session, EVENT, front.run_id, [front.found(A)], front.row(A).id, A, NOON)
    assert _pointers(front) == {A: None}


def test_a_twin_that_is_asked_for_by_name_is_visited_and_found_to_be_one_again(front: Frontier) -> None:
    front.add(A, B)
    _says(front, _take(front, A), B)
    with front.transaction() as session:
        frontier.make_addresses_due(session, EVENT, [A], NOON)

    assert _says(front, _take(front, A), B) == front.row(B).id
    assert _pointers(front) == {A: B, B: None}


def test_no_row_points_to_a_twin_whatever_is_said_in_whatever_order(engine: Engine) -> None:
    """All ways in which four pages can each name one of them, each twice over."""
    pages = (A, B, C, D)
    with run_on(engine) as front:
        for number in range(0, 256, 5):
            names = [pages[number >> 2 * place & 3] for place in range(4)]
            with Session(engine) as session, session.begin():
                session.execute(text("update frontier set same_as_id = null, state = 'waiting'"))
                session.execute(text("delete from frontier"))
            front.add(*pages)
            for _ in range(2):
                for task in front.take():
                    named = names[pages.index(task.address)]
                    if named == task.address:
                        front.close(task)
                    else:
                        _says(front, task, named)
                _make_due(front)
            rows = {row.id: row for row in front.rows().values()}
            pointed = {row.same_as_id for row in rows.values()} - {None}
            assert all(rows[row_id].state == "kept" for row_id in pointed), names
            assert all(row.run_id is None for row in rows.values()), names
            assert any(row.state == "kept" for row in rows.values()), names
