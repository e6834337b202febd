"""What every way of writing has in common."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from pipeline.store.columns import Column

Record = Sequence[Any]
"""The values of one row, in the order of the columns."""


class Writer(Protocol):
    """A file that rows are added to. What it holds is whole once it is closed."""

    @property
    def notes(self) -> Mapping[str, str]:
        """What a reader should know of this file beyond its schema, in sentences by name; mostly empty."""

    def write(self, rows: Sequence[Record]) -> None:
        """Add rows."""

    def close(self) -> None:
        """Finish the file."""


Open = Callable[[Path, Sequence[Column], Mapping[str, str]], Writer]
"""Make a writer for a file that does not exist yet; the mapping is what to keep with it about where it is from."""
