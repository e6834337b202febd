"""Where a text would belong, before it is stored."""

from collections.abc import Collection

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pipeline.items import Prepared
from pipeline.match.fingerprint import SHINGLE, SHORT
from pipeline.match.relation import compare, read_text
from pipeline.match.stories import JOINING
from pipeline.settings import CANDIDATES_PER_HASH, MIN_SHARED_HASHES
from pipeline.store.models import Document, StoryDocument, Version

_CANDIDATES = text("""
    select document.id
    from unnest(cast(:hashes as bigint[])) as mine (hash)
    cross join lateral (
        select document_id from fingerprint where hash = mine.hash order by document_id desc limit :cap
    ) as other
    join document on document.id = other.document_id
    where document.id <> all(cast(:without as bigint[]))
    group by document.id
    having count(*) >= case when least(document.word_count, :words) < :short then 1 else :enough end
""")


def stories_of(session: Session, document_ids: Collection[int]) -> dict[int, int]:
    """Return the number of the story that each of these documents is in; a digest is only in its own."""
    query = select(StoryDocument.document_id, StoryDocument.story_id).where(
        StoryDocument.document_id.in_(document_ids), StoryDocument.role != "digest"
    )
    return {row.document_id: row.story_id for row in session.execute(query)}


def article_documents(session: Session, article_id: int) -> set[int]:
    """Return the documents of all of an article's versions."""
    return set(session.scalars(select(Version.document_id).where(Version.article_id == article_id)))


def stories_shared_with_others(session: Session, document_ids: Collection[int]) -> set[int]:
    """Return the stories of these documents in which there are others."""
    stories = set(stories_of(session, document_ids).values())
    query = select(StoryDocument.story_id).where(
        StoryDocument.story_id.in_(stories), StoryDocument.document_id.not_in(document_ids)
    )
    return set(session.scalars(query))


def stories_to_join(session: Session, prepared: Prepared, without: Collection[int]) -> set[int]:
    """Return the stories that a text would join, by its relations to all documents but some.

    What recurs everywhere is not left out here, so that in rare cases the look-up after the writing says otherwise.
    """
    found = session.scalars(
        _CANDIDATES,
        {
            "hashes": prepared.fingerprint.tolist(),
            "cap": CANDIDATES_PER_HASH,
            "without": list(without),
            "words": prepared.word_count,
            "short": SHORT + SHINGLE,
            "enough": MIN_SHARED_HASHES,
        },
    ).all()
    own = read_text(prepared.text)
    joined = []
    for row in session.execute(select(Document.id, Document.text).where(Document.id.in_(found))):
        shorter, longer = sorted((own, read_text(row.text)), key=lambda one: len(one.words))
        kind, _ = compare(shorter, longer)
        if kind in JOINING:
            joined.append(row.id)
    return set(stories_of(session, joined).values())
