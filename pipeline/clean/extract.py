"""HTML to lines and stated facts: trafilatura finds the body, the page's own markup gives the rest."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any
from urllib.parse import urldefrag, urljoin

import trafilatura
from lxml import etree
from lxml.html import HtmlElement
from w3lib.encoding import html_to_unicode

from pipeline.clean.byline import byline_date
from pipeline.clean.canonical import fold_title, split_lines, tidy_line
from pipeline.clean.dates import claim_from_value
from pipeline.clean.markup import without_absurd_tags
from pipeline.clean.missing import not_found_line
from pipeline.errors import Quarantine
from pipeline.items import Claim, DateClaim, DateKind

EXTRACTOR = f"trafilatura-{version('trafilatura')}+page-2"
"""Named in the recipe; raise its last number whenever this module would read anything else from a page."""

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
class Extract:
    """The lines of a page's body as the extractor gave them, and what its markup states.

    `canonical` is the address that the page gives as its own (`rel=canonical`, else `og:url`); `twins` are those it
    gives of other forms of itself (AMP, for phones, short). Both are whole, as they were stated, and not believed yet.
    """

    lines: list[str]
    title: Claim | None
    headings: tuple[str, ...]
    dates: tuple[DateClaim, ...]
    language: Claim | None
    canonical: str | None = None
    twins: tuple[str, ...] = ()


def extract(body: bytes, *, content_type: str | None, timezone: str | None, address: str = "") -> Extract:
    """Extract a page's body text and its stated title, dates, language and addresses.

    Args:
        body: the page as it was fetched.
        content_type: the HTTP header's value, for the charset it may name.
        timezone: the source's IANA zone, for times that state no offset.
        address: where the page was fetched, for the addresses that it states in part.

    Raises:
        Quarantine: the bytes are no HTML page, or the page has no article in it, or says that it was not found.
    """
    _, text = html_to_unicode(content_type, body, default_encoding="utf-8")
    tree = trafilatura.load_html(without_absurd_tags(text.replace("\0", "")))
    if tree is None:
        raise Quarantine("not-html", "The page could not be read as HTML.")
    # trafilatura cuts text at comments that are still in the tree.
    etree.strip_tags(tree, etree.Comment, etree.ProcessingInstruction)
    facts = list(_linked_data(tree))
    headings = _headings(tree)
    title = _title(tree, facts, headings)
    dates = tuple(_dates(tree, facts, timezone))
    if not any(claim.kind == "published" for claim in dates):
        beside = byline_date(tree, timezone)
        dates += (beside,) if beside else ()
    declared_language = re.split("[-_]", tidy_line(tree.get("lang") or ""))[0].lower()
    base = _joined(address, next(iter(tree.xpath("//base/@href")), "")) or address
    canonical, twins = _canonical(tree, base), _twins(tree, base)
    headlines = (*headings, *(tidy_line(found.text_content()) for found in tree.xpath("//head/title")[:1]))
    found = trafilatura.extract(tree, include_comments=False, deduplicate=False)
    missing = not_found_line(headlines, found or "")
    if missing is not None:
        raise Quarantine("not-found", f"The page was sent as if it were there, and says {missing[:80]!r}.")
    if not found:
        raise Quarantine("no-article", "The page has no article that could be extracted.")
    return Extract(
        lines=split_lines(found),
        title=title,
        headings=headings,
        dates=dates,
        language=Claim(declared_language, "html-lang") if declared_language else None,
        canonical=canonical,
        twins=twins,
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
