"""What the extraction processes do: pages to prepared and judged texts, discovery pages to addresses.

All of it is pure, so a process that is killed costs the page it was at and nothing else. Scrapy and SQLAlchemy are
not imported here: the processes start without them.
"""

import gc
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from pipeline.address import canonical
from pipeline.clean.furniture import NO_FURNITURE, Furniture
from pipeline.crawl.challenge import challenge_reason
from pipeline.crawl.owning import Owners
from pipeline.discover.found import Found
from pipeline.engines.process import end_with_parent
from pipeline.errors import Quarantine
from pipeline.events import Event, EventSource
from pipeline.items import Capture, Listed, Prepared
from pipeline.judge import Judgement, judge
from pipeline.prepare import prepare
from pipeline.ways import Lead, Reading, read

_OK = 200


@dataclass(frozen=True, slots=True)
class PageRead:
    """What came of an article's page; `trouble` says why there is no prepared text."""

    prepared: Prepared | None
    judgement: Judgement | None
    trouble: Quarantine | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """An address that a discovery page offers: whose it is, and why it is not to be visited, if it is not."""

    address: str
    source: str
    listed: Listed
    fetch_address: str | None
    copied_at: datetime | None
    reason: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class OfferRead:
    """What a discovery page offers; `said` holds a sentence for each entry that could not be used."""

    addresses: tuple[Address, ...]
    leads: tuple[Lead, ...]
    said: tuple[str, ...]
    passed_over: int


class _Knowledge:
    event: Event
    sources: Mapping[str, EventSource]
    owners: Owners
    furniture: Furniture


def begin(event: Event, sources: Mapping[str, EventSource], furniture: Furniture = NO_FURNITURE) -> None:
    """Prepare a process for an event: what it wants, whose each host is, and what is known of the hosts' pages."""
    end_with_parent()
    _Knowledge.event = event
    _Knowledge.sources = sources
    _Knowledge.owners = Owners(event, sources)
    _Knowledge.furniture = furniture
    # What was imported stays: the collector need not look at it again with every page.
    gc.freeze()


def read_page(capture: Capture, *, is_wanted: bool) -> PageRead:
    """Prepare a page and judge it; one that was asked for by name is not judged.

    The trouble of a challenge has the reason `challenge`, and names it.
    """
    challenge = challenge_reason(_OK, capture.headers, capture.body)
    if challenge is not None:
        return PageRead(None, None, Quarantine("challenge", challenge))
    try:
        prepared = prepare(capture, _Knowledge.furniture)
    except Quarantine as trouble:
        return PageRead(None, None, trouble)
    return PageRead(prepared, None if is_wanted else judge(prepared, _Knowledge.event))


def read_offer(
    reading: Reading, body: bytes, address: str, headers: Mapping[str, str], source_key: str
) -> OfferRead:
    """Read a discovery page, and judge what it offers by address and stated date.

    Raises:
        SetupError: a selector of the event file is not CSS.
        Quarantine: it is a challenge; the reason is `challenge`, and the message names it.
    """
    challenge = challenge_reason(_OK, headers, body)
    if challenge is not None:
        raise Quarantine("challenge", challenge)
    source = _Knowledge.sources[source_key]
    offer, leads = read(reading, body, address, headers, source, _Knowledge.event)
    found: dict[str, Address] = {}
    said = list(offer.trouble)
    for one in offer.articles:
        try:
            judged = _judged(one, source_key)
        except ValueError as error:
            said.append(f"An entry of {address} was skipped: {error}.")
            continue
        found.setdefault(judged.address, judged)
    if reading["way"] == "section":
        # A section's pages may be articles too, and are known by one address.
        leads = tuple(_canonical_leads(leads, address, said))
    return OfferRead(tuple(found.values()), leads, tuple(said), offer.skipped)


def _canonical_leads(leads: Iterable[Lead], address: str, said: list[str]) -> Iterator[Lead]:
    for lead in leads:
        try:
            yield Lead(canonical(lead.address), lead.reading)
        except ValueError as error:
            said.append(f"A link of {address} was not followed: {error}.")


def _judged(found: Found, source_key: str) -> Address:
    address = canonical(found.address)
    listed = Listed(**{field.name: getattr(found, field.name) for field in fields(Listed)})
    owned = _Knowledge.owners.place(address, listed, source_key)
    return Address(
        address, owned.source, listed, found.fetch_address, found.captured_at, owned.reason, owned.message
    )
