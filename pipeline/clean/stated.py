"""What a page's own markup states: title, dates, language, and the addresses it gives as its own."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urljoin

from lxml.html import HtmlElement

from pipeline.clean.byline import byline_date
from pipeline.clean.canonical import fold_title, tidy_line
from pipeline.clean.dates import claim_from_value
from pipeline.items import Claim, DateClaim, DateKind

_META_DATES: tuple[tuple[str, DateKind], ...] = (
    ("article:published_time", "published"),
    ("og:article:published_time", "published"),
    ("article:modified_time", "modified"),
    ("og:updated_time", "modified"),
)
_ARTICLE_TYPES = ("Article", "BlogPosting", "Report")
_MOST_TWINS = 10
_FOR_PHONES = re.compile(r"handheld|max-(?:device-)?width", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stated:
    """What the markup of a page states.

    `headlines` are its `h1` texts and its `title` element's. `canonical` is the address that the page gives as its
    own (`rel=canonical`, else `og:url`); `twins` are those it gives of other forms of itself (AMP, for phones,
    short). Both are whole, as they were stated, and not believed yet.
    """

    title: Claim | None
    headings: tuple[str, ...]
    headlines: tuple[str, ...]
    dates: tuple[DateClaim, ...]
    language: Claim | None
    canonical: str | None
    twins: tuple[str, ...]


def read_stated_facts(tree: HtmlElement, *, timezone: str | None, address: str = "") -> Stated:
    """Read what a page's markup states.

    Args:
        tree: the whole page, without comments; it is not changed.
        timezone: the source's IANA zone, for times that state no offset.
        address: where the page was fetched, for the addresses that it states in part.
    """
    facts = list(_linked_data(tree))
    headings = _headings(tree)
    dates = tuple(_dates(tree, facts, timezone))
    if not any(claim.kind == "published" for claim in dates):
        beside = byline_date(tree, timezone)
        dates += (beside,) if beside else ()
    declared_language = re.split("[-_]", tidy_line(tree.get("lang") or ""))[0].lower()
    base = _joined(address, next(iter(tree.xpath("//base/@href")), "")) or address
    return Stated(
        title=_title(tree, facts, headings),
        headings=headings,
        headlines=(*headings, *(tidy_line(one.text_content()) for one in tree.xpath("//head/title")[:1])),
        dates=dates,
        language=Claim(declared_language, "html-lang") if declared_language else None,
        canonical=_canonical(tree, base),
        twins=_twins(tree, base),
    )


def _joined(base: str, stated: str) -> str | None:
    """Return a stated address whole, without its fragment; None where it is none."""
    try:
        whole = urldefrag(urljoin(base, stated.strip())).url
    except ValueError:
        return None
    return whole if stated.strip() and whole.lower().startswith(("http://", "https://")) else None


def _linked(tree: HtmlElement, base: str, relation: str) -> Iterator[tuple[str, HtmlElement]]:
    """Yield the addresses of the page's links of a relation (`rel` holds words, in any case), with the links."""
    for link in tree.iter("link"):
        if relation in (link.get("rel") or "").lower().split():
            address = _joined(base, link.get("href") or "")
            if address:
                yield address, link


def _canonical(tree: HtmlElement, base: str) -> str | None:
    stated = {address for address, _ in _linked(tree, base, "canonical")}
    if not stated:
        return _joined(base, _meta(tree, "og:url") or "")
    # A page that gives two addresses as its own gives none.
    return stated.pop() if len(stated) == 1 else None


def _twins(tree: HtmlElement, base: str) -> tuple[str, ...]:
    found = [address for relation in ("amphtml", "shortlink") for address, _ in _linked(tree, base, relation)]
    for address, link in _linked(tree, base, "alternate"):
        if _FOR_PHONES.search(link.get("media") or ""):
            found.append(address)
    return tuple(dict.fromkeys(found))[:_MOST_TWINS]


def _linked_data(tree: HtmlElement) -> Iterator[Mapping[str, Any]]:
    """Yield the article nodes of the page's JSON-LD (schema.org NewsArticle and its kin)."""
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        with suppress(ValueError, RecursionError):
            # Pages carry raw line breaks inside JSON strings.
            yield from _article_nodes(json.loads(script.text_content(), strict=False))


def _article_nodes(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _article_nodes(item)
    elif isinstance(value, dict):
        kinds = value.get("@type", "")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if any(str(kind).endswith(_ARTICLE_TYPES) for kind in kinds):
            yield value
        for inner in ("@graph", "mainEntity"):
            yield from _article_nodes(value.get(inner, []))


def _meta(tree: HtmlElement, name: str) -> str | None:
    for content in tree.xpath("//meta[@property=$name or @name=$name]/@content", name=name):
        if tidy_line(str(content)):
            return tidy_line(str(content))
    return None


def _headings(tree: HtmlElement) -> tuple[str, ...]:
    texts = (tidy_line(heading.text_content()) for heading in tree.iter("h1"))
    return tuple(text for text in texts if text)


def _title(tree: HtmlElement, facts: list[Mapping[str, Any]], headings: tuple[str, ...]) -> Claim | None:
    for node in facts:
        if isinstance(node.get("headline"), str) and tidy_line(node["headline"]):
            return Claim(tidy_line(node["headline"]), "json-ld")
    stated = _meta(tree, "og:title")
    # og:title often carries the site's name; the page's one heading does not.
    if len(headings) == 1 and (stated is None or fold_title(headings[0]) in fold_title(stated)):
        return Claim(headings[0], "h1")
    return Claim(stated, "opengraph") if stated else None


def _dates(tree: HtmlElement, facts: list[Mapping[str, Any]], timezone: str | None) -> Iterator[DateClaim]:
    kinds: tuple[tuple[str, DateKind], ...] = (("datePublished", "published"), ("dateModified", "modified"))
    stated: list[tuple[DateKind, str, object]] = []
    for node in facts:
        for key, kind in kinds:
            stated.append((kind, "json-ld", node.get(key)))
    stated += [(kind, "opengraph", _meta(tree, name)) for name, kind in _META_DATES]
    times = tree.xpath("//article//time[@datetime]/@datetime") or tree.xpath("//time[@datetime]/@datetime")
    if len(set(times)) == 1:
        # Several different times on a page date several things, and nothing says which.
        stated.append(("published", "time-element", str(times[0])))
    for kind, origin, value in stated:
        claim = claim_from_value(kind, origin, value, timezone)
        if claim is not None:
            yield claim
