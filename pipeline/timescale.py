"""Where moments stand on an axis of time, and which of them are labelled how. Pure; all in UTC."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_HOURS = (1, 2, 3, 6, 12)
_DAYS = (1, 2, 4, 7, 14)
_MONTHS = (1, 3, 6)
_YEARS = (1, 2, 5, 10, 25, 100, 500, 2500)


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled moment. `above` says which day or year it is where the label alone would not; `strong`: one begins."""

    at: datetime
    label: str
    above: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """Moments from `first` to `last` laid out between two places."""

    first: datetime
    last: datetime
    left: float
    right: float

    def __call__(self, moment: datetime) -> float:
        """Return where a moment stands, to a tenth."""
        whole = (self.last - self.first).total_seconds() or 1.0
        share = (moment - self.first).total_seconds() / whole
        return round(self.left + share * (self.right - self.left), 1)


def spread(first: datetime, last: datetime, margin: timedelta) -> tuple[datetime, datetime]:
    """Return a span with a margin on either side, as far as the calendar goes."""
    least, most = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    return first - min(margin, first - least), last + min(margin, most - last)


def ticks(scale: Scale, apart: float) -> list[Tick]:
    """Return the moments to label, at least so far `apart` where that can be: hours, days, months or years.

    A day begins with its date, and the hours within it are times alone; the first label names its day too.
    """
    found: list[tuple[datetime, str, str, bool]] = []
    room = max(1.0, abs(scale.right - scale.left) / apart)
    for pace, moments, label, strong, whole in _paces(scale.first, scale.last):
        if (scale.last - scale.first) / pace > room + 1:
            continue  # decades have more hours than there is time to count
        found = [(at, label(at), whole(at), strong(at)) for at in moments if scale.first <= at <= scale.last]
        if found and len(found) <= room:
            break
    made = []
    before = ""
    for at, words, whole_name, is_strong in found:
        # What a label leaves out is said once, and again where it is another.
        above = whole_name if whole_name != before and not is_strong else ""
        before = whole_name
        made.append(Tick(at, words, above, is_strong))
    return made


_Name = Callable[[datetime], str]
_Pace = tuple[timedelta, Iterator[datetime], _Name, Callable[[datetime], bool], _Name]


def _paces(first: datetime, last: datetime) -> Iterator[_Pace]:
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    for hours in _HOURS:
        yield (
            timedelta(hours=hours),
            _every(midnight, last, timedelta(hours=hours)),
            lambda at: _day(at) if at.hour == 0 else f"{at:%H:%M}",
            lambda at: at.hour == 0,
            _day,
        )
    for days in _DAYS:
        begin = midnight - timedelta(days=(midnight.toordinal() - 1) % days)
        yield timedelta(days=days), _every(begin, last, timedelta(days=days)), _day, lambda _: False, _year
    for months in _MONTHS:
        yield (
            timedelta(days=30 * months),
            _months(midnight, last, months),
            _month,
            lambda at: at.month == 1,
            _year,
        )
    for years in _YEARS:
        yield timedelta(days=365 * years), _months(midnight, last, 12 * years), _year, lambda _: True, _year


def _every(begin: datetime, last: datetime, step: timedelta) -> Iterator[datetime]:
    for number in range((last - begin) // step + 1):
        yield begin + number * step


def _months(begin: datetime, last: datetime, step: int) -> Iterator[datetime]:
    number = (begin.year * 12 + begin.month - 1) // step * step
    while number // 12 <= min(last.year, 9998):
        if number >= 12:
            yield begin.replace(year=number // 12, month=number % 12 + 1, day=1)
        number += step


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b}"


def _month(at: datetime) -> str:
    return f"{at.year}" if at.month == 1 else f"{at:%b}"


def _year(at: datetime) -> str:
    return f"{at.year}"
