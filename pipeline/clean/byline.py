"""The date that stands beside a page's headline, where the markup says that it is one but not in a form for machines."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from pipeline.clean.beside import Level, own_lines
from pipeline.clean.canonical import tidy_line
from pipeline.clean.dates import claim_from_line, date_within, may_hold_date, read_date_line
from pipeline.items import DateClaim

_MOST_PARSED = 12  # lines that are read as dates; reading one costs as much as a tenth of a page
_NAMED = re.compile(r"date|time|publi|posted|created|опубл", re.IGNORECASE)
_NAMED_BESIDE = re.compile(
    r"submitted|by-?line|author|autor|meta|(?:post|article|story)[_-]?info|details", re.IGNORECASE
)
_NAMED_OTHERWISE = re.compile(r"updat|modif|today|current|clock|event|countdown|expir|comment", re.IGNORECASE)
_CHANGED = re.compile(r"updat|modif|changed|edited", re.IGNORECASE)


def byline_date(levels: Sequence[Level], timezone: str | None) -> DateClaim | None:
    """Return the date in an element beside the page's one `h1`.

    One that is named for it (`<div class="article-time">`) must be a date as a whole, and is stated; one with
    no such name, or with other words beside the date (`By Ann Lee | 4 December 2024`), makes a guess. None where
    several differ, since nothing says which is the article's. `timezone` is the source's, where the date states no zone.
    """
    guess: DateClaim | None = None
    for level in levels:
        claims, guesses = _claims_in(level.elements, timezone)
        if claims:
            return claims[0] if len({(claim.day, claim.local) for claim in claims}) == 1 else None
        if guess is None and len({claim.day for claim in guesses}) == 1:
            guess = replace(guesses[0], is_guess=True)
    return guess


def times_beside(levels: Sequence[Level]) -> list[HtmlElement]:
    """Return the `time` elements with a `datetime` at the nearest level that has any."""
    for level in levels:
        found = [one for one in level.elements if one.tag == "time" and one.get("datetime")]
        if found:
            return found
    return []


def is_named_for_change(element: HtmlElement) -> bool:
    """Tell whether an element, or the one around it, is named for a modification (`<time class="updated">`)."""
    around = element.getparent()
    names = " ".join(
        one.get(key) or "" for one in (element, around) if one is not None for key in ("class", "itemprop")
    )
    return bool(_CHANGED.search(names)) and not re.search(r"publi", names, re.IGNORECASE)


def _claims_in(
    elements: Iterable[HtmlElement], timezone: str | None
) -> tuple[list[DateClaim], list[DateClaim]]:
    """Return the dates in elements that are named for one, and those in others."""
    claims: list[DateClaim] = []
    guesses: list[DateClaim] = []
    near: list[DateClaim] = []
    parsed = 0
    for element in elements:
        if parsed >= _MOST_PARSED:
            break
        # What holds much is no date; of what is not named for one, only its own words are read.
        name = _name_of(element)
        if len(element) > 8 or _NAMED_OTHERWISE.search(name):
            continue
        named = bool(element.tag == "time" or _NAMED.search(name))
        for line in [tidy_line(element.text_content())] if named else own_lines(element):
            if not may_hold_date(line):
                continue
            parsed += 1
            found = read_date_line(line)
            if found is None:
                within = date_within(line, timezone)
                if within is not None:
                    guess = replace(within, origin="byline", raw=line)
                    (near if _NAMED_BESIDE.search(name) else guesses).append(guess)
            elif found.kind == "published" and found.shape in {"stamp", "day"}:
                claim = claim_from_line(line, found, timezone)
                if claim is not None:
                    (claims if named else guesses).append(replace(claim, origin="byline"))
    # What is named for who wrote it and when comes before dates that stand in the text.
    return claims, near or guesses


def _name_of(element: HtmlElement) -> str:
    return " ".join(element.get(key) or "" for key in ("class", "id", "itemprop"))
