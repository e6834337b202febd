"""The one way in: captures go into the archive and the database, in batches, each on its own feet.

Whatever fetched or read a capture, it comes through here. A capture that cannot be used costs itself alone:
it is archived, and the ledger says why nothing came of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from pipeline.archive.warc import ArchiveWriter
from pipeline.settings import BATCH, LONGEST_ADDRESS
from pipeline.store.arrivals import Arrival, Entry, Rejection, Verdict, make_ready
from pipeline.store.relate import relate
from pipeline.store.runs import Outcome, RunRecord
from pipeline.store.writing import Alongside, is_of_a_row, write_batch

__all__ = ["Alongside", "Arrival", "Rejection", "Verdict", "ingest", "store_batch"]


def ingest(
    engine: Engine, run: RunRecord, arrivals: Iterable[Arrival | Rejection], archive: ArchiveWriter
) -> Iterator[Outcome]:
    """Store captures and account for each in the run's ledger; yield the outcomes as they are committed.

    Each batch is archived and flushed, then written in one transaction, then committed, and only then
    looked at for relations: looking first would miss the copies that other writers store at the same moment.
    """
    for batch in _batches(arrivals):
        outcomes, documents = store_batch(engine, run, batch, archive)
        relate(engine, documents)
        run.outcomes.extend(outcomes)
        yield from outcomes


def _batches(arrivals: Iterable[Arrival | Rejection]) -> Iterator[list[Arrival | Rejection]]:
    waiting = iter(arrivals)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def store_batch(
    engine: Engine,
    run: RunRecord,
    batch: Sequence[Arrival | Rejection],
    archive: ArchiveWriter,
    alongside: Alongside | None = None,
) -> tuple[list[Outcome], list[int]]:
    """Store one batch in one transaction; return what became of each, and the documents to be related.

    What becomes of them is what would become of them one by one, in their order. `alongside` writes further
    rows in the same transaction: it is called once, with the outcomes, after all else is written and before
    the commit; and again, where the transaction has to be repeated.
    """
    outcomes = [item.outcome for item in batch if isinstance(item, Rejection)]
    entries = []
    for item in batch:
        if isinstance(item, Arrival):
            if len(item.capture.address.encode()) > LONGEST_ADDRESS:
                outcomes.append(_too_long(item))
            else:
                entries.append(Entry.of(item))
    unchanged, work = make_ready(engine, run, entries, archive)
    archive.flush()
    outcomes += unchanged
    try:
        stored, documents = write_batch(engine, run, work, outcomes, alongside)
    except (DBAPIError, ValueError) as error:
        if not is_of_a_row(error):
            raise
        stored, documents = write_batch(engine, run, work, outcomes, alongside, singly=True)
    return outcomes + stored, documents


def _too_long(item: Arrival) -> Outcome:
    said = f"{item.ledger_address}: Its address has over {LONGEST_ADDRESS} bytes; give it a shorter one."
    return Outcome(item.ledger_address, "failed", "address-too-long", said)
