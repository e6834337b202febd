"""Standing passages in the database: what a source sets into many of its stories, which counts for nothing in matching.

The lines that a host sets beside its texts are the cleaner's (`pipeline.store.furniture`); these are passages within
texts, such as the paragraph about the author or about what went before.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from pipeline.errors import NotFound
from pipeline.match.standing import Standing, standing_passages
from pipeline.store.models import Article, Document, Source, Version
from pipeline.store.queries import iso
from pipeline.store.story_models import Passage

Row = dict[str, Any]

LEAST_STORIES = 5
"""Distinct stories of a source that must have a passage: fewer may be the sequels of one event."""

_MOST_IN_ONE = 0.5
"""Of the documents that have it, the share that one story may hold: above it, the passage is that story's own."""

_MOST_SAMPLES = 200

# Hashes of the texts that a source's articles print now, by the stories these are in.
_RECURRING = text("""
    with bearers as (
        select distinct version.document_id, place.story_id
        from version
        join article on article.id = version.article_id
        join story_document as place on place.document_id = version.document_id and place.role in ('lead', 'copy')
        where article.source_id = :source
    ), by_story as (
        select fingerprint.hash, bearers.story_id, count(*) as documents
        from bearers join fingerprint on fingerprint.document_id = bearers.document_id
        group by fingerprint.hash, bearers.story_id
    )
    select hash, count(*) as stories, sum(documents) as documents
    from by_story
    where not exists (
        select from passage
        where source_id = :source and forgotten_at is not null and by_story.hash = any(passage.hashes)
    )
    group by hash
    having count(*) >= :stories and max(documents) <= :most * sum(documents)
""")

_BEARERS = text("""
    select fingerprint.document_id, array_agg(fingerprint.hash) as hashes
    from fingerprint
    where fingerprint.hash = any(cast(:hashes as bigint[])) and exists (
        select from version join article on article.id = version.article_id
        where version.document_id = fingerprint.document_id and article.source_id = :source
    )
    group by fingerprint.document_id
    order by count(*) desc, fingerprint.document_id desc
""")


def passage_furniture(session: Session, document_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Return the fingerprint hashes of the standing passages of the sources that print each document.

    A document whose sources have none is left out.
    """
    by_source: dict[int, set[int]] = defaultdict(set)
    for source_id, hashes in session.execute(
        select(Passage.source_id, Passage.hashes).where(Passage.forgotten_at.is_(None))
    ):
        by_source[source_id].update(hashes)
    if not by_source:
        return {}
    found: dict[int, set[int]] = defaultdict(set)
    query = (
        select(Version.document_id, Article.source_id)
        .join(Article, Article.id == Version.article_id)
        .where(Version.document_id.in_(document_ids), Article.source_id.in_(by_source))
        .distinct()
    )
    for row in session.execute(query):
        if row.source_id is not None:
            found[row.document_id] |= by_source[row.source_id]
    return {document_id: frozenset(hashes) for document_id, hashes in found.items()}


def find_passages(session: Session, source_id: int) -> list[tuple[Standing, int, int]]:
    """Return the passages that recur in a source's texts, with how many stories and documents have each.

    Between two texts that have a passage its edges may differ; it is shown as it stands in the text that has most.
    """
    recurring = {
        row.hash: (row.stories, int(row.documents))
        for row in session.execute(
            _RECURRING, {"source": source_id, "stories": LEAST_STORIES, "most": _MOST_IN_ONE}
        )
    }
    left = set(recurring)
    found: list[tuple[Standing, int, int]] = []
    bearers = session.execute(_BEARERS, {"source": source_id, "hashes": list(recurring)}).all()
    for row in bearers[:_MOST_SAMPLES]:
        if left.isdisjoint(row.hashes):
            continue
        body = session.scalars(select(Document.text).where(Document.id == row.document_id)).one()
        for standing in standing_passages(body, left):
            left -= standing.hashes
            stories, documents = max(recurring[value] for value in standing.hashes)
            found.append((standing, stories, documents))
    return found


def save_passages(session: Session, source_id: int, found: Iterable[tuple[Standing, int, int]]) -> set[int]:
    """Store what was learned of a source in the place of what was known; return the hashes that came or went.

    What was taken back by hand stays away.
    """
    known = list(session.scalars(select(Passage).filter_by(source_id=source_id, forgotten_at=None)))
    before = {value for row in known for value in row.hashes}
    rows = {row.words: row for row in known}
    now: set[int] = set()
    for standing, stories, documents in found:
        row = rows.pop(standing.words, None)
        if row is None:
            row = Passage(source_id=source_id, words=standing.words)
            session.add(row)
        row.hashes, row.stories, row.documents = sorted(standing.hashes), stories, documents
        now |= standing.hashes
    for row in rows.values():
        session.delete(row)
    session.flush()
    return before ^ now


def list_passages(engine: Engine, sources: Collection[str] = ()) -> list[Row]:
    """Return the standing passages of all sources or of some, with the evidence; those taken back with the time of that."""
    query = (
        select(Passage, Source.key, Source.name)
        .join(Source, Source.id == Passage.source_id)
        .order_by(Source.key, Passage.stories.desc(), Passage.id)
    )
    if sources:
        query = query.where(Source.key.in_(sources))
    with Session(engine) as session:
        return [
            {
                "id": f"p{row.id}",
                "source": {"key": key, "name": name},
                "words": row.words,
                "hashes": len(row.hashes),
                "stories": row.stories,
                "documents": row.documents,
                "learned_at": iso(row.learned_at),
                "forgotten_at": iso(row.forgotten_at),
            }
            for row, key, name in session.execute(query)
        ]


def set_forgotten(session: Session, number: int, *, forgotten: bool) -> Passage:
    """Take a passage back, or use it again; return it.

    Raises:
        NotFound: there is no passage of that number.
    """
    row = session.get(Passage, number)
    if row is None:
        raise NotFound(f"There is no passage p{number}; `newsfold furniture` shows what there is.")
    now = session.scalar(select(text("now()")))
    session.execute(
        update(Passage).where(Passage.id == number).values(forgotten_at=now if forgotten else None)
    )
    return row
