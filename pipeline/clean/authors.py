"""Who wrote an article: people apart from organisations, and agencies as credits."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from pipeline.clean.beside import Level, own_lines
from pipeline.clean.canonical import fold_title, tidy_line
from pipeline.clean.elements import seen_text
from pipeline.clean.jsonld import LinkedData, kinds, words
from pipeline.items import Author, Claim

AGENCIES = frozenset(
    """afp|agence france-presse|agence france presse|ap|associated press|the associated press|reuters|thomson reuters
    |dpa|deutsche presse-agentur|ansa|adnkronos|askanews|efe|agencia efe|europa press|pap|polska agencja prasowa|anp
    |belga|tass|interfax|interfax-ukraine|interfax ukraine|ukrinform|unian|ria novosti|anadolu|anadolu agency
    |anadolu ajansı|aa|dha|iha|upi|united press international|xinhua|kyodo|kyodo news|yonhap|apa|sda|keystone-sda|tt
    |ntb|ritzau|stt|bloomberg|afp-jiji|cna|ani|pti|ians|lusa|mti|ctk|čtk|tasr|hina|beta|tanjug|укрінформ|інтерфакс-україна
    |уніан|рбк-україна|интерфакс|тасс|риа новости|sid|kna|epd|pa media|press association|canadian press|the canadian press
    |australian associated press|aap|rferl|pa""".replace("\n", "")
    .replace("    ", "")
    .split("|")
)
"""News agencies, folded: a byline that is one of them is a credit."""

_BY = re.compile(
    r"(?:written |posted |reported |story |text )?(?:by|text|texto|testo|texte|метин|текст|von|par|di|por|przez|door|автор[аи]?|yazan|tekst|auteur|autor(?:in|a)?|author)"
    r"\s*:?\s+",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:,|;|/|\||•|·|&|\+)\s*|\s+(?:and|und|et|e|y|i|en|та|і|й|и|ve)\s+", re.IGNORECASE)
_NOT_A_NAME = re.compile(r"https?:|www\.|@|\d|[<>{}\[\]=]|[.!?]$")
_INITIAL = re.compile(r"[A-ZÀ-ÖØ-Þ]\.|(?i:jr|sr|dr)\.$")
_ROLE = re.compile(
    r"editor|reporter|correspondent|staff|writer|team|desk|redak\w*|rédaction|redazione|redacción|redactie|newsroom"
    r"|news|press|agency|agencies|online|admin\w*|редакці[яї]|редакци[яи]|agenc[jz]i?[ae]|contributor|web ?master|digital"
    r"|service|bureau|newspaper|times|post|media|group|network|tv|radio|ajans[ıi]|pressebüro",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"editor|reporter|correspondent|writer|contributor|redakteur|korrespondent", re.IGNORECASE
)
_NAMED = re.compile(r"(?:^|[\s_-])(?:byline|author|autor|auteur)(?:s|[_-]?name|$|[\s_-])", re.IGNORECASE)
_NAMED_OTHERWISE = re.compile(
    r"bio|about|comment|avatar|image|social|box|date|time|related|share", re.IGNORECASE
)
_MARKED = etree.XPath("//@rel[.='author']/.. | //@itemprop[.='author']/..")
# From the attributes to their elements: many times quicker than the other way round.
_ANYWHERE = etree.XPath(
    "//a[contains(@href, '/aut') or contains(@href, '/journalist') or contains(@href, '/redakt')]"
    " | //@class[contains(., 'uthor') or contains(., 'yline') or contains(., 'uteur') or contains(., 'utor')]/.."
)
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autore?n?|autori|auteurs?|journalists?|redakteure?)/[^/]", re.IGNORECASE
)
_UNSEEN = frozenset(["meta", "link", "head", "body", "html"])
_FRAME = frozenset(["aside", "nav", "form"])
_NAMED_APART = re.compile(r"comment|related|recommend|teaser|card|most-read|sidebar|popular", re.IGNORECASE)
_MOST_LOOKED_AT = 30
_SMALL_WORDS = frozenset(["and", "und", "et", "e", "y", "i", "en", "та", "і", "й", "и", "ve", "van", "von", "de", "der", "den",
                          "del", "la", "di", "da", "du", "bin", "al"])  # fmt: skip
_LONGEST_BYLINE = 80
_AGENCY_LEAD = re.compile(
    r"(?=[^\W\d_])[^()\n]{2,45}? \((?P<name>[^\W\d_][^()\d\n]{1,29})\)\s?(?:[-–—]|(?<=\))\s?[.:])\s",
    re.UNICODE,
)
_LONGEST = 60  # characters of one name
_LONGEST_LINE = 160
_MOST = 20
_META = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "sailthru.author",
    "parsely-author",
    "byl",
)


def read_authors(
    tree: HtmlElement,
    meta: Mapping[str, list[str]],
    linked: LinkedData,
    levels: Sequence[Level],
    names: frozenset[str],
) -> tuple[tuple[Author, ...], tuple[Claim, ...]]:
    """Return an article's authors, and the agencies among them as credits.

    The first place that names anybody is believed: JSON-LD, meta elements, `rel=author` and `itemprop=author`, and
    then elements beside the headline that are named for a byline. `names` are the site's, folded to letters: they are organisations.
    """
    for found in (
        _linked_authors(linked),
        _meta_authors(meta),
        _marked_authors(tree),
        _byline_authors(levels),
        _named_authors(tree),
    ):
        everybody = list(dict.fromkeys(found))[:_MOST]
        if everybody:
            break
    else:
        return (), ()
    authors: dict[str, Author] = {}
    credits_: dict[Claim, None] = {}
    for author in everybody:
        is_site = re.sub(r"[\W_]+", "", author.name.casefold()) in names
        # An organisation that the markup calls one, and that is not the site's own, lent the text.
        lent = author.kind == "organization" and author.origin == "json-ld" and not _ROLE.search(author.name)
        if fold_title(author.name) in AGENCIES or (lent and not is_site):
            credits_[Claim(author.name, author.origin)] = None
        else:
            one = Author(author.name, author.origin, "organization") if is_site else author
            authors.setdefault(fold_title(author.name), one)
    return tuple(authors.values()), tuple(credits_)


def split_byline(line: str) -> tuple[str, ...]:
    """Return the names in a byline (`By Ann Lee and Bo Olsen, Reuters`); none where it holds no names."""
    line = tidy_line(line)
    if len(line) > _LONGEST_LINE:
        return ()
    line = _BY.sub("", line, count=1) if _BY.match(line) else line
    return tuple(name for part in _BETWEEN.split(line) if (name := _name(part)))


def _name(part: str) -> str | None:
    """Return a name that is tidy, or None: names have letters, few words, and begin with a capital where there are any."""
    part = part.strip(" ,;:|–—-*")
    folded = fold_title(part)
    if not part or len(part) > _LONGEST or (_NOT_A_NAME.search(part) and not _INITIAL.search(part)):
        return None
    if folded in AGENCIES:
        return part
    some_lower = part[0].islower() and part[0].upper() != part[0]
    return None if some_lower or len(part) < 2 or len(part.split()) > 6 else part


def _authors(lines: Iterable[str], origin: str) -> Iterator[Author]:
    for line in lines:
        found = [
            Author(name, origin, "organization" if _ROLE.search(name) else "person")
            for name in split_byline(line)
        ]
        has_person = any(author.kind == "person" for author in found)
        # Beside a person's name, "political editor" is what the person is.
        yield from (author for author in found if not (has_person and _OFFICE.search(author.name)))


def _linked_authors(linked: LinkedData) -> Iterator[Author]:
    article = linked.article
    for key in ("author", "creator"):
        for value in linked.resolve(article.get(key)):
            yield from _linked_author(value)


def _linked_author(value: Any) -> Iterator[Author]:
    if isinstance(value, str):
        yield from _authors([words(value)], "json-ld")
    elif isinstance(value, dict):
        stated = value.get("name")
        for name in stated if isinstance(stated, list) else [stated]:
            line = words(name)
            if kinds(value, ("Organization", "NewsMediaOrganization", "Corporation")):
                if line and len(line) <= _LONGEST:
                    yield Author(line, "json-ld", "organization")
            else:
                yield from _authors([line], "json-ld")


def _meta_authors(meta: Mapping[str, list[str]]) -> Iterator[Author]:
    for name in _META:
        found = list(_authors((line for line in meta.get(name, ()) if "://" not in line), "meta"))
        if found:
            yield from found
            return


def _marked_authors(tree: HtmlElement) -> Iterator[Author]:
    found: Any = _MARKED(tree)  # an expression may give anything; this one gives elements
    lines: list[str] = []
    for element in found[:_MOST]:
        if element.tag in _UNSEEN:
            continue
        named = [one for one in element.iter() if one.get("itemprop") == "name" and one.tag != "meta"]
        lines.extend(seen_text(one) for one in (named or [element]))
    yield from _authors(lines, "rel-author")


def _byline_authors(levels: Sequence[Level]) -> Iterator[Author]:
    for level in levels:
        for element in level.elements:
            named = element.get("class") or ""
            is_byline = _NAMED.search(named) and not _NAMED_OTHERWISE.search(named)
            found = list(_authors([seen_text(element)], "byline")) if is_byline else []
            # A line that begins with "By" is one by its own words, where names follow and nothing else.
            found = found or list(_authors(filter(_is_byline, own_lines(element)), "byline"))
            if found:
                yield from found
                return


def _named_authors(tree: HtmlElement) -> Iterator[Author]:
    """Yield whom elements name that are called for an author anywhere on the page, or links to an author's page."""
    found: Any = _ANYWHERE(tree)
    for element in found[:_MOST_LOOKED_AT]:
        named = element.get("class") or ""
        link = _AUTHOR_PAGE.search(element.get("href") or "")
        if not (link or _NAMED.search(named)) or _NAMED_OTHERWISE.search(named) or _is_apart(element):
            continue
        authors = list(_authors([seen_text(element)], "byline"))
        if authors:
            yield from authors
            return


def _is_apart(element: HtmlElement) -> bool:
    """Tell whether an element belongs to other articles, comments or the page's frame."""
    return any(
        one.tag in _FRAME or _NAMED_APART.search(one.get("class") or "") for one in element.iterancestors()
    )


def _is_byline(line: str) -> bool:
    lead = _BY.match(line) if len(line) <= _LONGEST_BYLINE else None
    if lead is None:
        return False
    names = [word for word in re.split(r"[\s,&]+", line[lead.end() :]) if word.lower() not in _SMALL_WORDS]
    return len(names) >= 2 and all(word[0].isupper() for word in names if word)


def agency_of(line: str) -> Claim | None:
    """Return the agency in brackets that a text's first line begins with (`MERROW, Dec. 4 (Interlink) - `)."""
    found = _AGENCY_LEAD.match(line)
    return Claim(tidy_line(found["name"]), "dateline") if found else None
