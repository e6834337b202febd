"""Whom a page's elements name as its author: by their marks, beside the headline, and by what they are called."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from pipeline.clean.beside import Level, own_lines
from pipeline.clean.canonical import tidy_line
from pipeline.clean.elements import seen_text
from pipeline.clean.names import is_byline, people_and_others
from pipeline.items import Author

_NAMED = re.compile(
    r"(?:^|[\s_-])(?:byline|by-line|author|autor|auteur|autore|writer|signature)(?:s|[_-]?(?:name|link)s?)?(?:$|[\s_-])"
    r"|(?:^|[\s_-]|[a-z])(?:Byline|Author)(?:s|Names?|Link)?(?![a-z])",
    re.IGNORECASE,
)
_NAMED_OTHERWISE = re.compile(
    r"bio|about|comment|avatar|image|picture|photo|foto|social|box|date|time|related|share|caption|credit|role|title|email",
    re.IGNORECASE,
)
# From the attributes to their elements: many times quicker than the other way round.
_MARKED = etree.XPath(
    "//@rel[contains(., 'author') or contains(., 'has_creator')]/.. | //@itemprop[.='author' or .='creator']/.."
    " | //@property[.='author' or .='schema:author' or .='dc:creator']/.."
)
_PART_OF_NAME = re.compile("uthor|yline|uteur|utor")
_PART_OF_ADDRESS = re.compile("/(?:aut|journalist|redakt|people/|profile)")
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autore?n?|autori|auteurs?|journalists?|redakteure?|people|profiles?)/[^/]", re.IGNORECASE
)
_ABOUT_ANOTHER = re.compile(r"Comment|Image|Photo|Video|Review|Quotation|Book|Movie", re.IGNORECASE)
_AUTHOR_MARKS = frozenset(["author", "creator", "has_creator"])
_UNSEEN = frozenset(["meta", "link", "head", "body", "html"])
_FRAME = frozenset(["aside", "nav", "form", "figure", "figcaption"])
_NAMED_APART = re.compile(
    r"(?:^|[\s_-])(?:comments?|related|recommend\w*|teasers?|cards?|most-read|sidebar|popular|latest|widget)(?:$|[\s_-])",
    re.IGNORECASE,
)
_MOST_LOOKED_AT = 30
_MOST_PIECES = 24
_FEW = 4
_SILENT = frozenset(["script", "style", "svg", "button", "time", "img", "noscript", "select"])


def authors_in(lines: Iterable[str], origin: str) -> Iterator[Author]:
    """Yield whom bylines name, people and others."""
    for line in lines:
        for name, kind in people_and_others(line):
            yield Author(name, origin, kind)


def marked_authors(tree: HtmlElement) -> Iterator[Author]:
    """Yield whom elements name that are marked as the author: by `rel`, by microdata or by RDFa."""
    found: Any = _MARKED(tree)  # an expression may give anything; this one gives elements
    inside: set[HtmlElement] = set()
    own = _around_headline(tree) if found else frozenset()
    for element in found[:_MOST_LOOKED_AT]:
        if element.tag in _UNSEEN or "author" not in _marks(element) or _is_of_another(element, own):
            continue
        if not inside.isdisjoint(element.iterancestors()):
            continue  # the link in what has been read already
        inside.add(element)
        named = [one for one in element.iter() if one.get("itemprop") == "name"]
        for one in named:
            yield from authors_in([one.get("content") or seen_text(one)], "rel-author")
        if not named:
            yield from _names_in(element, "rel-author")


def _marks(element: HtmlElement) -> list[str]:
    """Return the words of an element's marks; a creator is an author."""
    stated = " ".join(element.get(key) or "" for key in ("rel", "itemprop", "property"))
    marks = (mark.rpartition(":")[2] for mark in stated.lower().split())
    return ["author" if mark in _AUTHOR_MARKS else mark for mark in marks]


def _is_of_another(element: HtmlElement, own: frozenset[HtmlElement]) -> bool:
    """Tell whether a marked author is a comment's, a picture's, or stands apart from the article."""
    for one in element.iterancestors():
        if one.get("itemscope") is not None:
            if _ABOUT_ANOTHER.search(f"{one.get('itemtype')} {one.get('itemprop')}"):
                return True
            break
    return _is_apart(element, own)


def _names_in(element: HtmlElement, origin: str) -> list[Author]:
    """Return whom an element names: its links to authors' pages, else its pieces of text, else all of it as one line."""
    links = [
        one
        for one in element.iter("a")
        if "author" in (one.get("rel") or "") or _AUTHOR_PAGE.search(one.get("href") or "")
    ]
    found = list(authors_in((seen_text(one) for one in links), origin))
    if found:
        return found
    pieces = [piece for one in islice(element.iter(), _MOST_PIECES) for piece in _pieces(one, element)]
    found = list(authors_in([" | ".join(pieces)], origin))
    # A name in pieces ("Ann", "Lee") is a name all the same.
    return (
        found
        if any(" " in author.name for author in found)
        else list(authors_in([seen_text(element)], origin)) or found
    )


def _pieces(one: HtmlElement, whole: HtmlElement) -> list[str]:
    pieces = (one.text if one.tag not in _SILENT else None, one.tail if one is not whole else None)
    return [tidy for piece in pieces if piece and (tidy := tidy_line(piece))]


def byline_authors(levels: Sequence[Level]) -> Iterator[Author]:
    """Yield whom the nearest element beside the headline names that is named for a byline, or reads as one."""
    for level in levels:
        for element in level.elements:
            named = _name_of(element)
            is_named = _NAMED.search(named) and not _NAMED_OTHERWISE.search(named)
            found = _names_in(element, "byline") if is_named else []
            # A line that begins with "By" is one by its own words, where names follow and nothing else.
            found = found or list(authors_in(filter(is_byline, _lines(element)), "byline"))
            if found and not _is_in_figure(element):
                yield from found
                return


def _lines(element: HtmlElement) -> list[str]:
    """Return an element's own pieces of text, and the whole of one that is short and begins with a piece of its own."""
    own = own_lines(element)
    whole = [seen_text(element)] if own and len(element) and len(element) < _FEW else []
    return [*whole, *own]


def _name_of(element: HtmlElement) -> str:
    return " ".join(filter(None, (element.get("class"), element.get("data-testid"), element.get("id"))))


def named_authors(tree: HtmlElement) -> Iterator[Author]:
    """Yield whom elements name that are called for an author anywhere on the page, or links to an author's page."""
    own: frozenset[HtmlElement] | None = None
    for element in islice(_may_name_authors(tree), _MOST_LOOKED_AT):
        own = _around_headline(tree) if own is None else own
        named = element.get("class") or ""
        link = _AUTHOR_PAGE.search(element.get("href") or "")
        if not (link or _NAMED.search(named)) or _NAMED_OTHERWISE.search(named) or _is_apart(element, own):
            continue
        authors = _names_in(element, "byline")
        if authors:
            yield from authors
            return


def _may_name_authors(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements whose class, or whose address, is worth a closer look; the first of them mostly is enough."""
    for element in tree.iter():
        name = element.get("class")
        if (name and _PART_OF_NAME.search(name)) or (
            element.tag == "a" and _PART_OF_ADDRESS.search(element.get("href") or "")
        ):
            yield element


def _around_headline(tree: HtmlElement) -> frozenset[HtmlElement]:
    """Return what the page's headlines stand in: whatever its name, that is no box apart."""
    headings = islice(tree.iter("h1"), _FEW)
    return frozenset(box for heading in headings for box in heading.iterancestors())


def _is_apart(element: HtmlElement, own: frozenset[HtmlElement]) -> bool:
    """Tell whether an element belongs to other articles, comments, pictures or the page's frame."""
    return any(
        one.tag in _FRAME
        or (one not in own and one.tag != "body" and _NAMED_APART.search(one.get("class") or ""))
        for one in element.iterancestors()
    )


def _is_in_figure(element: HtmlElement) -> bool:
    return any(one.tag in {"figure", "figcaption"} for one in (element, *element.iterancestors()))
