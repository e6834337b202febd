"""Who wrote an article: people apart from organisations, and agencies as credits."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from lxml.html import HtmlElement

from pipeline.clean.authormarks import authors_in, byline_authors, marked_authors, named_authors
from pipeline.clean.beside import Level
from pipeline.clean.canonical import fold_title, tidy_line
from pipeline.clean.jsonld import LinkedData, kinds, words
from pipeline.clean.names import AGENCIES, in_order, is_newsroom
from pipeline.items import Author, Claim

_AGENCY_LEAD = re.compile(
    r"(?=[^\W\d_])[^()\n]{2,45}? \((?P<name>[^\W\d_][^()\d\n]{1,29})\)\s?(?:[-–—]|(?<=\))\s?[.:])\s",
    re.UNICODE,
)
_LONGEST = 60  # characters of an organisation's name
_MOST = 20
_META = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "sailthru.author",
    "parsely-author",
    "byl",
    "articleauthor",
    "article_author",
    "article.author",
    "cxenseparse:author",
    "shareaholic:article_author_name",
)
_WRITTEN_BY = re.compile(
    r"written by|verfasst von|geschrieben von|écrit par|scritto da|escrito por|napisane przez|geschreven door|yazan|автор|написано",
    re.IGNORECASE,
)


def read_authors(
    tree: HtmlElement,
    meta: Mapping[str, list[str]],
    linked: LinkedData,
    levels: Sequence[Level],
    names: frozenset[str],
) -> tuple[tuple[Author, ...], tuple[Claim, ...]]:
    """Return an article's authors, and the agencies among them as credits.

    The first place that names a person is believed: JSON-LD, meta elements, what is marked as the author (`rel`, microdata,
    RDFa), and then elements beside the headline that are named for a byline, or read as one. Where the markup names
    none but organisations, those stand beside the people; where it names nobody, elements named for an author are
    looked for on the whole page. `names` are the site's, folded to letters: they are organisations.
    """
    everybody: list[Author] = []
    places = (
        partial(_linked_authors, linked),
        partial(_meta_authors, meta),
        partial(marked_authors, tree),
        partial(byline_authors, levels),
        partial(named_authors, tree),
    )
    for number, place in enumerate(places, 1):
        if number == len(places) and everybody:
            break
        found = list(dict.fromkeys(place()))[:_MOST]
        if any(_is_person(author, names) for author in found):
            everybody = [*found, *everybody]
            break
        everybody = everybody or found
    authors: dict[str, Author] = {}
    credits_: dict[Claim, None] = {}
    for author in everybody:
        is_site = _is_site(author, names)
        # An organisation that the markup calls one, and that is not the site's own, lent the text.
        lent = author.kind == "organization" and author.origin == "json-ld" and not is_newsroom(author.name)
        if fold_title(author.name) in AGENCIES or (lent and not is_site):
            credits_[Claim(author.name, author.origin)] = None
        else:
            one = Author(author.name, author.origin, "organization") if is_site else author
            authors.setdefault(fold_title(author.name), one)
    return tuple(authors.values()), tuple(credits_)


def _is_site(author: Author, names: frozenset[str]) -> bool:
    return re.sub(r"[\W_]+", "", author.name.casefold()) in names


def _is_person(author: Author, names: frozenset[str]) -> bool:
    return author.kind == "person" and not _is_site(author, names) and fold_title(author.name) not in AGENCIES


def _linked_authors(linked: LinkedData) -> Iterator[Author]:
    article = linked.article
    for key in ("author", "creator"):
        for value in linked.resolve(article.get(key)):
            yield from _linked_author(value)


def _linked_author(value: Any) -> Iterator[Author]:
    if isinstance(value, str):
        yield from authors_in([in_order(words(value))], "json-ld")
    elif isinstance(value, dict):
        stated = value.get("name") or f"{words(value.get('givenName'))} {words(value.get('familyName'))}"
        for name in stated if isinstance(stated, list) else [stated]:
            line = words(name)
            if kinds(value, ("Organization", "Corporation")):
                if line and len(line) <= _LONGEST and "://" not in line:
                    yield Author(line, "json-ld", "organization")
            else:
                yield from authors_in([in_order(line)], "json-ld")


def _meta_authors(meta: Mapping[str, list[str]]) -> Iterator[Author]:
    for name in _META:
        found = list(authors_in(map(in_order, meta.get(name, ())), "meta"))
        if found:
            yield from found
            return
    # How WordPress plugins tell Twitter: a label, and what it says.
    for label, data in (("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")):
        if any(map(_WRITTEN_BY.match, meta.get(label, ()))):
            yield from authors_in(meta.get(data, ()), "meta")


def agency_of(line: str) -> Claim | None:
    """Return the agency in brackets that a text's first line begins with (`MERROW, Dec. 4 (Interlink) - `)."""
    found = _AGENCY_LEAD.match(line)
    return Claim(tidy_line(found["name"]), "dateline") if found else None
