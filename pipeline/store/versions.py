"""Writing what was prepared: the article, its document, and a version where the cleaned text changed."""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pipeline.items import Capture, Prepared
from pipeline.store.documents import Stored, store_document
from pipeline.store.models import Article, Credit, RemovedLine, StatedDate, Version
from pipeline.store.runs import RunRecord
from pipeline.store.sources import source_row

SEED_ADDRESS = "urn:newsfold:seed:"
"""Prefix of the address of a seed file that no real address is known of; its content hash follows."""


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """What storing a capture led to: a word of the ledger, and whether its document still needs a look."""

    outcome: str
    version_id: int
    document_id: int
    unchecked: bool


def store_version(
    session: Session,
    run: RunRecord,
    capture: Capture,
    prepared: Prepared,
    capture_id: int,
    capture_sha: bytes,
) -> StoredVersion:
    """Store a prepared capture as its article's newest version, where it is one.

    Raises:
        Refuse: the capture declares a content hash that is bound to another text.
    """
    stored = store_document(session, prepared, capture_sha)
    article = _article(session, capture, stored)
    newest = session.scalar(
        select(Version).where(Version.article_id == article.id).order_by(Version.number.desc()).limit(1)
    )
    if newest is not None and newest.document_id == stored.document_id and article.address != capture.address:
        # The same seed, found without its sidecar: it adds nothing to what is known.
        return StoredVersion("unchanged", newest.id, stored.document_id, stored.unchecked)
    if newest is None:
        version, outcome = Version(article_id=article.id, number=1, first_seen_at=capture.captured_at), "new"
    elif newest.document_id != stored.document_id:
        number = newest.number + 1
        version = Version(article_id=article.id, number=number, first_seen_at=capture.captured_at)
        outcome = "new version"
    else:
        version, outcome = newest, "updated"
    before = _facts(session, version) if outcome == "updated" else None
    version.document_id = stored.document_id
    version.capture_id = capture_id
    version.recipe_id = run.recipe_id
    _write_facts(version, prepared)
    session.add(version)
    session.flush()
    _write_details(session, version.id, prepared, fresh=before is None)
    if before is not None and before == _facts(session, version):
        outcome = "unchanged"
    return StoredVersion(outcome, version.id, stored.document_id, stored.unchecked or outcome != "unchanged")


def _write_facts(version: Version, prepared: Prepared) -> None:
    """Take over a capture's title and date, unless the version has declared ones and the capture has not.

    The same text may arrive by a crawl after somebody declared what is known of it.
    """
    title, published = prepared.title, prepared.published
    if version.title_origin != "declared" or (title is not None and title.origin == "declared"):
        version.title = title.value if title else None
        version.title_origin = title.origin if title else None
    if version.published_origin != "declared" or (published is not None and published.origin == "declared"):
        version.published_on = published.day if published else None
        version.published_at = published.at if published else None
        version.published_origin = published.origin if published else None


def _article(session: Session, capture: Capture, stored: Stored) -> Article:
    """Return the capture's article, locked; made if need be.

    What was imported before its address was known is the same article, and takes the address when it is.
    """
    source_id = source_row(session, capture.source) if capture.source else None
    article = _locked(session, capture.address)
    provisional = capture.provisional_address
    if article is None and provisional is not None:
        if capture.address != provisional:
            article = _locked(session, provisional)
            if article is not None:
                article.address = capture.address
        elif stored.declared_by is not None:
            article = session.get(Article, stored.declared_by, with_for_update=True)
    if article is None:
        session.execute(
            insert(Article).values(address=capture.address, source_id=source_id).on_conflict_do_nothing()
        )
        article = _locked(session, capture.address)
        assert article is not None  # noqa: S101 - it was there, or was inserted just now
    if source_id is not None and article.source_id != source_id:
        article.source_id = source_id
    return article


def _locked(session: Session, address: str) -> Article | None:
    return session.scalar(select(Article).filter_by(address=address).with_for_update())


def _write_details(session: Session, version_id: int, prepared: Prepared, *, fresh: bool) -> None:
    for table in () if fresh else (Credit, StatedDate, RemovedLine):
        session.execute(delete(table).where(table.version_id == version_id))
    credits_ = [
        {"version_id": version_id, "name": claim.value, "origin": claim.origin} for claim in prepared.credits
    ]
    dates = [
        {
            "version_id": version_id,
            "position": position,
            "kind": claim.kind,
            "origin": claim.origin,
            "raw": claim.raw,
            "day": claim.day,
            "time_of_day": claim.local.time() if claim.local else None,
            "at": claim.at,
            "zone": claim.zone,
        }
        for position, claim in enumerate(prepared.dates)
    ]
    removed = [
        {"version_id": version_id, "line": line.number + 1, "rule": line.rule, "text": line.text}
        for line in prepared.removed
    ]
    if credits_:
        session.execute(insert(Credit), credits_)
    if dates:
        session.execute(insert(StatedDate), dates)
    if removed:
        session.execute(insert(RemovedLine), removed)


def _facts(session: Session, version: Version) -> tuple[object, ...]:
    """Return all that an analyst sees of a version, to tell whether it changed."""
    details = [
        session.execute(select(table.__table__).filter_by(version_id=version.id).order_by(*columns)).all()
        for table, columns in (
            (Credit, (Credit.name, Credit.origin)),
            (StatedDate, (StatedDate.position,)),
            (RemovedLine, (RemovedLine.line, RemovedLine.rule)),
        )
    ]
    return (
        version.title, version.title_origin, version.published_on, version.published_at,
        version.published_origin, *(tuple(row) for rows in details for row in rows),
    )  # fmt: skip
