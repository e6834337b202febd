"""The columns of a question's answer: their names, their kinds, and what the database says of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a column holds, in the words of Frictionless Table Schema (specs.frictionlessdata.io/table-schema)."""

    TEXT = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    TEXTS = "array"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `description` is the comment that the database has on it, empty where there is none."""

    name: str
    kind: Kind
    description: str = ""


# PostgreSQL's own types have had these numbers since they were made (pg_type.dat).
_KINDS = {
    16: Kind.BOOLEAN,
    20: Kind.INTEGER, 21: Kind.INTEGER, 23: Kind.INTEGER,
    18: Kind.TEXT, 19: Kind.TEXT, 25: Kind.TEXT, 1042: Kind.TEXT, 1043: Kind.TEXT,
    700: Kind.NUMBER, 701: Kind.NUMBER, 1186: Kind.NUMBER, 1700: Kind.NUMBER,
    1082: Kind.DATE, 1083: Kind.TIME, 1114: Kind.DATETIME, 1184: Kind.DATETIME,
    1009: Kind.TEXTS, 1015: Kind.TEXTS,
    114: Kind.OBJECT, 3802: Kind.OBJECT,
}  # fmt: skip


def columns_of(described: Sequence[Any], comments: Mapping[str, str]) -> list[Column]:
    """Return the columns of a cursor's description (PEP 249), with the comments of those that have one.

    What has a type of no kind of its own is text, as `values_of` makes it.
    """
    return [Column(item[0], _KINDS.get(item[1], Kind.TEXT), comments.get(item[0], "")) for item in described]


def values_of(columns: Sequence[Column], row: Sequence[Any]) -> tuple[Any, ...]:
    """Return a row's values in Python's plain types: an interval in seconds, a numeric as a float, the rest as text."""
    return tuple(_plain(column.kind, value) for column, value in zip(columns, row, strict=True))


def _plain(kind: Kind, value: Any) -> Any:
    if kind is Kind.TEXT and value is not None and not isinstance(value, str):
        return value.hex() if isinstance(value, bytes) else str(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value
