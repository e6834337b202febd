"""Looking for a stored document's relations, and keeping the stories up to date with them.

A document is written and committed first and looked at afterwards. Two writers that looked before they
committed would each miss the other's simultaneous copy; this way the later look always sees both. What a
killed writer left unlooked-at has no `relations_checked_at`, and is swept up by the next run.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from sqlalchemy import Engine, exists, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pipeline.match.fingerprint import SHINGLE, SHORT
from pipeline.match.relation import read_text
from pipeline.settings import BATCH, CANDIDATES_PER_HASH, MIN_SHARED_HASHES
from pipeline.store.models import Document, Relation, StoryDocument, Version
from pipeline.store.passages import passage_furniture
from pipeline.store.quoting import learn_sentences
from pipeline.store.retrying import retry_passing
from pipeline.store.stories import refold, refresh_stale
from pipeline.store.verifying import Reader, relation_of

# The newest bearers are those that other writers store at this moment; the newest before this one chain the
# copies of one large batch together. For each of a document's hashes, only its newest bearers are read: a hash
# that is everywhere costs no more than one that is rare. The planner walks the primary key once a hash. A short
# text has so few windows that one shared hash is all that winnowing promises. Lengths are looked up by an array of
# ids, and only where they decide: joined, a batch of documents would have the planner read the whole table.
_CANDIDATES = text("""
    with hits as materialized (
        select mine.document_id as own_id, own.word_count < :short as own_short, mine.hash, other.document_id
        from document as own
        join fingerprint as mine on mine.document_id = own.id
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
        where own.id = any(cast(:ids as bigint[]))
    ), shared as materialized (
        select own_id, own_short, document_id, count(*) as hashes
        from hits
        where document_id <> own_id
        group by own_id, own_short, document_id
    ), short as materialized (
        select id
        from document
        where id = any(array(select distinct document_id from shared where hashes < :enough and not own_short))
          and word_count < :short
    )
    select 'document' as what, own_id, document_id as value
    from shared
    where hashes >= :enough
       or own_short
       or document_id in (select id from short)
    union all
    select 'furniture', own_id, hash from hits group by own_id, hash having count(*) >= :cap
""")

# One order for all: two batches may mark each other's documents.
_CHECKED = text("""
    update document set relations_checked_at = now()
    where id in (
        select id from document where id = any(cast(:ids as bigint[])) order by id for no key update
    )
""")

_LAID_OUT = 512


def relate(engine: Engine, document_ids: Iterable[int]) -> int:
    """Find and store the relations of committed documents, then fold the stories they touch.

    Returns how many relations were found; one between two of the documents counts once for each.
    """
    ids = sorted(set(document_ids))
    laid_out: dict[int, Reader] = {}
    found = sum(
        _relate_batch(engine, ids[start : start + BATCH], laid_out) for start in range(0, len(ids), BATCH)
    )
    if ids:
        refold(engine, ids)
        learn_sentences(engine)
    return found


def sweep(engine: Engine) -> int:
    """Relate the documents that a killed run stored and did not finish with; return how many there were.

    Those are the documents whose relations were not looked for, and those that have no story yet. A text that its
    captures give no more needs none. What articles print is put right as well, where two transactions missed each other
    or a writer was killed before its fold.
    """
    holds = exists().where(Version.document_id == Document.id, Version.superseded_run_id.is_(None))
    homes = exists().where(StoryDocument.document_id == Document.id, StoryDocument.role != "digest")
    with Session(engine) as session:
        unfinished = list(
            session.scalars(
                select(Document.id).where(Document.relations_checked_at.is_(None) | (holds & ~homes))
            )
        )
    relate(engine, unfinished)
    learn_sentences(engine)
    refresh_stale(engine)
    return len(unfinished)


@retry_passing
def _relate_batch(engine: Engine, ids: Sequence[int], laid_out: dict[int, Reader]) -> int:
    with Session(engine) as session, session.begin():
        candidates, furniture = find_candidates(session, ids)
        _lay_out(
            session, {*candidates, *(other for found in candidates.values() for other in found)}, laid_out
        )
        standing = passage_furniture(session, laid_out.keys())
        rows: dict[tuple[int, int], dict[str, object]] = {}
        compared: dict[tuple[int, int], frozenset[int]] = {}
        found = 0
        for own_id in ids:
            for other_id in candidates.get(own_id, ()):
                pair = min(own_id, other_id), max(own_id, other_id)
                if own_id not in laid_out or other_id not in laid_out:
                    continue
                # What counts for nothing may differ between the two; the last look decides, unless it
                # finds nothing.
                ignored = furniture[own_id].union(*(standing.get(one, ()) for one in pair))
                if compared.get(pair) != ignored:
                    compared[pair] = ignored
                    row = relation_of(laid_out[own_id], laid_out[other_id], ignored)
                    if row is not None:
                        rows[pair] = asdict(row)
                found += pair in rows
        if rows:
            statement = insert(Relation)
            some = next(iter(rows.values()))
            columns = {name: statement.excluded[name] for name in some if not name.endswith("_id")}
            statement = statement.on_conflict_do_update(
                index_elements=["shorter_id", "longer_id"], set_=columns
            )
            ordered = [rows[pair] for pair in sorted(rows)]
            session.execute(statement.returning(Relation.shorter_id), ordered)
        session.execute(_CHECKED, {"ids": list(ids)})
        return found


def _lay_out(session: Session, ids: set[int], laid_out: dict[int, Reader]) -> None:
    """Lay documents out once a call; copies of one story meet each other many times."""
    missing = ids - laid_out.keys()
    if len(laid_out) + len(missing) > _LAID_OUT:
        laid_out.clear()
        missing = ids
    if missing:
        query = select(Document.id, Document.sha256, Document.text).where(Document.id.in_(missing))
        for row in session.execute(query):
            laid_out[row.id] = Reader(row.id, row.sha256, read_text(row.text))


def find_candidates(
    session: Session, ids: Sequence[int]
) -> tuple[dict[int, list[int]], dict[int, frozenset[int]]]:
    """Return each document's candidates, in order, and the hashes in it that recur everywhere.

    Candidates are documents that share enough fingerprint hashes with it to be compared in full.
    """
    rows = session.execute(
        _CANDIDATES,
        {
            "ids": list(ids),
            "short": SHORT + SHINGLE,
            "cap": CANDIDATES_PER_HASH,
            "enough": MIN_SHARED_HASHES,
        },
    )
    candidates: dict[int, list[int]] = defaultdict(list)
    furniture: dict[int, set[int]] = {own_id: set() for own_id in ids}
    for row in rows:
        if row.what == "document":
            candidates[row.own_id].append(row.value)
        else:
            furniture[row.own_id].add(row.value)
    return (
        {own_id: sorted(found) for own_id, found in candidates.items()},
        {own_id: frozenset(hashes) for own_id, hashes in furniture.items()},
    )
