"""Visits, as they go through the item pipelines."""

import pytest

from pipeline.crawl.answers import Step, Trouble
from tests.crawl.visiting import ADDRESS, visit


@pytest.mark.parametrize(
    ("step", "answered"),
    [("gone", True), ("never", True), ("skip", True), ("later", False), ("turned-away", False), ("give-back", False)],
)  # fmt: skip
def test_a_site_that_says_what_is_not_there_still_answers(step: Step, answered: bool) -> None:
    failed = visit().failed(Trouble("reason", "A sentence.", step))

    assert failed.was_answered is answered
    assert visit().was_answered


def test_a_visit_shows_its_address_and_not_its_page() -> None:
    one = visit(body=b"x" * 100_000)

    assert repr(one) == f"Visit({ADDRESS!r}, 200, 100000 bytes)"
    assert "timeout" in repr(one.failed(Trouble("timeout", "No answer.", "later")))
    assert one.failed(Trouble("timeout", "No answer.", "later")).task is one.task
