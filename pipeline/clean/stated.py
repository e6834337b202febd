"""What a page's own markup states: title, dates, authors and the like, and the addresses it gives as its own."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipeline.clean.authors import read_authors
from pipeline.clean.beside import Level, beside_headline
from pipeline.clean.elements import first, joined, read_meta, seen_text
from pipeline.clean.flags import read_flags
from pipeline.clean.jsonld import LinkedData, read_linked_data, words
from pipeline.clean.lead import read_picture, read_standfirst
from pipeline.clean.pagedates import page_dates
from pipeline.clean.title import choose_title, read_headings, site_names
from pipeline.items import Author, Claim, DateClaim, Picture

_MOST_TWINS = 10
_FOR_PHONES = re.compile(r"handheld|max-(?:device-)?width", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Stated:
    """What the markup of a page states.

    `headings` are its `h1` texts; `headlines` these and its `title` element's. `canonical` is the address that the
    page gives as its own (`rel=canonical`, else `og:url`); `twins` are those it gives of other forms of itself (AMP,
    for phones, short). Both are whole, as they were stated, and not believed yet. `types` are those of its JSON-LD,
    with `og:` before OpenGraph's.
    """

    title: Claim | None
    headings: tuple[str, ...]
    headlines: tuple[str, ...]
    dates: tuple[DateClaim, ...]
    language: Claim | None
    canonical: str | None
    twins: tuple[str, ...]
    authors: tuple[Author, ...] = ()
    credits: tuple[Claim, ...] = ()
    section: Claim | None = None
    publisher: Claim | None = None
    picture: Picture | None = None
    flags: tuple[Claim, ...] = ()
    types: frozenset[str] = frozenset()


NOTHING_STATED = Stated(None, (), (), (), None, None, ())
"""Of a text that came without a page."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a page states things, read once: meta elements, JSON-LD, what is beside the headline, the site's names."""

    meta: Mapping[str, list[str]]
    linked: LinkedData
    levels: tuple[Level, ...]
    names: frozenset[str]


def read_stated_facts(
    tree: HtmlElement, *, timezone: str | None, address: str = ""
) -> tuple[Stated, Sources]:
    """Read what a page's markup states, and return where it does for what depends on the text too.

    Args:
        tree: the whole page, without comments; it is not changed.
        timezone: the source's IANA zone, for times that state no offset.
        address: where the page was fetched, for the addresses that it states in part.
    """
    meta = read_meta(tree)
    headings = read_headings(tree)
    element = next((seen_text(one) for one in tree.iter("title")), "")
    base = joined(address, next(iter(tree.xpath("//base/@href")), "")) or address
    canonical = _canonical(tree, base, meta)
    headlines = (*headings.first, element)
    known = (*headlines, first(meta, "og:title") or "")
    linked = read_linked_data(tree, known, (address, canonical or ""))
    names = site_names(meta, linked, address)
    levels = beside_headline(tree)
    authors, credits_ = read_authors(tree, meta, linked, levels, names)
    types = linked.types | {f"og:{kind.lower()}" for kind in meta.get("og:type", ())}
    stated = Stated(
        title=choose_title(tree, meta, linked, headings, names),
        headings=headings.first,
        headlines=headlines,
        dates=page_dates(tree, meta, linked, levels, timezone),
        language=_language(tree, meta, linked),
        canonical=canonical,
        twins=_twins(tree, base),
        authors=authors,
        credits=credits_,
        section=_section(meta, linked),
        publisher=_publisher(meta, linked),
        picture=read_picture(tree, meta, linked, base),
        flags=read_flags(meta, linked),
        types=types,
    )
    return stated, Sources(meta, linked, levels, names)


def standfirst_of(sources: Sources, paragraphs: list[str], title: str | None) -> Claim | None:
    """Return a page's standfirst (see `lead.read_standfirst`), which only its text can tell from a summary."""
    return read_standfirst(sources.levels, sources.meta, sources.linked, paragraphs, title, sources.names)


def _language(tree: HtmlElement, meta: Mapping[str, list[str]], linked: LinkedData) -> Claim | None:
    language = words(linked.article.get("inLanguage"))
    stated = (
        (tree.get("lang") or tree.get("xml:lang") or "", "html-lang"),
        (language, "json-ld"),
        (first(meta, "og:locale") or "", "opengraph"),
        (first(meta, "language", "dc.language", "content-language") or "", "meta"),
    )
    for value, origin in stated:
        code = re.split("[-_]", value.strip())[0].lower()
        if _LANGUAGE.fullmatch(code):
            return Claim(code, origin)
    return None


def _section(meta: Mapping[str, list[str]], linked: LinkedData) -> Claim | None:
    sections = linked.resolve(linked.article.get("articleSection"))
    stated = ((words(sections[0]) if sections else "", "json-ld"),
              (first(meta, "article:section", "og:article:section"), "opengraph"),
              (first(meta, "section", "parsely-section", "sailthru.section", "articlesection"), "meta"))  # fmt: skip
    return next((Claim(value, origin) for value, origin in stated if value), None)


def _publisher(meta: Mapping[str, list[str]], linked: LinkedData) -> Claim | None:
    names = linked.names(linked.article.get("publisher"))
    stated = ((names[0] if names else "", "json-ld"), (first(meta, "og:site_name"), "opengraph"),
              (first(meta, "publisher", "dc.publisher", "application-name"), "meta"))  # fmt: skip
    return next((Claim(value, origin) for value, origin in stated if value and "://" not in value), None)


def _linked(tree: HtmlElement, base: str, relation: str) -> Iterator[tuple[str, HtmlElement]]:
    """Yield the addresses of the page's links of a relation (`rel` holds words, in any case), with the links."""
    for link in tree.iter("link"):
        if relation in (link.get("rel") or "").lower().split():
            address = joined(base, link.get("href") or "")
            if address:
                yield address, link


def _canonical(tree: HtmlElement, base: str, meta: Mapping[str, list[str]]) -> str | None:
    stated = {address for address, _ in _linked(tree, base, "canonical")}
    if not stated:
        return joined(base, first(meta, "og:url") or "")
    # A page that gives two addresses as its own gives none.
    return stated.pop() if len(stated) == 1 else None


def _twins(tree: HtmlElement, base: str) -> tuple[str, ...]:
    found = [address for relation in ("amphtml", "shortlink") for address, _ in _linked(tree, base, relation)]
    for address, link in _linked(tree, base, "alternate"):
        if _FOR_PHONES.search(link.get("media") or ""):
            found.append(address)
    return tuple(dict.fromkeys(found))[:_MOST_TWINS]
