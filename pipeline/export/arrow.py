"""Rows as Arrow has them, and Parquet files of them. pyarrow is optional: the extra `export` brings it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import SetupError
from pipeline.export.writers import Record
from pipeline.store.columns import Column, Kind

if TYPE_CHECKING:
    import pyarrow as pa

_GROUP_BYTES = 16 * 1024 * 1024
_GROUP_ROWS = 100_000
"""A row group ends at either: large enough to compress, small enough to be held in memory."""


def need_pyarrow(what: str) -> Any:
    """Return the module pyarrow.

    Raises:
        SetupError: it is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415
    except ImportError:
        raise SetupError(
            f"{what} needs pyarrow, which is not installed: `pip install 'newsfold[export]'`, or in a checkout "
            "`.venv/bin/python -m pip install --require-hashes -r requirements/export.txt`."
        ) from None
    return pa


def arrow_schema(columns: Sequence[Column], about: Mapping[str, str] | None = None) -> "pa.Schema":
    """Return the columns as Arrow's schema, with their descriptions; days, moments and lists keep their types."""
    arrow = need_pyarrow("Parquet")
    types = {
        Kind.TEXT: arrow.string(),
        Kind.INTEGER: arrow.int64(),
        Kind.NUMBER: arrow.float64(),
        Kind.BOOLEAN: arrow.bool_(),
        Kind.DATE: arrow.date32(),
        Kind.TIME: arrow.time64("us"),
        Kind.DATETIME: arrow.timestamp("us", tz="UTC"),
        Kind.TEXTS: arrow.list_(arrow.string()),
        Kind.OBJECT: arrow.string(),
    }
    fields = [
        arrow.field(column.name, types[column.kind], metadata={"description": column.description})
        for column in columns
    ]
    return arrow.schema(fields, metadata=dict(about or {}))


def arrow_batch(columns: Sequence[Column], rows: Sequence[Record], schema: Any) -> "pa.RecordBatch":
    """Return rows as one of Arrow's batches."""
    arrow = need_pyarrow("Parquet")
    arrays = []
    for position, column in enumerate(columns):
        values: list[Any] = [row[position] for row in rows]
        if column.kind is Kind.OBJECT:
            values = [None if one is None else json.dumps(one, ensure_ascii=False) for one in values]
        arrays.append(arrow.array(values, schema.field(position).type))
    return arrow.RecordBatch.from_arrays(arrays, schema=schema)


class ParquetWriter:
    """A Parquet file, packed with zstd."""

    notes: Mapping[str, str] = {}

    def __init__(self, path: Path, columns: Sequence[Column], provenance: Mapping[str, str]) -> None:
        self._arrow = need_pyarrow("Parquet")
        from pyarrow import parquet  # noqa: PLC0415

        self._columns = columns
        self._schema = arrow_schema(columns, provenance)
        self._batches: list[Any] = []
        path.touch(exist_ok=False)  # not over a file that is there, nor through a link
        self._file = parquet.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, rows: Sequence[Record]) -> None:
        """Add rows; they are written as soon as they fill a row group."""
        if rows:
            self._batches.append(arrow_batch(self._columns, rows, self._schema))
        held = sum(batch.nbytes for batch in self._batches)
        if held >= _GROUP_BYTES or sum(batch.num_rows for batch in self._batches) >= _GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        """Finish the file."""
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        if self._batches:
            self._file.write_table(self._arrow.Table.from_batches(self._batches, self._schema))
            self._batches.clear()
