"""Matching a whole corpus at once, after a bulk load: the same relations as one look-up after the other, in sets.

Relations come out as a pure function of the documents. The look-ups agree with it wherever a passage is in fewer
documents than make furniture; where it is in more, what they find depends on what was stored when, and
`settle` puts it right.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from pipeline.engines.base import Engine as WorkEngine
from pipeline.engines.base import Lost
from pipeline.match.stories import JOINING
from pipeline.store.pairs import Pair, drop_pairs, find_pairs, read_pairs, touched
from pipeline.store.quoting import learn_sentences
from pipeline.store.stories import refold
from pipeline.store.verifying import COLUMNS, RelationRow, compare_pairs

PAIRS = 256
"""Pairs compared in one piece of work: a tenth of a second, of documents that mostly share a passage."""

_FOLDED = 2_000  # documents folded in one transaction
_COPIED = 5_000  # relations kept at once

_FOUND = "create temp table corpus_found (like relation including defaults)"

_SCOPED = "(select document_id from corpus_scope)"
_KNOWN = "(select document_id from corpus_place)"

_STALE = """
    delete from relation
    where (shorter_id in {scope} or longer_id in {scope})
      and shorter_id in (select document_id from corpus_place)
      and longer_id in (select document_id from corpus_place)
      and not exists (
        select 1 from corpus_found as found
        where found.shorter_id = relation.shorter_id and found.longer_id = relation.longer_id
      )
    returning shorter_id, longer_id
"""

_MERGE = f"""
    insert into relation as known ({", ".join(COLUMNS)})
    select distinct on (shorter_id, longer_id) {", ".join(COLUMNS)} from corpus_found
    where exists (select 1 from document where id = shorter_id)
      and exists (select 1 from document where id = longer_id)
    order by shorter_id, longer_id
    on conflict (shorter_id, longer_id) do update
    set {", ".join(f"{name} = excluded.{name}" for name in COLUMNS[2:])}
    where ({", ".join(f"known.{name}" for name in COLUMNS[2:])})
          is distinct from ({", ".join(f"excluded.{name}" for name in COLUMNS[2:])})
    returning shorter_id, longer_id
"""  # noqa: S608 - columns of ours

_CHECKED = """
    update document set relations_checked_at = now()
    where id in (
        select id from document
        where id in {scope} and relations_checked_at is null order by id for no key update
    )
"""

_HOMELESS = """
    select id from document
    where id in {scope}
      and exists (select from version where document_id = document.id and superseded_run_id is null)
      and not exists (select 1 from story_document where document_id = document.id and role <> 'digest')
"""


@dataclass(frozen=True, slots=True)
class Matched:
    """What a pass did: pairs compared, relations written or removed, pairs that could not be compared."""

    pairs: int
    changed: int
    lost: tuple[Lost[Pair], ...]


def relate_corpus(engine: Engine, work: WorkEngine, document_ids: Collection[int] | None = None) -> Matched:
    """Find the relations of all stored documents, or of some of them, and fold the stories that they touch.

    What is found replaces what was: relations that do not hold go. Nothing is written before all is compared, and
    then in one transaction; a pass that is killed changes nothing.

    Args:
        engine: the database.
        work: where documents are compared; its processes connect to the database themselves.
        document_ids: the documents whose relations are looked for, among all; None looks for everybody's.
    """
    scope = _KNOWN if document_ids is None else _SCOPED
    lost: list[Lost[Pair]] = []
    # Temporary tables belong to a connection; each step is a transaction of its own.
    with engine.connect() as connection:
        try:
            pairs = find_pairs(connection, document_ids)
            connection.execute(text("drop table if exists corpus_found"))
            connection.execute(text(_FOUND))
            connection.commit()
            _compare(connection, engine, work, lost)
            connection.execute(text("create index on corpus_found (shorter_id, longer_id)"))
            connection.execute(text("analyze corpus_found"))
            changed = [
                *connection.execute(text(_STALE.format(scope=scope))).all(),
                *connection.execute(text(_MERGE)).all(),
            ]
            connection.execute(text(_CHECKED.format(scope=scope)))
            homeless = connection.scalars(text(_HOMELESS.format(scope=scope))).all()
            connection.commit()
        finally:
            connection.rollback()
            drop_pairs(connection)
            connection.execute(text("drop table if exists corpus_found"))
            connection.commit()
    refold_all(engine, {*homeless, *(number for row in changed for number in row)})
    learn_sentences(engine)
    return Matched(pairs, len(changed), tuple(lost))


def settle(engine: Engine, work: WorkEngine, document_ids: Collection[int]) -> Matched:
    """Make the relations of newly stored documents independent of the order in which they came.

    There is nothing to do unless one of them has a passage that makes furniture; then its neighbours in
    that passage's order are related anew.
    """
    with engine.connect() as connection:
        affected = touched(connection, document_ids)
        connection.rollback()
    return relate_corpus(engine, work, affected) if affected else Matched(0, 0, ())


def refold_all(engine: Engine, document_ids: Collection[int]) -> None:
    """Fold the stories of many documents, some thousands at a time; those of one story stay together."""
    batch: list[int] = []
    for story in _joined(engine, document_ids):
        batch += story
        if len(batch) >= _FOLDED:
            refold(engine, batch)
            batch = []
    if batch:
        refold(engine, batch)


def _compare(connection: Connection, engine: Engine, work: WorkEngine, lost: list[Lost[Pair]]) -> None:
    """Compare the pairs and keep what is found; a pair that cannot be compared is put aside."""
    address = engine.url.render_as_string(hide_password=False)
    found: list[RelationRow] = []
    for outcome in work.map(partial(compare_pairs, address, uuid4().hex), read_pairs(connection, PAIRS)):
        if isinstance(outcome, Lost):
            lost.append(outcome)
            continue
        found += outcome.result
        if len(found) >= _COPIED:
            _keep(connection, found)
            found = []
    _keep(connection, found)


def _keep(connection: Connection, found: Iterable[RelationRow]) -> None:
    cursor: Any = connection.connection.cursor()  # psycopg's, which knows more than SQLAlchemy says
    with cursor, cursor.copy(f"copy corpus_found ({', '.join(COLUMNS)}) from stdin") as copy:
        for row in found:
            copy.write_row(row.values())
    # No transaction stays open while others compare.
    connection.commit()


def _joined(engine: Engine, document_ids: Collection[int]) -> Iterable[list[int]]:
    """Part documents by the stories that joining relations make of them."""
    parents = {number: number for number in document_ids}

    def root(number: int) -> int:
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    with Session(engine) as session:
        query = text("select shorter_id, longer_id from relation where kind = any(:joining)")
        joining = session.connection(execution_options={"stream_results": True})
        for one, other in joining.execute(query, {"joining": sorted(JOINING)}):
            if one in parents and other in parents:
                parents[root(one)] = root(other)
    stories: dict[int, list[int]] = defaultdict(list)
    for number in sorted(parents):
        stories[root(number)].append(number)
    return stories.values()
