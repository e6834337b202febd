"""Rows with what they are called: a sequence of typed values that turns into a DataFrame."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from pipeline.errors import SetupError
from pipeline.export.arrow import arrow_batch, arrow_schema, need_pyarrow
from pipeline.store.columns import Column

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

R = TypeVar("R")


@dataclass(frozen=True, eq=False)
class Table(Sequence[R], Generic[R]):
    """What was read: a sequence of rows, with the columns they have.

    `for row in table` and `table[0].title` need nothing but newsfold; `table.pandas()`, `table.polars()` and `table.arrow()`
    need the library they are named for, and pyarrow.
    """

    columns: tuple[Column, ...]
    """The columns, each with its kind and with what the database says of it."""
    values: Sequence[tuple[Any, ...]]
    """The rows as plain tuples, in the columns' order."""
    row: type[R]

    def __len__(self) -> int:
        return len(self.values)

    @overload
    def __getitem__(self, index: int) -> R: ...
    @overload
    def __getitem__(self, index: slice) -> "Table[R]": ...
    def __getitem__(self, index: int | slice) -> "R | Table[R]":
        if isinstance(index, slice):
            return Table(self.columns, self.values[index], self.row)
        return self._typed(self.values[index])

    def __iter__(self) -> Iterator[R]:
        return map(self._typed, self.values)

    def __repr__(self) -> str:
        return f"<{len(self)} rows of {', '.join(column.name for column in self.columns)}>"

    def arrow(self) -> "pa.Table":
        """Return the rows as a table of pyarrow, with the columns' descriptions.

        Raises:
            SetupError: pyarrow is not installed.
        """
        arrow = need_pyarrow("A DataFrame")
        schema = arrow_schema(self.columns)
        return arrow.Table.from_batches([arrow_batch(self.columns, self.values, schema)])

    def pandas(self) -> "pd.DataFrame":
        """Return the rows as a DataFrame of pandas.

        Whole numbers and yes-or-no are of pandas' own nullable types, so that what is not known stays so; days and
        moments are datetime64, the moments in UTC.

        Raises:
            SetupError: pandas or pyarrow is not installed.
        """
        pandas = _need("pandas")
        arrow = need_pyarrow("A DataFrame")
        nullable = {
            arrow.int64(): pandas.Int64Dtype(),
            arrow.bool_(): pandas.BooleanDtype(),
            arrow.string(): pandas.StringDtype(),
        }
        return self.arrow().to_pandas(types_mapper=nullable.get, date_as_object=False)

    def polars(self) -> Any:
        """Return the rows as a DataFrame of polars.

        Raises:
            SetupError: polars or pyarrow is not installed.
        """
        return _need("polars").from_arrow(self.arrow())

    def _typed(self, values: tuple[Any, ...]) -> R:
        return self.row(**dict(zip((column.name for column in self.columns), values, strict=True)))


def _need(library: str) -> Any:
    try:
        return import_module(library)
    except ImportError:
        raise SetupError(
            f"`.{library}()` needs {library}, which is not installed: `pip install {library}`. Without it the rows can be "
            "gone through one by one: `for row in table`."
        ) from None
