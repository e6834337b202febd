"""All that is known of one document, as plain values ready for a page and JSON."""

from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from pipeline.store.lookup import resolve
from pipeline.store.models import Article, ContentHash, Credit, Document, RemovedLine, StatedDate, Version
from pipeline.store.queries import iso, read_documents

Row = dict[str, Any]


def show_document(engine: Engine, prefix: str) -> Row:
    """Return all that is known of one document: text, articles with dates and credits, removed lines.

    Raises:
        NotFound: no document, or more than one, has a content hash that begins so.
    """
    with Session(engine) as session:
        document_id = resolve(session, prefix)
        [row] = read_documents(session, Document.id == document_id)
        text = session.scalars(select(Document.text).where(Document.id == document_id)).one()
        hashes = session.scalars(
            select(ContentHash.hash).where(ContentHash.document_id == document_id).order_by(ContentHash.hash)
        )
        row["also_known_as"] = [value for value in hashes if value != row["content_hash"]]
        row["text"] = text
        versions = session.execute(
            select(Version.id, Article.address, Version.number)
            .join(Article, Article.id == Version.article_id)
            .where(Version.document_id == document_id)
        ).all()
        for article in row["articles"]:
            [version_id] = [
                version.id
                for version in versions
                if (version.address, version.number) == (article["address"], article["version"])
            ]
            article.update(_details(session, version_id))
        return row


def _details(session: Session, version_id: int) -> Row:
    dates = session.scalars(select(StatedDate).filter_by(version_id=version_id).order_by(StatedDate.position))
    credits_ = session.scalars(
        select(Credit).filter_by(version_id=version_id).order_by(Credit.name, Credit.origin)
    )
    removed = session.scalars(
        select(RemovedLine).filter_by(version_id=version_id).order_by(RemovedLine.line, RemovedLine.rule)
    )
    return {
        "dates": [
            {
                "kind": date.kind,
                "origin": date.origin,
                "raw": date.raw,
                "day": date.day.isoformat(),
                "time": date.time_of_day.isoformat("minutes") if date.time_of_day else None,
                "at": iso(date.at),
                "zone": date.zone,
            }
            for date in dates
        ],
        "credits": [{"name": credit.name, "origin": credit.origin} for credit in credits_],
        "removed": [{"line": line.line, "text": line.text, "rule": line.rule} for line in removed],
    }
