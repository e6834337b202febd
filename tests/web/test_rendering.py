"""The words that the templates share."""

import pytest

from pipeline.web.rendering import related_as


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
