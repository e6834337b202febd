"""What a discovery page offers: addresses of articles, further pages to look at, and what could not be used."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Literal
from urllib.parse import urldefrag, urljoin, urlsplit

Origin = Literal["feed", "sitemap", "news-sitemap", "wordpress", "listing", "section", "wayback"]

LONGEST_ADDRESS = 2_000
"""Characters; the sitemap protocol allows 2,048, and no database index likes more."""
_MOST_TROUBLE = 100  # sentences of one page; the rest are counted
_SHOWN = 120  # characters of an unusable address
_HAS_NO_HOST = ("mailto:", "tel:", "sms:", "javascript:", "data:", "about:", "blob:")


@dataclass(frozen=True, slots=True)
class Found:
    """The address of one article, and what the discovery page says of it.

    `published` and `modified` are as they were stated. `..._at` is aware, and set only when the time and its
    zone are both stated; `..._on` is the day as the page states it. `fetch_address` is where the bytes are
    when that is not `address`, and `captured_at` when they were taken there (an archive's copy).
    """

    address: str
    title: str | None = None
    published: str | None = None
    published_at: datetime | None = None
    published_on: date | None = None
    modified: str | None = None
    modified_at: datetime | None = None
    modified_on: date | None = None
    origin: Origin = "feed"
    fetch_address: str | None = None
    captured_at: datetime | None = None

    def is_before(self, day: date) -> bool:
        """Tell whether the article is certainly older than a day; one without a date is not.

        A page that last changed before the day was not published on it or after it.
        """
        return _is_before(self.published_on, self.published_at, day) or _is_before(
            self.modified_on, self.modified_at, day
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """All that one discovery page offers, in the page's order, each address once.

    `more` are further discovery pages (the next page, child sitemaps). `trouble` holds a sentence for each
    entry or part that could not be used. `skipped` counts what was left out on purpose: child sitemaps
    outside the window, captures that are not pages, links outside a section.
    """

    articles: tuple[Found, ...] = ()
    more: tuple[str, ...] = ()
    trouble: tuple[str, ...] = ()
    skipped: int = 0


def _is_before(on: date | None, at: datetime | None, day: date) -> bool:
    # The later of the two readings of the day: 23:30 in New York is the next day in UTC.
    days = [one for one in (on, at.astimezone(UTC).date() if at else None) if one]
    return bool(days) and max(days) < day


class Gather:
    """Collects an offer: resolves and checks addresses, keeps order, drops duplicates, keeps sentences.

    `address` is where the page came from, `what` its name in sentences ("feed", "sitemap").
    """

    def __init__(self, address: str, what: str) -> None:
        self.address = address
        self.what = what
        self.base = address
        self.skipped = 0
        self._found: dict[str, Found] = {}
        self._more: dict[str, None] = {}
        self._trouble: list[str] = []
        self._untold = 0

    def say(self, sentence: str) -> None:
        """Keep a sentence about something that could not be used."""
        if len(self._trouble) < _MOST_TROUBLE:
            self._trouble.append(sentence)
        else:
            self._untold += 1

    def resolve(self, stated: str | None) -> str | None:
        """Return the absolute http or https address, without a fragment; else say why not, and return None."""
        try:
            return resolve(self.base, stated)
        except ValueError as error:
            self.say(f"An entry of the {self.what} {self.address} was skipped: {error}.")
            return None

    def article(self, found: Found) -> None:
        """Add an article; of one that is there already, fill in what is not known yet."""
        known = self._found.get(found.address)
        if known is None:
            self._found[found.address] = found
            return
        names = (field.name for field in fields(Found))
        gaps = {name: getattr(found, name) for name in names if getattr(known, name) is None}
        self._found[found.address] = replace(known, **gaps)

    def page(self, stated: str | None) -> None:
        """Add a further discovery page, unless it is the page that is being read."""
        address = self.resolve(stated)
        if address == urldefrag(self.address).url:
            self.say(f"The {self.what} {self.address} leads to itself; that was not followed.")
        elif address is not None:
            self._more[address] = None

    def articles(self) -> Iterable[Found]:
        """The articles so far."""
        return self._found.values()

    def offer(self) -> Offer:
        """Return what was collected."""
        trouble = list(self._trouble)
        if self._untold:
            trouble.append(
                f"{self._untold:,} more entries of the {self.what} {self.address} could not be used."
            )
        return Offer(tuple(self._found.values()), tuple(self._more), tuple(trouble), self.skipped)


def resolve(base: str, stated: str | None) -> str:
    """Return the absolute http or https address of a link on a page.

    Raises:
        ValueError: it has none; the message is a clause that says why.
    """
    stated = (stated or "").strip()
    if not stated:
        raise ValueError("it has no address")
    shown = ascii(stated[:_SHOWN])[1:-1]
    if stated.lower().startswith(_HAS_NO_HOST):
        raise ValueError(f"{shown} is not an http address")
    if len(stated) > LONGEST_ADDRESS:
        raise ValueError(f"its address has {len(stated):,} characters ({shown}...)")
    try:
        address = urldefrag(urljoin(base, stated)).url
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"{shown} is not a valid address") from None
    if parts.scheme not in {"http", "https"}:
        raise ValueError(f"{shown} is not an http address")
    if not host or any(char < " " or "\ud800" <= char <= "\udfff" for char in address):
        raise ValueError(f"{shown} is not a valid address")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"the address at {host} carries a user name")
    return address
