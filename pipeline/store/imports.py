"""How far files were imported, so that what was interrupted goes on, and what was passed over on the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pipeline.items import Source as SourceValue
from pipeline.store.import_models import ImportFile, ImportTally
from pipeline.store.models import Capture, Document, Source, SourceHost

Position = tuple[int, int]

# A sentence tells more than an address, where there is one.
_LEDGER = text("""
    select outcome, reason, count(*) as records, min(case when reason is null then address else message end) as example
    from ledger where run_id = :run
    group by outcome, reason order by count(*) desc, outcome, reason
""")


@dataclass(frozen=True, slots=True)
class Begun:
    """A file's row, where to go on in it, and the run that read it to its end, if one did."""

    id: int
    position: Position
    finished_by: int | None


def begin_file(
    engine: Engine, run_id: int, identity: bytes, criteria: str, name: str, size: int, *, anew: bool
) -> Begun:
    """Return how far a file was imported with these filters; one that was never begun gets its row now.

    With `anew` it is read from its beginning, whatever was done before.
    """
    values = {"identity": identity, "criteria": criteria, "name": name, "byte_count": size, "run_id": run_id}
    statement = insert(ImportFile).values(values)
    again = (
        {"run_id": run_id, "file_offset": 0, "inner_offset": 0, "finished_at": None}
        if anew
        else {"name": name}
    )
    statement = statement.on_conflict_do_update(index_elements=["identity", "criteria"], set_=again)
    with Session(engine) as session, session.begin():
        row = session.execute(statement.returning(ImportFile)).scalar_one()
        finished_by = row.run_id if row.finished_at is not None else None
        return Begun(row.id, (row.file_offset, row.inner_offset), finished_by)


def note_import(
    session: Session,
    run_id: int,
    positions: Mapping[int, Position],
    finished: frozenset[int],
    tally: Mapping[str, int],
) -> None:
    """Note how far files were read, by their rows' ids, which are read to the end, and what was passed over.

    To be called in the transaction that stores what was read up to there.
    """
    for file_id, (offset, inner) in sorted(positions.items()):
        session.execute(
            update(ImportFile)
            .where(ImportFile.id == file_id)
            .values(file_offset=offset, inner_offset=inner, run_id=run_id)
        )
    if finished:
        session.execute(
            update(ImportFile)
            .where(ImportFile.id.in_(finished))
            .values(finished_at=func.now(), run_id=run_id)
        )
    if tally:
        statement = insert(ImportTally)
        statement = statement.on_conflict_do_update(
            index_elements=["run_id", "reason"],
            set_={"records": ImportTally.records + statement.excluded.records},
        )
        session.execute(
            statement,
            [
                {"run_id": run_id, "reason": reason, "records": number}
                for reason, number in sorted(tally.items())
            ],
        )


def unrelated_documents(engine: Engine) -> list[int]:
    """Return the ids of the documents whose relations were not looked for yet."""
    query = select(Document.id).where(Document.relations_checked_at.is_(None)).order_by(Document.id)
    with Session(engine) as session:
        return list(session.scalars(query))


def passed_over(engine: Engine, run_id: int) -> dict[str, int]:
    """Return how many records a run passed over without a line in its ledger, by the reason, most first."""
    query = (
        select(ImportTally.reason, ImportTally.records)
        .where(ImportTally.run_id == run_id)
        .order_by(ImportTally.records.desc(), ImportTally.reason)
    )
    with Session(engine) as session:
        return {row.reason: row.records for row in session.execute(query)}


def owner_of_host(engine: Engine, host: str) -> SourceValue | None:
    """Return the outlet that a host is known to belong to, with all of its hosts; None where none is."""
    query = select(Source).join(SourceHost).where(SourceHost.host == host)
    with Session(engine) as session:
        row = session.scalars(query).one_or_none()
        if row is None:
            return None
        hosts = session.scalars(
            select(SourceHost.host).where(SourceHost.source_id == row.id).order_by(SourceHost.host)
        )
        return SourceValue(row.key, row.name, tuple(hosts), row.country, row.language, row.timezone)


def with_later_captures(engine: Engine, captures: Mapping[str, datetime]) -> dict[str, datetime]:
    """Return when the newest stored capture was taken, for those of some addresses where it is later than here."""
    if not captures:
        return {}
    newest = (
        select(Capture.address, func.max(Capture.captured_at).label("at"))
        .where(Capture.address.in_(list(captures)))
        .group_by(Capture.address)
    )
    with Session(engine) as session:
        return {row.address: row.at for row in session.execute(newest) if row.at > captures[row.address]}


def import_summary(engine: Engine, run_id: int) -> dict[str, Any]:
    """Return a run's records by what became of them, with an example of each that has a line in the ledger."""
    with Session(engine) as session:
        ledger = session.execute(_LEDGER, {"run": run_id}).mappings()
        records = [dict(row) for row in ledger]
    records += [
        {"outcome": "passed over", "reason": reason, "records": number, "example": None}
        for reason, number in passed_over(engine, run_id).items()
    ]
    return {"run": run_id, "records": records}
