"""The days that an archive's address names: `post-sitemap-2024-12.xml`, `/2024/12/04/`, `?yyyy=2024&mm=12`."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlsplit

_YEAR = r"(?<!\d)(?P<year>(?:19|20)\d\d)"
_MONTH = r"(?P<month>0[1-9]|1[0-2])"
_DAY = r"(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
# From the closest to the widest. A single digit is no month and no day: it may count the parts of an archive.
_SHAPES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}(?P<mark>[-_/.]?){_MONTH}(?P=mark){_DAY}",
        rf"{_YEAR}[-_/.]?{_MONTH}(?!\d)",
        rf"{_YEAR}(?!\d)",
    )
)
_KEYS = {
    "year": ("yyyy", "year", "yr", "y"),
    "month": ("mm", "month", "mon", "m"),
    "day": ("dd", "day", "d"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """The days from the first to the last, both included."""

    first: date
    last: date

    def meets(self, other: "Period") -> bool:
        """Tell whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last


def periods(addresses: Sequence[str]) -> list[Period | None]:
    """Return the days that each address names, None where it names none for certain.

    Addresses that differ in their numbers alone are read alike: where one of them has a number that is no
    date (`sitemap-1.xml` beside `sitemap-2010.xml`), the numbers are counts, and none of them is believed;
    and where one names a month only, the others' last number is taken for a part and not for a day.
    """
    shapes = [re.sub(r"\d+", "#", address) for address in addresses]
    named = [_numbers(address) for address in addresses]
    exact: dict[str, int] = {}
    for shape, numbers in zip(shapes, named, strict=True):
        exact[shape] = min(exact.get(shape, 3), len(numbers))
    return [_period(numbers[: exact[shape]]) for shape, numbers in zip(shapes, named, strict=True)]


def _numbers(address: str) -> tuple[int, ...]:
    """Return year, month and day, as many of them as the address names."""
    try:
        parts = urlsplit(address)
        query = {key.lower(): value for key, value in parse_qsl(parts.query, max_num_fields=50)}
    except ValueError:
        return ()
    asked = [next((query[key] for key in _KEYS[unit] if key in query), "") for unit in _KEYS]
    if re.fullmatch(r"(?:19|20)\d\d", asked[0]):
        numbers = [int(asked[0])]
        for value, most in zip(asked[1:], (12, 31), strict=True):
            if not re.fullmatch(r"\d{1,2}", value) or not 1 <= int(value) <= most:
                break
            numbers.append(int(value))
        return tuple(numbers)
    where = f"{parts.path}?{parts.query}"
    for pattern in _SHAPES:
        found = list(pattern.finditer(where))
        if found:
            groups = found[-1].groupdict()
            return tuple(int(groups[unit]) for unit in _KEYS if unit in groups)
    return ()


def _period(numbers: tuple[int, ...]) -> Period | None:
    if not numbers:
        return None
    year = numbers[0]
    month = numbers[1] if len(numbers) > 1 else None
    last_day = calendar.monthrange(year, month or 12)[1]
    if len(numbers) > 2:
        if numbers[2] > last_day:
            return None
        return Period(date(year, numbers[1], numbers[2]), date(year, numbers[1], numbers[2]))
    return Period(date(year, month or 1, 1), date(year, month or 12, last_day))
