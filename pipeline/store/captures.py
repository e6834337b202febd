"""Captures, as rows: what is known of the same bytes, and writing many at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pipeline.archive.warc import Location
from pipeline.items import Capture as CaptureValue
from pipeline.store.models import Capture

CaptureKey = tuple[str, bytes]
"""What a capture is known by: its address and the SHA-256 of its bytes."""

# `newest` is null where the capture led to no version.
_KNOWN = text("""
    select capture.id, capture.address, capture.sha256, capture.facts, capture.source_id,
           capture.version_id, capture.recipe_id,
           article.address as article_address,
           led.number = (select max(number) from version where article_id = led.article_id) as newest
    from unnest(cast(:addresses as text[]), cast(:digests as bytea[])) as wanted (address, sha256)
    join capture on capture.address = wanted.address and capture.sha256 = wanted.sha256
    left join version as led on led.id = capture.version_id
    left join article on article.id = led.article_id
""")

_LED = text("""
    with led as (
        select * from unnest(
            cast(:ids as bigint[]), cast(:versions as bigint[]), cast(:documents as bigint[]),
            cast(:recipes as bigint[]), cast(:reasons as text[]), cast(:messages as text[])
        ) as led (id, version_id, document_id, recipe_id, reason, message)
    ),
    noted as (
        insert into extraction (capture_id, recipe_id, run_id, document_id, reason, message)
        select id, recipe_id, :run, document_id, reason, message from led
        on conflict (capture_id, recipe_id) do update
        set run_id = excluded.run_id, document_id = excluded.document_id, reason = excluded.reason,
            message = excluded.message, made_at = now()
    )
    update capture
    set version_id = case when :keep then coalesce(led.version_id, capture.version_id) else led.version_id end,
        recipe_id = led.recipe_id,
        turned_down = case when led.version_id is null then capture.turned_down end
    from led where capture.id = led.id
""")

_TURNED_DOWN = text("""
    update capture set turned_down = told.reason
    from unnest(cast(:ids as bigint[]), cast(:reasons as text[])) as told (id, reason)
    where capture.id = told.id and capture.version_id is null
""")


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a recipe made of a capture: a version and its document, or the reason why there is none."""

    capture_id: int
    recipe_id: int
    version_id: int | None = None
    document_id: int | None = None
    reason: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class KnownCapture:
    """What is stored of a capture already.

    Its row and its outlet's, the version and recipe it led to, if any, the address of that version's article, and whether that
    version is its article's newest.
    """

    row_id: int
    address: str
    facts: dict[str, Any]
    source_id: int | None
    version_id: int | None
    recipe_id: int | None
    article_address: str | None
    newest: bool


@dataclass(frozen=True, slots=True)
class ArchivedCapture:
    """A capture, the facts to keep of it, its outlet's row, and where its bytes stand in the archive."""

    capture: CaptureValue
    sha256: bytes
    facts: dict[str, Any]
    source_id: int | None
    location: Location

    @property
    def key(self) -> CaptureKey:
        """What its row is known by."""
        return self.capture.address, self.sha256


def known_captures(session: Session, keys: Iterable[CaptureKey]) -> dict[CaptureKey, KnownCapture]:
    """Return what is stored of these captures; those that are not stored are not in it."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    parameters = {
        "addresses": [address for address, _ in wanted],
        "digests": [digest for _, digest in wanted],
    }
    return {
        (row.address, bytes(row.sha256)): KnownCapture(
            row_id=row.id,
            address=row.address,
            facts=row.facts,
            source_id=row.source_id,
            version_id=row.version_id,
            recipe_id=row.recipe_id,
            article_address=row.article_address,
            newest=bool(row.newest),
        )
        for row in session.execute(_KNOWN, parameters)
    }


def write_captures(
    session: Session, run_id: int, archived: Sequence[ArchivedCapture]
) -> dict[CaptureKey, int]:
    """Write captures' rows and return their ids.

    A capture that was archived again keeps what it was first seen with, and takes the later facts and place.
    """
    rows: dict[CaptureKey, dict[str, Any]] = {}
    for item in archived:
        capture = item.capture
        first = {
            "address": capture.address,
            "sha256": item.sha256,
            "media_type": capture.media_type,
            "byte_count": len(capture.body),
            "captured_at": capture.captured_at,
            "headers": dict(capture.headers),
            "run_id": run_id,
            "source_id": None,
        }
        row = rows.setdefault(item.key, first)
        row["facts"] = item.facts
        row["archive_file"] = item.location.file
        row["archive_offset"] = item.location.offset
        row["archive_length"] = item.location.length
        if item.source_id is not None:
            row["source_id"] = item.source_id
    if not rows:
        return {}
    statement = insert(Capture)
    new = statement.excluded
    # Another process may have stored the same bytes meanwhile: both records are good, the later one counts.
    statement = statement.on_conflict_do_update(
        index_elements=["address", "sha256"],
        set_={
            "facts": new.facts,
            "archive_file": new.archive_file,
            "archive_offset": new.archive_offset,
            "archive_length": new.archive_length,
            "source_id": func.coalesce(new.source_id, Capture.source_id),
        },
    )
    # Writers that take their locks in one order do not stand in each other's way.
    ordered = [rows[key] for key in sorted(rows)]
    returned = session.execute(statement.returning(Capture.id, Capture.address, Capture.sha256), ordered)
    return {(row.address, bytes(row.sha256)): row.id for row in returned}


def note_extractions(
    session: Session, run_id: int, extracted: Iterable[Extracted], *, keep: bool = False
) -> None:
    """Note what was made of captures, each of them once; with `keep`, one that gave nothing keeps its version."""
    rows = sorted({one.capture_id: one for one in extracted}.values(), key=lambda one: one.capture_id)
    if rows:
        session.execute(
            _LED,
            {
                "run": run_id,
                "keep": keep,
                "ids": [one.capture_id for one in rows],
                "versions": [one.version_id for one in rows],
                "documents": [one.document_id for one in rows],
                "recipes": [one.recipe_id for one in rows],
                "reasons": [one.reason for one in rows],
                "messages": [one.message for one in rows],
            },
        )


def note_turned_down(session: Session, reasons: Mapping[int, str]) -> None:
    """Note why captures that led to no version are not wanted, by their ids."""
    if reasons:
        session.execute(_TURNED_DOWN, {"ids": list(reasons), "reasons": list(reasons.values())})
