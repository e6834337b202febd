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

    Raises:
        TypeError: a column has a type that no export knows how to write; it has to be taught here.
    """
    columns = []
    for item in described:
        name, oid = item[0], item[1]
        if oid not in _KINDS:
            raise TypeError(f"The column {name} has PostgreSQL's type {oid}, which no export writes.")
        columns.append(Column(name, _KINDS[oid], comments.get(name, "")))
    return columns


def plain(value: Any) -> Any:
    """Return a value as one of Python's plain types: an interval in seconds, a numeric as a float."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value
