"""All that is known of one document, as plain values ready for a page and JSON."""

from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from pipeline.clean.layout import in_place
from pipeline.store.lookup import resolve
from pipeline.store.models import (
    Article,
    Author,
    ContentHash,
    Credit,
    Document,
    RemovedLine,
    StatedDate,
    Version,
    VersionFlag,
)
from pipeline.store.queries import iso, read_documents, stated

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
            select(Version, Article.address)
            .join(Article, Article.id == Version.article_id)
            .where(Version.document_id == document_id)
        ).all()
        for article in row["articles"]:
            [version] = [
                found.Version
                for found in versions
                if (found.address, found.Version.number) == (article["address"], article["version"])
            ]
            article.update(_facts(version))
            article.update(_details(session, version.id))
            article["lines"] = _lines(text, version.line_numbers, article["removed"])
        return row


def _facts(version: Version) -> Row:
    return {
        "modified": {
            "on": version.modified_on.isoformat(),
            "at": iso(version.modified_at),
            "origin": version.modified_origin,
        }
        if version.modified_on
        else None,
        "standfirst": stated(version.standfirst, version.standfirst_origin),
        "section": stated(version.section, version.section_origin),
        "publisher": stated(version.publisher, version.publisher_origin),
        "picture": {
            "address": version.picture,
            "caption": version.picture_caption,
            "origin": version.picture_origin,
        }
        if version.picture
        else None,
        "languages": {
            "declared": stated(version.declared_language, version.declared_language_origin),
            "detected": version.detected_language,
        },
        "markdown": version.markdown,
    }


def _lines(text: str, line_numbers: list[int], removed: list[Row]) -> list[Row]:
    """Return the kept and the removed lines in their places; none where the places were not stored yet."""
    if len(line_numbers) != text.count("\n") + 1:
        return []
    taken = [(line["line"], line["rule"], line["text"]) for line in removed]
    return [
        {"line": line.number, "text": line.text, "rule": line.rule}
        for line in in_place(text, line_numbers, taken)
    ]


def _details(session: Session, version_id: int) -> Row:
    authors = session.scalars(select(Author).filter_by(version_id=version_id).order_by(Author.position))
    flags = session.scalars(select(VersionFlag).filter_by(version_id=version_id).order_by(VersionFlag.name))
    dates = session.scalars(select(StatedDate).filter_by(version_id=version_id).order_by(StatedDate.position))
    credits_ = session.scalars(
        select(Credit).filter_by(version_id=version_id).order_by(Credit.name, Credit.origin)
    )
    removed = session.scalars(
        select(RemovedLine).filter_by(version_id=version_id).order_by(RemovedLine.line, RemovedLine.rule)
    )
    return {
        "authors": [
            {"name": author.name, "kind": author.kind, "origin": author.origin} for author in authors
        ],
        "flags": [{"name": flag.name, "origin": flag.origin} for flag in flags],
        "dates": [
            {
                "kind": date.kind,
                "origin": date.origin,
                "raw": date.raw,
                "day": date.day.isoformat(),
                "time": date.time_of_day.isoformat("minutes") if date.time_of_day else None,
                "at": iso(date.at),
                "zone": date.zone,
                "precision": date.precision,
                "is_guess": date.is_guess,
            }
            for date in dates
        ],
        "credits": [
            {
                "name": credit.name,
                "origin": credit.origin,
                "place": credit.place,
                "kind": credit.kind,
                "evidence": credit.evidence,
            }
            for credit in credits_
        ],
        "removed": [
            {
                "line": line.line,
                "text": line.text,
                "rule": line.rule,
                "position": line.position,
                "class": line.rule_class,
                "confidence": line.confidence,
            }
            for line in removed
        ],
    }
