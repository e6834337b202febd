"""Comparing pairs of stored documents, by whatever process is told to: their texts are read where it runs."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pipeline.errors import Retry
from pipeline.match.relation import Text, compare, read_text
from pipeline.store.database import worker_engine
from pipeline.store.models import Document
from pipeline.store.pairs import Pair
from pipeline.store.passages import passage_furniture
from pipeline.store.retrying import is_lost

_LAID_OUT = 512  # documents kept between batches: those that share a passage stand together


@dataclass(frozen=True, slots=True)
class RelationRow:
    """A relation as its table has it."""

    shorter_id: int
    longer_id: int
    kind: str
    jaccard: float
    containment: float
    containment_longer: float
    longest_run: int
    unquoted: float
    shared_shingles: int

    def values(self) -> tuple[Any, ...]:
        """Return its values in the order of `COLUMNS`."""
        return tuple(getattr(self, name) for name in COLUMNS)


COLUMNS = tuple(field.name for field in fields(RelationRow))


@dataclass(frozen=True, slots=True)
class Reader:
    """A document laid out for comparison, and what decides which of two is the shorter one."""

    id: int
    sha256: bytes
    text: Text


def compare_pairs(address: str, job: str, pairs: Sequence[Pair]) -> list[RelationRow]:
    """Compare pairs of documents; return the relations that there are.

    A document that is no longer there has none. What was read is kept from batch to batch of one `job`, whatever
    its name.

    Raises:
        Retry: the database at `address` went away.
    """
    readers = _readers(address, job)
    numbers = {number for pair in pairs for number in (pair.one_id, pair.other_id)}
    missing = numbers - readers.keys()
    if len(readers) + len(missing) > _LAID_OUT:
        readers.clear()
        missing = numbers
    try:
        with Session(worker_engine(address)) as session:
            query = select(Document.id, Document.sha256, Document.text).where(Document.id.in_(missing))
            rows = session.execute(query).all() if missing else []
            standing = passage_furniture(session, numbers)
    except DBAPIError as error:
        if is_lost(error):
            raise Retry(
                "The database went away while documents were compared. Run the same command again."
            ) from error
        raise
    readers.update({row.id: Reader(row.id, row.sha256, read_text(row.text)) for row in rows})
    found = [
        relation_of(
            readers[pair.one_id],
            readers[pair.other_id],
            frozenset(pair.furniture).union(*(standing.get(one, ()) for one in (pair.one_id, pair.other_id))),
        )
        for pair in pairs
        if pair.one_id in readers and pair.other_id in readers
    ]
    return [row for row in found if row is not None]


def relation_of(one: Reader, other: Reader, furniture: frozenset[int]) -> RelationRow | None:
    """Return how two documents are related, in the same words whichever comes first; None where they are not."""
    shorter, longer = sorted((one, other), key=lambda reader: (len(reader.text.words), reader.sha256))
    kind, evidence = compare(shorter.text, longer.text, furniture)
    if kind == "none":
        return None
    return RelationRow(
        shorter.id,
        longer.id,
        kind,
        evidence.jaccard,
        evidence.containment,
        evidence.containment_longer,
        evidence.longest_run,
        evidence.unquoted,
        evidence.shared,
    )


@lru_cache(maxsize=1)
def _readers(_address: str, _job: str) -> dict[int, Reader]:
    return {}
