"""Importing what is on the disk: the seeds command's work, apart from its printing."""

from pathlib import Path

from sqlalchemy import Engine

from pipeline.archive.warc import ArchiveWriter
from pipeline.errors import SetupError
from pipeline.seeds import read_folder, utc_now
from pipeline.settings import Settings
from pipeline.store.ingest import ingest
from pipeline.store.relate import sweep
from pipeline.store.runs import RunRecord, running


def import_seeds(engine: Engine, settings: Settings, folder: Path) -> RunRecord:
    """Import a folder of seed documents as one run, and return the run with its outcomes.

    Raises:
        SetupError: the folder cannot be read, has no seeds, or has a wrong sidecar; or the archive cannot be
            written to.
    """
    arrivals = read_folder(folder, utc_now())
    sweep(engine)
    with (
        running(engine, "seeds", {"folder": str(folder.absolute())}) as run,
        ArchiveWriter(settings.archive, "seeds") as archive,
    ):
        try:
            for _ in ingest(engine, run, arrivals, archive):
                pass
        except OSError as error:
            raise SetupError(
                f"The archive {settings.archive} cannot be written to: {error.strerror}. Free some space, or set "
                "NEWSFOLD_HOME to a folder of yours; then run it again: what was committed is kept."
            ) from error
    return run
