"""What a page is before it is HTML, JSON or CSV; what was asked for; and how a list is cut into pages."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine

from pipeline.errors import NewsfoldError, NotFound
from pipeline.export.sheet import guarded, shown

Row = dict[str, Any]

FORMS = ("json", "csv")
"""What an address may end in, after a dot, to have the same facts in another form."""

_LAST_PAGE = 100_000
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+00:00")
# Line feeds and tabs stay; what else steers a terminal or shows as nothing becomes a mark that something is there.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class BadRequest(NewsfoldError):
    """What was asked for makes no sense; the sentence says why."""


class PastTheEnd(NotFound):
    """A page of a list was asked for that the list does not reach."""


@dataclass(frozen=True, slots=True)
class Room:
    """What the pages are made from: a database that is only read, the archive, and what the event is called."""

    engine: Engine
    archive: Path
    event: str
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: the words of the address, without the form's suffix, and what follows the question mark."""

    words: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    path: str = "/"

    def get(self, name: str, default: str = "") -> str:
        """Return a parameter, without the spaces around it."""
        return self.query.get(name, default).strip()

    def page(self, name: str = "page") -> int:
        """Return which page of a list is wanted, from 1.

        Raises:
            BadRequest: that is no number, or no sensible one.
        """
        stated = self.get(name, "1")
        if not (
            stated.isascii() and stated.isdigit() and len(stated) <= 6 and 1 <= int(stated) <= _LAST_PAGE
        ):
            raise BadRequest(
                f"{stated[:20]!r} is no page of a list: they are counted from 1 to {_LAST_PAGE}."
            )
        return int(stated)

    def address(self, form: str | None = None, **changed: object) -> str:
        """Return the address of this page in another form, or with some parameters changed (None: without it)."""
        path = self.path if form is None else f"{self.path if self.path != '/' else '/index'}.{form}"
        merged = {**self.query, **changed}
        query = urlencode({name: value for name, value in merged.items() if value not in (None, "")})
        return f"{path}?{query}" if query else path


@dataclass(frozen=True, slots=True)
class Page:
    """A page: the facts, which are its JSON; the rows of its list, which are its CSV; the template that shows it."""

    template: str
    title: str
    facts: Row
    rows: Sequence[Row] | None = None
    status: int = 200

    def __repr__(self) -> str:
        return f"Page({self.template}, {self.title!r})"


@dataclass(frozen=True, slots=True)
class Paging:
    """Which stretch of a list is shown: page `number`, from 1, of pages of `size`, of `total` in all."""

    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        """How many lines come before it."""
        return (self.number - 1) * self.size

    def as_row(self, shown: Sequence[object] = (1,)) -> Row:
        """Return it for the templates and JSON, where `shown` are the lines of this page.

        Raises:
            PastTheEnd: there are none, and it is not the first page.
        """
        if self.number > 1 and not shown:
            raise PastTheEnd(f"The list has ended: there is no page {self.number:,} of it.")
        return {"page": self.number, "pages": self.pages, "size": self.size, "total": self.total}


def printable(text: str) -> str:
    """Return a text with U+FFFD for each control character, line feeds and tabs apart."""
    return _CONTROL.sub("\ufffd", text)


def as_json(value: object) -> bytes:
    """Return facts as JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=str).encode("utf-8", "replace")


def as_csv(rows: Sequence[Row]) -> bytes:
    """Return rows as CSV that a spreadsheet opens as it is: UTF-8 with its mark, and no text that it would take for anything else."""
    flat = [_flat(row) for row in rows]
    columns = list(dict.fromkeys(name for row in flat for name in row))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _cell(name, value) for name, value in row.items()} for row in flat)
    return stream.getvalue().encode("utf-8-sig", "replace")


def _flat(row: Row, prefix: str = "") -> Row:
    """Return a row whose dictionaries have become columns of their own."""
    found: Row = {}
    for name, value in row.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{prefix}{name}_")
        elif isinstance(value, (list, tuple)):
            found[prefix + name] = "; ".join(str(one) for one in value if not isinstance(one, (dict, list)))
        else:
            found[prefix + name] = value
    return found


def _cell(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    # A day that we write is to be a day to a spreadsheet too; what somebody else wrote is to stay what it is.
    of_ours = name.rpartition("_")[2]
    if of_ours in ("on", "when") and _DAY.fullmatch(value):
        return value
    if of_ours == "at" and _MOMENT.fullmatch(value):
        return shown(datetime.fromisoformat(value))
    return guarded(printable(value.replace("\0", "")))
