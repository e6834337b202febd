"""Lines that are dates: told from sentences that only mention one, and read exactly.

Reading is dateparser's; what is ours is the question whether a whole line is a date and nothing else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import timezone as timezone_of
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from pipeline.clean.canonical import tidy_line
from pipeline.items import DateClaim, DateKind

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

LANGUAGES = ["en", "uk", "ru", "de", "fr", "it", "es", "pl", "nl", "tr"]
_LONGEST = 60  # characters: with a weekday, a time and a zone a date line stays under this

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}\.\d{1,2}\.\d\d(?!\d)")
_TIME = re.compile(
    r"(?<![\d.:])\d{1,2}\s?(?:[:h]|\.(?=\d\d(?!\.?\d)))\s?[0-5]\d|\d\s?[ap]\.?m\b", re.IGNORECASE
)
_LABEL = re.compile(
    r"(?P<label>(?:first |last )?(?P<verb>publi(?:shed|é)|posted|created|date|updated|modified|aktualisiert"
    r"|veröffentlicht|опубліковано|оновлено|опубликовано|обновлено|mis à jour|pubblicato|aggiornato"
    r"|publicado|actualizado|opublikowano|aktualizacja)(?: (?:on|at|am|le|il|el))?\s*[:\-–—|]?\s+)",
    re.IGNORECASE,
)
_CHANGED = frozenset(
    [
        "updated",
        "modified",
        "aktualisiert",
        "оновлено",
        "обновлено",
        "aggiornato",
        "actualizado",
        "aktualizacja",
    ]
)
_CHANGED_PHRASES = ("mis à jour",)
_PREPOSITION = re.compile(r"(?:on|by|in|at|until|since|am|vom|bis|dal|del|od|do)\s", re.IGNORECASE)
_SLASHED = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/\d{4}")
_SEPARATORS = re.compile(r"\s+[|•·–—-]\s+")
_PLACE = re.compile(r"(?P<place>[^\W\d_][^\d:;!?]{1,40}?)(?:,| [–—-]) (?P<date>\d.*|[^\W\d_]{3,}\.? \d.*)")
# A place is written in capitals or with capital letters; a headline that ends in a date is not.
_PLACE_NAME = re.compile(
    r"(?:[^\W\d_a-zà-öø-ÿа-яёіїєґ][\w.'’-]*)"
    r"(?:,? (?:of|the|de|la|le|del|am|an|der|sur|al|on|upon|[^\W\d_a-zà-öø-ÿа-яёіїєґ][\w.'’-]*)){0,3}"
)
_MORE_WEEKDAYS = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_MONTH_FIRST = re.compile(r"[^\W\d_]{3,}\.? \d")
_YEARS = (1900, 2100)
_PARTS = re.compile(r"\s*[|•·]\s*|\s+[–—/-]\s+")
_MOST_PARTS = 4
_LONGEST_WHOLE = 120  # characters of a line with other words, or another date, beside its date
# Where a second labelled date begins ("Updated Dec. 5, 2024 9:10 am Published Dec. 4, 2024 4:28 pm").
_NEXT_LABEL = re.compile(
    r"(?<=\S)\s+(?=(?:first |last )?(?:published|posted|updated|modified)\b)", re.IGNORECASE
)
_BEFORE_DATE = re.compile(r"^(?:.*\s)?(?:on|am|vom|le|il|el|op)\s+(?=[^\W_])", re.IGNORECASE)
_EPOCH = (1970, 1, 1)

# Seconds or milliseconds since 1970: ten or thirteen digits, from 2001 to 2030; later ones would pass for 2024120416.
_SINCE_EPOCH = re.compile(r"(1[0-8]\d{8})(\d{3})?")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_EAST_ASIAN = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]\s*")
_ARABIC = re.compile(r"[\u0621-\u064a]+(?:\s[\u0621-\u064a]+)?")
_AS_OF = re.compile(r"(?<=\d),?\s+Stand:?\s+(?=\d)")
_AMERICAN = re.compile(r"(?<=[\dmM.])\s?(?P<zone>[ECMP])T$")
_AMERICAN_ZONES = {
    "E": "America/New_York",
    "C": "America/Chicago",
    "M": "America/Denver",
    "P": "America/Los_Angeles",
}

Shape = Literal["stamp", "day", "page-day", "dateline"]


@dataclass(frozen=True, slots=True)
class DateLine:
    """A line that is a date.

    `shape` is `stamp` with a time of day, `dateline` after a place, `page-day` when a weekday leads and
    no time follows (how page headers show today's date), else `day`. `when` is naive unless the line
    states its zone, and None where day and month could be exchanged (04/12/2024).
    """

    shape: Shape
    kind: DateKind
    when: datetime | None


@cache
def _parser() -> "DateDataParser":
    # Imported on the first date-like line: most texts have none.
    from dateparser.date import DateDataParser  # noqa: PLC0415

    return DateDataParser(
        languages=LANGUAGES,
        settings={"STRICT_PARSING": True, "DATE_ORDER": "DMY", "PREFER_LOCALE_DATE_ORDER": False},
    )


def _parse(text: str) -> datetime | None:
    american = _AMERICAN.search(text)
    data = _parser().get_date_data(_SEPARATORS.sub(" ", text[: american.start()] if american else text))
    when: datetime | None = data.date_obj
    if american and when is not None and when.tzinfo is None and _TIME.search(text):
        # "ET" is winter's or summer's time by the date.
        at = when.replace(tzinfo=ZoneInfo(_AMERICAN_ZONES[american["zone"]]))
        return when.replace(tzinfo=timezone_of(at.utcoffset() or timedelta()))
    return None if american else when


def _plain(line: str) -> str:
    """Return a date line in the digits and the order that dateparser reads: `2024年12月4日` is `2024-12-04`."""
    line = _AS_OF.sub(" ", line) if "Stand" in line else line
    if line.isascii():
        return line
    line = _EAST_ASIAN.sub(
        lambda date: f"{date[1]}-{int(date[2]):02}-{int(date[3]):02} ", line.translate(_DIGITS)
    )
    if _ARABIC.search(line):
        line = _ARABIC.sub(lambda word: _arabic_months().get(word[0], word[0]), line)
    return line.strip()


@cache
def _arabic_months() -> Mapping[str, str]:
    """Return the months by their Arabic names, those of the Levant included, as English ones."""
    from babel import Locale  # noqa: PLC0415

    english = Locale("en").months["format"]["wide"]
    return {
        name: english[number]
        for locale in (Locale("ar"), Locale("ar", "SY"))
        for number, name in locale.months["format"]["wide"].items()
    }


def may_be_date(line: str) -> bool:
    """Tell, at little cost, whether a line is worth reading as a date."""
    return len(line) <= _LONGEST and _YEAR.search(_plain(line)) is not None


def may_hold_date(line: str) -> bool:
    """Tell, at little cost, whether a line is worth looking for a date in that is a part of it."""
    return len(line) <= _LONGEST_WHOLE and _YEAR.search(_plain(line)) is not None


@lru_cache(maxsize=4096)
def read_date_line(line: str) -> DateLine | None:
    """Return what a tidy line says if the whole of it is a date, else None."""
    if not may_be_date(line):
        return None
    line = _plain(line)
    kind: DateKind = "published"
    label = _LABEL.match(line)
    if label:
        verb = label["verb"].casefold()
        kind = (
            "modified" if verb in _CHANGED or label["label"].casefold().startswith(_CHANGED_PHRASES) else kind
        )
        line = line[label.end() :]
    first, _, rest = line.partition(" ")
    weekday = label is None and first.rstrip(".,").casefold() in _weekdays()
    if weekday:
        line = rest
    place = None
    # A preposition before a date makes a phrase of it, and dateparser skips the word.
    when = None if _PREPOSITION.match(line) else _parse(line)
    if when is None and not weekday:
        place = _PLACE.fullmatch(line)
        is_place = (
            place is not None and not _MONTH_FIRST.match(line) and _PLACE_NAME.fullmatch(place["place"])
        )
        when = _parse(place["date"]) if place and is_place else None
    if when is None:
        return None
    if place:
        shape: Shape = "dateline"
    elif _TIME.search(line):
        shape = "stamp"
    elif weekday:
        kind, shape = "page", "page-day"
    else:
        shape = "day"
    slashed = _SLASHED.search(line)
    if slashed and int(slashed[1]) <= 12 and int(slashed[2]) <= 12 and slashed[1] != slashed[2]:
        when = _by_weekday(when, _weekdays()[first.rstrip(".,").casefold()]) if weekday else None
    return DateLine(shape, kind, when)


def _by_weekday(when: datetime, weekdays: frozenset[int]) -> datetime | None:
    """Return the one of two readings of a date, with day and month exchanged, that falls on its weekday; None for both."""
    readings = [when, when.replace(month=when.day, day=when.month)]
    fitting = [reading for reading in readings if reading.weekday() in weekdays]
    return fitting[0] if len(fitting) == 1 else None


@cache
def _weekdays() -> Mapping[str, frozenset[int]]:
    """Return the weekdays (Monday is 0) by their names, whole and short, without case, in the languages we read.

    A short name may be another day's in another language.
    """
    # Read on the first date-like line, as the parser is.
    from babel import Locale  # noqa: PLC0415

    days: dict[str, set[int]] = {name: {day} for name, day in _MORE_WEEKDAYS.items()}
    for language in LANGUAGES:
        for widths in Locale(language).days.values():
            for width in ("wide", "abbreviated"):
                for day, name in widths.get(width, {}).items():
                    days.setdefault(name.rstrip(".").casefold(), set()).add(day)
    return {name: frozenset(found) for name, found in days.items()}


def claim_from_line(line: str, found: DateLine, timezone: str | None) -> DateClaim | None:
    """Return the claim that a date line makes; `timezone` is the source's, used where the line has none."""
    if found.when is None:
        return None
    origin = "dateline" if found.shape == "dateline" else "banner"
    if found.shape == "page-day":
        origin = "page-header"
    if found.shape == "stamp" or _TIME.search(_plain(line)):
        return timed_claim(found.kind, origin, line, found.when, timezone)
    return DateClaim(found.kind, origin, line, found.when.date())


def date_within(line: str, timezone: str | None) -> DateClaim | None:
    """Return the date of a publication that is one part of a short line (`By Ann Lee | 4 December 2024`), or None.

    What stands before "on" is another part, and so is what has a label of its own (`Updated ... Published ...`); a part
    and the one behind it may be a day and its time.
    """
    labelled = _NEXT_LABEL.split(line)
    # "He published ..." is no label: a date stands before the next one's.
    labelled = labelled if _YEAR.search(labelled[0]) else [line]
    pieces = [part for piece in labelled for part in _PARTS.split(piece)]
    parts = [_BEFORE_DATE.sub("", part) for part in pieces[:_MOST_PARTS]]
    joined = [f"{part} {after}" for part, after in pairwise(parts) if _TIME.search(after)]
    for part in (*joined, *parts):
        found = read_date_line(tidy_line(part))
        if found is not None and found.kind == "published" and found.shape in {"stamp", "day"}:
            return claim_from_line(part, found, timezone)
    return None


def claim_from_value(kind: DateKind, origin: str, value: object, timezone: str | None) -> DateClaim | None:
    """Return the claim of a date in a page's markup: ISO 8601, Unix time, as mail writes it (RFC 5322), or in words.

    None where it is no date, where day and month could be exchanged, and where it is a placeholder: the first
    day of the Unix epoch, or a year that no outlet means (`0001-01-01T00:00:00`). `timezone` is the source's.
    """
    raw = tidy_line(value[: _LONGEST * 4]) if isinstance(value, str) else ""
    # Bare digits elsewhere may count anything; a `datetime` says what they are.
    since = _SINCE_EPOCH.fullmatch(raw) if origin == "time-element" else None
    if since:
        return timed_claim(kind, origin, raw, datetime.fromtimestamp(int(since[1]), UTC), timezone)
    try:
        when: datetime | None = datetime.fromisoformat(raw)
        timed = len(raw) > len("2024-12-04")
    except ValueError:
        line = read_date_line(raw)
        if line is None or line.shape == "dateline" or (kind == "published" and line.kind == "modified"):
            return None
        when = line.when
        timed = _TIME.search(_plain(raw)) is not None
    if when is None or not _YEARS[0] <= when.year <= _YEARS[1] or when.timetuple()[:3] == _EPOCH:
        return None
    return (
        timed_claim(kind, origin, raw, when, timezone) if timed else DateClaim(kind, origin, raw, when.date())
    )


def timed_claim(kind: DateKind, origin: str, raw: str, when: datetime, timezone: str | None) -> DateClaim:
    """Return a claim to the minute; the zone is the stated offset, else `timezone`, else left unknown."""
    local = when.replace(tzinfo=None)
    if when.tzinfo is not None:
        return DateClaim(kind, origin, raw, local.date(), local, when, when.strftime("%z") or when.tzname())
    if timezone is None:
        return DateClaim(kind, origin, raw, local.date(), local)
    return DateClaim(
        kind, origin, raw, local.date(), local, when.replace(tzinfo=ZoneInfo(timezone)), timezone
    )
