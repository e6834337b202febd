"""The ways of discovering: which pages each begins with, and what a page of it offers.

How a page is to be read travels with its address as a small JSON object (`reading`), so that the frontier can
hold it and a later crawl can take it up, whatever the event file says by then.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from pipeline.discover.feeds import read_feed
from pipeline.discover.found import Offer
from pipeline.discover.listings import read_listing
from pipeline.discover.section import read_section
from pipeline.discover.sitemaps import read_sitemap
from pipeline.discover.wayback import cdx_query, read_cdx
from pipeline.discover.wordpress import first_page, read_posts
from pipeline.events import Discovery, Event, EventSource

Reading = dict[str, Any]

MOST_PAGES = 200
"""Pages that one way follows from one start; a listing that goes on for longer leads in circles."""

ANY_LINK = "a[href]"
"""A listing's items where the event file does not say; the source's `allow` tells articles from the rest."""


@dataclass(frozen=True, slots=True)
class Start:
    """A page to begin with; without a reading it is an article itself."""

    address: str
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class Lead:
    """A further page to look at, and how."""

    address: str
    reading: Reading


def starts(discovery: Discovery, event: Event) -> Iterator[Start]:
    """Yield the pages that a way begins with."""
    reading: Reading = {"way": discovery.way}
    addresses = discovery.addresses_on(event.days())
    match discovery.way:
        case "addresses":
            yield from (Start(address, None) for address in addresses)
        case "wordpress":
            for base in addresses:
                for search in discovery.search or (None,):
                    yield Start(first_page(base, event.first_day, event.last_day, search), reading)
        case "wayback":
            for endpoint in addresses:
                query = cdx_query(discovery.match or "", event.first_day, event.last_day, endpoint=endpoint)
                yield Start(query, reading)
        case "listing":
            options = {"item": discovery.item, "next": discovery.next_page, "date": discovery.item_date}
            yield from _listings(
                discovery, event, reading | {key: css for key, css in options.items() if css}
            )
        case "section":
            depth = 1 if discovery.depth is None else discovery.depth
            yield from (Start(address, reading | {"depth": depth}) for address in addresses)
        case "sitemap" | "feed":
            options = {"follow": discovery.follow}
            reading |= {key: pattern for key, pattern in options.items() if pattern}
            yield from (Start(address, reading) for address in addresses)


def _listings(discovery: Discovery, event: Event, reading: Reading) -> Iterator[Start]:
    """Yield the listings; one that is of a single day says which, for the items that state none."""
    for address in discovery.addresses:
        alone = replace(discovery, addresses=(address,))
        if "{day" not in address:
            yield from (Start(dated, reading) for dated in alone.addresses_on(event.days()))
            continue
        for day in event.days():
            yield Start(alone.addresses_on((day,))[0], reading | {"day": day.isoformat()})


def read(
    reading: Reading,
    body: bytes,
    address: str,
    headers: Mapping[str, str],
    source: EventSource,
    event: Event,
) -> tuple[Offer, tuple[Lead, ...]]:
    """Read a page of a way: what it offers, and the pages that it leads on to.

    `address` is where the page came from in the end; `headers` are the answer's, by lower-case name.

    Raises:
        SetupError: a selector of the event file is not CSS.
    """
    content_type = headers.get("content-type")
    match reading["way"]:
        case "feed":
            offer = read_feed(body, address, event.first_day)
        case "sitemap":
            offer = _followed(read_sitemap(body, address, event.first_day, event.last_day), reading)
        case "wordpress":
            offer = read_posts(body, headers, address)
        case "wayback":
            offer = read_cdx(body, address)
        case "listing":
            offer = read_listing(
                body,
                address,
                reading.get("item", ANY_LINK),
                reading.get("next"),
                reading.get("date"),
                event.first_day,
                day=date.fromisoformat(reading["day"]) if "day" in reading else None,
                content_type=content_type,
            )
            offer = _allowed(offer, source)
        case "section":
            offer = read_section(
                body,
                address,
                hosts=source.source.hosts,
                articles="|".join(f"(?:{pattern})" for pattern in source.allow) or None,
                depth=reading.get("depth", 0),
                content_type=content_type,
            )
        case way:
            raise ValueError(f"There is no way of discovering named {way!r}.")
    return _followed_on(offer, reading)


def _followed(offer: Offer, reading: Reading) -> Offer:
    """Leave out the sitemaps of an index whose address does not match `follow`."""
    if "follow" not in reading:
        return offer
    wanted = re.compile(reading["follow"])
    more = tuple(address for address in offer.more if wanted.search(address))
    return replace(offer, more=more, skipped=offer.skipped + len(offer.more) - len(more))


def _allowed(offer: Offer, source: EventSource) -> Offer:
    """Leave out a page's links that are no articles by the source's own word: its menu, its footer."""
    if not source.allow:
        return offer
    wanted = re.compile("|".join(f"(?:{pattern})" for pattern in source.allow))
    articles = tuple(found for found in offer.articles if wanted.search(urlsplit(found.address).path))
    return replace(offer, articles=articles, skipped=offer.skipped + len(offer.articles) - len(articles))


def _followed_on(offer: Offer, reading: Reading) -> tuple[Offer, tuple[Lead, ...]]:
    page = reading.get("page", 1) + 1
    if offer.more and page > MOST_PAGES:
        said = f"It leads on to a page {page}, and no way is followed further than {MOST_PAGES} pages."
        return replace(offer, more=(), trouble=(*offer.trouble, said)), ()
    onward = reading | {"page": page}
    if "depth" in reading:
        onward["depth"] = reading["depth"] - 1
    return offer, tuple(Lead(address, onward) for address in offer.more)
