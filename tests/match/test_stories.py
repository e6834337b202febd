import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.match.stories import Link, Ruling, StoryText, fold

DAY = date(2024, 12, 4)


def text(key: str, word_count: int = 100, **facts) -> StoryText:
    names = {field: frozenset(facts.pop(field, ())) for field in ("outlets", "credits")}
    return StoryText(key.encode(), word_count, **facts, **names)


def link(shorter: str, longer: str, kind: str = "near") -> Link:
    return Link(shorter.encode(), longer.encode(), kind)


def folded(texts: str, links: list[Link]) -> dict[str, str]:
    """Fold texts named by letters; give each story as `lead` to `members with digests in capitals`."""
    stories = fold([text(name, 100 - number) for number, name in enumerate(texts)], links)
    return {
        story.lead.decode(): "".join(
            sorted(
                key.decode().upper() if role == "digest" else key.decode()
                for key, role in story.roles.items()
            )
        )
        for story in stories
    }


def test_texts_without_links_are_stories_of_their_own():
    assert folded("abc", []) == {"a": "a", "b": "b", "c": "c"}


def test_near_texts_chain_into_one_story():
    assert folded("abcd", [link("b", "a"), link("c", "b"), link("d", "c", "identical")]) == {"a": "abcd"}


@pytest.mark.parametrize("kind", ["quotes", "none"])
def test_texts_that_only_quote_stay_apart(kind):
    assert folded("ab", [link("b", "a", kind)]) == {"a": "a", "b": "b"}


def test_a_text_joins_the_one_that_contains_it():
    assert folded("ab", [link("b", "a", "contains")]) == {"a": "ab"}


def test_a_text_that_contains_two_related_ones_is_no_digest():
    links = [link("b", "a", "contains"), link("c", "a", "contains"), link("c", "b")]
    assert folded("abc", links) == {"a": "abc"}


def test_a_digest_appears_in_both_stories_and_bridges_neither():
    links = [link("a", "d", "contains"), link("b", "d", "contains")]
    assert folded("abd", links) == {"a": "Da", "b": "Db", "d": "d"}


def test_a_copy_of_a_digest_is_in_the_digests_own_story():
    links = [link("a", "d", "contains"), link("b", "d", "contains"), link("e", "d")]
    assert folded("abde", links) == {"a": "Da", "b": "Db", "d": "de"}


def test_a_digest_in_a_longer_digest_bridges_nothing():
    links = [link("a", "d", "contains"), link("b", "d", "contains")]
    links += [link("a", "e", "contains"), link("b", "e", "contains"), link("d", "e", "contains")]
    stories = folded("edba", links)  # the longest first
    assert stories["a"] == "DEa"
    assert stories["b"] == "DEb"


def test_a_release_and_the_page_that_wraps_it_are_led_by_the_release():
    wraps = text("004", 4590, published_on=DAY, outlets=["IEU Monitoring"], credits=["NATO"])
    release = text("001", 433)
    for outlets, reason in ([["NATO"], "others credit"], [[], "credits nobody"]):
        original = text("001", release.word_count, outlets=outlets)
        (story,) = fold([wraps, original], [link("001", "004", "contains")])
        assert story.lead == b"001"
        assert reason in story.lead_reason
        assert story.roles == {b"001": "lead", b"004": "copy"}


def test_a_text_that_its_article_no_longer_prints_is_a_revision_and_bridges_nothing():
    old = replace(text("b"), superseded_by=frozenset([b"a"]))
    stories = {
        story.lead: dict(story.roles)
        for story in fold([text("a"), old, text("c", 50)], [link("b", "a"), link("c", "b")])
    }
    assert stories == {b"a": {b"a": "lead", b"b": "revision"}, b"c": {b"c": "lead"}}


def test_a_revision_stands_in_the_story_of_each_text_that_took_its_place():
    old = replace(text("b"), superseded_by=frozenset([b"a", b"c", b"elsewhere"]))
    stories = fold([text("a"), old, text("c")], [])
    assert [story.roles.get(b"b") for story in stories] == ["revision", "revision"]


def ruled(number: int, kind: str, one: str, other: str) -> Ruling:
    return Ruling(number, kind, one.encode(), other.encode())


def leads(texts: str, links: list[Link], rulings: Iterable[Ruling]) -> list[str]:
    found = [text(name, 100 - number) for number, name in enumerate(texts)]
    return ["".join(key.decode() for key in story.roles) for story in fold(found, links, rulings)]


def test_a_merge_makes_one_story_of_two():
    assert leads("abc", [], [ruled(1, "merge", "a", "b")]) == ["ab", "c"]


def test_a_split_parts_two_texts_and_the_others_go_with_the_closer_one():
    links = [link("b", "a"), link("c", "b"), link("c", "a"), link("d", "a")]
    links[1] = replace(links[1], strength=0.9)
    assert leads("abcd", links, [ruled(1, "split", "a", "b")]) == ["ad", "bc"]


def test_a_chain_does_not_get_round_a_split():
    links = [link("b", "a"), link("c", "b"), link("d", "c")]
    assert len(leads("abcd", links, [ruled(1, "split", "a", "d")])) == 2


def test_the_later_of_two_rulings_that_contradict_each_other_prevails():
    merge, split = ruled(1, "merge", "a", "b"), ruled(2, "split", "a", "b")
    assert leads("ab", [], [merge, split]) == ["a", "b"]
    assert leads("ab", [], [replace(merge, number=3), split]) == ["ab"]
    # By way of a third, too.
    rulings = [ruled(1, "merge", "a", "c"), ruled(2, "merge", "b", "c"), ruled(3, "split", "a", "b")]
    assert leads("abc", [], rulings) == ["a", "bc"]


def test_a_ruling_on_a_text_holds_for_the_one_that_took_its_place():
    old = replace(text("b"), superseded_by=frozenset([b"c"]))
    texts = [text("a"), old, text("c")]
    assert len(fold(texts, [], [ruled(1, "merge", "a", "b")])) == 1
    assert len(fold(texts, [link("a", "c")], [ruled(1, "split", "a", "b")])) == 2


def test_texts_that_were_merged_make_no_digest_of_what_contains_both():
    links = [link("a", "d", "contains"), link("b", "d", "contains")]
    assert leads("abd", links, [ruled(1, "merge", "a", "b")]) == ["abd"]


def test_folding_a_story_of_two_thousand_copies_takes_no_more_than_its_links_do():
    def cost(members: int) -> float:
        keys = [number.to_bytes(3, "big") for number in range(members)]
        texts = [
            StoryText(key, 100 + n % 7, outlets=frozenset([f"outlet {n}"]), credits=frozenset(["outlet 3"]))
            for n, key in enumerate(keys)
        ]
        kinds = ("near", "contains", "near")
        links = [
            Link(keys[n - back], keys[n], kinds[(n + back) % 3], back / 60)
            for n in range(members)
            for back in range(1, min(n, 50) + 1)
        ]
        start = time.process_time()
        assert len(fold(texts, links, [Ruling(1, "split", keys[0], keys[-1])])) == 2
        return time.process_time() - start

    cost(100)
    # Four times the members have four times the links; a quadratic fold would take sixteen times as long. What else the
    # machine is at can only make either look slower than it is.
    assert min(cost(2000) for _ in range(3)) < 10 * min(cost(500) for _ in range(3))


NAMES = st.frozensets(st.sampled_from(["NATO", "nato", "AFP", "Reuters"]), max_size=2)
TEXTS = st.lists(
    st.builds(
        StoryText,
        key=st.binary(min_size=1, max_size=2),
        word_count=st.integers(1, 5),
        published_on=st.none() | st.dates(DAY, DAY + timedelta(2)),
        outlets=NAMES,
        credits=NAMES,
        cites=NAMES,
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda text: text.key,
)


@st.composite
def situations(draw):
    texts = draw(TEXTS)
    keys = st.sampled_from([text.key for text in texts])
    kinds = st.sampled_from(["identical", "near", "contains", "contains", "quotes", "none"])
    links = draw(
        st.lists(
            st.builds(Link, keys, keys, kinds).filter(lambda link: link.shorter != link.longer), max_size=12
        )
    )
    rulings = [
        Ruling(number, kind, one, other)
        for number, (kind, one, other) in enumerate(
            draw(st.lists(st.tuples(st.sampled_from(["merge", "split"]), keys, keys), max_size=4))
        )
    ]
    # What is superseded is so by texts in circulation.
    old = draw(st.sets(keys, max_size=len(texts) - 1))
    current = frozenset(text.key for text in texts) - old
    successors = st.frozensets(st.sampled_from(sorted(current)), min_size=1, max_size=2)
    texts = [replace(text, superseded_by=draw(successors)) if text.key in old else text for text in texts]
    return texts, links, rulings


@given(situations(), st.data())
def test_stories_do_not_depend_on_any_order(situation, data):
    shuffled = fold(*(data.draw(st.permutations(values)) for values in situation))
    assert shuffled == fold(*situation)


@given(situations())
def test_every_text_in_circulation_has_exactly_one_story_of_its_own(situation):
    texts, _, _ = situation
    stories = fold(*situation)
    own = [key for story in stories for key, role in story.roles.items() if role in {"lead", "copy"}]
    assert sorted(own) == sorted(text.key for text in texts if not text.superseded_by)
    revised = {key for story in stories for key, role in story.roles.items() if role == "revision"}
    assert revised == {text.key for text in texts if text.superseded_by}
    assert all(story.roles[story.lead] == "lead" for story in stories)


@given(situations())
def test_the_latest_ruling_always_holds(situation):
    texts, links, rulings = situation
    by_key = {text.key: text for text in texts}
    if not rulings:
        return
    last = rulings[-1]
    for one in by_key[last.one].superseded_by or {last.one}:
        for other in by_key[last.other].superseded_by or {last.other}:
            together = any(
                {one, other} <= {key for key, role in story.roles.items() if role in {"lead", "copy"}}
                for story in fold(texts, links, rulings)
            )
            if last.kind == "merge":
                assert together
            elif last.one != last.other and one != other and len(by_key[last.one].superseded_by) < 2:
                assert not together
