"""What has to be prepared again: captures of another recipe than today's, an article at a time.

An article's captures belong together: which of them make a version each is seen only when all of them are read.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from pipeline.address import bare_host

# A page that an event turned down is for its crawl to judge again.
_CHOSEN = text("""
    select capture.id, capture.address, capture.recipe_id, coalesce(version.article_id, own.id) as article_id
    from capture
    left join version on version.id = capture.version_id
    left join article as own on own.address = capture.address
    left join source on source.id = capture.source_id
    where (cast(:every as boolean) or capture.recipe_id is distinct from :recipe
           or regexp_replace(split_part(capture.address, '/', 3), '^www[.]|[:].*$', '', 'g') = any(:learned))
      and (cast(:sources as text[]) is null or source.key = any(:sources))
      and (cast(:since as timestamptz) is null or capture.captured_at >= :since)
      and (cast(:until as timestamptz) is null or capture.captured_at < :until)
      and (cast(:digests as bytea[]) is null or capture.sha256 = any(:digests))
      and capture.turned_down is null
    order by coalesce(version.article_id, own.id) nulls last, capture.address, capture.id
""")

_SLOTS = text("""
    select capture.id, capture.address, capture.sha256, capture.media_type, capture.captured_at, capture.headers,
           capture.facts, capture.source_id, capture.archive_file, capture.archive_offset, capture.archive_length,
           capture.recipe_id, capture.version_id, version.article_id,
           version.id as slot_version_id, version.number, version.first_seen_at,
           coalesce(version.capture_id = capture.id, false) as is_own, document.sha256 as text_sha256
    from version
    join document on document.id = version.document_id
    join capture on capture.version_id = version.id or capture.id = version.capture_id
    where version.article_id = any(:articles) and version.superseded_run_id is null
    union all
    select capture.id, capture.address, capture.sha256, capture.media_type, capture.captured_at, capture.headers,
           capture.facts, capture.source_id, capture.archive_file, capture.archive_offset, capture.archive_length,
           capture.recipe_id, capture.version_id, article.id, null, null, capture.captured_at, false, null
    from article
    join capture on capture.address = article.address and capture.version_id is null
    where article.id = any(:articles)
      and capture.turned_down is null
      and not exists (select from version where version.capture_id = capture.id and version.superseded_run_id is null)
""")

_ORPHANS = text("""
    select capture.id, capture.address, capture.sha256, capture.media_type, capture.captured_at, capture.headers,
           capture.facts, capture.source_id, capture.archive_file, capture.archive_offset, capture.archive_length,
           capture.recipe_id, capture.version_id, cast(null as bigint) as article_id,
           cast(null as bigint) as slot_version_id, cast(null as integer) as number,
           capture.captured_at as first_seen_at, false as is_own, cast(null as bytea) as text_sha256
    from capture where capture.id = any(:captures) and capture.version_id is null and capture.turned_down is null
    order by capture.captured_at, capture.id
""")


@dataclass(frozen=True, slots=True)
class Choice:
    """Which captures to look at: of some sources, captured in some time, with the bytes of some digests (SHA-256).

    `every` asks for those too that were prepared by today's recipe.
    """

    sources: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    digests: tuple[bytes, ...] | None = None
    every: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """One unit of work: an article, or the captures of one address that no article came of; never bytes."""

    article_id: int | None
    captures: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A capture in its article's history, and the version that it led to or confirmed there, if any, with its text."""

    capture_id: int
    address: str
    sha256: bytes
    media_type: str
    captured_at: datetime
    headers: Mapping[str, str]
    facts: Mapping[str, Any]
    source_id: int | None
    archive_file: str
    archive_offset: int
    archive_length: int
    version_id: int | None
    version_number: int | None = None
    text_sha256: bytes | None = None

    def __repr__(self) -> str:
        return f"Slot({self.capture_id}, {self.address!r}, version {self.version_number})"


@dataclass(frozen=True, slots=True)
class Unit:
    """An article's captures in the order in which they came in, as far as it is known; `article_id` None for none."""

    article_id: int | None
    slots: tuple[Slot, ...] = ()

    @property
    def reference(self) -> Reference:
        """Return what it can be read again by."""
        return Reference(
            self.article_id, () if self.article_id else tuple(one.capture_id for one in self.slots)
        )


def choose(engine: Engine, recipes: Mapping[str, int], default: int, choice: Choice) -> Iterator[Reference]:
    """Yield what has to be prepared again, by article; `recipes` are the rows of learned hosts' recipes.

    The rows are streamed: a million captures are never in memory at once.
    """
    parameters = {
        "recipe": default,
        "learned": list(recipes),
        "sources": list(choice.sources) or None,
        "digests": list(choice.digests) if choice.digests is not None else None,
        "since": choice.since,
        "until": choice.until,
        "every": choice.every,
    }
    with engine.connect().execution_options(stream_results=True, yield_per=2000) as connection:
        rows = (
            row
            for row in connection.execute(_CHOSEN, parameters)
            if choice.every or row.recipe_id != recipes.get(bare_host(row.address), default)
        )
        for key, found in groupby(
            rows, key=lambda row: (row.article_id, None if row.article_id else row.address)
        ):
            yield Reference(key[0], () if key[0] else tuple(row.id for row in found))


def read_units(session: Session, references: Iterable[Reference]) -> list[Unit]:
    """Read the captures of each reference, in the order in which they came in; one that is gone meanwhile is empty."""
    references = list(references)
    articles = [reference.article_id for reference in references if reference.article_id is not None]
    orphans = [capture for reference in references for capture in reference.captures]
    by_article = _slots(session, articles) if articles else {}
    rows = session.execute(_ORPHANS, {"captures": orphans}).all() if orphans else []
    by_capture = {row.id: _slot(row) for row in rows}
    return [
        Unit(reference.article_id, tuple(by_article.get(reference.article_id, ())))
        if reference.article_id is not None
        else Unit(None, tuple(by_capture[one] for one in by_capture if one in reference.captures))
        for reference in references
    ]


def _slots(session: Session, articles: Collection[int]) -> dict[int, list[Slot]]:
    rows = sorted(
        session.execute(_SLOTS, {"articles": list(articles)}).all(),
        key=lambda row: (row.first_seen_at, row.number or 0, row.is_own, row.captured_at, row.id),
    )
    found: dict[int, list[Slot]] = {}
    for row in rows:
        found.setdefault(row.article_id, []).append(_slot(row))
    return found


def _slot(row: Any) -> Slot:
    return Slot(
        capture_id=row.id,
        address=row.address,
        sha256=bytes(row.sha256),
        media_type=row.media_type,
        captured_at=row.captured_at,
        headers=row.headers,
        facts=row.facts,
        source_id=row.source_id,
        archive_file=row.archive_file,
        archive_offset=row.archive_offset,
        archive_length=row.archive_length,
        version_id=row.slot_version_id,
        version_number=row.number,
        text_sha256=bytes(row.text_sha256) if row.text_sha256 is not None else None,
    )
