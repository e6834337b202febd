"""Digests and their copies: a round-up that outlets trim bridges none of the reports in it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.match.stories import Link, Ruling, StoryText, fold

OWN = {"lead", "copy"}


def contains(longer: bytes, *shorter: bytes) -> list[Link]:
    return [Link(key, longer, "contains") for key in shorter]


def stories(
    keys: list[bytes], links: list[Link], rulings: tuple[Ruling, ...] = ()
) -> dict[str, dict[str, str]]:
    """Fold; give each story's roles by its lead."""
    texts = [StoryText(key, 100 - number) for number, key in enumerate(keys)]
    return {
        story.lead.decode(): {key.decode(): role for key, role in story.roles.items()}
        for story in fold(texts, links, rulings)
    }


# The round-up d has a and b; e was printed without b, f without a.
TRIMMED = [
    *contains(b"d", b"a", b"b"),
    *contains(b"e", b"a"),
    *contains(b"f", b"b"),
    Link(b"e", b"d", "near"),
    Link(b"f", b"d", "near"),
]
KEYS = [b"d", b"e", b"f", b"a", b"b"]


def test_copies_of_a_round_up_that_kept_one_report_each_bridge_nothing():
    assert stories(KEYS, TRIMMED) == {
        "a": {"a": "lead", "d": "digest", "e": "digest"},
        "b": {"b": "lead", "d": "digest", "f": "digest"},
        "d": {"d": "lead", "e": "copy", "f": "copy"},
    }


def test_a_copy_that_kept_one_report_does_not_prefer_it_to_the_others():
    found = stories(KEYS[:2] + KEYS[3:], TRIMMED[:3] + TRIMMED[4:5])
    assert set(found) == {"a", "b", "d"}


def test_two_trimmed_copies_without_the_whole_bridge_nothing_either():
    links = [*contains(b"e", b"a"), *contains(b"f", b"b"), Link(b"f", b"e", "near")]
    assert set(stories([b"e", b"f", b"a", b"b"], links)) == {"a", "b", "e"}


def test_reports_of_one_story_by_way_of_a_third_make_no_digest():
    links = [*contains(b"d", b"a", b"b"), Link(b"a", b"x", "near"), Link(b"b", b"x", "near")]
    assert set(stories([b"d", b"x", b"a", b"b"], links)) == {"d"}


def test_a_stray_text_in_one_of_many_copies_takes_no_report_from_its_story():
    copies = [b"copy %d" % number for number in range(20)]
    links = [link for copy in copies for link in contains(copy, b"brief")]
    links += [Link(one, other, "near") for other, one in pairwise(copies)]
    links += contains(copies[7], b"stray")
    assert stories([*copies, b"brief", b"stray"], links)["stray"] == {"stray": "lead", "copy 7": "digest"}


def test_what_a_split_parts_from_a_digest_shows_neither_it_nor_its_copies():
    found = stories(KEYS, TRIMMED, (Ruling(1, "split", b"a", b"d"),))
    assert found["a"] == {"a": "lead"}
    assert found["b"] == {"b": "lead", "d": "digest", "f": "digest"}


def test_reports_that_were_split_are_two_to_the_round_up_that_has_both():
    links = [*contains(b"d", b"a", b"b"), Link(b"b", b"a", "near")]
    assert set(stories([b"d", b"a", b"b"], links)) == {"d"}
    assert set(stories([b"d", b"a", b"b"], links, (Ruling(1, "split", b"a", b"b"),))) == {"a", "b", "d"}


@given(st.lists(st.sets(st.integers(0, 3)), min_size=1, max_size=6), st.data())
def test_a_digests_class_bridges_nothing(kept, data):
    """A round-up's copies, each of which kept some of its reports, chained to one another in any way."""
    copies = [b"copy %d" % number for number in range(len(kept))]
    reports = [b"%d" % number for number in range(4)]
    links = [
        link
        for copy, few in zip(copies, kept, strict=True)
        for link in contains(copy, *map(reports.__getitem__, few))
    ]
    links += [
        Link(copies[number], copies[data.draw(st.integers(0, number - 1))], "near")
        for number in range(1, len(copies))
    ]
    texts = [StoryText(key, data.draw(st.integers(1, 9))) for key in [*copies, *reports]]
    found = fold(texts, links)
    own = [{key for key, role in story.roles.items() if role in OWN} for story in found]
    assert all(len(keys & set(reports)) < 2 for keys in own)
    assert any(keys >= set(copies) for keys in own)
    # And each copy is shown beside each report that it kept.
    for copy, few in zip(copies, kept, strict=True):
        for number in few:
            assert any({copy, reports[number]} <= story.roles.keys() for story in found)
