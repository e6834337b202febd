"""A writer process that stores its share of pairs of copies: `python -m tests.store.writers URL FOLDER WRITER WRITERS PAIRS [die]`.

With `die` it kills itself when its first batch is committed and not looked at.
"""

import os
import signal
import sys
from pathlib import Path

from pipeline.settings import Settings
from pipeline.store import ingest
from pipeline.store.database import open_database
from tests.builders import arrival, prose, take_in


def main(url: str, folder: str, writer: str, writers: str, pairs: str, *rest: str) -> None:
    """Store this writer's copies: of pair n the writers n and n + 1 have one each, so both come at one moment."""
    own, others = int(writer), int(writers)
    engine = open_database(Settings(Path(folder), url))
    if rest == ("die",):
        ingest.relate = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    take_in(
        engine,
        Path(folder) / writer,
        *(
            arrival(f"https://w{own}.test/{pair}", f"{prose(pair)}\nBy writer {own}.")
            for pair in range(int(pairs))
            if own in {pair % others, (pair + 1) % others}
        ),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
