"""What is read back: documents, stories and relations, as plain values ready for tables and JSON.

Nothing here shows a row's number: the same captures in any order read back the same.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, func, select
from sqlalchemy.orm import Session, aliased

from pipeline.store.brief import brief
from pipeline.store.lookup import resolve
from pipeline.store.models import (
    Article,
    Document,
    Relation,
    RemovedLine,
    Source,
    Story,
    StoryDocument,
    Version,
)

Row = dict[str, Any]

_ROLES = ("lead", "copy", "digest", "revision")


def list_documents(engine: Engine) -> list[Row]:
    """Return every document: its hash, articles, words, removed lines and story; dated ones first, by date."""
    with Session(engine) as session:
        return read_documents(session, Document.id.is_not(None))


def read_documents(session: Session, which: ColumnElement[bool]) -> list[Row]:
    """Return the documents that a condition chooses, as `list_documents` does."""
    columns = (Document.id, Document.sha256, Document.content_hash, Document.hash_origin, Document.word_count,
               Document.language, Document.language_origin, func.left(Document.text, 90).label("opening"))  # fmt: skip
    found = session.execute(select(*columns).where(which)).all()
    articles = _articles(session, which)
    stories = _stories_of(session, which)
    rows = [
        {
            "content_hash": row.content_hash,
            "hash_origin": row.hash_origin,
            "sha256": row.sha256.hex(),
            "language": stated(row.language, row.language_origin),
            "words": row.word_count,
            "opening": row.opening,
            "articles": articles[row.id],
            "stories": stories[row.id],
        }
        for row in found
    ]
    return sorted(rows, key=_by_date)


def _by_date(row: Row) -> tuple[bool, str, str]:
    days = [article["published"]["on"] for article in row["articles"] if article["published"]]
    return not days, min(days, default=""), row["content_hash"]


def _articles(session: Session, which: ColumnElement[bool]) -> dict[int, list[Row]]:
    """Return the articles that print each document, by the document's id."""
    removed = (
        select(RemovedLine.version_id, func.count().label("lines"))
        .group_by(RemovedLine.version_id)
        .subquery()
    )
    query = (
        select(
            Version,
            Article.address,
            Source.key,
            Source.name,
            func.coalesce(removed.c.lines, 0).label("removed"),
        )
        .join(Document, Document.id == Version.document_id)
        .join(Article, Article.id == Version.article_id)
        .outerjoin(Source, Source.id == Article.source_id)
        .outerjoin(removed, removed.c.version_id == Version.id)
        .where(which)
        .order_by(Article.address, Version.number)
    )
    articles: dict[int, list[Row]] = defaultdict(list)
    for row in session.execute(query):
        version = row.Version
        articles[version.document_id].append(
            {
                "address": row.address,
                "source": {"key": row.key, "name": row.name} if row.key else None,
                "version": version.number,
                "first_seen_at": iso(version.first_seen_at),
                "title": stated(version.title, version.title_origin),
                "published": {
                    "on": version.published_on.isoformat(),
                    "at": iso(version.published_at),
                    "origin": version.published_origin,
                    "is_guess": bool(version.published_is_guess),
                    "reason": version.published_reason,
                }
                if version.published_on
                else None,
                "removed_lines": row.removed,
            }
        )
    return articles


def _stories_of(session: Session, which: ColumnElement[bool]) -> dict[int, list[Row]]:
    lead = aliased(Document)
    query = (
        select(StoryDocument.document_id, StoryDocument.role, lead.content_hash)
        .join(Document, Document.id == StoryDocument.document_id)
        .join(Story, Story.id == StoryDocument.story_id)
        .join(lead, lead.id == Story.lead_id)
        .where(which)
        .order_by(StoryDocument.role.in_(("digest", "revision")), lead.content_hash)
    )
    stories: dict[int, list[Row]] = defaultdict(list)
    for row in session.execute(query):
        stories[row.document_id].append({"lead": row.content_hash, "role": row.role})
    return stories


def list_stories(engine: Engine) -> list[Row]:
    """Return every story with its lead and its other documents, the ones with most documents first."""
    with Session(engine) as session:
        documents = {row["content_hash"]: row for row in read_documents(session, Document.id.is_not(None))}
        reasons = {
            row.content_hash: row.lead_reason
            for row in session.execute(
                select(Document.content_hash, Story.lead_reason).join(Document, Document.id == Story.lead_id)
            )
        }
        to_lead = _relations_to_lead(session)
    stories: dict[str, list[Row]] = {lead: [] for lead in reasons}
    for content_hash, document in documents.items():
        for place in document["stories"]:
            how = to_lead.get((place["lead"], content_hash))
            stories[place["lead"]].append({**brief(document), "role": place["role"], "relation_to_lead": how})
    rows = []
    for lead, members in stories.items():
        members.sort(key=lambda member: (_ROLES.index(member["role"]), member["content_hash"]))
        outlets = {name for member in members if member["role"] != "revision" for name in member["sources"]}
        rows.append(
            {"lead": lead, "lead_reason": reasons[lead], "sources": sorted(outlets), "documents": members}
        )
    return sorted(rows, key=lambda row: (-len(row["documents"]), row["lead"]))


def _relations_to_lead(session: Session) -> dict[tuple[str, str], str]:
    """Return, for a story's lead and another of its documents, how the two are related, in words."""
    said = {}
    for row in _relation_rows(session):
        for lead, other in ((row["shorter"], row["longer"]), (row["longer"], row["shorter"])):
            words = {
                "identical": "identical to it",
                "near": "near copy of it",
                "quotes": "shares quotes",
            }.get(row["kind"], "contains it" if other == row["longer"] else "contained in it")
            said[lead, other] = words
    return said


def list_relations(engine: Engine, prefix: str | None = None) -> list[Row]:
    """Return the relations with their evidence, of every document or of one, the strongest first.

    Raises:
        NotFound: no document, or more than one, has a content hash that begins so.
    """
    with Session(engine) as session:
        which = None
        if prefix is not None:
            which = resolve(session, prefix)
        return _relation_rows(session, which)


def _relation_rows(session: Session, document_id: int | None = None) -> list[Row]:
    shorter, longer = aliased(Document), aliased(Document)
    query = (
        select(Relation, shorter.content_hash.label("shorter"), longer.content_hash.label("longer"))
        .join(shorter, shorter.id == Relation.shorter_id)
        .join(longer, longer.id == Relation.longer_id)
    )
    if document_id is not None:
        query = query.where((Relation.shorter_id == document_id) | (Relation.longer_id == document_id))
    kinds = ("identical", "near", "contains", "quotes")
    rows = [
        {
            "shorter": row.shorter,
            "longer": row.longer,
            "kind": row.Relation.kind,
            "jaccard": round(row.Relation.jaccard, 4),
            "containment": round(row.Relation.containment, 4),
            "containment_longer": round(row.Relation.containment_longer, 4),
            "longest_run": row.Relation.longest_run,
            "unquoted": round(row.Relation.unquoted, 4),
            "shared_shingles": row.Relation.shared_shingles,
        }
        for row in session.execute(query)
    ]
    return sorted(
        rows, key=lambda row: (kinds.index(row["kind"]), -row["longest_run"], row["shorter"], row["longer"])
    )


def rule_hits(engine: Engine, version_ids: Iterable[int]) -> dict[str, int]:
    """Return how many lines each residue rule removed in these versions, the busiest rule first."""
    with Session(engine) as session:
        query = (
            select(RemovedLine.rule, func.count().label("hits"))
            .where(RemovedLine.version_id.in_(list(version_ids)))
            .group_by(RemovedLine.rule)
            .order_by(func.count().desc(), RemovedLine.rule)
        )
        return {row.rule: row.hits for row in session.execute(query)}


def stated(value: str | None, origin: str | None) -> Row | None:
    """Return a fact with its origin, None where it is not known."""
    return {"value": value, "origin": origin} if value is not None else None


def iso(moment: datetime | None) -> str | None:
    """Return a moment as ISO 8601, for JSON."""
    return moment.isoformat() if moment else None
