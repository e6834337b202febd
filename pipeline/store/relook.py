"""Looking anew at documents whose standing passages were learned, or taken back."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from pipeline.store.models import Source
from pipeline.store.passages import find_passages, save_passages, set_forgotten
from pipeline.store.relate import relate

# Near copies stay copies, whatever stands in them. What is weaker has to be found again without the passages; a
# kill in between leaves the documents unchecked, for the next sweep.
_UNCHECK = text("""
    with again as (
        select distinct fingerprint.document_id as id
        from fingerprint
        join version on version.document_id = fingerprint.document_id
        join article on article.id = version.article_id
        where fingerprint.hash = any(cast(:hashes as bigint[])) and article.source_id = :source
    ), gone as (
        delete from relation using again
        where relation.kind in ('contains', 'quotes') and again.id in (relation.shorter_id, relation.longer_id)
        returning relation.shorter_id, relation.longer_id
    ), both_ends as (
        select id from again union select shorter_id from gone union select longer_id from gone
    )
    update document set relations_checked_at = null where id in (select id from both_ends) returning id
""")


@dataclass(frozen=True, slots=True)
class SourceLearned:
    """What was learned of one source: how many passages stand, and how many documents were looked at anew."""

    source: str
    passages: int
    documents: int


def learn_passages(engine: Engine, sources: Collection[str] = ()) -> Iterator[SourceLearned]:
    """Learn the standing passages of all sources, or of some, and relate the documents that have them anew."""
    query = select(Source.id, Source.key).order_by(Source.key)
    with Session(engine) as session:
        known = session.execute(query.where(Source.key.in_(sources)) if sources else query).all()
    for source_id, key in known:
        with Session(engine) as session, session.begin():
            found = find_passages(session, source_id)
            changed = save_passages(session, source_id, found)
            again = _uncheck(session, source_id, changed)
        relate(engine, again)
        yield SourceLearned(key, len(found), len(again))


def forget_passage(engine: Engine, number: int) -> str:
    """Take a passage back: it counts again, and is not learned again. Return its words.

    Raises:
        NotFound: there is no passage of that number.
    """
    return _change(engine, number, forgotten=True)


def restore_passage(engine: Engine, number: int) -> str:
    """Let a passage count for nothing again that was taken back. Return its words.

    Raises:
        NotFound: there is no passage of that number.
    """
    return _change(engine, number, forgotten=False)


def _change(engine: Engine, number: int, *, forgotten: bool) -> str:
    with Session(engine) as session, session.begin():
        row = set_forgotten(session, number, forgotten=forgotten)
        again = _uncheck(session, row.source_id, row.hashes)
        words = row.words
    relate(engine, again)
    return words


def _uncheck(session: Session, source_id: int, hashes: Collection[int]) -> list[int]:
    if not hashes:
        return []
    return list(session.scalars(_UNCHECK, {"source": source_id, "hashes": list(hashes)}))
