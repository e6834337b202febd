"""The date that stands beside a page's headline, where the markup says that it is one but not in a form for machines."""

import re

from lxml.html import HtmlElement

from pipeline.clean.canonical import tidy_line
from pipeline.clean.dates import claim_from_line, may_be_date, read_date_line
from pipeline.items import DateClaim

_LEVELS = 2  # a headline's own box, and the one around it
_MOST_ELEMENTS = 1000  # of a level: what stands beside a headline comes soon
_NAMED = re.compile(r"date|time|publi|posted|created|опубл", re.IGNORECASE)
_NAMED_OTHERWISE = re.compile(r"updat|modif|today|current|clock|event|countdown|expir|comment", re.IGNORECASE)


def byline_date(tree: HtmlElement, timezone: str | None) -> DateClaim | None:
    """Return the date in an element near the page's one `h1` that is named for it (`<div class="article-time">`).

    The whole of the element must be a date that `read_date_line` takes for a publication's. None where several
    differ, since nothing says which is the article's. `timezone` is the source's, where the date states no zone.
    """
    headings = list(tree.iter("h1"))
    if len(headings) != 1:
        return None
    box = headings[0]
    for _ in range(_LEVELS):
        box = box.getparent()
        if box is None or box.tag in {"body", "html"}:
            return None
        claims = _claims_in(box, timezone)
        if claims:
            return claims[0] if len({(claim.day, claim.local) for claim in claims}) == 1 else None
    return None


def _claims_in(box: HtmlElement, timezone: str | None) -> list[DateClaim]:
    claims: list[DateClaim] = []
    for number, element in enumerate(box.iter()):
        if number >= _MOST_ELEMENTS:
            break
        if not _is_named(element):
            continue
        line = tidy_line(element.text_content())
        found = read_date_line(line) if may_be_date(line) else None
        if found is None or found.kind != "published" or found.shape not in {"stamp", "day"}:
            continue
        claim = claim_from_line(line, found, timezone)
        if claim is not None:
            claims.append(claim)
    return claims


def _is_named(element: HtmlElement) -> bool:
    if not isinstance(element.tag, str):
        return False
    names = " ".join(element.get(key) or "" for key in ("class", "id", "itemprop"))
    return bool(element.tag == "time" or _NAMED.search(names)) and not _NAMED_OTHERWISE.search(names)
