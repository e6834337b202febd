"""Captures out of the archive again, as they were when they came in."""

from collections.abc import Collection, Iterator
from pathlib import Path

from sqlalchemy import ColumnElement, Engine, select
from sqlalchemy.orm import Session

from pipeline.archive.warc import Location, read_record
from pipeline.errors import Quarantine
from pipeline.items import Capture
from pipeline.store.facts import source_from, with_facts
from pipeline.store.models import Capture as CaptureRow
from pipeline.store.models import Source, Version
from pipeline.store.outdated import Slot


def captures_of(engine: Engine, archive: Path, document_ids: Collection[int]) -> Iterator[Capture]:
    """Yield a web page that each of these documents came from; one that cannot be read is passed over."""
    seen: set[int] = set()
    query = (
        select(Version.document_id, CaptureRow)
        .join(CaptureRow, CaptureRow.id == Version.capture_id)
        .where(Version.document_id.in_(document_ids), CaptureRow.media_type == "text/html")
        .order_by(Version.document_id, CaptureRow.id)
    )
    with Session(engine) as session:
        rows = session.execute(query).all()
        session.expunge_all()
    for document_id, row in rows:
        if document_id not in seen:
            capture = read_capture(row, archive)
            if capture is not None:
                seen.add(document_id)
                yield capture


def newest_captures(
    engine: Engine, archive: Path, *, sources: Collection[str] = (), limit: int
) -> Iterator[Capture]:
    """Yield the newest captures that led to a version, of all sources or of some; unreadable ones are passed over."""
    which: list[ColumnElement[bool]] = [CaptureRow.version_id.is_not(None)]
    if sources:
        which.append(
            CaptureRow.source_id.in_(select(Source.id).where(Source.key.in_(sources)).scalar_subquery())
        )
    query = (
        select(CaptureRow).where(*which).order_by(CaptureRow.captured_at.desc(), CaptureRow.id).limit(limit)
    )
    with Session(engine) as session:
        rows = list(session.scalars(query))
        session.expunge_all()
    for row in rows:
        capture = read_capture(row, archive)
        if capture is not None:
            yield capture


def read_capture(row: CaptureRow, archive: Path) -> Capture | None:
    """Return a stored capture with its bytes and all that was declared of it, None where the archive lost them."""
    try:
        return stored_capture(row, archive)
    except Quarantine:
        return None


def stored_capture(row: CaptureRow | Slot, archive: Path) -> Capture:
    """Return a stored capture with its bytes and all that was declared of it.

    Raises:
        Quarantine: the archive lost it, or what it has there is something else.
    """
    source = row.facts.get("source")
    bare = Capture(
        address=row.address,
        body=read_record(archive, location_of(row), row.sha256),
        media_type=row.media_type,
        captured_at=row.captured_at,
        headers=row.headers,
        source=source_from(source) if source else None,
    )
    return with_facts(bare, row.facts)


def location_of(row: CaptureRow | Slot) -> Location:
    """Return where a stored capture's bytes stand."""
    return Location(row.archive_file, row.archive_offset, row.archive_length)
