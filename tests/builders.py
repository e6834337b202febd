"""Small makers of the values that many tests need."""

import random
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from pipeline.archive.warc import ArchiveWriter
from pipeline.items import Capture, Declared, Source
from pipeline.store.ingest import Arrival, ingest
from pipeline.store.runs import Outcome, RunRecord, running

NOON = datetime(2025, 1, 26, 12, tzinfo=UTC)

_SYLLABLES = ["ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "qui", "ro", "su", "ta"]


def prose(seed: int, words: int = 120) -> str:
    """Return paragraphs of invented words; two seeds share no run of them worth the name."""
    chance = random.Random(seed)  # noqa: S311 - text, not secrets
    made = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(words)]
    lines = [" ".join(made[start : start + 30]).capitalize() + "." for start in range(0, words, 30)]
    return "\n".join(lines)


def arrival(
    address: str,
    text: str,
    *,
    declares: str | None = None,
    title: str | None = None,
    source: Source | None = None,
) -> Arrival:
    """Return a text as a capture on its way in."""
    capture = Capture(
        address=address,
        body=text.encode(),
        media_type="text/plain",
        captured_at=NOON,
        source=source,
        timezone=source.timezone if source else None,
        declared=Declared(content_hash=declares, title=title),
    )
    return Arrival(f"file:///{address.rsplit('/', 1)[-1]}", capture)


def take_in(engine: Engine, folder: Path, *arrivals: Arrival) -> list[Outcome]:
    """Ingest as one run, and return the outcomes."""
    return take_in_run(engine, folder, *arrivals).outcomes


def take_in_run(engine: Engine, folder: Path, *arrivals: Arrival) -> RunRecord:
    """Ingest as one run, and return the run."""
    with running(engine, "ingest", {}) as run, ArchiveWriter(folder, "test") as archive:
        list(ingest(engine, run, arrivals, archive))
    return run
