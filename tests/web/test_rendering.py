"""The words that the templates share."""

import pytest

from pipeline.web.rendering import environment, related_as


@pytest.mark.parametrize(
    ("kind", "other", "said"),
    [
        ("contains", "long", "contains this text"),
        ("contains", "short", "is contained in this text"),
        ("near", "short", "near copy"),
    ],
)
def test_a_relation_says_which_of_the_two_has_the_other(kind: str, other: str, said: str) -> None:
    assert related_as({"kind": kind, "other": other, "shorter": "short", "longer": "long"}) == said


@pytest.mark.parametrize(
    ("digests", "said"),
    [
        (0, "3 outlets, 2 copies"),
        (1, "3 outlets, 2 copies and 1 round-up"),
        (2, "3 outlets, 2 copies and 2 round-ups"),
    ],
)
def test_a_story_s_round_ups_are_counted_beside_its_copies(digests: int, said: str) -> None:
    parts = environment().get_template("parts.html").module
    assert str(parts.spread({"outlets": 3, "copies": 2, "digests": digests})) == said  # type: ignore[attr-defined]
