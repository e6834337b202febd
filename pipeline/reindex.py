"""Finding the pages in the archive that no row points at, and storing them.

A crash leaves at worst such a record. The next crawl of its source makes that good by itself; this looks through
the whole archive, whatever wrote it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from pipeline.archive.warc import ArchiveWriter, Damage, Record, read_file, recover
from pipeline.errors import Quarantine
from pipeline.events import Event
from pipeline.items import Prepared
from pipeline.prepare import prepare
from pipeline.recorded import address_of, capture_of, is_page, verdict_of
from pipeline.settings import Settings
from pipeline.store.ingest import Arrival, Verdict, ingest
from pipeline.store.models import Capture as CaptureRow
from pipeline.store.runs import RunRecord, running


@dataclass(slots=True)
class Found:
    """What a look through the archive found: files, page records in them, those without a row, damaged places."""

    files: int = 0
    pages: int = 0
    lost: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    run: RunRecord | None = None


def reindex(engine: Engine, settings: Settings, event: Event | None, *, dry_run: bool = False) -> Found:
    """Look through the archive, and store the pages that no row points at, unless this is a dry run.

    A page that was crawled for `event` is judged by it. One of which a later capture is stored is kept as a
    capture alone, so that no old text passes for an article's newest version.

    Raises:
        OSError: the archive cannot be read.
    """
    found = Found()
    recover(settings.archive)
    lost = _lost(engine, settings.archive, found)
    if dry_run:
        found.lost = [record.address for record in lost]
        return found
    with (
        running(engine, "ingest", {"archive": str(settings.archive), "reindex": True}) as run,
        # Nothing is appended: every record found stands in the archive already.
        ArchiveWriter(settings.archive, "reindex") as archive,
    ):
        found.run = run
        arrivals = (_arrival(engine, record, event) for record in lost)
        for outcome in ingest(engine, run, arrivals, archive):
            found.lost.append(outcome.address)
    return found


def _lost(engine: Engine, folder: Path, found: Found) -> Iterator[Record]:
    for path in sorted(folder.glob("*.warc.gz")):
        found.files += 1
        with Session(engine) as session:
            offsets = set(
                session.scalars(select(CaptureRow.archive_offset).where(CaptureRow.archive_file == path.name))
            )
        try:
            for record in read_file(path):
                if isinstance(record, Damage):
                    found.damaged.append(record.sentence)
                elif is_page(record):
                    found.pages += 1
                    if record.location.offset not in offsets and not _is_known(engine, record):
                        yield record
        except Quarantine as error:
            found.damaged.append(str(error))


def _is_known(engine: Engine, record: Record) -> bool:
    """Tell whether the same bytes of the same address are stored from another visit."""
    same = select(CaptureRow.id).where(
        CaptureRow.address == address_of(record), CaptureRow.sha256 == hashlib.sha256(record.body).digest()
    )
    with Session(engine) as session:
        return session.scalar(same) is not None


def _arrival(engine: Engine, record: Record, event: Event | None) -> Arrival:
    capture = capture_of(record)
    with Session(engine) as session:
        later = session.scalar(
            select(CaptureRow.id)
            .where(CaptureRow.address == capture.address, CaptureRow.captured_at > capture.captured_at)
            .limit(1)
        )
    if later is not None:
        verdict = Verdict("superseded", f"{capture.address}: A later capture of it is stored.")
        return Arrival(capture.address, capture, record.location, verdict=verdict)
    made: Prepared | Quarantine
    try:
        made = prepare(capture)
    except Quarantine as trouble:
        made = trouble
    return Arrival(capture.address, capture, record.location, made, verdict_of(record, made, event))
