"""What goes beside exported files: a schema for each table, and a description of the whole.

Frictionless Data Package and Table Schema: specs.frictionlessdata.io.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.store.columns import Column, Kind

LICENCE_NOTE = (
    "The texts, titles and pictures belong to their publishers. newsfold copied them to find out who printed what; "
    "the law of your country decides what you may do with them beyond that. Facts about them (who, when, how much of "
    "what) are free of such rights."
)

MEDIA_TYPES = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "bibtex": "application/x-bibtex",
    "csl-json": "application/vnd.citationstyles.csl+json",
}

TABULAR = ("parquet", "csv", "jsonl")
"""The forms whose files have rows to others too; a validator counts those of a resource that says how many."""


def table_schema(columns: Sequence[Column], *, as_sheet: bool = False) -> dict[str, Any]:
    """Return columns as a Table Schema; `as_sheet` says how CSV writes what it has no type for."""
    return {"fields": [_field(column, as_sheet=as_sheet) for column in columns], "missingValues": [""]}


def _field(column: Column, *, as_sheet: bool) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.kind.value}
    said = [column.description] if column.description else []
    if column.kind is Kind.DATETIME:
        said.append("UTC")
        if as_sheet:
            field["format"] = "%Y-%m-%d %H:%M:%S"
    if as_sheet and column.kind in (Kind.TEXTS, Kind.OBJECT):
        field["type"] = "string"
        said.append("several have “; ” between them" if column.kind is Kind.TEXTS else "JSON")
    if said:
        field["description"] = "; ".join(said)
    return field


def package(
    *,
    form: str,
    version: str,
    created: str,
    files: Mapping[str, Mapping[str, Any]],
    asked: Mapping[str, Any],
    provenance: Mapping[str, Any],
    counts: Mapping[str, int],
    undated: int,
) -> dict[str, Any]:
    """Return the description of a finished export; `files` are those with rows, each with what was noted of it."""
    return {
        "profile": "data-package",
        "name": f"newsfold-{form}",
        "title": "News coverage, as newsfold found it",
        "description": LICENCE_NOTE,
        "created": created,
        "licenses": [{"name": "other-closed", "title": "The texts belong to their publishers"}],
        "resources": [_resource(name, form, noted) for name, noted in files.items()],
        "newsfold": {
            "version": version,
            "chosen": {name: value for name, value in asked.items() if value},
            "rows": dict(counts),
            "left_out_undated": undated,
            **provenance,
        },
    }


def _resource(name: str, form: str, noted: Mapping[str, Any]) -> dict[str, Any]:
    resource: dict[str, Any] = {
        "name": name.split(".", 1)[0].replace("_", "-"),
        "path": name,
        "profile": "tabular-data-resource" if form == "csv" else "data-resource",
        "format": name.rsplit(".", 1)[1],
        "mediatype": MEDIA_TYPES[form],
        "encoding": "utf-8",
        "bytes": noted["bytes"],
        "hash": noted["hash"],
    }
    if form == "parquet":
        del resource["encoding"]
    if form in TABULAR:
        resource["rows"] = noted["rows"]
    if noted.get("schema"):
        resource["schema"] = noted["schema"]
    if form == "csv":
        resource["dialect"] = {
            "delimiter": ",",
            "lineTerminator": "\r\n",
            "quoteChar": '"',
            "doubleQuote": True,
        }
    if noted.get("notes"):
        resource["notes"] = noted["notes"]
    return resource
