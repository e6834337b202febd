"""The archived bytes that a document came from, named by their digest, to be shown and not to be run."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from pipeline.archive.warc import Location, read_record
from pipeline.errors import NotFound
from pipeline.store.models import Article, Capture, Document, Version
from pipeline.store.queries import iso

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Original:
    """One archived capture: where and when its bytes were taken, and the document that they gave, if any."""

    address: str
    captured_at: str
    media_type: str
    content_type: str | None
    content_hash: str | None
    body: bytes

    def __repr__(self) -> str:
        return f"Original({self.address!r}, {len(self.body)} bytes)"


def list_originals(engine: Engine, content_hash: str, *, limit: int = 20) -> list[Row]:
    """Return the captures that led to a document, or confirmed it, oldest first."""
    query = (
        select(Capture, Article.address.label("article"))
        .join(Version, Version.id == Capture.version_id)
        .join(Article, Article.id == Version.article_id)
        .join(Document, Document.id == Version.document_id)
        .where(Document.content_hash == content_hash)
        .order_by(Capture.captured_at, Capture.address)
        .limit(limit)
    )
    with Session(engine) as session:
        return [
            {
                "sha256": row.Capture.sha256.hex(),
                "address": row.Capture.address,
                "article": row.article,
                "captured_at": iso(row.Capture.captured_at),
                "media_type": row.Capture.media_type,
                "bytes": row.Capture.byte_count,
            }
            for row in session.execute(query)
        ]


def read_original(engine: Engine, archive: Path, digest: str) -> Original:
    """Return an archived capture by the SHA-256 of its bytes, in hex; of several with the same bytes the first.

    Raises:
        NotFound: nothing with that digest was captured.
        Quarantine: the archive does not hold it any more.
    """
    nothing = NotFound(f"Nothing with the SHA-256 {digest!r} was captured: that is 64 hex digits, whole.")
    try:
        wanted = bytes.fromhex(digest)
    except ValueError:
        raise nothing from None
    query = (
        select(Capture, Document.content_hash)
        .outerjoin(Version, Version.id == Capture.version_id)
        .outerjoin(Document, Document.id == Version.document_id)
        .where(Capture.sha256 == wanted)
        .order_by(Capture.captured_at, Capture.id)
        .limit(1)
    )
    with Session(engine) as session:
        row = session.execute(query).first()
        if row is None:
            raise nothing
        found = row.Capture
        place = Location(found.archive_file, found.archive_offset, found.archive_length)
        headers = {str(name).lower(): str(value) for name, value in found.headers.items()}
        return Original(
            address=found.address,
            captured_at=found.captured_at.isoformat(),
            media_type=found.media_type,
            content_type=headers.get("content-type"),
            content_hash=row.content_hash,
            body=read_record(archive, place, found.sha256),
        )
