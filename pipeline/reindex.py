"""Finding the pages in the archive that no row points at, and storing them.

A crash leaves at worst such a record. The next crawl of its source makes that good by itself; this looks through
the whole archive, whatever wrote it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from pipeline.archive.fields import folded
from pipeline.archive.pages import kept_headers, page_type
from pipeline.archive.warc import ArchiveWriter, Damage, Record, read_file, recover
from pipeline.errors import Quarantine
from pipeline.events import Event
from pipeline.items import Capture, Declared
from pipeline.judge import judge
from pipeline.prepare import prepare
from pipeline.settings import Settings
from pipeline.store.facts import source_from, with_facts
from pipeline.store.ingest import Arrival, Verdict, ingest
from pipeline.store.models import Capture as CaptureRow
from pipeline.store.runs import RunRecord, running
from pipeline.store.versions import SEED_ADDRESS

_OK = 200
_PAGES = ("response", "resource")


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
                elif _is_page(record):
                    found.pages += 1
                    if record.location.offset not in offsets and not _is_known(engine, record):
                        yield record
        except Quarantine as error:
            found.damaged.append(str(error))


def _is_page(record: Record) -> bool:
    """Tell an article's page from redirects, refusals, robots.txt and the pages that lead to others."""
    if record.kind not in _PAGES or not record.body.strip():
        return False
    return record.kind == "resource" or (record.status == _OK and bool(record.facts.get("article")))


def _is_known(engine: Engine, record: Record) -> bool:
    """Tell whether the same bytes of the same address are stored from another visit."""
    same = select(CaptureRow.id).where(
        CaptureRow.address == _address(record), CaptureRow.sha256 == hashlib.sha256(record.body).digest()
    )
    with Session(engine) as session:
        return session.scalar(same) is not None


def _address(record: Record) -> str:
    return str(record.facts.get("copy_of") or record.address)


def _arrival(engine: Engine, record: Record, event: Event | None) -> Arrival:
    capture = _capture(record)
    with Session(engine) as session:
        later = session.scalar(
            select(CaptureRow.id)
            .where(CaptureRow.address == capture.address, CaptureRow.captured_at > capture.captured_at)
            .limit(1)
        )
    verdict = prepared = None
    if later is not None:
        verdict = Verdict("superseded", f"{capture.address}: A later capture of it is stored.")
    elif event is not None and record.facts.get("event") == event.key and not record.facts.get("wanted"):
        try:
            prepared = prepare(capture)
        except Quarantine as trouble:
            verdict = Verdict(trouble.reason, f"{capture.address}: {trouble}")
        else:
            judgement = judge(prepared, event)
            verdict = Verdict(judgement.reason, judgement.message) if judgement.reason else None
    return Arrival(capture.address, capture, record.location, prepared, verdict)


def _capture(record: Record) -> Capture:
    """Return a record as the capture that it was; its facts are those beside it in the archive."""
    facts = record.facts
    headers = folded(record.headers)
    declared: str | None = facts.get("content_hash")
    source, copied_at = facts.get("source"), facts.get("copied_at")
    bare = Capture(
        address=_address(record),
        body=record.body,
        media_type=page_type(
            headers.get("content-type", "") if record.headers else record.media_type, record.body
        ),
        captured_at=datetime.fromisoformat(copied_at) if copied_at else record.at,
        headers=kept_headers(headers),
        source=source_from(source) if source else None,
        declared=Declared(content_hash=declared),
        provisional_address=SEED_ADDRESS + declared if declared else facts.get("frontier"),
    )
    return with_facts(bare, facts)
