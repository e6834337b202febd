"""Listing pages: article links, the titles and dates beside them, and the way to the next page, by CSS selectors."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

from lxml import etree
from lxml.cssselect import CSSSelector, SelectorError, SelectorSyntaxError

from pipeline.discover.found import Found, Gather, Offer
from pipeline.discover.page import read_page, text_of
from pipeline.discover.stated import NOT_STATED, Stated, plain, read_stated
from pipeline.errors import SetupError

Select = Callable[[etree._Element], list[etree._Element]]  # noqa: SLF001 -- lxml has no other name for it

_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_DATE_ATTRIBUTES = ("datetime", "content", "data-date", "title")
_LONGEST_DATE = 200  # characters of an element that may hold a date
_CLIMB = 4  # elements around a bare link in which its date is looked for
_MOST_DAYS = 3_700  # ten years: a longer window is a slip of the pen


def read_listing(
    body: bytes,
    address: str,
    item: str,
    next_: str | None = None,
    date: str | None = None,
    first_day: date | None = None,
    *,
    day: date | None = None,
    content_type: str | None = None,
) -> Offer:
    """Return the articles that a listing page links to, and as `more` the page after it.

    `item` selects one element an article: the link, or a block that holds it. `next_` selects the link to the
    next page; `date` the date within an item (or beside it, where the item is a bare link), `time` unless
    stated. `day` is the day that a dated listing is of: it dates the items that state none. The listing ends, without
    `more`, where every dated item is from before `first_day`.

    Raises:
        SetupError: a selector is not CSS.
    """
    items, following, dated = selector(item), selector(next_) if next_ else None, selector(date or "time")
    gather = Gather(address, "listing")
    root = read_page(gather, body, content_type)
    if root is None:
        return gather.offer()
    elements = items(root)
    if not elements:
        gather.say(f"The listing {address} has no element that {item!r} selects.")
    known = set(elements)
    for element in elements:
        link = _link(element)
        if link is None:
            gather.say(f"An entry of the listing {address} was skipped: it has no link.")
            continue
        to = gather.resolve(link.get("href"))
        if to is None:
            continue
        stated = _date(element, dated, known)
        on = stated.on or day
        gather.article(
            Found(to, _title(element, link), stated.raw, stated.at, on, origin="listing"),
        )
    dated_items = [found for found in gather.articles() if found.published_on]
    is_over = first_day is not None and dated_items and all(f.is_before(first_day) for f in dated_items)
    if following is not None and not is_over:
        for link in following(root)[:1]:
            gather.page(link.get("href"))
    return gather.offer()


def expand_days(template: str, first_day: date, last_day: date) -> Iterator[str]:
    """Yield the address of the dated listing of each day, newest first.

    The template names the parts of the day: `https://example.org/news/{year}-{month:02d}-{day:02d}/`.

    Raises:
        SetupError: the template names something else, or the window has no end in sight.
    """
    days = (last_day - first_day).days + 1
    if days > _MOST_DAYS:
        raise SetupError(f"The window from {first_day} to {last_day} has {days:,} days; make it shorter.")
    for back in range(max(days, 0)):
        one = last_day - timedelta(days=back)
        try:
            yield template.format(year=one.year, month=one.month, day=one.day)
        except (LookupError, ValueError, AttributeError) as error:
            raise SetupError(
                f"The address {template!r} may name {{year}}, {{month:02d}} and {{day:02d}} only."
            ) from error


@lru_cache(maxsize=256)
def selector(css: str) -> Select:
    """Return a function that gives the elements below another one that a CSS selector selects.

    Raises:
        SetupError: it is not CSS; the message shows it.
    """
    try:
        select: Any = CSSSelector(css, translator="html")
    except (SelectorError, SelectorSyntaxError, etree.XPathError) as error:
        raise SetupError(f"{css!r} is not a CSS selector: {error}.") from error
    return lambda element: [one for one in select(element) if isinstance(one, etree._Element)]  # noqa: SLF001


def _link(element: etree._Element) -> etree._Element | None:
    """Return the link that is an item, or that it holds: the headline's, else the one with the most words."""
    if element.tag == "a":
        return element if element.get("href") else None
    links = [link for link in element.iter("a") if link.get("href")]
    in_heading = [link for link in links if _has_heading(link, element)]
    return max(in_heading or links, key=lambda link: len(text_of(link)), default=None)


def _has_heading(link: etree._Element, item: etree._Element) -> bool:
    for above in link.iterancestors():
        if above.tag in _HEADINGS:
            return True
        if above is item:
            break
    return next(link.iter(*_HEADINGS), None) is not None


def _title(item: etree._Element, link: etree._Element) -> str | None:
    heading = next(link.iter(*_HEADINGS), None)
    if heading is None and not text_of(link):
        heading = next(item.iter(*_HEADINGS), None)
    return plain(text_of(link if heading is None else heading)) or plain(link.get("title"))


def _date(element: etree._Element, dated: Select, items: set[etree._Element]) -> Stated:
    places = dated(element)
    if element.tag == "a":
        for around in islice(element.iterancestors(), _CLIMB):
            if places or not _holds_one(around, items):
                break
            places = dated(around)
    first = NOT_STATED
    for place in places:
        stated = [place.get(name) for name in _DATE_ATTRIBUTES if place.get(name)]
        for text in [*stated, text_of(place)[:_LONGEST_DATE]]:
            read = read_stated(text)
            if read.on:
                return read
            first = first if first.raw else read
    return first


def _holds_one(parent: etree._Element, items: set[etree._Element]) -> bool:
    """Tell whether an element holds one item only, so that a date in it is that item's."""
    return sum(1 for one in parent.iter("a") if one in items) == 1
