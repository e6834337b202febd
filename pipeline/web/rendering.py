"""Facts to HTML: Jinja with everything escaped, and the few words that the templates share."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.store.searchwords import LONGEST_QUERY
from pipeline.web.answering import Asked, Page, Room
from pipeline.web.axis import axis_notes, story_axis
from pipeline.web.bars import coverage_bars, said_when
from pipeline.web.travels import marked_words, pointing_at

Row = dict[str, Any]

LONGEST = 500
"""Characters of a title, a name or another thing of which one line is expected: captured pages state what they like."""

KINDS = {
    "lead": "leads",
    "identical": "same text",
    "near": "near copy",
    "contained": "cut",
    "contains": "with more",
    "indirect": "by way of a copy",
    "digest": "round-up",
    "whole": "all of it",
    "part": "a part of it",
}
"""How a publication stands to its story's lead, in a word or two."""

RELATIONS = {
    "identical": "same words",
    "near": "near copy",
    "contains": "contains this text",
    "contained": "is contained in this text",
    "quotes": "shares quotes",
}


@cache
def environment() -> Environment:
    """Return the templates' environment; a name that a template does not know is an error, not a blank."""
    made = Environment(
        loader=PackageLoader("pipeline.web", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "day": day,
        "moment": moment,
        "when": when,
        "count": count,
        "cut": cut,
        "percent": percent,
        "outward": outward,
        "named": named,
        "size": size,
        "host": host,
        "said_when": said_when,
        "span": span,
        "stem": stem,
        "typeset": typeset,
        "marked_words": marked_words,
        "pointing_at": pointing_at,
        "related_as": related_as,
    }
    made.globals |= {
        "coverage_bars": coverage_bars,
        "story_axis": story_axis,
        "axis_notes": axis_notes,
        "KINDS": KINDS,
        "LONGEST_QUERY": LONGEST_QUERY,
    }
    return made


def render(page: Page, asked: Asked, room: Room) -> str:
    """Return a page as HTML."""
    template = environment().get_template(page.template)
    return template.render(page=page, asked=asked, room=room, **page.facts)


@cache
def stylesheet() -> str:
    """Return the one style sheet."""
    return files("pipeline.web").joinpath("static/newsfold.css").read_text("utf-8")


def day(stated: str | None) -> str:
    """Return a day as one writes it: 4 December 2024."""
    if not stated:
        return "not stated"
    at = datetime.fromisoformat(stated)
    return f"{at.day} {at:%B %Y}"


def moment(stated: str | None) -> str:
    """Return a moment to the minute, in UTC."""
    if not stated:
        return "never"
    at = datetime.fromisoformat(stated).astimezone(UTC)
    return f"{at.day}\u00a0{at:%b}\u00a0{at.year}, {at:%H:%M}\u00a0UTC"


def span(begin: str, end: str | None) -> str:
    """Return from when to when, and the day only once where both are of it."""
    if not end:
        return f"since {moment(begin)}"
    one, other = (datetime.fromisoformat(at).astimezone(UTC) for at in (begin, end))
    if one.date() != other.date():
        return f"{moment(begin)} to {moment(end)}"
    return f"{one.day} {one:%b %Y, %H:%M} to {other:%H:%M} UTC"


def when(published: Mapping[str, Any] | None) -> str:
    """Return a publication date as exactly as it is known."""
    if not published:
        return "no date stated"
    return moment(published["at"]) if published["at"] else day(published["on"])


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: 1 copy, 1,200 copies."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """Return a share of 0 to 1 as a percentage that says 100 only of all, and 0 only of nothing."""
    if 0.995 <= share < 1:
        return "99 %"
    return "under 1 %" if 0 < share < 0.005 else f"{share:.0%}".replace("%", " %")


def outward(address: str | None) -> str | None:
    """Return an address if it leads to the web; None for any other, `javascript:` among them."""
    return address if address and address.lower().startswith(("http://", "https://")) else None


def host(address: str) -> str:
    """Return the host of an address, for a short name; the address itself where it has none."""
    return urlsplit(address).hostname or address


def stem(question: str) -> str:
    """Return how the first long word of a question begins, to be looked for by that; empty where it has none."""
    words = re.findall(r"\w{4,}", question)
    return words[0][: max(4, len(words[0]) - 3)] if words else ""


def typeset(words: str) -> str:
    """Return a heading of ours as a printer sets it: a range of numbers does not break, an apostrophe is curved."""
    return re.sub(r"(?<=\d)-(?=\d)", "\u2060–\u2060", words).replace("'", "’")


def named(title: Mapping[str, Any] | str | None, opening: str | None = None) -> str:
    """Return a title, or how the text begins where none is stated."""
    value = title["value"] if isinstance(title, Mapping) else title
    if value:
        return cut(str(value))
    words = " ".join((opening or "").split())
    return f"“{words.rsplit(' ', 1)[0] if len(words) > 60 else words} …”"


def cut(text: str, most: int = LONGEST) -> str:
    """Return a text of which a page shows so many characters at the most, and a sign where there were more."""
    return text if len(text) <= most else text[:most].rstrip() + " …"


def related_as(relation: Mapping[str, Any]) -> str:
    """Return how the `other` text of a relation stands to the one that is shown."""
    is_within = relation["kind"] == "contains" and relation["other"] == relation["shorter"]
    return RELATIONS["contained" if is_within else relation["kind"]]


def size(byte_count: int) -> str:
    """Return a number of bytes for people."""
    if byte_count < 1000:
        return f"{byte_count} bytes"
    return f"{byte_count / 1000:.0f} kB" if byte_count < 1_000_000 else f"{byte_count / 1_000_000:.1f} MB"
