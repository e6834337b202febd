"""CSV that a spreadsheet opens right, and that every other program reads.

RFC 4180 with a byte order mark, without which Excel takes UTF-8 for the machine's old code page. Moments are in
UTC and to the second, in the one form that spreadsheets take for a moment. Lists have `; ` between their items.

A text that a spreadsheet would compute (`=1+1`, `@SUM`), or take for a number (`1e5`, a content hash of digits alone), a date
(`Dec 4`), a sum (`$5`) or a truth (`TRUE`), has an apostrophe in front. So has one that already begins with apostrophes before such a thing, so that `unguarded`
gives back exactly what was there. OWASP: owasp.org/www-community/attacks/CSV_Injection.
"""

import csv
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import category

from pipeline.clean.dates import LANGUAGES
from pipeline.export.writers import Record
from pipeline.store.columns import Column, Kind

LONGEST_CELL = 32_767
"""Characters, one beyond U+FFFF counting as two. Excel puts the rest of a longer one into the rows below, over what is there."""

_CUT = " […]"
# The wide signs count as the plain ones where the machine is set to Chinese or Japanese.
_COMPUTED = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_EXPONENT = re.compile(r"\s*\d[\d., ]*e[+-]?\d+\s*", re.IGNORECASE)
_LONGEST_MISREAD = 40
_WORD = re.compile(r"[^\W\d_]+")
_AROUND_NUMBERS = frozenset(" \t\xa0\u202f.,:;/-+()%'’")
_TRUTHS = frozenset(["true", "false", "wahr", "falsch", "vrai", "faux", "verdadero", "falso", "vero", "waar", "onwaar"])  # fmt: skip
_IN_DATES = frozenset(["am", "pm", "t", "z", "de", "年", "月", "日", "년", "월", "일"])
_SHORTEST_MONTH = 3
"""Letters. `Sept` is September to LibreOffice, and so is any other beginning of so many."""


class SheetWriter:
    """A CSV file."""

    def __init__(self, path: Path, columns: Sequence[Column], _provenance: Mapping[str, str]) -> None:
        self._kinds = [column.kind for column in columns]
        self._names = [column.name for column in columns]
        self._cut: dict[str, int] = {}
        self._file = path.open("x", encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._file, lineterminator="\r\n")
        self._rows.writerow(self._names)

    @property
    def notes(self) -> Mapping[str, str]:
        """Say which columns have cells that were cut, and how many."""
        return {
            name: f"{number} of its cells were longer than the {LONGEST_CELL} characters that a spreadsheet's "
            f"cell holds; they were cut, and end in “{_CUT.strip()}”. Parquet and JSON lines have them whole."
            for name, number in self._cut.items()
        }

    def write(self, rows: Sequence[Record]) -> None:
        """Add rows."""
        for row in rows:
            self._rows.writerow(
                [
                    self._cell(name, kind, value)
                    for name, kind, value in zip(self._names, self._kinds, row, strict=True)
                ]
            )

    def close(self) -> None:
        """Finish the file."""
        self._file.close()

    def _cell(self, name: str, kind: Kind, value: Any) -> Any:
        if value is None:
            return ""
        if kind in (Kind.INTEGER, Kind.NUMBER):
            return value
        if kind is Kind.BOOLEAN:
            return "true" if value else "false"
        if isinstance(value, (date, time)):
            return shown(value)
        words = value if kind is Kind.TEXT else as_text(value)
        cell = guarded(words)
        if len(cell) <= LONGEST_CELL // 2 or len(units := cell.encode("utf-16-le")) <= 2 * LONGEST_CELL:
            return cell
        self._cut[name] = self._cut.get(name, 0) + 1
        return units[: 2 * (LONGEST_CELL - len(_CUT))].decode("utf-16-le", errors="ignore") + _CUT


def shown(value: date | time) -> str:
    """Return a day or a moment as a spreadsheet reads it: `2024-12-04 14:28:00`, in UTC."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat()


def as_text(value: Any) -> str:
    """Return a list as its items with `; ` between them, and anything else that is no text as JSON."""
    if isinstance(value, list) and all(isinstance(item, (str, int)) for item in value):
        return "; ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False, default=str)


def guarded(words: str) -> str:
    """Return a text with an apostrophe in front where a spreadsheet would not leave it a text."""
    return f"'{words}" if _misread(words) else words


def unguarded(cell: str) -> str:
    """Return what `guarded` was given."""
    return cell[1:] if cell.startswith("'") and _misread(cell[1:]) else cell


def _misread(words: str) -> bool:
    """Tell whether a spreadsheet would take a text for something else; apostrophes in front change nothing in that."""
    bare = words.lstrip("'")
    if _COMPUTED.match(bare):
        return True
    if len(bare) > _LONGEST_MISREAD:
        return False
    if not any(map(str.isnumeric, bare)):
        return bare.strip().casefold() in _TRUTHS
    if _EXPONENT.fullmatch(bare):
        return True
    names = {word.casefold() for word in _WORD.findall(bare) if not word.isnumeric()}
    if names:
        return all(name in _IN_DATES or name in _months() for name in names)
    return all(sign.isnumeric() or sign in _AROUND_NUMBERS or category(sign) == "Sc" for sign in bare)


@cache
def _months() -> frozenset[str]:
    """Return the words of the months' names and their beginnings, without case, in the languages we read dates in."""
    # Read on the first short text with a number in it.
    from babel import Locale  # noqa: PLC0415

    names = (
        name
        for language in LANGUAGES
        for months in Locale(language).months.values()
        for width in ("wide", "abbreviated")
        for name in months.get(width, {}).values()
    )
    words = {word.casefold() for name in names for word in _WORD.findall(name)}
    return frozenset(
        word[:length] for word in words for length in {len(word), *range(_SHORTEST_MONTH, len(word))}
    )
