"""What a crawl goes after: the event's sources, those implied by known addresses, and the user's own choice of them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.address import canonical, host_of
from pipeline.errors import SetupError
from pipeline.events import Discovery, Event, EventSource, Way
from pipeline.items import Source
from pipeline.settings import CHECKOUT
from pipeline.ways import Reading, starts

DEFAULT_EVENT = CHECKOUT / "seeds" / "nato-ministerial-2024-12.toml"

DEFAULT_DELAY = 1.0
"""Seconds between two requests to a host whose source states none."""

ARCHIVE_DELAY = 4.0
"""Seconds between two requests to the Wayback Machine, which turns away those who ask more often."""

_ARCHIVE_HOSTS = ("web.archive.org",)


@dataclass(frozen=True, slots=True)
class Options:
    """What the user chose; empty means all.

    `limit` is the most articles to be fetched of each source. With `urls` only these addresses are fetched, whatever
    the event says of them. With `revisit` what is not due yet is visited too.
    """

    event: Path = DEFAULT_EVENT
    sources: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()
    urls: tuple[str, ...] = ()
    limit: int | None = None
    revisit: bool = False


@dataclass(frozen=True, slots=True)
class Beginning:
    """An address that a crawl begins with: without a reading it is an article."""

    source: str
    address: str
    reading: Reading | None
    is_wanted: bool = False


def chosen_sources(event: Event, options: Options) -> dict[str, EventSource]:
    """Return the sources to be crawled, by their keys.

    Raises:
        SetupError: the event has no source of a name that was chosen, or an address is none.
    """
    every = all_sources(event, options.urls)
    if options.urls:
        wanted = {owner_of(url, every) for url in options.urls}
        return {key: item for key, item in every.items() if key in wanted}
    unknown = [key for key in options.sources if key not in every]
    if unknown:
        raise SetupError(
            f"The event file {options.event} has no source {unknown[0]!r}; it has {', '.join(sorted(every))}."
        )
    chosen = {key: item for key, item in every.items() if not options.sources or key in options.sources}
    if options.ways:
        chosen = {key: item for key, item in chosen.items() if any(d.way in options.ways for d in item.ways)}
        if not chosen:
            raise SetupError(
                f"No source that was chosen is discovered by {' or '.join(options.ways)}. `newsfold sources` "
                "shows how each one is."
            )
    return chosen


def all_sources(event: Event, urls: Iterable[str] = ()) -> dict[str, EventSource]:
    """Return the event's sources, and one for each other host of its known addresses and of `urls`.

    Raises:
        SetupError: one of the urls is not a web address.
    """
    sources = {item.source.key: item for item in event.sources}
    owners = {host: key for key, item in sources.items() for host in item.source.hosts}
    known = [(one.address, one.source, one.language) for one in event.known]
    for address, source, language in [*known, *((url, None, None) for url in urls)]:
        host = host_of(_checked(address))
        if source is None and host not in owners:
            implied = implied_source(host, language)
            sources.setdefault(implied.source.key, implied)
            owners |= dict.fromkeys(implied.source.hosts, implied.source.key)
    return sources


def owner_of(address: str, sources: dict[str, EventSource]) -> str:
    """Return the key of the source that an address's host belongs to."""
    host = host_of(_checked(address))
    for key, item in sources.items():
        if host in item.source.hosts:
            return key
    return implied_source(host, None).source.key


def beginnings(event: Event, sources: dict[str, EventSource], options: Options) -> Iterator[Beginning]:
    """Yield the addresses that a crawl of some sources begins with."""
    if options.urls:
        every = all_sources(event, options.urls)
        for url in options.urls:
            owner = owner_of(url, every)
            if owner in sources:
                yield Beginning(owner, canonical(url), None, is_wanted=True)
        return
    for key, item in sources.items():
        for discovery in item.ways:
            if options.ways and discovery.way not in options.ways:
                continue
            for start in starts(discovery, event):
                address = start.address if start.reading else canonical(start.address)
                yield Beginning(key, address, start.reading)
    if options.ways and "addresses" not in options.ways:
        return
    every = all_sources(event)
    for one in event.known:
        owner = one.source or owner_of(one.address, every)
        if owner in sources:
            yield Beginning(owner, canonical(one.address), None, is_wanted=True)


def delays(sources: Iterable[EventSource]) -> dict[str, float]:
    """Return the least seconds between two requests, by host."""
    found = dict.fromkeys(_ARCHIVE_HOSTS, ARCHIVE_DELAY)
    for item in sources:
        delay = DEFAULT_DELAY if item.delay is None else item.delay
        for discovery in item.ways:
            # An archive that the event file names itself is asked as often as the source.
            for address in discovery.addresses if discovery.way == "wayback" else ():
                found[host_of(address)] = max(found.get(host_of(address), 0.0), delay)
        found |= dict.fromkeys(item.source.hosts, delay)
    return found


def implied_source(host: str, language: str | None) -> EventSource:
    """Return the source of an address that no source of the event claims: its host is all that is known of it."""
    bare = host.removeprefix("www.")
    key = re.sub(r"[^a-z0-9]+", "-", bare).strip("-") or "unnamed"
    source = Source(key, bare, hosts=tuple(dict.fromkeys((host, bare, f"www.{bare}"))), language=language)
    return EventSource(source=source, ways=(Discovery("addresses", ()),))


def _checked(address: str) -> str:
    try:
        return canonical(address)
    except ValueError as error:
        raise SetupError(f"{address!r} is no address to crawl: {error}.") from error


def limited(item: EventSource, limit: int | None) -> EventSource:
    """Return a source with the run's own limit of pages."""
    return item if limit is None else replace(item, max_pages=limit)
