"""The part of the stored documents that a change may refold, read as the fold takes it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pipeline.match.agencies import agency_name
from pipeline.match.stories import JOINING, Link, Ruling, StoryText
from pipeline.store.models import Article, Credit, Document, Relation, Source, Version

# Everything that joining relations, revisions and rulings connect to the documents at hand. The fold of one
# connected part does not depend on any other, so folding it alone gives what folding everything would. From a text
# to its older versions and not back: a page that a thousand articles once showed instead of theirs joins nothing.
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
            union all
            select older.document_id
            from version as mine
            join version as older on older.article_id = mine.article_id and older.number < mine.number
            where mine.document_id = connected.id and not exists (
                select from version as newer
                where newer.article_id = mine.article_id and newer.number > mine.number
            )
            union all
            select newest.document_id
            from ruling
            cross join lateral (values (ruling.one_id), (ruling.other_id)) as subject(id)
            join version as stated on stated.document_id = subject.id
            join version as newest on newest.article_id = stated.article_id
            where connected.id in (ruling.one_id, ruling.other_id) and not exists (
                select from version as newer
                where newer.article_id = newest.article_id and newer.number > newest.number
            )
            union all
            select subject.id
            from ruling
            cross join lateral (values (ruling.one_id), (ruling.other_id)) as subject(id)
            where connected.id in (ruling.one_id, ruling.other_id)
        ) as neighbour(id)
    )
    select id from connected
""")

# What took the place of texts that no article prints any more; null where a recipe found that it was no article.
_SUCCESSORS = text("""
    select stated.document_id as old_id, newest.document_id as new_id
    from version as stated
    left join lateral (
        select document_id from version
        where article_id = stated.article_id and superseded_run_id is null order by number desc limit 1
    ) as newest on true
    where stated.document_id = any(cast(:ids as bigint[]))
""")

_IN_STORIES = text("""
    select distinct story_id from story_document
    where document_id = any(cast(:ids as bigint[])) and (role <> 'revision' or document_id = any(cast(:own as bigint[])))
""")

_RULINGS = text("""
    select ruling.id, ruling.kind, one.sha256 as one, other.sha256 as other
    from ruling
    join document as one on one.id = ruling.one_id
    join document as other on other.id = ruling.other_id
    where (ruling.one_id = any(cast(:ids as bigint[])) or ruling.other_id = any(cast(:ids as bigint[])))
      and not exists (select from ruling as undone where undone.undoes_id = ruling.id)
""")


@dataclass(frozen=True, slots=True)
class Part:
    """Documents that are connected, with all that decides their stories, and the stories they are in.

    `ids` gives a document's row by its key; `story_ids` are the stories that are to be folded anew.
    """

    texts: list[StoryText]
    links: list[Link]
    rulings: list[Ruling]
    ids: dict[bytes, int]
    story_ids: list[int]


def read_part(session: Session, document_ids: Collection[int]) -> Part:
    """Read the connected part that documents belong to, or may now belong to."""
    own = set(document_ids)
    own |= {new for successors in _superseded(session, own).values() for new in successors if new is not None}
    connected, waiting = set(own), set(own)
    while waiting:
        parameters = {"ids": list(connected), "joining": sorted(JOINING)}
        connected = set(session.scalars(_CONNECTED, parameters))
        stories = list(session.scalars(_IN_STORIES, {"ids": list(connected), "own": list(own)}))
        # A story that lost a member since may reach further than the relations do.
        members = session.scalars(
            text("select document_id from story_document where story_id = any(:ids) and role <> 'revision'"),
            {"ids": stories},
        )
        waiting = set(members) - connected
        connected |= waiting
    texts, ids = _read_texts(session, connected)
    return Part(texts, _read_links(session, connected), _read_rulings(session, connected), ids, stories)


def _superseded(session: Session, document_ids: Collection[int]) -> dict[int, set[int | None]]:
    """Return the documents that no article prints any more, with those that took their places, None for nothing."""
    found: dict[int, set[int | None]] = defaultdict(set)
    for old_id, new_id in session.execute(_SUCCESSORS, {"ids": list(document_ids)}):
        found[old_id].add(new_id)
    return {old_id: new for old_id, new in found.items() if old_id not in new}


def _read_texts(session: Session, document_ids: set[int]) -> tuple[list[StoryText], dict[bytes, int]]:
    """Return the documents as the fold sees them, and each one's id by its key."""
    facts: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    dates: dict[int, tuple[Any, ...]] = {}
    for row in session.execute(_stated(document_ids)):
        if row.key is not None:
            facts[row.document_id]["outlets"].update((row.name, row.key, agency_name(row.name)))
        if row.published_on is not None:
            at = row.published_at
            order = (row.published_on, at is None, at.isoformat() if at else "", at)
            dates[row.document_id] = min(dates.get(row.document_id, order), order)
    for document_id, name, kind in session.execute(_credited(document_ids)):
        facts[document_id][kind].add(agency_name(name))
    superseded = _superseded(session, document_ids)
    query = select(Document.id, Document.sha256, Document.word_count)
    rows = session.execute(query.where(Document.id.in_(document_ids))).all()
    ids = {row.sha256: row.id for row in rows}
    keys = {row.id: row.sha256 for row in rows}
    texts = [
        StoryText(
            key=row.sha256,
            word_count=row.word_count,
            published_on=dates[row.id][0] if row.id in dates else None,
            published_at=dates[row.id][3] if row.id in dates else None,
            outlets=frozenset(facts[row.id]["outlets"]),
            credits=frozenset(facts[row.id]["source"]),
            cites=frozenset(facts[row.id]["cited"]),
            # Of those outside the part nothing is known here, but that they are there.
            superseded_by=frozenset(keys.get(new or 0, b"") for new in superseded.get(row.id, ())),
        )
        for row in rows
    ]
    return texts, ids


def _newest() -> Any:
    """Return the condition that a version is its article's newest."""
    later = Version.__table__.alias("later")
    return ~(
        select(later.c.id)
        .where(later.c.article_id == Version.article_id, later.c.number > Version.number)
        .exists()
    )


def _stated(document_ids: set[int]) -> Any:
    return (
        select(Version.document_id, Version.published_on, Version.published_at, Source.key, Source.name)
        .join(Article, Article.id == Version.article_id)
        .outerjoin(Source, Source.id == Article.source_id)
        .where(Version.document_id.in_(document_ids), _newest())
    )


def _credited(document_ids: set[int]) -> Any:
    return (
        select(Version.document_id, Credit.name, Credit.kind)
        .join(Credit, Credit.version_id == Version.id)
        .where(Version.document_id.in_(document_ids), _newest())
    )


def _read_links(session: Session, document_ids: set[int]) -> list[Link]:
    shorter, longer = Document.__table__.alias(), Document.__table__.alias()
    rows = session.execute(
        select(
            shorter.c.sha256.label("shorter"),
            longer.c.sha256.label("longer"),
            Relation.kind,
            Relation.containment,
            Relation.jaccard,
        )
        .join(shorter, shorter.c.id == Relation.shorter_id)
        .join(longer, longer.c.id == Relation.longer_id)
        # Both ends: another writer may have committed a relation to a text outside the set meanwhile, and
        # will fold it itself.
        .where(Relation.shorter_id.in_(document_ids), Relation.longer_id.in_(document_ids))
        .where(Relation.kind.in_(JOINING))
    )
    return [
        Link(row.shorter, row.longer, row.kind, row.containment if row.kind == "contains" else row.jaccard)
        for row in rows
    ]


def _read_rulings(session: Session, document_ids: Iterable[int]) -> list[Ruling]:
    rows = session.execute(_RULINGS, {"ids": list(document_ids)})
    return [Ruling(row.id, row.kind, row.one, row.other) for row in rows]
