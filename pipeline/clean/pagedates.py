"""The dates that a page states in its markup, and where it shows them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from pipeline.clean.beside import Level
from pipeline.clean.byline import byline_date, is_named_for_change, times_beside
from pipeline.clean.dates import claim_from_value
from pipeline.clean.jsonld import LinkedData
from pipeline.items import DateClaim, DateKind

_META: tuple[tuple[DateKind, str, tuple[str, ...]], ...] = (
    ("published", "opengraph", ("article:published_time", "og:article:published_time", "og:published_time")),
    ("published", "microdata", ("datepublished",)),
    ("published", "meta", (
        "parsely-pub-date", "sailthru.date", "publishdate", "publish-date", "publish_date", "publication_date",
        "pubdate", "published_time", "published-date", "article.published", "article:published", "article_date_original",
        "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created",
        "dc.date", "dcterms.date", "citation_publication_date", "citation_date", "date.created", "date",
    )),
    ("modified", "opengraph", ("article:modified_time", "og:updated_time", "og:modified_time", "og:article:modified_time")),
    ("modified", "microdata", ("datemodified",)),
    ("modified", "meta", (
        "dc.date.modified", "dcterms.modified", "article.updated", "article_date_updated", "lastmod",
        "last-modified", "revised", "date.modified",
    )),
)  # fmt: skip
_IN_ADDRESS = re.compile(
    r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/.-]|$)|[/-]((?:19|20)\d\d)(\d\d)(\d\d)(?=[/._-]|$)"
)
_MOST_TIMES = 400
_ITEMPROP = etree.XPath(
    "//@itemprop[starts-with(., 'date')]/parent::*[not(self::meta)]"
    " | //@property[contains(., 'dc:date') or contains(., 'dc:created') or contains(., 'dcterms:created')"
    " or contains(., 'datePublished')]/parent::*[not(self::meta)]"
)  # from the attribute: the quick way
_RDFA = re.compile(
    r"(?:^|\s)(?:dc:date|dc:created|dcterms:(?:created|issued)|schema:datePublished|datePublished)(?=\s|$)"
)
_UNIVERSAL = ("Z", "+00:00", "+0000")


def page_dates(
    tree: HtmlElement,
    meta: Mapping[str, list[str]],
    linked: LinkedData,
    levels: Sequence[Level],
    timezone: str | None,
) -> tuple[DateClaim, ...]:
    """Return what a page's markup states of dates, each place's publication before its modification.

    The date beside the headline is read where nothing for machines states one, and where what does may be local time
    in the clothes of universal time.
    """
    claims = [claim for claim in _stated(meta, linked, timezone) if claim is not None]
    claims.extend(_marked(tree, timezone))
    published = [claim for claim in claims if claim.kind == "published"]
    if not any(claim.origin in {"json-ld", "opengraph"} for claim in published):
        claims.extend(_times(tree, levels, timezone, known=bool(published)))
    stated = [claim for claim in claims if claim.kind == "published"]
    if all(claim.is_guess for claim in stated) or any(claim.raw.endswith(_UNIVERSAL) for claim in stated):
        beside = byline_date(levels, timezone)
        claims += [beside] if beside else []
    return tuple(dict.fromkeys(claims))


def address_date(address: str) -> DateClaim | None:
    """Return the day that an address has in its path (`/2024/12/04/`, `-20241204.html`): a guess."""
    found = _IN_ADDRESS.search(urlsplit(address).path)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return DateClaim("published", "address", found[0].strip("/-"), date(year, month, day), is_guess=True)
    except ValueError:
        return None


def header_date(headers: Mapping[str, str]) -> DateClaim | None:
    """Return what `Last-Modified` (RFC 9110) says; it dates the page as it was sent, not the article."""
    stated = next((value for name, value in headers.items() if name.lower() == "last-modified"), None)
    if not stated:
        return None
    try:
        when = parsedate_to_datetime(stated)
    except ValueError:
        return None
    local = when.replace(tzinfo=None)
    return DateClaim("page", "http", stated[:60], when.date(), local, when if when.tzinfo else None, "GMT")


def _stated(
    meta: Mapping[str, list[str]], linked: LinkedData, timezone: str | None
) -> Iterator[DateClaim | None]:
    published = linked.article.get("datePublished") or linked.page.get("datePublished")
    published = published or linked.article.get("coverageStartTime")
    modified = linked.article.get("dateModified") or linked.page.get("dateModified")
    yield claim_from_value("published", "json-ld", _one(published), timezone)
    yield claim_from_value("modified", "json-ld", _one(modified), timezone)
    for kind, origin, names in _META:
        for name in names:
            values = meta.get(name)
            claim = claim_from_value(kind, origin, values[0], timezone) if values else None
            if claim is not None:
                yield claim
                break


def _one(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value


def _marked(tree: HtmlElement, timezone: str | None) -> Iterator[DateClaim]:
    """Yield the dates of microdata (`itemprop=datePublished`) and of RDFa that stand on the page, where they are not several."""
    kinds: tuple[tuple[str, DateKind], ...] = (("datePublished", "published"), ("dateModified", "modified"))
    marked: Any = _ITEMPROP(tree)  # an expression may give anything; this one gives elements
    for name, kind in kinds:
        found = [one for one in marked if name in (one.get("itemprop") or "").split()]
        if kind == "published":
            found += [one for one in marked if _RDFA.search(one.get("property") or "")]
        values = [one.get("datetime") or one.get("content") or one.text_content() for one in found]
        if len({value.strip() for value in values}) == 1:
            claim = claim_from_value(kind, "microdata", values[0], timezone)
            if claim is not None:
                yield claim


def _times(
    tree: HtmlElement, levels: Sequence[Level], timezone: str | None, *, known: bool
) -> Iterator[DateClaim]:
    """Yield what the `time` elements state: those beside the headline; else a lone one, which is a guess outside it."""
    times = [
        one for _, one in zip(range(_MOST_TIMES), tree.iter("time"), strict=False) if one.get("datetime")
    ]
    near = times_beside(levels) if times else []
    first: dict[DateKind, set[str]] = {"published": set(), "modified": set()}
    for one in near or times:
        kind: DateKind = "modified" if is_named_for_change(one) else "published"
        first[kind].add((one.get("datetime") or "").strip())
    for kind, values in first.items():
        # Several different times on a page date several things, and nothing says which.
        if len(values) != 1 or (kind == "modified" and not near):
            continue
        claim = claim_from_value(kind, "time-element", next(iter(values)), timezone)
        if claim is not None and not (known and kind == "published"):
            inside = bool(near) or _all_in_one_article(times)
            yield claim if inside else replace(claim, is_guess=True)


def _all_in_one_article(times: Iterable[HtmlElement]) -> bool:
    articles = {next((box for box in one.iterancestors("article")), None) for one in times}
    return len(articles) == 1 and None not in articles
