"""What a version states besides its text: authors, credits, flags, dates, and the lines that were removed."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pipeline.items import Prepared
from pipeline.store.base import Base
from pipeline.store.bulk import copy_rows
from pipeline.store.models import Author, Credit, RemovedLine, StatedDate, VersionFlag

Row = tuple[Any, ...]

_COLUMNS: dict[type[Base], tuple[str, ...]] = {
    Credit: ("name", "origin", "place", "kind", "evidence"),
    StatedDate: (
        "position",
        "kind",
        "origin",
        "raw",
        "day",
        "time_of_day",
        "at",
        "zone",
        "precision",
        "is_guess",
    ),
    RemovedLine: ("line", "rule", "text", "position", "rule_class", "confidence"),
    Author: ("position", "name", "kind", "origin"),
    VersionFlag: ("name", "origin"),
}


@dataclass(frozen=True, slots=True)
class Details:
    """The rows of one version's details, in order, without the version's id; equal where they say the same."""

    credits: tuple[Row, ...] = ()
    dates: tuple[Row, ...] = ()
    removed: tuple[Row, ...] = ()
    authors: tuple[Row, ...] = ()
    flags: tuple[Row, ...] = ()

    def of(self, table: type[Base]) -> tuple[Row, ...]:
        """Return the rows that belong in one of the tables."""
        return {
            Credit: self.credits,
            StatedDate: self.dates,
            RemovedLine: self.removed,
            Author: self.authors,
            VersionFlag: self.flags,
        }[table]


def details_of(prepared: Prepared) -> Details:
    """Return what a prepared capture states, as rows."""
    return Details(
        credits=tuple(
            sorted(
                (credit.value, credit.origin, credit.place, credit.kind, credit.evidence)
                for credit in prepared.credits
            )
        ),
        dates=tuple(
            (
                position,
                claim.kind,
                claim.origin,
                claim.raw,
                claim.day,
                claim.local.time() if claim.local else None,
                claim.at,
                claim.zone,
                claim.precision,
                claim.is_guess,
            )
            for position, claim in enumerate(prepared.dates)
        ),
        removed=tuple(
            sorted(
                (line.number + 1, line.rule, line.text, line.position, line.rule_class, line.confidence)
                for line in prepared.removed
            )
        ),
        authors=tuple(
            (position, author.name, author.kind, author.origin)
            for position, author in enumerate(prepared.authors)
        ),
        flags=tuple(sorted((claim.value, claim.origin) for claim in prepared.flags)),
    )


def read_details(session: Session, version_ids: Collection[int]) -> dict[int, Details]:
    """Return the stored details of versions by their ids."""
    if not version_ids:
        return {}
    found: dict[type[Base], dict[int, list[Row]]] = {}
    for table, names in _COLUMNS.items():
        columns = table.__table__.c
        rows = found[table] = defaultdict(list)
        query = select(columns.version_id, *(columns[name] for name in names))
        for version_id, *row in session.execute(query.where(columns.version_id.in_(version_ids))):
            rows[version_id].append(tuple(row))
    return {
        version_id: Details(*(tuple(sorted(rows[version_id])) for rows in found.values()))
        for version_id in version_ids
    }


def write_details(session: Session, details: Mapping[int, Details], stale: Collection[int]) -> None:
    """Write versions' details by the versions' ids; those of the `stale` ones are removed first."""
    for table, names in _COLUMNS.items():
        if stale:
            session.execute(delete(table).where(table.__table__.c.version_id.in_(stale)))
        copy_rows(
            session,
            table,
            ("version_id", *names),
            [(version_id, *row) for version_id, stated in details.items() for row in stated.of(table)],
        )
