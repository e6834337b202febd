"""Whom a page's elements name as its author: by their marks, beside the headline, and by what they are called."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
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
    r"/(?:authors?|autore?n?|autori|auteurs?|signataires?|journalists?|redakteure?|people|profiles?)/[^/]",
    re.IGNORECASE,
)
# What is named for one name, not for the line that it stands in, nor for what else is said of its bearer.
_ONE_NAME = re.compile(
    r"(?:^|[\s_-])(?:byline|author|autor|auteur|autore|writer)s?[_-]*(?:name|link)s?(?:$|\s)", re.IGNORECASE
)
_JOINED = re.compile(r"\s*(?:,|&|\+|,?\s*\b(?:and|und|et|e|y|i|en|та|і|й|и|ve))\s*", re.IGNORECASE)
_GOES_ON = re.compile(
    r"\s*,?\s*(?:and|und|et|e|y|i|en|та|і|й|и|ve|with|mit|avec|con|met)\s+(?P<names>.+)",
    re.IGNORECASE | re.DOTALL,
)
_NUMBERED = re.compile(r"[_-]?\d+$")
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
_LONGEST_BETWEEN = 200  # characters of what may stand between two authors: a paragraph may not
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
    """Return whom an element names.

    Its links to authors' pages and what is named for a name do, with what is joined to them; else its pieces of text;
    else all of it as one line.
    """
    found = _marked_names(element, origin)
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


def _marked_names(element: HtmlElement, origin: str) -> list[Author]:
    """Return whom an element's links to authors' pages name, and what is named for a name, with what is joined to them."""
    found = list(authors_in((seen_text(one) for one in element.iter() if _holds_name(one)), origin))
    return list(dict.fromkeys([*found, *authors_in(_joined_names(element), origin)])) if found else []


def _holds_name(one: HtmlElement) -> bool:
    if one.tag == "a" and (
        "author" in (one.get("rel") or "") or _AUTHOR_PAGE.search(one.get("href") or "") is not None
    ):
        return True
    # What is named for a name may hold more of its kind: the innermost counts.
    return _ONE_NAME.search(one.get("class") or "") is not None and not any(
        _ONE_NAME.search(inner.get("class") or "") for inner in one.iterdescendants()
    )


def _joined_names(element: HtmlElement) -> Iterator[str]:
    """Yield what "and" joins to the names in an element: by itself (`and <b>Bo Olsen</b>`), or in its text.

    A comma does so as well where "and" does it for another of the same kind: alone it may lead to a place.
    """
    joined: list[tuple[bool, tuple[Any, ...], str]] = []
    before = ""
    for one in islice(element.iter(), _MOST_PIECES):
        if one.tag in _SILENT:
            continue
        if one is not element and one.text and _JOINED.fullmatch(before):
            joined.append((before.strip() == ",", (one.tag, one.get("class")), one.text))
        for piece in (one.text, one.tail if one is not element else None):
            before = piece if piece and piece.strip() else before
        goes_on = _GOES_ON.fullmatch(one.tail) if one is not element and one.tail else None
        if goes_on:
            yield goes_on["names"]
    sure = {kind for by_comma, kind, _ in joined if not by_comma}
    yield from (text for _, kind, text in joined if kind in sure)


def _pieces(one: HtmlElement, whole: HtmlElement) -> list[str]:
    pieces = (one.text if one.tag not in _SILENT else None, one.tail if one is not whole else None)
    return [tidy for piece in pieces if piece and (tidy := tidy_line(piece))]


def byline_authors(levels: Sequence[Level]) -> Iterator[Author]:
    """Yield whom the nearest elements beside the headline name that are named for a byline, or read as one.

    Co-authors mostly have an element each: those that stand with the first of them are read as well.
    """
    for level in levels:
        found = _first_and_fellows(level.elements, _byline_in)
        if found:
            yield from found
            return


def _byline_in(element: HtmlElement) -> list[Author]:
    named = _name_of(element)
    is_named = _NAMED.search(named) and not _NAMED_OTHERWISE.search(named)
    found = _names_in(element, "byline") if is_named else []
    # A line that begins with "By" is one by its own words, where names follow and nothing else.
    lines = [] if found else list(filter(is_byline, _lines(element)))
    if lines:
        found = [*authors_in(lines, "byline"), *_marked_names(element, "byline")]
    return [] if found and _is_in_figure(element) else found


def _first_and_fellows(
    elements: Iterable[HtmlElement], read: Callable[[HtmlElement], list[Author]]
) -> list[Author]:
    """Return whom the first element names that names anybody, and whom those name that stand with it."""
    found: list[Author] = []
    last: HtmlElement | None = None
    for element in elements:
        if last is not None and not _stands_with(last, element):
            continue
        authors = read(element)
        if authors:
            found += authors
            last = element
    return list(dict.fromkeys(found))


def _stands_with(first: HtmlElement, other: HtmlElement) -> bool:
    """Tell whether an element is named as another is, beside it, or both in boxes of one name that hold no headline."""
    one, two = first, other
    if not _stems(first) & _stems(other) and first.getnext() is not other:
        return False
    if one.getparent() is not two.getparent():
        one, two = one.getparent(), two.getparent()
        if one is None or two is None or one.getparent() is not two.getparent() or one is two:
            return False
        if _name_of(one) != _name_of(two) or any(two.iter("h1", "h2", "h3", "h4", "h5")):
            return False
    for between in one.itersiblings():
        if between is two:
            return True
        if isinstance(between.tag, str) and len(between.text_content()) > _LONGEST_BETWEEN:
            return False
    return False


def _stems(element: HtmlElement) -> set[str]:
    """Return the words of an element's names without the numbers at their ends (`contributor-1`)."""
    return {_NUMBERED.sub("", word) for word in _name_of(element).split()}


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

    def read(element: HtmlElement) -> list[Author]:
        nonlocal own
        own = _around_headline(tree) if own is None else own
        named = element.get("class") or ""
        link = _AUTHOR_PAGE.search(element.get("href") or "")
        if not (link or _NAMED.search(named)) or _NAMED_OTHERWISE.search(named) or _is_apart(element, own):
            return []
        return _names_in(element, "byline")

    yield from _first_and_fellows(islice(_may_name_authors(tree), _MOST_LOOKED_AT), read)


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
