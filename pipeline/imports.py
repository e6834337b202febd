"""Importing what is on the disk: the seeds command's work, apart from its printing."""

from pathlib import Path

from sqlalchemy import Engine

from pipeline.archive.warc import ArchiveWriter
from pipeline.seeds import read_folder, utc_now
from pipeline.settings import Settings
from pipeline.store.ingest import ingest
from pipeline.store.relate import sweep
from pipeline.store.runs import RunRecord, running


def import_seeds(engine: Engine, settings: Settings, folder: Path) -> RunRecord:
    """Import a folder of seed documents as one run, and return the run with its outcomes.

    Raises:
        SetupError: the folder cannot be read, has no seeds, or has a wrong sidecar.
    """
    arrivals = read_folder(folder, utc_now())
    sweep(engine)
    with (
        running(engine, "seeds", {"folder": str(folder.absolute())}) as run,
        ArchiveWriter(settings.archive, "seeds") as archive,
    ):
        for _ in ingest(engine, run, arrivals, archive):
            pass
    return run
