"""Reading event files: the one that ships, all that one may say, and every mistake by line and key."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.errors import SetupError
from pipeline.events import CDX, Discovery, Event, KnownAddress, read_event
from pipeline.match.topic import Group
from tests.conftest import SEEDS

SHIPPED = SEEDS / "nato-ministerial-2024-12.toml"

EVENT = """\
# A meeting that never was.
[event]
key = "compact"
name = "The Compact's meeting"
first_day = 2024-12-03
last_day = 2024-12-04

[topic]
[topic.required.compact]
en = ["Compact"]
de = [
    "Pakt",
    "Pakttreffen*",
]

[source.wire]
name = "Wire"
hosts = ["wire.test"]
timezone = "Europe/Kyiv"

[[source.wire.way]]
way = "feed"
addresses = ["http://wire.test/feed"]

[[source.wire.way]]
way = "listing"
addresses = [
    "https://wire.test/news",
    "https://wire.test/{year}/{month:02}/{day:02}",
]
next = "a.next"

[source.other]
name = "Other"
hosts = ["other.test"]
[[source.other.way]]
way = "wayback"
match = "other.test/*"

[[known]]
address = "https://wire.test/1"
source = "wire"
language = "en"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "event.toml"


def read(file: Path, text: str) -> Event:
    file.write_bytes(text.encode())
    return read_event(file)


def complaint(file: Path, text: str) -> str:
    with pytest.raises(SetupError) as caught:
        read(file, text)
    return str(caught.value)


def changed(old: str, new: str) -> str:
    assert EVENT.count(old) == 1, old
    return EVENT.replace(old, new)


def test_the_shipped_file_has_the_five_outlets_as_the_seeds_name_them() -> None:
    event = read_event(SHIPPED)
    assert event.key == SHIPPED.stem
    seeds = tomllib.loads((SEEDS / "seeds.toml").read_text("utf-8"))["source"]
    assert {item.source.key for item in event.sources} == seeds.keys()
    for item in event.sources:
        said = {"key": item.source.key, **seeds[item.source.key]}
        assert {name: getattr(item.source, name) for name in said} == said | {"hosts": tuple(said["hosts"])}
        assert item.ways


def test_the_shipped_file_covers_the_meeting_and_its_known_coverage() -> None:
    event = read_event(SHIPPED)
    assert event.first_day <= date(2024, 12, 2)
    assert event.last_day >= date(2024, 12, 6)
    addresses = {known.address for known in event.known}
    assert "https://www.krone.at/3613501" in addresses
    assert "https://en.interfax.com.ua/news/general/1031892.html" in addresses
    assert len(addresses) >= 16
    assert {"en", "uk", "de"} <= {known.language for known in event.known}


def test_a_file_is_read_as_it_stands(file: Path) -> None:
    event = read(file, EVENT)
    assert (event.key, event.name) == ("compact", "The Compact's meeting")
    assert event.topic.required == (Group("compact", ("Compact", "Pakt", "Pakttreffen*")),)
    wire, other = event.sources
    assert wire.source.timezone == "Europe/Kyiv"
    assert wire.ways[0] == Discovery("feed", ("http://wire.test/feed",))
    assert wire.ways[1].next_page == "a.next"
    assert other.ways == (Discovery("wayback", (CDX,), match="other.test/*"),)
    assert event.known == (KnownAddress("https://wire.test/1", "wire", "en"),)


def test_a_file_with_windows_line_ends_is_the_same(file: Path) -> None:
    assert read(file, EVENT.replace("\n", "\r\n")) == read(file, EVENT)
    wrong = changed('timezone = "Europe/Kyiv"', 'timezone = "Mars"').replace("\n", "\r\n")
    assert "line 19: source.wire.timezone" in complaint(file, wrong)


def test_a_source_may_say_how_it_is_crawled(file: Path) -> None:
    more = 'delay = 2\nallow = ["^/news/"]\ndeny = ["/tag/"]\nmax_pages = 9\nrevisit_hours_max = 48\ncountry = "UA"\n'
    wire, other = read(file, changed('name = "Wire"\n', f'name = "Wire"\n{more}')).sources
    assert (wire.delay, wire.allow, wire.deny, wire.max_pages) == (2.0, ("^/news/",), ("/tag/",), 9)
    assert (wire.revisit_min, wire.revisit_max) == (timedelta(hours=6), timedelta(hours=48))
    assert (other.delay, other.max_pages) == (None, None)


def test_the_window_has_its_margins(file: Path) -> None:
    event = read(
        file, changed("last_day = 2024-12-04", "last_day = 2024-12-04\ndays_before = 3\ndays_after = 1")
    )
    assert (event.first_day, event.last_day) == (date(2024, 11, 30), date(2024, 12, 5))
    assert len(event.days()) == 6
    assert event.window_reason(date(2024, 11, 30)) is None
    assert event.window_reason(date(2024, 12, 5)) is None
    assert event.window_reason(date(2024, 12, 6)) == (
        "It is dated 2024-12-06, which is after 2024-12-05, the last day of the event's window."
    )
    assert "before 2024-11-30" in (event.window_reason(date(2024, 11, 29)) or "")


def test_an_undated_page_is_not_rejected_for_its_date(file: Path) -> None:
    assert read(file, EVENT).window_reason(None) is None


def test_dated_addresses_are_filled_in_for_each_day_and_others_stand_once(file: Path) -> None:
    event = read(file, EVENT)
    assert event.sources[0].ways[1].addresses_on(event.days()) == (
        "https://wire.test/news",
        "https://wire.test/2024/12/03",
        "https://wire.test/2024/12/04",
    )


MISTAKES = {
    # what was written, what is written instead: the line, the key, and what the sentence says of it
    ('key = "compact"\n', ""): (2, "event", "has no key"),
    ('key = "compact"', 'key = "Compact!"'): (3, "event.key", "small letters"),
    ('key = "compact"', "key = 7"): (3, "event.key", "a text in quotes, and is 7"),
    ('name = "The Compact\'s meeting"', 'name = ""'): (4, "event.name", "is empty"),
    ('[event]\nkey = "compact"', '[evnt]\nkey = "compact"'): (2, "evnt", "not a key that newsfold knows"),
    ("first_day = 2024-12-03", 'first_day = "2024-12-03"'): (5, "event.first_day", "a date such as"),
    ("first_day = 2024-12-03", "first_day = 2024-12-03T10:00:00"): (5, "event.first_day", "a date such as"),
    ("last_day = 2024-12-04", "last_day = 2024-12-02"): (6, "event.last_day", "before first_day"),
    ("last_day = 2024-12-04", "last_day = 2024-12-04\ndays_after = -1"): (7, "event.days_after", "from 0"),
    ("last_day = 2024-12-04", "last_day = 9999-12-31\ndays_after = 1"): (5, "event.first_day", "calendar"),
    ("last_day = 2024-12-04", "last_day = 2024-12-04\ndays_after = true"): (7, "event.days_after", "a whole number"),
    ("last_day = 2024-12-04", "last_day = 2024-12-04\ncolour = 1"): (7, "event.colour", "not a key"),
    ("[topic]\n", "[topic]\nleast = 1\n"): (9, "topic.least", "from 0 to 0"),
    ("[topic]\n", '[topic]\nexcluded.en = [\n  "fine",\n  "no*pe",\n]\n'): (11, "topic.excluded.en", "no*pe"),
    ('en = ["Compact"]', 'en = ["*"]'): (10, "topic.required.compact.en", "the term '*'"),
    ('    "Pakttreffen*",', '    "Pa*",'): (13, "topic.required.compact.de", "3 letters"),
    ('    "Pakttreffen*",', "    7,"): (11, "topic.required.compact.de", "has 7"),
    ('en = ["Compact"]', 'tims = 2\nen = ["Compact"]'): (10, "topic.required.compact.tims", "not a key"),
    ('en = ["Compact"]', 'times = 0\nen = ["Compact"]'): (10, "topic.required.compact.times", "from 1"),
    ('en = ["Compact"]', "en = 'Compact'"): (10, "topic.required.compact.en", "must be a list"),
    ("[topic]\n", "[topic]\nany.empty = {}\n"): (9, "topic.any.empty", "has no terms"),
    ("[topic]\n", "[topic]\nany.empty = 3\n"): (9, "topic.any.empty", "must be a table"),
    ("[source.wire]", "[source.Wire_]"): (16, "source.Wire_", "small letters"),
    ('name = "Wire"\n', ""): (16, "source.wire", "has no name"),
    ('hosts = ["wire.test"]', 'hosts = ["https://wire.test/"]'): (18, "source.wire.hosts", "no host"),
    ('hosts = ["other.test"]', 'hosts = ["wire.test"]'): (35, "source.other.hosts", "already a host of source.wire"),
    ('timezone = "Europe/Kyiv"', 'timezone = "Europe/Kiyv"'): (19, "source.wire.timezone", "no time zone"),
    ('timezone = "Europe/Kyiv"', 'timezone = "../../etc/passwd"'): (19, "source.wire.timezone", "no time zone"),
    ('timezone = "Europe/Kyiv"', 'timezone = ""'): (19, "source.wire.timezone", "no time zone"),
    ('timezone = "Europe/Kyiv"', 'language = "English"'): (19, "source.wire.language", "two small letters"),
    ('timezone = "Europe/Kyiv"', 'country = "ua"'): (19, "source.wire.country", "two capital letters"),
    ('timezone = "Europe/Kyiv"', "delay = nan"): (19, "source.wire.delay", "from 0"),
    ('timezone = "Europe/Kyiv"', 'delay = "1s"'): (19, "source.wire.delay", "must be a number"),
    ('timezone = "Europe/Kyiv"', "max_pages = 0"): (19, "source.wire.max_pages", "from 1"),
    ('timezone = "Europe/Kyiv"', 'deny = ["(a"]'): (19, "source.wire.deny", "no regular expression"),
    ('timezone = "Europe/Kyiv"', "revisit_hours_min = 9\nrevisit_hours_max = 2"): (
        20, "source.wire.revisit_hours_max", "less than revisit_hours_min",
    ),
    ('[[source.other.way]]\nway = "wayback"\nmatch = "other.test/*"\n', ""): (33, "source.other", "has no way"),
    ('[[source.other.way]]\nway = "wayback"\nmatch', "way = [3]\nx"): (37, "source.other.x", "not a key"),
    ('[[source.other.way]]\nway = "wayback"\nmatch = "other.test/*"\n', "way = [3]\n"): (
        36, "source.other.way", "a list of tables",
    ),
    ('way = "feed"', 'way = "telepathy"'): (22, "source.wire.way[1].way", "no way of discovering"),
    ('way = "feed"\n', ""): (21, "source.wire.way[1]", "has no way"),
    ('addresses = ["http://wire.test/feed"]\n', ""): (21, "source.wire.way[1]", "has no addresses"),
    ('addresses = ["http://wire.test/feed"]', "addresses = []"): (23, "source.wire.way[1].addresses", "empty"),
    ("http://wire.test/feed", "ftp://wire.test/feed"): (23, "source.wire.way[1].addresses", "http or https"),
    ("http://wire.test/feed", "wire.test/feed"): (23, "source.wire.way[1].addresses", "http or https"),
    ("http://wire.test/feed", "http://[wire/"): (23, "source.wire.way[1].addresses", "http or https"),
    ("http://wire.test/feed", "http://u:pw@wire.test/"): (23, "source.wire.way[1].addresses", "names a user"),
    ("https://wire.test/{year}/{month:02}/{day:02}", "https://wire.test/{hour}"): (
        29, "source.wire.way[2].addresses", "only {year}, {month:02} and {day:02}",
    ),
    ("https://wire.test/{year}/{month:02}/{day:02}", "file:///etc/passwd"): (
        29, "source.wire.way[2].addresses", "http or https",
    ),
    ('next = "a.next"', "depth = 2"): (31, "source.wire.way[2].depth", "not a key"),
    ('next = "a.next"', "next = 2"): (31, "source.wire.way[2].next", "a text in quotes"),
    ('match = "other.test/*"\n', ""): (36, "source.other.way[1]", "has no match"),
    ('source = "wire"', 'source = "nobody"'): (42, "known[1].source", "no [source.nobody]"),
    ('address = "https://wire.test/1"\n', ""): (40, "known[1]", "has no address"),
    ("https://wire.test/1", "https://wire.test/{year}"): (41, "known[1].address", "no braces"),
    ("https://wire.test/1", "javascript:alert(1)"): (41, "known[1].address", "http or https"),
    ('language = "en"\n', 'language = "en"\n[[known]]\naddress = "https://wire.test/1"\n'): (
        45, "known[2].address", "stands in the file before",
    ),
    ('language = "en"\n', 'languages = "en"\n'): (43, "known[1].languages", "not a key"),
}  # fmt: skip


@pytest.mark.parametrize(("written", "meant"), MISTAKES.items(), ids=lambda item: str(item)[:60])
def test_a_mistake_is_reported_with_file_line_and_key(
    file: Path, written: tuple[str, str], meant: tuple[int, str, str]
) -> None:
    line, key, says = meant
    said = complaint(file, changed(*written))
    assert said.startswith(f"In {file}, line {line}: {key} ")
    assert says in said
    assert said.endswith(".")


@pytest.mark.parametrize(
    ("written", "line", "shows"),
    [
        (('key = "compact"', "key = compact"), 3, "key = compact"),
        (('name = "Wire"', 'name = "Wire'), 17, "name ="),
        (("[source.other]", "[source.wire]"), 33, "[source.wire]"),
        (('name = "Wire"', 'name = "Wire"\nname = "Again"'), 18, "name ="),
        (('language = "en"\n', "language = [\n"), 43, "language = ["),
    ],
)
def test_what_is_not_toml_is_reported_with_its_line(
    file: Path, written: tuple[str, str], line: int, shows: str
) -> None:
    said = complaint(file, changed(*written))
    assert said.startswith(f"In {file}, line {line}")
    assert "not valid TOML" in said
    assert shows in said


def test_a_file_without_event_or_topic_says_so(file: Path) -> None:
    assert complaint(file, "") == f"In {file}, line 1: the file has no event."
    without = EVENT[: EVENT.index("[topic]")]
    assert complaint(file, without) == f"In {file}, line 1: the file has no topic."
    empty = f"{without}[topic]\n"
    assert complaint(file, empty).startswith(f"In {file}, line 8: topic has no group")


def test_a_file_that_is_not_there_or_not_text_says_so(file: Path) -> None:
    with pytest.raises(SetupError, match="cannot be read"):
        read_event(file)
    file.write_bytes(b"# fine\n# \xff\n")
    with pytest.raises(SetupError, match="line 2: this is not UTF-8"):
        read_event(file)
