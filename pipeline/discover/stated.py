"""Dates and titles as discovery pages state them: read exactly, never completed by a guess."""

import html
import re
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

from pipeline.clean.dates import read_date_line

_LONGEST_DATE = 80  # characters
_LONGEST_TITLE = 2_000
_FIRST_YEAR, _LAST_YEAR = 1970, 2100  # a year outside is a placeholder or a slip, not a date
_TAG = re.compile(r"</?[a-z][^<>]*>|<!--[^<>]*-->", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,12}\d{0,2});", re.IGNORECASE)
_UNFIT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_RFC_822 = re.compile(r"(?:[a-z]{3,9},? )?\d{1,2} [a-z]{3,9}\.? \d{2,4} \d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stated:
    """A date as stated: its text, the moment where the zone is stated too, and the day in the stated zone."""

    raw: str | None = None
    at: datetime | None = None
    on: date | None = None


NOT_STATED = Stated()


def read_stated(raw: object) -> Stated:
    """Read a date in ISO 8601, in RFC 822, or as a line of words; what cannot be read keeps its text alone."""
    if not isinstance(raw, str):
        return NOT_STATED
    raw = " ".join(_UNFIT.sub("", raw[: _LONGEST_DATE * 4]).split())
    return _read(raw[:_LONGEST_DATE]) if raw else NOT_STATED


@lru_cache(maxsize=4096)
def _read(raw: str) -> Stated:
    when, is_day = _parse(raw)
    if when is None or not _FIRST_YEAR <= when.year <= _LAST_YEAR:
        return Stated(raw)
    return Stated(raw, None if is_day or when.tzinfo is None else when, when.date())


def _parse(raw: str) -> tuple[datetime | None, bool]:
    """Return the moment, and whether only its day is stated."""
    try:
        return datetime.fromisoformat(raw), "T" not in raw.upper() and ":" not in raw
    except ValueError:
        pass
    if _RFC_822.match(raw):
        try:
            return parsedate_to_datetime(raw), False
        except (ValueError, TypeError, IndexError, OverflowError):
            pass
    line = read_date_line(raw)
    if line is None:
        return None, True
    return line.when, line.shape != "stamp"


def plain(text: object) -> str | None:
    """Return a title as a reader sees it: without tags, entities decoded, on one line; None when empty.

    Entities are decoded twice, since many a feed escapes what its database holds escaped already.
    """
    if not isinstance(text, str):
        return None
    text = html.unescape(_TAG.sub("", text[:_LONGEST_TITLE]))
    if _ENTITY.search(text):
        text = html.unescape(text)
    text = " ".join(_UNFIT.sub("", _TAG.sub("", text)).split())
    return text or None
