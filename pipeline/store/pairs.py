"""Candidate pairs of a whole corpus at once: hashes sorted, bearers ranked, neighbours joined, shared hashes counted.

What comes out depends on the documents alone. The bearers of a hash stand in the order of their texts' digests, and each is
paired with as many before it as one look-up reads; a hash that is everywhere so costs as much as it has bearers,
not the square of that. Where a hash has fewer bearers than that, every two of them are paired, as
looking one document up after the other does.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, text

from pipeline.match.fingerprint import SHINGLE, SHORT
from pipeline.settings import CANDIDATES_PER_HASH, MIN_SHARED_HASHES

_PAGE = 50_000  # pairs read at once

_TABLES = (
    "corpus_scope",
    "corpus_place",
    "corpus_common",
    "corpus_bearer",
    "corpus_pair",
    "corpus_everywhere",
)

_PLACE = """
    create temp table corpus_place as
    select id as document_id, word_count, (row_number() over (order by sha256))::int as place from document
"""

# The primary key gives the hashes in order, so neither of the two needs a sort.
_COMMON_OF_ALL = """
    create temp table corpus_common as
    select hash, count(*)::int as bearers from fingerprint group by hash having count(*) > 1
"""
_COMMON_OF_SCOPE = """
    create temp table corpus_common as
    select hash, count(*)::int as bearers from fingerprint
    where hash in (select hash from fingerprint join corpus_scope using (document_id))
    group by hash having count(*) > 1
"""

_BEARER = """
    create temp table corpus_bearer as
    select hash, bearers, place,
           (row_number() over (partition by hash order by place))::int as rank
    from corpus_common join fingerprint using (hash) join corpus_place using (document_id)
"""

# Of a large group, only the neighbours meet: those of the same stretch of ranks, and of the one before it.
_PAIR = """
    create temp table corpus_pair as
    with met as (
        select earlier.place as earlier, later.place as later, later.hash
        from corpus_bearer as later
        cross join (values (0), (1)) as step (back)
        join corpus_bearer as earlier
          on earlier.hash = later.hash
         and (earlier.rank - 1) / :cap = (later.rank - 1) / :cap - step.back
         and earlier.rank between later.rank - :cap and later.rank - 1
    ),
    shared as (
        select earlier, later, min(hash) as anchor, count(*) as hashes from met group by earlier, later
    )
    select one.document_id as one_id, other.document_id as other_id,
           row_number() over (order by anchor, earlier, later) as number
    from shared
    join corpus_place as one on one.place = earlier
    join corpus_place as other on other.place = later
    where hashes >= case when least(one.word_count, other.word_count) < :short then 1 else :enough end
"""
_SCOPED = """
      and (one.document_id in (select document_id from corpus_scope)
        or other.document_id in (select document_id from corpus_scope))
"""

_EVERYWHERE = """
    create temp table corpus_everywhere as
    select document_id, array_agg(hash order by hash) as hashes
    from corpus_bearer join corpus_place using (place)
    where bearers >= :cap group by document_id
"""

_READ = text("""
    select one_id, other_id, one.hashes as one_has, other.hashes as other_has
    from corpus_pair
    left join corpus_everywhere as one on one.document_id = one_id
    left join corpus_everywhere as other on other.document_id = other_id
    where number > :after and number <= :until
    order by number
""")

# New bearers of a hash that is everywhere change what the documents near them in its order are paired with; those
# that make it so change it for all.
_TOUCHED = text("""
    with new as (
        select hash, document_id from fingerprint
        where document_id = any(cast(:ids as bigint[]))
          and (select count(*) from (
                select from fingerprint as other where other.hash = fingerprint.hash limit :cap
              ) as bearer) >= :cap
    ),
    ranked as (
        select hash, fingerprint.document_id, row_number() over (partition by hash order by sha256) as rank,
               count(*) over (partition by hash) as bearers
        from fingerprint join document on document.id = fingerprint.document_id
        where hash in (select hash from new)
    ),
    news as (
        select hash, rank, bearers, count(*) over (partition by hash) as arrived
        from ranked join new using (hash, document_id)
    )
    select distinct ranked.document_id from ranked join news using (hash)
    where ranked.rank between news.rank - :cap and news.rank + :cap or news.bearers - news.arrived < :cap
""")


class Pair(NamedTuple):
    """Two documents that may be related, and the hashes in both that are everywhere."""

    one_id: int
    other_id: int
    furniture: tuple[int, ...]


def touched(connection: Connection, document_ids: Collection[int]) -> list[int]:
    """Return the documents whose pairs depend on how these came to be stored among others: none, as a rule."""
    return sorted(connection.scalars(_TOUCHED, {"ids": list(document_ids), "cap": CANDIDATES_PER_HASH}))


def find_pairs(connection: Connection, scope: Collection[int] | None = None) -> int:
    """Find all pairs worth comparing, or those of some documents; return how many there are.

    They stay in temporary tables of this connection, for `read_pairs`.
    """
    _begin(connection, scope)
    connection.execute(text(_COMMON_OF_ALL if scope is None else _COMMON_OF_SCOPE))
    connection.execute(text("analyze corpus_common"))
    connection.execute(text(_BEARER))
    connection.execute(text("analyze corpus_bearer"))
    parameters = {"cap": CANDIDATES_PER_HASH, "short": SHORT + SHINGLE, "enough": MIN_SHARED_HASHES}
    connection.execute(text(_PAIR + ("" if scope is None else _SCOPED)), parameters)
    connection.execute(text("create unique index on corpus_pair (number)"))
    connection.execute(text(_EVERYWHERE), {"cap": CANDIDATES_PER_HASH})
    connection.execute(text("analyze corpus_pair, corpus_everywhere"))
    return int(connection.scalar(text("select count(*) from corpus_pair")) or 0)


def read_pairs(connection: Connection, size: int) -> Iterator[list[Pair]]:
    """Yield the pairs that were found, in batches; those that share a passage stand together."""
    after = 0
    while True:
        rows = connection.execute(_READ, {"after": after, "until": after + _PAGE}).all()
        if not rows:
            return
        after += _PAGE
        pairs = [Pair(row.one_id, row.other_id, _shared(row.one_has, row.other_has)) for row in rows]
        for start in range(0, len(pairs), size):
            yield pairs[start : start + size]


def _shared(one: list[int] | None, other: list[int] | None) -> tuple[int, ...]:
    return tuple(sorted(set(one).intersection(other))) if one and other else ()


def drop_pairs(connection: Connection) -> None:
    """Remove the temporary tables."""
    connection.execute(text(f"drop table if exists {', '.join(_TABLES)}"))


def _begin(connection: Connection, scope: Collection[int] | None) -> None:
    drop_pairs(connection)
    # Sorting and hashing tens of millions of rows is what this is about; the default of 4 MB is for look-ups.
    connection.execute(text("set local work_mem = '256MB'"))
    connection.execute(text(_PLACE))
    connection.execute(text("create unique index on corpus_place (document_id)"))
    connection.execute(text("analyze corpus_place"))
    if scope is not None:
        connection.execute(text("create temp table corpus_scope (document_id bigint primary key)"))
        connection.execute(
            text("insert into corpus_scope select unnest(cast(:ids as bigint[]))"), {"ids": list(scope)}
        )
        connection.execute(text("analyze corpus_scope"))
