from hypothesis import given
from hypothesis import strategies as st

from pipeline.match.identity import Retired, identify
from pipeline.match.stories import FoldedStory, Link, Ruling, StoryText, fold


def story(members: str, revisions: str = "") -> FoldedStory:
    roles = {key.encode(): "copy" for key in members} | {key.encode(): "revision" for key in revisions}
    return FoldedStory(members[0].encode(), "why", {**roles, members[0].encode(): "lead"})


def test_a_story_keeps_its_id_whoever_leads_it_now():
    assert identify([story("ba")], {7: b"a"}, {}).ids == {b"b": 7}


def test_of_two_that_become_one_the_older_id_stays_and_the_other_leads_to_it():
    found = identify([story("abc")], {9: b"a", 4: b"c"}, {})
    assert (found.ids, found.forwards) == ({b"a": 4}, {9: 4})


def test_the_part_with_the_lead_keeps_the_id_of_a_story_that_splits():
    assert identify([story("a"), story("bc")], {4: b"b"}, {}).ids == {b"b": 4}


def test_a_story_whose_lead_was_corrected_keeps_its_id():
    assert identify([story("b", revisions="a")], {4: b"a"}, {}).ids == {b"b": 4}


def test_what_a_merge_retired_is_taken_up_again_when_the_merge_goes():
    retired = {9: Retired(4, b"b", b"a"), 11: Retired(4, b"a", b"a")}
    found = identify([story("a"), story("b")], {4: b"a"}, retired)
    assert (found.ids, found.revived) == ({b"a": 4, b"b": 9}, {9})


def test_stories_that_part_again_have_their_own_ids_whichever_led_both():
    found = identify([story("a"), story("b")], {4: b"b"}, {9: Retired(4, b"b", b"a")})
    assert (found.ids, found.revived) == ({b"a": 4, b"b": 9}, {9})


KEYS = [bytes([65 + number]) for number in range(6)]
LINKS = st.lists(
    st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)).filter(lambda pair: pair[0] != pair[1]),
    max_size=8,
).map(lambda pairs: [Link(*pair, "near") for pair in pairs])
SPLITS = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)), max_size=3)


@given(LINKS, LINKS, SPLITS)
def test_every_id_stays_where_its_lead_is_or_leads_there(before, after, splits):
    texts = [StoryText(key, 1) for key in KEYS]
    old = {number: one.lead for number, one in enumerate(fold(texts, before))}
    rulings = [Ruling(number, "split", *pair) for number, pair in enumerate(splits)]
    folded = fold(texts, [*before, *after], rulings)
    found = identify(folded, old, {})
    assert len(set(found.ids.values())) == len(found.ids)
    at = {story_id: lead for lead, story_id in found.ids.items()}
    homes = {key: one.lead for one in folded for key in one.roles}
    for number, lead in old.items():
        assert at[found.forwards.get(number, number)] == homes[lead]
    assert not found.forwards.keys() & at.keys()
