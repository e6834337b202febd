"""A page's own text is looked at last, and passes a page over only where cleaning could not change the answer."""

from datetime import date

import pytest

from pipeline.events import Event
from pipeline.foreign.filters import Filters, languages_in
from pipeline.match.topic import Group, Topic
from tests.builders import prose

TOPIC = Topic(required=(Group("nato", ("NATO", "НАТО")),), any_of=(Group("meeting", ("foreign minist*",), times=2),), excluded=("football",))  # fmt: skip
EVENT = Event("meeting", "A meeting", date(2024, 12, 1), date(2024, 12, 8), TOPIC)

ENGLISH = (
    "The ministers spoke of the war at length, and of what the allies could do to end it before the spring."
)
GERMAN = "Die Minister sprachen ausführlich über den Krieg und darüber, was die Verbündeten tun könnten, um ihn zu beenden."


@pytest.mark.parametrize(
    "text",
    [
        "<p>NATO foreign ministers and a foreign minister</p>",
        "<title>NATO foreign ministers</title>",  # a title counts twice, and may be this one
        "<p>N<b>AT</b>O's foreign&nbsp;ministers</p>",
        "<p>NATO foreign ministers</p><nav>Football</nav>",  # what is excluded may be residue
        '<meta content="NATO foreign ministers">',
    ],
)
def test_a_page_that_may_be_on_the_topic_is_kept(text: str) -> None:
    assert Filters(event=EVENT).of_text(text, None) is None


@pytest.mark.parametrize(
    "text", ["<p>NATO met.</p>", "<p>Foreign ministers and foreign ministers</p>", prose(1)]
)
def test_a_page_that_cannot_be_on_the_topic_is_passed_over(text: str) -> None:
    assert Filters(event=EVENT).of_text(text, None) == "off-topic"


@pytest.mark.parametrize(
    ("text", "stated", "reason"),
    [
        (f"<html lang=en-GB><p>{GERMAN}", None, None),  # what is stated is believed
        (f'<html class="x" lang="de"><p>{ENGLISH}', None, "language"),
        (f"<html><script>{GERMAN * 5}</script><p>{ENGLISH}", None, None),
        (f"<html><p>{GERMAN}", None, "language"),
        (f"<html lang=de><p>{GERMAN}", "en", None),  # the head was asked before
        ("<html><p>Hm.", None, None),  # too short to tell
    ],
)
def test_a_language_is_taken_from_where_it_is_stated_first(
    text: str, stated: str | None, reason: str | None
) -> None:
    assert Filters(languages=frozenset(["en"])).of_text(text, stated) == reason


def test_languages_are_read_in_both_lengths() -> None:
    assert languages_in("en-GB, deu;q=0.5,ukr") == {"en", "de", "uk"}
    assert languages_in(None) == languages_in("*") == frozenset()
