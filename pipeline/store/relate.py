"""Looking for a stored document's relations, and keeping the stories up to date with them.

A document is written and committed first and looked at afterwards. Two writers that looked before they
committed would each miss the other's simultaneous copy; this way the later look always sees both. What a
killed writer left unlooked-at has no `relations_checked_at`, and is swept up by the next run.
"""

from collections.abc import Iterable

from sqlalchemy import Engine, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pipeline.match.fingerprint import SHINGLE, SHORT
from pipeline.match.relation import Text, compare, read_text
from pipeline.settings import CANDIDATES_PER_HASH, MIN_SHARED_HASHES
from pipeline.store.models import Document, Relation, StoryDocument
from pipeline.store.retrying import retry_passing
from pipeline.store.stories import refold

# The newest bearers are those that other writers store at this moment; the newest before this one chain the
# copies of one large batch together. For each of the document's hashes, only its newest bearers are read: a hash that is everywhere costs no more
# than one that is rare. The planner walks the primary key once a hash. A short text has so few windows that
# one shared hash is all that winnowing promises.
_CANDIDATES = text("""
    with hits as materialized (
        select mine.hash, other.document_id
        from fingerprint as mine
        cross join lateral (
            (select document_id from fingerprint
             where hash = mine.hash
             order by document_id desc
             limit :cap)
            union
            (select document_id from fingerprint
             where hash = mine.hash and document_id < mine.document_id
             order by document_id desc
             limit :cap)
        ) as other
        where mine.document_id = :document_id
    )
    select 'document' as what, document.id as value
    from hits
    join document on document.id = hits.document_id
    where document.id <> :document_id
    group by document.id, document.word_count
    having count(*) >= case when least(document.word_count, :own_words) < :short then 1 else :enough end
    union all
    select 'furniture', hash from hits group by hash having count(*) >= :cap
""")


_LAID_OUT = 512


def relate(engine: Engine, document_ids: Iterable[int]) -> int:
    """Find and store the relations of committed documents, then fold the stories they touch.

    Returns how many relations were found, counting those that were known.
    """
    ids = sorted(set(document_ids))
    laid_out: dict[int, Text] = {}
    found = sum(_relate_one(engine, document_id, laid_out) for document_id in ids)
    if ids:
        refold(engine, ids)
    return found


def sweep(engine: Engine) -> int:
    """Relate the documents that a killed run stored and did not finish with; return how many there were.

    Those are the documents whose relations were not looked for, and those that have no story yet.
    """
    homes = exists().where(StoryDocument.document_id == Document.id, StoryDocument.role != "digest")
    with Session(engine) as session:
        unfinished = list(
            session.scalars(select(Document.id).where(Document.relations_checked_at.is_(None) | ~homes))
        )
    relate(engine, unfinished)
    return len(unfinished)


@retry_passing
def _relate_one(engine: Engine, document_id: int, laid_out: dict[int, Text]) -> int:
    with Session(engine) as session, session.begin():
        document = session.get(Document, document_id)
        if document is None:
            return 0
        candidates, furniture = _candidates(session, document)
        text_of = _lay_out(document, laid_out)
        rows = []
        if candidates:
            others = session.scalars(
                select(Document).where(Document.id.in_(candidates)).order_by(Document.id)
            )
            for other in others:
                row = _relation(document, text_of, other, _lay_out(other, laid_out), furniture)
                if row is not None:
                    rows.append(row)
        if rows:
            statement = insert(Relation)
            columns = {name: statement.excluded[name] for name in rows[0] if not name.endswith("_id")}
            session.execute(
                statement.on_conflict_do_update(index_elements=["shorter_id", "longer_id"], set_=columns),
                rows,
            )
        # The columns are named: the row may have been swept by another process meanwhile.
        session.execute(
            update(Document).where(Document.id == document_id).values(relations_checked_at=func.now())
        )
        return len(rows)


def _lay_out(document: Document, laid_out: dict[int, Text]) -> Text:
    """Lay a document out once a batch; copies of one story meet each other many times."""
    if document.id not in laid_out:
        if len(laid_out) >= _LAID_OUT:
            laid_out.clear()
        laid_out[document.id] = read_text(document.text)
    return laid_out[document.id]


def _candidates(session: Session, document: Document) -> tuple[list[int], frozenset[int]]:
    rows = session.execute(
        _CANDIDATES,
        {
            "document_id": document.id,
            "own_words": document.word_count,
            "short": SHORT + SHINGLE,
            "cap": CANDIDATES_PER_HASH,
            "enough": MIN_SHARED_HASHES,
        },
    ).all()
    documents = [row.value for row in rows if row.what == "document"]
    return documents, frozenset(row.value for row in rows if row.what == "furniture")


def _relation(
    one: Document, one_text: Text, other: Document, other_text: Text, furniture: frozenset[int]
) -> dict[str, object] | None:
    """Return the relation's row, or None where there is none. The order of the two does not matter."""
    pair = (
        (len(one_text.words), one.sha256, one, one_text),
        (len(other_text.words), other.sha256, other, other_text),
    )
    shorter, longer = sorted(pair, key=lambda item: item[:2])
    kind, evidence = compare(shorter[3], longer[3], furniture)
    if kind == "none":
        return None
    return {
        "shorter_id": shorter[2].id,
        "longer_id": longer[2].id,
        "kind": kind,
        "jaccard": evidence.jaccard,
        "containment": evidence.containment,
        "containment_longer": evidence.containment_longer,
        "longest_run": evidence.longest_run,
        "unquoted": evidence.unquoted,
        "shared_shingles": evidence.shared,
    }
