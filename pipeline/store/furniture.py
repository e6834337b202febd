"""Learned furniture in the database: the texts it is learned from, what was learned, what was taken back."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Engine, func, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from pipeline.clean.canonical import split_lines
from pipeline.clean.catalogue import catalogue
from pipeline.clean.furniture import RULE, Block, Furniture
from pipeline.clean.learning import LearnedBlock, StoryLines
from pipeline.errors import NotFound
from pipeline.store.furniture_models import Furniture as FurnitureRow
from pipeline.store.models import Article, Document, RemovedLine, Source, StoryDocument, Version
from pipeline.store.queries import iso

MOST_TEXTS = 3000
"""The newest articles of a host that are looked at: what no page has had for long is furniture no more."""

_HOST = func.substring(Article.address, r"^https?://(?:www\.)?([^/:]+)")


def read_furniture(engine: Engine) -> Furniture:
    """Return all that was learned and not taken back, as the value that `prepare` takes."""
    with Session(engine) as session:
        rows = session.scalars(
            select(FurnitureRow).where(FurnitureRow.forgotten_at.is_(None)).order_by(FurnitureRow.id)
        )
        return Furniture(
            tuple(
                Block(row.id, row.host, row.region, tuple(row.lines), row.path, row.stories, row.pages)  # type: ignore[arg-type]  # a check of the table holds the words
                for row in rows
            )
        )


def hosts_with_texts(engine: Engine, sources: Collection[str] = ()) -> list[str]:
    """Return the hosts that articles are stored of, of all sources or of some, by name."""
    query = select(_HOST).where(_HOST.is_not(None)).distinct().order_by(_HOST)
    if sources:
        query = query.join(Source, Source.id == Article.source_id).where(Source.key.in_(sources))
    with Session(engine) as session:
        return [host for host in session.scalars(query) if host]


def read_texts(engine: Engine, host: str) -> list[StoryLines]:
    """Return the newest texts of a host's articles, each with its story, and with the furniture put back.

    A document that is in no story yet is a story of its own.
    """
    newest = (
        select(Version.id, Version.document_id, Version.first_seen_at)
        .join(Article, Article.id == Version.article_id)
        .where(_HOST.op("=")(host))
        .order_by(Version.article_id, Version.number.desc())
        .ext(distinct_on(Version.article_id))
        .subquery()
    )
    query = (
        select(
            newest.c.id,
            newest.c.first_seen_at,
            Document.id.label("document"),
            Document.text,
            StoryDocument.story_id,
        )
        .join(Document, Document.id == newest.c.document_id)
        .outerjoin(
            StoryDocument, (StoryDocument.document_id == Document.id) & (StoryDocument.role != "digest")
        )
        .order_by(newest.c.first_seen_at.desc(), newest.c.id)
        .limit(MOST_TEXTS)
    )
    with Session(engine) as session:
        rows = session.execute(query).all()
        removed = _removed(session, [row.id for row in rows])
    return [
        StoryLines(
            # Stories are counted from 1: no document that has none gets the number of one.
            story=row.story_id or -row.document,
            document=row.document,
            lines=with_furniture(split_lines(row.text), removed.get(row.id, ())),
            seen_at=row.first_seen_at,
        )
        for row in rows
    ]


def _removed(session: Session, version_ids: Collection[int]) -> Mapping[int, list[tuple[int, str, str]]]:
    found: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    query = select(RemovedLine.version_id, RemovedLine.line, RemovedLine.text, RemovedLine.rule)
    for version_id, line, text, rule in session.execute(query.where(RemovedLine.version_id.in_(version_ids))):
        found[version_id].append((line, text, rule))
    return found


def with_furniture(kept: list[str], removed: Iterable[tuple[int, str, str]]) -> list[str]:
    """Return a text's lines with those that furniture took put back; what other rules took stays away.

    `removed` are line numbers from 1, texts and rules. Without them what was learned would vanish from what is
    learned next.
    """
    cut = {rule.name for rule in catalogue().rules if rule.where == "line-end"}
    taken = {line: (text, rule) for line, text, rule in removed if rule not in cut}
    lines: list[str] = []
    rest = iter(kept)
    for number in range(1, max(len(kept) + len(taken), *taken, 0) + 1):
        if number not in taken:
            lines.extend(islice(rest, 1))
        elif taken[number][1] == RULE:
            lines.append(taken[number][0])
    return [*lines, *rest]


def save(
    engine: Engine,
    host: str,
    blocks: Iterable[LearnedBlock],
    paths: Mapping[tuple[str, tuple[str, ...]], str],
) -> int:
    """Store what was learned of a host, in the place of what was known; return how many blocks are new.

    What was taken back by hand stays away. What does not recur any more is dropped.
    """
    rows: list[dict[str, Any]] = [
        {
            "host": host,
            "region": block.region,
            "lines": list(block.lines),
            "sample": "\n".join(block.sample),
            "path": paths.get((block.region, block.lines)),
            "stories": block.stories,
            "documents": block.documents,
            "pages": block.pages,
            "first_seen_at": block.first_seen_at,
        }
        for block in blocks
    ]
    with Session(engine) as session, session.begin():
        known = {
            (row.region, tuple(row.lines)): row
            for row in session.scalars(select(FurnitureRow).where(FurnitureRow.host == host))
        }
        now = {(row["region"], tuple(row["lines"])) for row in rows}
        for key, row in known.items():
            if key not in now and row.forgotten_at is None:
                session.delete(row)
        session.flush()
        if rows:
            statement = insert(FurnitureRow).values(rows)
            fresh = ("sample", "path", "stories", "documents", "pages", "first_seen_at")
            session.execute(
                statement.on_conflict_do_update(
                    index_elements=["host", "region", "lines"],
                    set_={name: statement.excluded[name] for name in fresh},
                )
            )
        return len(now - known.keys())


def list_furniture(engine: Engine, sources: Collection[str] = ()) -> list[dict[str, Any]]:
    """Return what was learned, with its evidence, by host; what was taken back comes with the time of that."""
    query = select(FurnitureRow).order_by(FurnitureRow.host, FurnitureRow.stories.desc(), FurnitureRow.id)
    if sources:
        query = query.where(FurnitureRow.host.in_(hosts_with_texts(engine, sources)))
    with Session(engine) as session:
        return [
            {
                "id": row.id,
                "host": row.host,
                "region": row.region,
                "lines": row.sample.split("\n"),
                "path": row.path,
                "stories": row.stories,
                "documents": row.documents,
                "of_stories": row.pages,
                "first_seen_at": iso(row.first_seen_at),
                "learned_at": iso(row.learned_at),
                "forgotten_at": iso(row.forgotten_at),
            }
            for row in session.scalars(query)
        ]


def forget(engine: Engine, number: int) -> str:
    """Take a block back, so that it is not used and not learned again; return its lines.

    Raises:
        NotFound: there is no block of that number.
    """
    return _set_forgotten(engine, number, func.now())


def restore(engine: Engine, number: int) -> str:
    """Use a block again that was taken back; return its lines.

    Raises:
        NotFound: there is no block of that number.
    """
    return _set_forgotten(engine, number, None)


def _set_forgotten(engine: Engine, number: int, when: ColumnElement[Any] | None) -> str:
    statement = (
        update(FurnitureRow)
        .where(FurnitureRow.id == number)
        .values(forgotten_at=when)
        .returning(FurnitureRow.sample)
    )
    with Session(engine) as session, session.begin():
        sample = session.scalar(statement)
    if sample is None:
        raise NotFound(
            f"There is no furniture number {number}; `newsfold furniture list` shows what there is."
        )
    return sample
