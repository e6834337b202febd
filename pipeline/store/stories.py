"""Writing stories: the fold of what is stored, over the part of it that changed."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import Engine, delete, func, insert, select, text
from sqlalchemy.orm import Session

from pipeline.match.stories import JOINING, FoldedStory, Link, StoryText, fold
from pipeline.store.address import STORY_LOCK
from pipeline.store.models import Article, Credit, Document, Relation, Source, Story, StoryDocument, Version
from pipeline.store.retrying import retry_passing

# Everything that joining relations connect to the documents at hand. The fold of one connected part does not
# depend on any other, so folding it alone gives what folding everything would.
_CONNECTED = text("""
    with recursive connected(id) as (
        select unnest(cast(:ids as bigint[]))
        union
        select neighbour.id
        from connected
        cross join lateral (
            select longer_id from relation where shorter_id = connected.id and kind = any(:joining)
            union all
            select shorter_id from relation where longer_id = connected.id and kind = any(:joining)
        ) as neighbour(id)
    )
    select id from connected
""")


@retry_passing
def refold(engine: Engine, document_ids: Collection[int]) -> None:
    """Fold anew the stories that these documents belong to, or may now belong to."""
    with Session(engine) as session, session.begin():
        # Two folds of overlapping parts must not write at once; the lock goes with the transaction.
        session.execute(select(func.pg_advisory_xact_lock(STORY_LOCK)))
        parameters = {"ids": list(document_ids), "joining": sorted(JOINING)}
        connected = set(session.scalars(_CONNECTED, parameters))
        # A story that lost a member since may reach further than the relations do.
        members = select(StoryDocument.story_id).where(StoryDocument.document_id.in_(connected))
        connected.update(
            session.scalars(select(StoryDocument.document_id).where(StoryDocument.story_id.in_(members)))
        )
        texts, ids = _read_texts(session, connected)
        _write(session, fold(texts, _read_links(session, connected)), ids)


def _read_texts(session: Session, document_ids: set[int]) -> tuple[list[StoryText], dict[bytes, int]]:
    """Return the documents as the fold sees them, and each one's id by its key."""
    outlets: dict[int, set[str]] = defaultdict(set)
    credits_: dict[int, set[str]] = defaultdict(set)
    earliest: dict[int, tuple[object, ...]] = {}
    dates = {}
    versions = session.execute(
        select(Version, Source)
        .join(Article, Article.id == Version.article_id)
        .outerjoin(Source, Source.id == Article.source_id)
        .where(Version.document_id.in_(document_ids))
    )
    for version, source in versions:
        if source is not None:
            outlets[version.document_id].update((source.name, source.key))
        if version.published_on is not None:
            at = version.published_at
            order = (version.published_on, at is None, at.isoformat() if at else "")
            if version.document_id not in earliest or order < earliest[version.document_id]:
                earliest[version.document_id] = order
                dates[version.document_id] = (version.published_on, at)
    named = (
        select(Version.document_id, Credit.name)
        .join(Credit, Credit.version_id == Version.id)
        .where(Version.document_id.in_(document_ids))
    )
    for document_id, name in session.execute(named):
        credits_[document_id].add(name)
    texts, ids = [], {}
    for document in session.execute(
        select(Document.id, Document.sha256, Document.word_count).where(Document.id.in_(document_ids))
    ):
        published_on, published_at = dates.get(document.id, (None, None))
        ids[document.sha256] = document.id
        texts.append(
            StoryText(
                key=document.sha256,
                word_count=document.word_count,
                published_on=published_on,
                published_at=published_at,
                outlets=frozenset(outlets[document.id]),
                credits=frozenset(credits_[document.id]),
            )
        )
    return texts, ids


def _read_links(session: Session, document_ids: set[int]) -> Iterable[Link]:
    shorter, longer = Document.__table__.alias(), Document.__table__.alias()
    rows = session.execute(
        select(shorter.c.sha256.label("shorter"), longer.c.sha256.label("longer"), Relation.kind)
        .join(shorter, shorter.c.id == Relation.shorter_id)
        .join(longer, longer.c.id == Relation.longer_id)
        # Both ends: another writer may have committed a relation to a text outside the set meanwhile, and
        # will fold it itself.
        .where(Relation.shorter_id.in_(document_ids), Relation.longer_id.in_(document_ids))
        .where(Relation.kind.in_(JOINING))
    )
    return [Link(row.shorter, row.longer, row.kind) for row in rows]


def _write(session: Session, folded: list[FoldedStory], ids: dict[bytes, int]) -> None:
    """Replace the stories of these documents by the folded ones; a story keeps its id as long as it can."""
    homes: dict[int, int] = {
        row.document_id: row.story_id
        for row in session.execute(
            select(StoryDocument.document_id, StoryDocument.story_id).where(
                StoryDocument.document_id.in_(ids.values()), StoryDocument.role != "digest"
            )
        )
    }
    old = {
        story.id: story for story in session.scalars(select(Story).where(Story.id.in_(set(homes.values()))))
    }
    session.execute(delete(StoryDocument).where(StoryDocument.story_id.in_(old)))
    free = set(old)
    kept: list[tuple[int, FoldedStory]] = []
    new: dict[int, FoldedStory] = {}
    for story in folded:
        own = [ids[key] for key, role in story.roles.items() if role != "digest"]
        known = sorted({homes[member] for member in own if homes.get(member) in free})
        if known:
            row = old[known[0]]
            free.discard(row.id)
            row.lead_id, row.lead_reason = ids[story.lead], story.lead_reason
            kept.append((row.id, story))
        else:
            new[ids[story.lead]] = story
    for story_id in free:
        session.delete(old[story_id])
    session.flush()
    kept += _insert(session, new)
    places = [
        {"story_id": story_id, "document_id": ids[key], "role": role}
        for story_id, story in kept
        for key, role in story.roles.items()
    ]
    if places:
        session.execute(insert(StoryDocument).returning(StoryDocument.story_id), places)


def _insert(session: Session, new: dict[int, FoldedStory]) -> list[tuple[int, FoldedStory]]:
    """Insert stories, given by the ids of their leads; return them with their ids."""
    if not new:
        return []
    rows = [{"lead_id": lead_id, "lead_reason": story.lead_reason} for lead_id, story in new.items()]
    inserted = session.execute(insert(Story).returning(Story.id, Story.lead_id), rows)
    return [(row.id, new[row.lead_id]) for row in inserted]
