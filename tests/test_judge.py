from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from pipeline.events import Discovery, Event, EventSource, KnownAddress, read_event
from pipeline.items import Capture, Declared, Listed, Prepared, Source
from pipeline.judge import Judgement, criteria, judge, judge_listed
from pipeline.match.topic import Group, Topic
from pipeline.prepare import prepare
from pipeline.settings import CHECKOUT

FERRIES = Group("ferries", ("ferry", "ferries"))
HARBOUR = Group("harbour", ("harbour", "Гавань"))
SOURCE = EventSource(
    Source("harbour", "The Harbour Post", hosts=("harbour.example", "www.harbour.example")),
    ways=(Discovery("feed", ("https://harbour.example/feed",)),),
    allow=(r"^/news/", "^/новини/"),
    deny=(r"/sport/", r"/page/\d+"),
)
EVENT = Event(
    "ferries",
    "The ferry talks",
    first_day=date(2024, 12, 2),
    last_day=date(2024, 12, 6),
    topic=Topic((FERRIES,), (HARBOUR,), least=1, excluded=("airship",)),
    sources=(SOURCE,),
)
ABOUT = "The ferries stayed in the harbour on Tuesday, and the crews went home for soup and a long sleep."


def written(text: str = ABOUT, published: date | datetime | None = None) -> Prepared:
    captured = datetime(2026, 1, 1, tzinfo=UTC)
    return prepare(
        Capture("test", text.encode(), "text/plain", captured, declared=Declared(published=published))
    )


def test_a_page_of_the_window_and_the_topic_is_wanted():
    found = judge(written(published=date(2024, 12, 4)), EVENT)
    assert (found.reason, found.score) == (None, 1.0)
    assert set(found.found) == {"ferries", "harbour"}


def test_a_page_without_a_date_is_judged_by_its_words():
    assert judge(written(), EVENT).reason is None
    assert judge(written("The crews went home."), EVENT).reason == "off-topic"


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2024, 12, 1), "before-window"),
        (date(2024, 12, 2), None),
        (date(2024, 12, 6), None),
        (date(2024, 12, 7), "after-window"),
        # The day is the one that the page states, though it is another in UTC.
        (datetime(2024, 12, 7, 0, 30, tzinfo=timezone(timedelta(hours=10))), "after-window"),
        (datetime(2024, 12, 6, 23, 30, tzinfo=timezone(timedelta(hours=-10))), None),
    ],
)
def test_the_stated_day_decides_on_the_window(day, reason):
    found = judge(written(published=day), EVENT)
    assert found.reason == reason
    assert found.score == 1.0
    if reason:
        assert str(getattr(day, "date", lambda: day)()) in found.message


def test_the_topic_s_reason_is_told():
    missing = judge(written("The crews of the harbour went home."), EVENT)
    assert (missing.reason, missing.found) == ("off-topic", ("harbour",))
    assert "ferries" in missing.message
    assert judge(written(ABOUT + " An airship came."), EVENT).reason == "off-topic"


def test_the_title_counts():
    untitled = written("The crews of the harbour went home.")
    titled = prepare(
        Capture(
            "test", untitled.text.encode(), "text/plain", datetime(2026, 1, 1, tzinfo=UTC),
            declared=Declared(title="No ferries on Tuesday"),
        )
    )  # fmt: skip
    assert judge(titled, EVENT).reason is None


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_the_event_s_own_seeds_are_wanted(number):
    event = read_event(CHECKOUT / "seeds" / "nato-ministerial-2024-12.toml")
    (path,) = (CHECKOUT / "seeds").glob(f"{number}_*.txt")
    capture = Capture("test", path.read_bytes(), "text/plain", datetime(2025, 1, 26, tzinfo=UTC))
    assert judge(prepare(capture), event).reason is None


AT = "https://harbour.example"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/news/ferries", None),
        ("/news/ferries?x=/sport/", None),
        ("/news/sport/hockey", "denied"),
        ("/sport/hockey", "denied"),
        ("/news/page/2", "denied"),
        ("/about", "not-allowed"),
        ("", "not-allowed"),
        ("/blog?back=/news/", "not-allowed"),
        ("/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8/7", None),
        ("/новини/7", None),
    ],
)
def test_the_patterns_are_searched_for_in_the_path(path, reason):
    found = judge_listed(AT + path, None, SOURCE, EVENT)
    assert (found.reason if found else None) == reason


def test_without_allowed_patterns_every_path_that_is_not_denied_will_do():
    free = replace(SOURCE, allow=())
    assert judge_listed(AT + "/about", None, free, EVENT) is None
    assert judge_listed(AT + "/sport/", None, free, EVENT).reason == "denied"
    assert judge_listed(AT + "/about", None, None, EVENT) is None


def listed(**fields) -> Judgement | None:
    return judge_listed(AT + "/news/a", Listed("feed", **fields), SOURCE, EVENT)


EAST, WEST = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, None),
        ({"published": "soon"}, None),
        ({"published_on": date(2024, 11, 30)}, "before-window"),
        ({"published_on": date(2024, 12, 1)}, None),
        ({"published_on": date(2024, 12, 7)}, None),
        ({"published_on": date(2024, 12, 8)}, "after-window"),
        ({"modified_on": date(2024, 11, 30)}, "before-window"),
        ({"modified_on": date(2025, 11, 30)}, None),
        ({"published_on": date(2024, 12, 4), "modified_on": date(2025, 1, 30)}, None),
        (
            {
                "published_on": date(2024, 11, 30),
                "published_at": datetime(2024, 11, 30, 23, tzinfo=WEST),
            },
            None,
        ),
        ({"published_on": date(2024, 12, 8), "published_at": datetime(2024, 12, 8, 3, tzinfo=EAST)}, None),
        ({"published_at": datetime(2024, 11, 20, tzinfo=UTC)}, "before-window"),
        ({"published_at": datetime(2024, 12, 20, tzinfo=UTC)}, "after-window"),
    ],
)
def test_a_listed_page_is_left_out_only_where_its_date_is_certain(fields, reason):
    found = listed(**fields)
    assert (found.reason if found else None) == reason
    if found:
        assert "2024" in found.message


def test_a_page_that_is_left_out_unread_has_no_score():
    assert (listed(published_on=date(2024, 1, 1)).score, listed(published_on=date(2024, 1, 1)).found) == (
        0.0,
        (),
    )


@pytest.mark.parametrize(
    "changed",
    [
        replace(EVENT, first_day=date(2024, 12, 1)),
        replace(EVENT, last_day=date(2024, 12, 7)),
        replace(EVENT, topic=replace(EVENT.topic, least=0)),
        replace(EVENT, topic=replace(EVENT.topic, excluded=())),
        replace(EVENT, topic=replace(EVENT.topic, required=(replace(FERRIES, times=2),))),
        replace(EVENT, topic=replace(EVENT.topic, required=(FERRIES, HARBOUR), any_of=())),
        replace(EVENT, topic=replace(EVENT.topic, any_of=(replace(HARBOUR, terms=("harbour",)),))),
        replace(EVENT, sources=(replace(SOURCE, allow=()),)),
        replace(EVENT, sources=(replace(SOURCE, allow=SOURCE.deny, deny=SOURCE.allow),)),
        replace(EVENT, sources=(replace(SOURCE, source=replace(SOURCE.source, hosts=("other.example",))),)),
        replace(EVENT, sources=()),
    ],
)
def test_an_event_that_judges_otherwise_has_other_criteria(changed):
    assert criteria(changed) != criteria(EVENT)


@pytest.mark.parametrize(
    "same",
    [
        replace(EVENT, name="The talks"),
        replace(EVENT, known=(KnownAddress("https://harbour.example/news/1"),)),
        replace(EVENT, sources=(replace(SOURCE, delay=9.0, max_pages=1, ways=()),)),
        replace(EVENT, sources=(replace(SOURCE, deny=SOURCE.deny[::-1]),)),
        replace(EVENT, topic=replace(EVENT.topic, required=(replace(FERRIES, terms=("ferries", "ferry")),))),
    ],
)
def test_an_event_that_judges_alike_has_the_same_criteria(same):
    assert criteria(same) == criteria(EVENT)
    assert len(criteria(EVENT)) == 16
