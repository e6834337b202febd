"""Tables of TOML files that know their place: every mistake is reported by file, line and key."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pipeline.errors import SetupError

_KINDS = {str: "a text in quotes", int: "a whole number", float: "a number", date: "a date such as 2024-12-04",
          list: "a list", dict: "a table"}  # fmt: skip
_T = TypeVar("_T")
_N = TypeVar("_N", int, float)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a TOML file, which knows its file and its place there: its errors name line and key."""

    path: Path
    text: str
    where: tuple[str | int, ...]
    entry: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> "Table":
        """Read a whole TOML file as its root table.

        Raises:
            SetupError: it cannot be read, or is not TOML; the sentence names the line.
        """
        try:
            text = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
            return cls(path, text, (), tomllib.loads(text))
        except OSError as error:
            raise SetupError(f"The file {path} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            number = error.object.count(b"\n", 0, error.start) + 1
            raise SetupError(f"In {path}, line {number}: this is not UTF-8, as TOML must be.") from error
        except tomllib.TOMLDecodeError as error:
            what, at, place = str(error).partition(" (at line ")
            # "at end of document" is the one place that tomllib does not give in numbers.
            number = int(place.split(",")[0]) if at else text.rstrip().count("\n") + 1
            column = f",{place.split(',')[1].rstrip(')')}" if at else ""
            line = text.split("\n")[number - 1].strip()
            raise SetupError(
                f"In {path}, line {number}{column}: this is not valid TOML: {what}. The line is: {line}"
            ) from error

    def fail(self, key: str, says: str, value: str | None = None) -> NoReturn:
        """Raise the error that a key (or the table itself, for an empty key) deserves.

        Raises:
            SetupError: always. `value` is the item at fault, where the key's value is a list of many lines.
        """
        where = (*self.where, key) if key else self.where
        name = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in where)
        raise SetupError(
            f"In {self.path}, line {_line_of(self.text, where, value)}: {name[1:] or 'the file'} {says}."
        )

    def only(self, known: set[str]) -> None:
        """Refuse a key that is not among those known."""
        for key in self.entry:
            if key not in known:
                self.fail(key, f"is not a key that newsfold knows here; it knows {', '.join(sorted(known))}")

    def take(self, key: str, kind: type[_T]) -> _T | None:
        """Return a key's value, of exactly this kind; None when it is not there."""
        value = self.entry.get(key)
        if kind is float and type(value) is int:
            value = float(value)
        if value is not None and type(value) is not kind:
            self.fail(key, f"must be {_KINDS[kind]}, and is {value!r}")
        if value is not None and "\0" in str(value):
            self.fail(key, "holds a NUL character, which no database can store")
        return value

    def need(self, key: str, kind: type[_T]) -> _T:
        """Return a key's value, which must be there."""
        value = self.take(key, kind)
        if value is None or value == "":
            self.fail(key if key in self.entry else "", "is empty" if key in self.entry else f"has no {key}")
        return value

    def shaped(self, key: str, shape: re.Pattern[str], form: str) -> str | None:
        """Return a text of a given shape; `form` completes "is not ..."."""
        value = self.take(key, str)
        if value is not None and not shape.fullmatch(value):
            self.fail(key, f"is {value!r}, which is not {form}")
        return value

    def number(self, key: str, kind: type[_N], least: _N, most: _N) -> _N | None:
        """Return a number between two bounds."""
        value = self.take(key, kind)
        if value is not None and not least <= value <= most:
            self.fail(key, f"is {value}, and must be from {least} to {most}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, each said once."""
        values = self.take(key, list) or []
        for value in values:
            if type(value) is not str or not value.strip():
                self.fail(key, f"must be a list of texts in quotes, and has {value!r}")
        return tuple(dict.fromkeys(values))

    def patterns(self, key: str) -> tuple[str, ...]:
        """Return a list of regular expressions."""
        for value in (found := self.texts(key)):
            self.pattern(key, value)
        return found

    def pattern(self, key: str, value: str) -> None:
        """Refuse a regular expression that is none."""
        try:
            re.compile(value)
        except re.error as error:
            self.fail(key, f"has {value!r}, which is no regular expression: {error}", value)

    def table(self, key: str) -> "Table":
        """Return the table under a key; an empty one when there is none."""
        return Table(self.path, self.text, (*self.where, key), self.take(key, dict) or {})

    def tables(self, key: str) -> Iterator["Table"]:
        """Yield the tables of a list, `[[key]]`."""
        for number, entry in enumerate(self.take(key, list) or []):
            if type(entry) is not dict:
                self.fail(key, f"must be a list of tables, each under [[{key}]]")
            yield Table(self.path, self.text, (*self.where, key, number), entry)


def _line_of(text: str, where: Sequence[str | int], value: str | None) -> int:
    """Return the line on which a key, a table or an item of a list stands.

    The parser keeps no places, so it is asked again, with one line more each time: the statement that
    brings the key is the one after the last beginning of the file that was whole without it.
    """
    lines = text.split("\n")
    start, end = 0, len(lines)
    for end in range(1, len(lines) + 1):
        try:
            table = tomllib.loads("\n".join(lines[:end]))
        except tomllib.TOMLDecodeError:
            continue
        if _reaches(table, where):
            break
        start = end
    said = [n for n in range(start, end) if lines[n].strip() and not lines[n].lstrip().startswith("#")]
    exact = [n for n in said if value is not None and value in lines[n]]
    return (exact or said or [0])[0] + 1


def _reaches(table: Any, where: Sequence[str | int]) -> bool:
    for part in where:
        try:
            table = table[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True
