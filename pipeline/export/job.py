"""One export: the wanted tables, a file or several each, as of one moment, and what they are from."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from pipeline.errors import Refuse
from pipeline.export.arrow import ParquetWriter, need_pyarrow
from pipeline.export.citing import BibtexWriter, CslWriter
from pipeline.export.folder import ExportFolder
from pipeline.export.lines import LinesWriter
from pipeline.export.package import package, table_schema
from pipeline.export.sheet import SheetWriter
from pipeline.export.writers import Open
from pipeline.store.columns import Column
from pipeline.store.exporting import CITATIONS, TABLES, Choice, Snapshot, snapshot

FORMS: Mapping[str, tuple[str, Open]] = {
    "parquet": ("parquet", ParquetWriter),
    "csv": ("csv", SheetWriter),
    "jsonl": ("jsonl", LinesWriter),
    "bibtex": ("bib", BibtexWriter),
    "csl-json": ("json", CslWriter),
}
"""Every form, with the ending of its files and what writes them."""

BIBLIOGRAPHIES = ("bibtex", "csl-json")

USUAL = ("coverage", "stories", "copies", "removed_lines")

PART_ROWS = 1_000_000
"""Rows in a file at most. Excel shows 1,048,576 and leaves out the rest without an error."""

Progress = Callable[[str, int, int], None]
"""Told the table, the rows that are written and the rows there are."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to export: the form, the tables (for a bibliography none), the articles, rows in a file at most."""

    form: str
    tables: tuple[str, ...] = USUAL
    choice: Choice = field(default_factory=Choice)
    part_rows: int = PART_ROWS

    def asked(self) -> dict[str, Any]:
        """Return the request in JSON's types."""
        choice = self.choice
        return {
            "format": self.form,
            "tables": [CITATIONS] if self.form in BIBLIOGRAPHIES else list(self.tables),
            "query": choice.query,
            "sources": list(choice.sources),
            "since": choice.since.isoformat() if choice.since else None,
            "until": choice.until.isoformat() if choice.until else None,
            "part_rows": self.part_rows,
        }


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: rows by table, files, and articles that the days leave out as they state none."""

    rows: dict[str, int]
    files: list[str]
    undated: int
    notes: list[str]
    resumed: bool


def export(engine: Engine, folder: Path, request: Request, progress: Progress | None = None) -> Exported:
    """Write what is asked for into a folder, as of one moment; go on where the same was interrupted.

    Raises:
        Refuse: the folder has something else, or the request contradicts itself.
        NotFound: it names a source or a table that there is not.
        SetupError: Parquet is asked for, and pyarrow is not installed.
    """
    _check(request)
    if request.form == "parquet":
        need_pyarrow("Parquet")
    with snapshot(engine, request.choice) as found:
        target = ExportFolder(folder, request.asked(), found.state())
        try:
            counts = {}
            for table in request.asked()["tables"]:
                counts[table] = found.count(table)
                _write_table(found, target, request, table, counts[table], progress)
            undated = found.undated()
            data = {name: noted for name, noted in target.finished.items() if "rows" in noted}
            described = package(
                form=request.form,
                version=version("newsfold"),
                created=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
                files=data,
                asked=request.asked(),
                provenance=found.provenance(),
                counts=counts,
                undated=undated,
            )
        except BaseException:
            target.close()
            raise
        target.close(described)
    notes = [f"{name}: {said}" for name, noted in data.items() for said in noted["notes"].values()]
    return Exported(counts, sorted([*target.finished, "datapackage.json"]), undated, notes, target.resumed)


def _check(request: Request) -> None:
    unknown = [name for name in request.tables if name not in TABLES]
    if unknown:
        raise Refuse(
            "no-table", f"There is no table {unknown[0]!r} to export. There are {', '.join(TABLES)}; `all` is all of them."
        )  # fmt: skip
    for name in request.tables if request.form not in BIBLIOGRAPHIES else ():
        if TABLES[name].which is None and not request.choice.is_all:
            raise Refuse(
                "sums",
                f"A row of {name} sums up many articles, so that no choice of articles can be made of it. Leave out "
                f"{name}, or the choice.",
            )


def _write_table(
    found: Snapshot, target: ExportFolder, request: Request, table: str, total: int, progress: Progress | None
) -> None:
    """Write one table: its schema, and its rows in as many files as they need."""
    ending, opener = FORMS[request.form]
    columns = found.columns(table)
    schema = None
    if request.form not in BIBLIOGRAPHIES:
        schema = f"{table}.schema.json"
        target.add(schema, lambda path: _write_schema(path, columns, request.form))
    for first, name in part_names(table, ending, total, request.part_rows):

        def make(path: Path, first: int = first) -> dict[str, Any]:
            writer = opener(path, columns, _about(request))
            written = 0
            for batch in found.rows(table, skip=first, limit=request.part_rows):
                writer.write(batch)
                written += len(batch)
                if progress:
                    progress(table, first + written, total)
            writer.close()
            return {"rows": written, "schema": schema, "notes": dict(writer.notes)}

        target.add(name, make)
    if progress:
        progress(table, total, total)


def part_names(table: str, ending: str, total: int, part_rows: int) -> Iterator[tuple[int, str]]:
    """Give each file's name with the number of its first row, from 0; a table of one file has no numbers."""
    if total <= part_rows:
        yield 0, f"{table}.{ending}"
        return
    for number, first in enumerate(range(0, total, part_rows), start=1):
        yield first, f"{table}-{number:05}.{ending}"


def _about(request: Request) -> dict[str, str]:
    return {"newsfold": json.dumps({"version": version("newsfold"), **request.asked()})}


def _write_schema(path: Path, columns: Sequence[Column], form: str) -> dict[str, Any]:
    schema = table_schema(columns, as_sheet=form == "csv")
    with path.open("x", encoding="utf-8") as file:
        file.write(json.dumps(schema, ensure_ascii=False, indent=2) + "\n")
    return {}
