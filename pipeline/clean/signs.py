"""Signs: tests on a line that a regular expression cannot make, because they need the neighbours or a library.

A catalogue entry names a sign; a sign gets the page and a line's index, and returns the part of the
line that informs (often the whole line), or None where the line is not what the rule looks for.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from pipeline.clean import markupsigns
from pipeline.clean.canonical import fold_title
from pipeline.clean.dates import read_date_line
from pipeline.clean.names import is_byline, split_byline

if TYPE_CHECKING:
    from pipeline.clean.page import Page

Sign = Callable[["Page", int], str | None]

# What follows "By" and its like in a heading or a line of verse, and begins no name.
_NO_PERSON = re.compile(
    r"\S+\s+(?:Christmas|Easter|God|Train|Ship|Bus|Car|Road|Rail|Plane|Boat|Foot|Chance|Accident|Default|Law|Force|Order"
    r"|Then|Now|Next|This|That|These|His|Her|Its|Our|Their|My|Any|Some|Every|Each|Popular|Night|Day"
    r"|Hasard|Noël|Dieu|Exemple|Ailleurs|Conséquent|Gott|Weihnachten|Ostern|Herzen|Anfang|Natur|Navidad|Dios|Ejemplo|Favor|Supuesto|Natale|Dio|Nuovo"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b",
    re.IGNORECASE,
)
# Below the text such a word and one name are not enough, since sentences end so, too.
_BARE_LEAD = re.compile(r"(?:by|von|par|di|da|por|door|przez)\s(?!\s*:)", re.IGNORECASE)
_BESIDE_A_BYLINE = frozenset(["neighbour", "company", "author-box", "footer", "meta"])
_HEADLINE_WORDS = 4
_STANDS_BETWEEN = 40  # lines at most between a headline and its repetition
_MOST_HEADLINE_WORDS = 30
_ALIKE = 0.6  # of the words that either of two headlines has
# Languages that pages name in the language itself (Français, Українська); English names cover all languages.
_OWN_NAMES = [
    "ar",
    "az",
    "be",
    "bg",
    "bs",
    "cs",
    "da",
    "de",
    "el",
    "es",
    "et",
    "fa",
    "fi",
    "fr",
    "he",
    "hi",
    "hr",
    "hu",
    "hy",
    "id",
    "is",
    "it",
    "ja",
    "ka",
    "kk",
    "ko",
    "lt",
    "lv",
    "mk",
    "nb",
    "nl",
    "pl",
    "pt",
    "ro",
    "ru",
    "sk",
    "sl",
    "sq",
    "sr",
    "sv",
    "tr",
    "uk",
    "ur",
    "vi",
    "zh",
]
_LANGUAGE_LEAD = re.compile(
    r"(?i:(?:this (?:page|article|text|story|release|post) is )?(?:also )?available in(?: other languages)?"
    r"|(?:also )?read (?:this|it)(?: (?:article|story|page|post))? in|auch verfügbar (?:auf|in)"
    r"|(?:également|aussi) disponible en|également en|також доступно)\s*:?\s+(?P<list>.+)"
)
_LANGUAGE_PARTS = re.compile(
    r"\s*(?:,|/|\||•|·|;|&|\band\b|\bor\b|\bund\b|\bet\b|\bта\b|\bі\b|\s{2,})\s*", re.IGNORECASE
)


def white_space(page: "Page", index: int) -> str | None:
    """Take a line that has characters, none of which show."""
    return page.raw[index] if page.raw[index] and not page.lines[index] else None


def language_list(page: "Page", index: int) -> str | None:
    """Take a line that offers the page in languages and names nothing else."""
    line = page.lines[index]
    if len(line) > 200:
        return None
    match = _LANGUAGE_LEAD.fullmatch(line)
    if match is None:
        return None
    names = [name for name in _LANGUAGE_PARTS.split(match["list"].rstrip(".…")) if name]
    known = _language_names()
    return line if names and all(name.casefold() in known for name in names) else None


@cache
def _language_names() -> frozenset[str]:
    # Read on the first line that offers languages, since most texts have none.
    from babel import Locale  # noqa: PLC0415

    names = {name.casefold() for name in Locale("en").languages.values()}
    own_names = (Locale(code).get_language_name(code) for code in _OWN_NAMES)
    return frozenset(names.union(name.casefold() for name in own_names if name))


def title(page: "Page", index: int) -> str | None:
    """Take a line that is the title known from elsewhere."""
    return page.lines[index] if fold_title(page.lines[index]) in page.titles else None


def repeated_headline(page: "Page", index: int) -> str | None:
    """Take a line that stands twice above the first paragraph."""
    line = page.lines[index]
    if len(line.split()) < _HEADLINE_WORDS or len(line) > 250:
        return None
    folded = fold_title(line)
    if any(
        rule == "repeated-headline" and fold_title(page.lines[i]) == folded for i, rule in page.taken.items()
    ):
        return line
    for later in range(index + 1, min(len(page.lines), index + 1 + _STANDS_BETWEEN)):
        other = page.lines[later]
        if other and fold_title(other) == folded:
            return line
        # Between the two stands only what is residue itself, or will be.
        if other and later not in page.taken and read_date_line(other) is None:
            return None
    return None


def stamped_headline(page: "Page", index: int) -> str | None:
    """Take a single line between the date stamp and the reading time."""
    before, after = page.neighbour(index, -1), page.neighbour(index, +1)
    if before is None or after is None or page.is_prose(index):
        return None
    framed = page.taken.get(before) == "date-banner" and page.taken.get(after) == "reading-time"
    return page.lines[index] if framed else None


def byline(page: "Page", index: int) -> str | None:
    """Take a line that says, in its language, who wrote the text, and names nobody else."""
    line = page.lines[index]
    if not is_byline(line) or _NO_PERSON.match(line):
        return None
    is_alone = sum(" " in name for name in split_byline(line)) < 2
    is_bare = is_alone and page.position(index) == "tail" and _BARE_LEAD.match(line)
    return None if is_bare and not _BESIDE_A_BYLINE & page.evidence(index) else line


def title_alike(page: "Page", index: int) -> str | None:
    """Take a line that has most words of a known title, and hardly another."""
    words = frozenset(fold_title(page.lines[index]).split())
    if not _HEADLINE_WORDS <= len(words) <= _MOST_HEADLINE_WORDS:
        return None
    alike = any(len(words & known) >= _ALIKE * len(words | known) for known in map(_words_of, page.titles))
    return page.lines[index] if alike else None


@lru_cache(maxsize=256)
def _words_of(title: str) -> frozenset[str]:
    return frozenset(title.split())


def _date_sign(shape: str) -> Sign:
    def sign(page: "Page", index: int) -> str | None:
        found = read_date_line(page.lines[index])
        if found is None or found.shape != shape:
            return None
        return None if (found.shape, found.kind) in page.chronologies() else page.lines[index]

    sign.__doc__ = f"Take a line that is a date in the shape `{shape}`, unless the text is a chronology."
    return sign


SIGNS: dict[str, Sign] = {
    "white-space": white_space,
    "language-list": language_list,
    "title": title,
    "repeated-headline": repeated_headline,
    "stamped-headline": stamped_headline,
    "date-stamp": _date_sign("stamp"),
    "page-date": _date_sign("page-day"),
    "date-day": _date_sign("day"),
    "dateline": _date_sign("dateline"),
    "byline": byline,
    "title-alike": title_alike,
    "own-link": markupsigns.own_link,
    "caption": markupsigns.caption,
    "widget": markupsigns.widget,
    "control": markupsigns.control,
    "author-box": markupsigns.author_box,
    "time-element": markupsigns.time_element,
    "empty-heading": markupsigns.empty_heading,
    "lead-in": markupsigns.lead_in,
    "kicker": markupsigns.kicker,
    "edge-box": markupsigns.edge_box,
    "stated": markupsigns.stated,
    "title-copy": markupsigns.title_copy,
}
