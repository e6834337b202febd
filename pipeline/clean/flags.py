"""Whether a page says that its article is for subscribers, or is a live blog."""

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.clean.elements import first
from pipeline.clean.jsonld import LinkedData, kinds
from pipeline.items import Claim

_CLOSED = frozenset(["false", "no", "0", "http://schema.org/false", "https://schema.org/false"])
_CLOSED_TIERS = frozenset(["locked", "metered", "paid", "premium", "subscription", "plus"])


def read_flags(meta: Mapping[str, list[str]], linked: LinkedData) -> tuple[Claim, ...]:
    """Return `paywall` and `live-blog`, each where the page states it, and where.

    A paywall is stated by `isAccessibleForFree` (schema.org), of the article or of a part of it, and by
    `article:content_tier` (OpenGraph); a live blog by the type `LiveBlogPosting` or by the time its coverage starts.
    """
    return tuple(_flags(meta, linked))


def _flags(meta: Mapping[str, list[str]], linked: LinkedData) -> Iterator[Claim]:
    article = linked.article
    stated = [article.get("isAccessibleForFree")]
    stated += [
        part.get("isAccessibleForFree")
        for part in linked.resolve(article.get("hasPart"))
        if isinstance(part, dict)
    ]
    if any(_is_closed(value) for value in stated):
        yield Claim("paywall", "json-ld")
    elif (first(meta, "article:content_tier") or "").lower() in _CLOSED_TIERS:
        yield Claim("paywall", "opengraph")
    elif (first(meta, "isaccessibleforfree") or "").lower() in _CLOSED:
        yield Claim("paywall", "microdata")
    if kinds(article, ("LiveBlogPosting",)) or article.get("coverageStartTime"):
        yield Claim("live-blog", "json-ld")


def _is_closed(value: Any) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower() in _CLOSED)
