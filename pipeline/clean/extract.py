"""HTML to lines and stated facts: trafilatura finds the body, the page's own markup gives the rest."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

import trafilatura
from lxml import etree
from lxml.html import HtmlElement
from w3lib.encoding import html_to_unicode

from pipeline.clean.canonical import fold_title, split_lines, tidy_line
from pipeline.clean.dates import timed_claim
from pipeline.errors import Quarantine
from pipeline.items import Claim, DateClaim, DateKind

EXTRACTOR = f"trafilatura-{version('trafilatura')}+page-1"
"""Named in the recipe; raise its last number whenever this module would read anything else from a page."""

_META_DATES: tuple[tuple[str, DateKind], ...] = (
    ("article:published_time", "published"),
    ("og:article:published_time", "published"),
    ("article:modified_time", "modified"),
    ("og:updated_time", "modified"),
)
_ARTICLE_TYPES = ("Article", "BlogPosting", "Report")


@dataclass(frozen=True, slots=True)
class Extract:
    """The lines of a page's body as the extractor gave them, and what its markup states."""

    lines: list[str]
    title: Claim | None
    headings: tuple[str, ...]
    dates: tuple[DateClaim, ...]
    language: Claim | None


def extract(body: bytes, *, content_type: str | None, timezone: str | None) -> Extract:
    """Extract a page's body text and its stated title, dates and language.

    Args:
        body: the page as it was fetched.
        content_type: the HTTP header's value, for the charset it may name.
        timezone: the source's IANA zone, for times that state no offset.

    Raises:
        Quarantine: the bytes are no HTML page, or the page has no article in it.
    """
    _, text = html_to_unicode(content_type, body, default_encoding="utf-8")
    tree = trafilatura.load_html(text.replace("\0", ""))
    if tree is None:
        raise Quarantine("not-html", "The page could not be read as HTML.")
    # trafilatura cuts text at comments that are still in the tree.
    etree.strip_tags(tree, etree.Comment, etree.ProcessingInstruction)
    facts = list(_linked_data(tree))
    headings = _headings(tree)
    title = _title(tree, facts, headings)
    dates = tuple(_dates(tree, facts, timezone))
    declared_language = re.split("[-_]", tidy_line(tree.get("lang") or ""))[0].lower()
    found = trafilatura.extract(tree, include_comments=False, deduplicate=False)
    if not found:
        raise Quarantine("no-article", "The page has no article that could be extracted.")
    return Extract(
        lines=split_lines(found),
        title=title,
        headings=headings,
        dates=dates,
        language=Claim(declared_language, "html-lang") if declared_language else None,
    )


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
    for node in facts:
        for key, kind in kinds:
            yield from _iso_claim(kind, "json-ld", node.get(key), timezone)
    for name, meta_kind in _META_DATES:
        yield from _iso_claim(meta_kind, "opengraph", _meta(tree, name), timezone)
    times = tree.xpath("//article//time[@datetime]/@datetime") or tree.xpath("//time[@datetime]/@datetime")
    if len(set(times)) == 1:
        # Several different times on a page date several things, and nothing says which.
        yield from _iso_claim("published", "time-element", times[0], timezone)


def _iso_claim(kind: DateKind, origin: str, value: object, timezone: str | None) -> Iterator[DateClaim]:
    """Yield the claim of an ISO 8601 value, or nothing where it is not one."""
    raw = tidy_line(str(value)) if isinstance(value, str) else ""
    try:
        when = datetime.fromisoformat(raw)
    except ValueError:
        return
    if len(raw) <= len("2024-12-04"):
        yield DateClaim(kind, origin, raw, when.date())
    else:
        yield timed_claim(kind, origin, raw, when, timezone)
