"""How each end of a visit leaves its address."""

from dataclasses import fields
from datetime import timedelta

import pytest

from pipeline.crawl.answers import Step, Trouble
from pipeline.crawl.closing import (
    close_for_copy,
    close_kept,
    close_read,
    close_rejected,
    close_trouble,
    close_unmodified,
    has_copy,
)
from pipeline.store.frontier import Closing
from tests.builders import NOON
from tests.crawl.visiting import COPY, FALLBACK, source, task, visit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOURCE = source(revisit_min=6 * HOUR, revisit_max=30 * DAY)
HEADERS = {"etag": '"2"', "last-modified": "Sun, 26 Jan 2025 12:00:00 GMT"}


def _trouble(step: Step) -> Trouble:
    return Trouble("reason", "A sentence.", step)


@pytest.mark.parametrize("outcome", ["new", "new version", "updated"])
def test_what_brought_something_is_visited_sooner(outcome: str) -> None:
    closing = close_kept(visit(task(pause=86_400), headers=HEADERS), SOURCE, outcome, 7, 0.5, "x")

    assert (closing.state, closing.pause, closing.due_at) == ("kept", 43_200, NOON + 12 * HOUR)
    assert (closing.capture_id, closing.score, closing.judged_by, closing.changed_at) == (7, 0.5, "x", NOON)
    assert (closing.etag, closing.last_modified) == tuple(HEADERS.values())
    assert (closing.visited_at, closing.attempts, closing.reason) == (NOON, 0, None)


def test_what_brought_nothing_is_visited_later() -> None:
    closing = close_kept(visit(task(pause=86_400, changed_at=NOON - DAY)), SOURCE, "unchanged", 7, None, "x")

    assert (closing.pause, closing.due_at, closing.changed_at) == (172_800, NOON + 2 * DAY, None)


def test_a_page_that_the_event_does_not_want_is_not_visited_again() -> None:
    closing = close_rejected(visit(), SOURCE, "off-topic", "No.", 7, 0.0, "x")

    assert (closing.state, closing.due_at, closing.judged_by) == ("rejected", None, "x")
    assert (closing.reason, closing.message) == ("off-topic", "No.")


def test_a_page_without_an_article_is_looked_at_another_day() -> None:
    closing = close_rejected(visit(task(pause=86_400)), SOURCE, "no-article", "No.", 7, None, None)

    assert (closing.state, closing.due_at) == ("rejected", NOON + 2 * DAY)


@pytest.mark.parametrize(("brought", "hours"), [(True, 12), (False, 48)])
def test_a_page_that_leads_to_others_comes_round_as_often_as_it_brings_some(
    brought: bool, hours: int
) -> None:
    page = task(is_article=False, reading={"way": "feed"}, pause=86_400)
    closing = close_read(visit(page, headers=HEADERS), SOURCE, brought=brought)

    assert (closing.state, closing.due_at) == ("read", NOON + hours * HOUR)
    assert closing.changed_at == (NOON if brought else None)
    assert closing.etag == '"2"'


@pytest.mark.parametrize(
    ("state", "reading", "expected"),
    [("kept", None, "kept"), ("read", {"way": "feed"}, "read"), ("failed", {"way": "feed"}, "read"), ("failed", None, "kept")],
)  # fmt: skip
def test_what_was_not_modified_stays_what_it_is(
    state: str, reading: dict[str, str] | None, expected: str
) -> None:
    known = task(state=state, reading=reading, pause=86_400, etag='"1"', last_modified="Sat", attempts=2)
    closing = close_unmodified(visit(known, status=304), SOURCE)

    assert (closing.state, closing.due_at, closing.attempts) == (expected, NOON + 2 * DAY, 0)
    assert (closing.etag, closing.last_modified, closing.changed_at) == ('"1"', "Sat", None)
    assert close_unmodified(visit(known, status=304, headers=HEADERS), SOURCE).etag == '"2"'


@pytest.mark.parametrize(
    ("step", "state", "due"),
    [
        ("later", "failed", NOON + 2 * HOUR),
        ("turned-away", "failed", NOON + 2 * HOUR),
        ("gone", "gone", None),
        ("never", "failed", NOON + 30 * DAY),
        ("skip", "skipped", NOON + 7 * DAY),
    ],
)
def test_each_kind_of_trouble_has_its_own_wait(step: Step, state: str, due: object) -> None:
    closing = close_trouble(visit(task(attempts=1, pause=86_400), status=503), _trouble(step), SOURCE, None)

    assert (closing.state, closing.due_at, closing.attempts, closing.pause) == (state, due, 2, 86_400)
    assert (closing.reason, closing.message, closing.status) == ("reason", "A sentence.", 503)
    # What the last answer said is kept; when it was gone is noted, for when it is listed again.
    assert closing.visited_at == (NOON if state == "gone" else None)


def test_a_page_that_leads_to_others_and_is_gone_is_tried_again() -> None:
    feed = task(is_article=False, reading={"way": "feed"})
    closing = close_trouble(visit(feed, status=404), _trouble("gone"), SOURCE, None)

    assert (closing.state, closing.due_at) == ("gone", NOON + HOUR)


def test_an_address_is_not_due_while_its_host_is_left_alone() -> None:
    until = NOON + 5 * HOUR

    assert close_trouble(visit(), _trouble("turned-away"), SOURCE, until).due_at == until
    assert (
        close_trouble(visit(task(attempts=9)), _trouble("later"), SOURCE, until).due_at == NOON + 512 * HOUR
    )
    assert close_trouble(visit(), _trouble("gone"), SOURCE, until).due_at is None


@pytest.mark.parametrize(
    ("step", "attempts", "expected"),
    [
        ("gone", 0, True),
        ("turned-away", 0, True),
        ("later", 0, False),
        ("later", 1, False),
        ("later", 2, True),
        ("skip", 0, False),
        ("give-back", 0, False),
    ],
)
def test_an_archives_copy_is_fetched_when_the_page_itself_fails(
    step: Step, attempts: int, expected: bool
) -> None:
    trouble = _trouble(step)

    assert has_copy(visit(task(fallback=FALLBACK, attempts=attempts)), trouble) is expected
    assert not has_copy(visit(task(attempts=attempts)), trouble)
    assert not has_copy(visit(task(fallback=FALLBACK, fetch_address=COPY, attempts=attempts)), trouble)


@pytest.mark.parametrize("step", ["skip", "give-back"])
def test_what_we_must_not_ask_or_did_not_ask_is_not_got_from_elsewhere(step: Step) -> None:
    assert not has_copy(visit(task(fallback=FALLBACK, attempts=5)), _trouble(step))


def test_the_visit_goes_on_with_the_copy() -> None:
    closing = close_for_copy(visit(task(fallback=FALLBACK, attempts=1), status=404), NOON)

    assert (closing.state, closing.due_at, closing.attempts, closing.status) == ("waiting", NOON, 1, 404)
    assert (closing.fetch_address, closing.copied_at, closing.host) == (COPY, NOON, "web.archive.org")
    assert closing.fallback is None

    undated = close_for_copy(visit(task(fallback={"address": COPY, "copied_at": None})), NOON)
    assert undated.copied_at is None


def test_where_an_address_is_fetched_is_not_forgotten() -> None:
    copied = task(fetch_address=COPY, copied_at=NOON, host="web.archive.org")
    closings = [
        close_kept(visit(copied), SOURCE, "new", 1, 1.0, "x"),
        close_rejected(visit(copied), SOURCE, "off-topic", "No.", 1, 0.0, "x"),
        close_unmodified(visit(copied, status=304), SOURCE),
        close_trouble(visit(copied), _trouble("later"), SOURCE, None),
    ]
    for closing in closings:
        assert (closing.fetch_address, closing.copied_at, closing.host) == (COPY, NOON, "web.archive.org")
    kept = close_kept(visit(task(fallback=FALLBACK)), SOURCE, "new", 1, 1.0, "x")
    assert kept.fallback == FALLBACK
    assert {field.name for field in fields(Closing)} >= {"host", "fallback"}
