from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.match.stories import Link, StoryText, choose_lead, fold

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


@pytest.mark.parametrize(
    ("lead", "other", "reason"),
    [
        ({"outlets": ["dpa"], "credits": ["AP"]}, {"credits": ["DPA"], "published_on": DAY}, "others credit"),
        ({"word_count": 50}, {"credits": ["AFP"], "published_on": DAY}, "credits nobody"),
        ({"published_on": DAY}, {"word_count": 500}, "first"),
        ({"published_on": DAY}, {"published_on": DAY + timedelta(1), "word_count": 500}, "first"),
        ({"word_count": 101}, {}, "longest"),
        ({}, {}, "smallest"),
    ],
)
def test_the_lead_is_chosen_by_the_first_criterion_that_tells(lead, other, reason):
    chosen, why = choose_lead([text("b" if reason != "smallest" else "a", **lead), text("c", **other)])
    assert chosen == (b"b" if reason != "smallest" else b"a")
    assert reason in why
    if reason != "smallest":
        assert choose_lead([text("c", **lead), text("b", **other)])[0] == b"c"


def test_an_outlet_that_credits_itself_owes_nothing():
    own = text("b", outlets=["Reuters"], credits=["REUTERS"])
    assert choose_lead([own, text("a", credits=["PAP"])])[0] == b"b"


def test_a_day_with_a_time_comes_before_the_day_alone():
    timed = text("b", published_on=DAY, published_at=datetime(2024, 12, 4, 22, tzinfo=UTC))
    assert choose_lead([timed, text("a", published_on=DAY)])[0] == b"b"


def test_the_earlier_instant_leads_whatever_its_zone():
    kyiv = datetime(2024, 12, 4, 16, 28, tzinfo=timezone(timedelta(hours=2)))
    london = datetime(2024, 12, 4, 15, 0, tzinfo=UTC)
    early = text("b", published_on=DAY, published_at=kyiv)
    assert choose_lead([early, text("a", published_on=DAY, published_at=london)])[0] == b"b"


NAMES = st.frozensets(st.sampled_from(["NATO", "nato", "AFP", "Reuters"]), max_size=2)
TEXTS = st.lists(
    st.builds(
        StoryText,
        key=st.binary(min_size=1, max_size=2),
        word_count=st.integers(1, 5),
        published_on=st.none() | st.dates(DAY, DAY + timedelta(2)),
        outlets=NAMES,
        credits=NAMES,
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
    return texts, links


@given(situations(), st.data())
def test_stories_do_not_depend_on_any_order(situation, data):
    texts, links = situation
    shuffled = fold(data.draw(st.permutations(texts)), data.draw(st.permutations(links)))
    assert shuffled == fold(texts, links)


@given(situations())
def test_every_document_has_exactly_one_story_of_its_own(situation):
    texts, links = situation
    stories = fold(texts, links)
    own = [key for story in stories for key, role in story.roles.items() if role != "digest"]
    assert sorted(own) == sorted(text.key for text in texts)
    assert all(story.roles[story.lead] == "lead" for story in stories)
