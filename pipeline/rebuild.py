"""A database from the archive alone: every page that was ever captured, in the order in which they came in.

What no page tells is not in the archive, and does not come back: rulings, what was learned or forgotten of furniture,
the runs before, and when the frontier's addresses are due. The next crawl finds its addresses anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine as Database
from sqlalchemy import text

from pipeline.archive.warc import ArchiveWriter, Damage, read_at, read_file, recover
from pipeline.engines.base import Engine, Lost
from pipeline.engines.order import in_order
from pipeline.errors import Quarantine, Refuse
from pipeline.events import Event
from pipeline.items import Prepared
from pipeline.prepare import prepare
from pipeline.recorded import capture_of, is_page, verdict_of
from pipeline.settings import Settings
from pipeline.store.ingest import Arrival, ingest
from pipeline.store.runs import RunRecord, running

BATCH = 16
"""Pages that a worker is given at once: half a second's work."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A page's record in the archive, and its place in the order in which the pages came in."""

    at: datetime
    file: str
    offset: int
    number: int = 0


@dataclass(slots=True)
class Rebuilt:
    """A rebuilding under way: pages in the archive, stored so far, and the places that cannot be read."""

    pages: int
    damaged: list[str] = field(default_factory=list)
    stored: int = 0
    run: RunRecord | None = None


def rebuild(database: Database, settings: Settings, engine: Engine, event: Event | None) -> Iterator[Rebuilt]:
    """Store every page of the archive in an empty database; yield as it goes on. Pages of `event`'s crawls are judged.

    Raises:
        Refuse: the database holds captures already.
        OSError: the archive cannot be read.
    """
    with database.connect() as connection:
        if connection.scalar(text("select exists (select from capture)")):
            raise Refuse(
                "not-empty",
                "The database holds captures already, and a rebuilt one must begin empty. Name another with "
                "DATABASE_URL, or use `newsfold archive reindex` to store what this one lacks.",
            )
    recover(settings.archive)
    damaged: list[str] = []
    places = sorted(_places(settings.archive, damaged))
    numbered = [Place(one.at, one.file, one.offset, number) for number, one in enumerate(places)]
    done = Rebuilt(len(places), damaged)
    yield done
    with (
        running(database, "ingest", {"archive": str(settings.archive), "rebuild": True}) as run,
        # Nothing is appended: every record stands in the archive already.
        ArchiveWriter(settings.archive, "rebuild") as archive,
    ):
        done.run = run
        made = in_order(engine, partial(make_batch, settings.archive), _batched(numbered))
        arrivals = (_arrival(settings.archive, place, result, event) for place, result in made)
        for _ in ingest(database, run, arrivals, archive):
            done.stored += 1
            yield done


def make_batch(archive: Path, places: Sequence[Place]) -> list[Prepared | Quarantine]:
    """Prepare the pages at some places of the archive: what an engine's workers do."""
    return [_make(archive, place) for place in places]


def _make(archive: Path, place: Place) -> Prepared | Quarantine:
    try:
        return prepare(capture_of(read_at(archive, place.file, place.offset)))
    except Quarantine as trouble:
        return trouble


def _arrival(
    archive: Path, place: Place, result: Prepared | Quarantine | Lost[Place], event: Event | None
) -> Arrival:
    record = read_at(archive, place.file, place.offset)
    capture = capture_of(record)
    made = Quarantine(f"extraction-{result.reason}", result.message) if isinstance(result, Lost) else result
    return Arrival(capture.address, capture, record.location, made, verdict_of(record, made, event))


def _places(folder: Path, damaged: list[str]) -> Iterator[Place]:
    for path in sorted(folder.glob("*.warc.gz")):
        try:
            for record in read_file(path):
                if isinstance(record, Damage):
                    damaged.append(record.sentence)
                elif is_page(record):
                    yield Place(record.at, record.location.file, record.location.offset)
        except Quarantine as error:
            damaged.append(str(error))


def _batched(places: Sequence[Place]) -> Iterator[Sequence[Place]]:
    waiting = iter(places)
    while batch := list(islice(waiting, BATCH)):
        yield batch
