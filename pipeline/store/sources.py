"""Outlets, as rows."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pipeline.items import Source as SourceValue
from pipeline.store.models import Source, SourceHost


def source_row(session: Session, source: SourceValue) -> int:
    """Return the id of an outlet's row, made or brought up to date if need be."""
    described = {
        "name": source.name,
        "country": source.country,
        "language": source.language,
        "timezone": source.timezone,
    }
    row = session.scalar(select(Source).filter_by(key=source.key))
    if row is None:
        session.execute(insert(Source).values(key=source.key, **described).on_conflict_do_nothing())
        row = session.scalars(select(Source).filter_by(key=source.key)).one()
    for column, value in described.items():
        if getattr(row, column) != value:
            setattr(row, column, value)
    known = set(session.scalars(select(SourceHost.host).filter_by(source_id=row.id)))
    missing = [{"host": host, "source_id": row.id} for host in source.hosts if host not in known]
    if missing:
        session.execute(insert(SourceHost).values(missing).on_conflict_do_nothing())
    return row.id
