"""Events: what a crawl is after, read from one TOML file, with every mistake reported by line and key."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

from pipeline.items import Source
from pipeline.match.topic import Group, Topic, term_parts
from pipeline.outlets import KEY, KEY_FORM, LANGUAGE, SOURCE_KEYS, read_source
from pipeline.tomlfile import Table

Way = Literal["feed", "sitemap", "wordpress", "listing", "section", "wayback", "addresses"]

CDX = "https://web.archive.org/cdx/search/cdx"
"""Where the wayback way asks when the file names no other archive."""

_OPTIONS: dict[str, set[str]] = {
    "feed": set(), "sitemap": {"follow"}, "wordpress": {"search"}, "listing": {"item", "next", "date"},
    "section": {"depth"}, "wayback": {"match"}, "addresses": set(),
}  # fmt: skip
_EVENT_KEYS = {"key", "name", "first_day", "last_day", "days_before", "days_after"}
_CRAWL_KEYS = {"delay", "allow", "deny", "max_pages", "revisit_hours_min", "revisit_hours_max", "way"}
_YEARS = 10 * 366 * 24
_DATE_PLACE = re.compile(r"\{(?:year|month|day)(?::0[24])?\}")


@dataclass(frozen=True, slots=True)
class Discovery:
    """One way to find a source's addresses; an option that its way does not know is always empty.

    `addresses` are where to look, and may hold `{year}`, `{month:02}` and `{day:02}`: feeds, sitemaps, a
    WordPress site's root, listing pages, a section's first pages, a CDX server, or the articles themselves.
    `item`, `next_page` and `item_date` (in the file `item`, `next` and `date`) are a listing's CSS selectors;
    `follow` is a pattern that a sitemap within a sitemap index must match; `search` are WordPress search
    terms; `match` is what the archive's addresses must match (`example.org/news/*`); `depth` is in links.
    """

    way: Way
    addresses: tuple[str, ...]
    item: str | None = None
    next_page: str | None = None
    item_date: str | None = None
    follow: str | None = None
    search: tuple[str, ...] = ()
    match: str | None = None
    depth: int | None = None

    def addresses_on(self, days: Sequence[date]) -> tuple[str, ...]:
        """Return the addresses with their dates filled in, each once, in the order of the days."""
        dated = (_dated(address, day) for day in days for address in self.addresses)
        return tuple(dict.fromkeys(dated))


@dataclass(frozen=True, slots=True)
class EventSource:
    """A source as the event crawls it; `allow` and `deny` are patterns for an article's path.

    A pattern is searched for, not matched whole; with no `allow`, every path that no `deny` finds will do.
    They bind articles, not the pages that lead to them. `delay` is the least number of seconds between two
    requests (robots.txt may ask for more), `max_pages` the most pages that one run fetches. Re-visits are at
    least `revisit_min` and at most `revisit_max` apart.
    """

    source: Source
    ways: tuple[Discovery, ...]
    delay: float | None = None
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    max_pages: int | None = None
    revisit_min: timedelta = timedelta(hours=6)
    revisit_max: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """A page known to be coverage of the event, with its source's key and its language if they are known."""

    address: str
    source: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What a crawl is after. `first_day` to `last_day` is the date window, margins included."""

    key: str
    name: str
    first_day: date
    last_day: date
    topic: Topic
    sources: tuple[EventSource, ...] = ()
    known: tuple[KnownAddress, ...] = ()

    def days(self) -> tuple[date, ...]:
        """Return every day of the window, in order."""
        return tuple(self.first_day + timedelta(n) for n in range((self.last_day - self.first_day).days + 1))

    def window_reason(self, day: date | None) -> str | None:
        """Return why a page of this day is outside the window; None when it is inside, or has no date."""
        if day is None or self.first_day <= day <= self.last_day:
            return None
        side = (
            f"before {self.first_day}, the first"
            if day < self.first_day
            else f"after {self.last_day}, the last"
        )
        return f"It is dated {day}, which is {side} day of the event's window."


def read_event(path: Path) -> Event:
    """Read an event file; `seeds/nato-ministerial-2024-12.toml` shows all it may say.

    Raises:
        SetupError: it cannot be read, is not TOML, or says something that newsfold does not understand; the
            sentence names the file, the line and the key.
    """
    root = Table.read(path)
    root.only({"event", "topic", "source", "known"})
    root.need("event", dict)
    event = root.table("event")
    event.only(_EVENT_KEYS)
    event.need("key", str)
    first, last = event.need("first_day", date), event.need("last_day", date)
    if last < first:
        event.fail("last_day", f"is {last}, which is before first_day, {first}")
    before, after = (event.number(key, int, 0, 366) or 0 for key in ("days_before", "days_after"))
    try:
        first, last = first - timedelta(before), last + timedelta(after)
    except OverflowError:
        event.fail("first_day", "lies at the end of the calendar")
    root.need("topic", dict)
    sources = _sources(root.table("source"))
    return Event(
        key=event.shaped("key", KEY, KEY_FORM) or "",
        name=event.need("name", str),
        first_day=first,
        last_day=last,
        topic=_topic(root.table("topic")),
        sources=sources,
        known=_known(root, {item.source.key for item in sources}),
    )


def _topic(table: Table) -> Topic:
    table.only({"required", "any", "least", "excluded"})
    required, any_of = _groups(table.table("required")), _groups(table.table("any"))
    if not required and not any_of:
        table.fail("", "has no group, neither required nor any")
    least = table.number("least", int, 0, len(any_of))
    excluded = _terms(table.table("excluded"), set())
    return Topic(required, any_of, min(1, len(any_of)) if least is None else least, excluded)


def _groups(table: Table) -> tuple[Group, ...]:
    groups = []
    for name in table.entry:
        table.need(name, dict)
        group = table.table(name)
        times = group.number("times", int, 1, 100)
        groups.append(Group(name, _terms(group, {"times"}), times or 1))
        if not groups[-1].terms:
            group.fail("", "has no terms; write them as a list under a language, such as en")
    return tuple(groups)


def _terms(table: Table, known: set[str]) -> tuple[str, ...]:
    """Read the terms under each language; the languages only sort them: every text is tried for all."""
    languages = [key for key in table.entry if LANGUAGE.fullmatch(key)]
    table.only(known.union(languages) or {"en", "uk", "de", "fr"})
    for language in languages:
        for term in table.texts(language):
            try:
                term_parts(term)
            except ValueError as error:
                table.fail(language, f"is wrong: {error}", term)
    return tuple(dict.fromkeys(term for language in languages for term in table.texts(language)))


def _sources(table: Table) -> tuple[EventSource, ...]:
    found: list[EventSource] = []
    owners: dict[str, str] = {}
    for key in table.entry:
        table.need(key, dict)
        entry = table.table(key)
        found.append(_event_source(entry))
        for host in found[-1].source.hosts:
            if owners.setdefault(host, key) != key:
                entry.fail("hosts", f"has {host!r}, which is already a host of source.{owners[host]}", host)
    return tuple(found)


def _event_source(table: Table) -> EventSource:
    table.only(SOURCE_KEYS | _CRAWL_KEYS)
    source = read_source(table)
    ways = tuple(map(_discovery, table.tables("way")))
    if not ways:
        table.fail(
            "", "has no way to find its coverage; write at least one [[" + f"source.{source.key}.way]]"
        )
    least = table.number("revisit_hours_min", int, 1, _YEARS) or 6
    most = table.number("revisit_hours_max", int, 1, _YEARS) or max(least, 720)
    if most < least:
        table.fail("revisit_hours_max", f"is {most}, which is less than revisit_hours_min, {least}")
    return EventSource(
        source=source,
        ways=ways,
        delay=table.number("delay", float, 0.0, 3600.0),
        allow=table.patterns("allow"),
        deny=table.patterns("deny"),
        max_pages=table.number("max_pages", int, 1, 1_000_000),
        revisit_min=timedelta(hours=least),
        revisit_max=timedelta(hours=most),
    )


def _discovery(table: Table) -> Discovery:
    way = table.need("way", str)
    if way not in _OPTIONS:
        table.fail("way", f"is {way!r}, which is no way of discovering; the ways are {', '.join(_OPTIONS)}")
    table.only({"way", "addresses"} | _OPTIONS[way])
    if way == "wayback":
        table.need("match", str)
    if way != "wayback" or "addresses" in table.entry:
        table.need("addresses", list)
    addresses = table.texts("addresses")
    for address in addresses:
        _check_address(table, "addresses", address, dated=True)
    if not addresses and way != "wayback":
        table.fail("addresses", "is empty")
    follow = table.take("follow", str)
    if follow is not None:
        table.pattern("follow", follow)
    return Discovery(
        way=cast("Way", way),
        addresses=addresses or (CDX,),
        item=table.take("item", str),
        next_page=table.take("next", str),
        item_date=table.take("date", str),
        follow=follow,
        search=table.texts("search"),
        match=table.take("match", str),
        depth=table.number("depth", int, 0, 100),
    )


def _known(root: Table, keys: set[str]) -> tuple[KnownAddress, ...]:
    found: dict[str, KnownAddress] = {}
    for entry in root.tables("known"):
        entry.only({"address", "source", "language"})
        address = entry.need("address", str)
        _check_address(entry, "address", address, dated=False)
        source = entry.take("source", str)
        if source is not None and source not in keys:
            entry.fail("source", f"is {source!r}, and the file has no [source.{source}]")
        if address in found:
            entry.fail("address", f"is {address!r}, which stands in the file before")
        language = entry.shaped("language", LANGUAGE, "two small letters, such as uk")
        found[address] = KnownAddress(address, source, language)
    return tuple(found.values())


def _check_address(table: Table, key: str, address: str, *, dated: bool) -> None:
    bare = _DATE_PLACE.sub("01", address) if dated else address
    try:
        parts = urlsplit(bare)
        web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        web = False
    if not web or re.search(r"\s", bare):
        table.fail(key, f"has {address!r}, which is not an http or https address", address)
    if "{" in bare or "}" in bare:
        places = (
            "only {year}, {month:02} and {day:02} may stand in braces" if dated else "it may have no braces"
        )
        table.fail(key, f"has {address!r}: {places}", address)
    if "@" in parts.netloc:
        table.fail(key, f"names a user for {parts.hostname}; an event file is no place for passwords")


def _dated(address: str, day: date) -> str:
    return _DATE_PLACE.sub(
        lambda place: place[0].format(year=day.year, month=day.month, day=day.day), address
    )
