"""JSON lines: an object a row, in UTF-8, each with every column. jsonlines.org."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from pipeline.export.writers import Record
from pipeline.store.columns import Column


class LinesWriter:
    """A file of JSON lines."""

    notes: Mapping[str, str] = {}

    def __init__(self, path: Path, columns: Sequence[Column], _provenance: Mapping[str, str]) -> None:
        self._names = [column.name for column in columns]
        self._file = path.open("x", encoding="utf-8", newline="\n")

    def write(self, rows: Sequence[Record]) -> None:
        """Add rows."""
        for row in rows:
            line = dict(zip(self._names, row, strict=True))
            self._file.write(json.dumps(line, ensure_ascii=False, default=as_json) + "\n")

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


def as_json(value: Any) -> Any:
    """Return what JSON has no word for: a day, a time and a moment as ISO 8601 has them, the moment in UTC.

    Raises:
        TypeError: the value is none of these.
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, (date, time)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is nothing that JSON lines are written of.")
