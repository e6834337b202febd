"""Closing the files of writers that were killed."""

import os
from pathlib import Path
from typing import BinaryIO

from pipeline.archive.files import OPEN, final_name, open_abandoned
from pipeline.archive.scan import Damage, scan


def recover(folder: Path) -> list[Path]:
    """Close what dead writers left open, and return the files under their final names.

    A file whose writer lives is left alone: its lock is held. From any other, what follows the last whole record
    is cut off (damage before that stays, for `read_file` to tell of), and the file gets its final name. A file
    without one whole record is removed: nothing that an append returned for can be in it, as the first append
    writes the file's own description before its record. Where a file with the final name is there already,
    which no writer causes, both are left for a person to look at. Any number of processes may do this at once;
    each file is returned by the one that closed it.

    Raises:
        OSError: a file cannot be read, cut or renamed; what was closed before stays closed.
    """
    closed = []
    for path in sorted(folder.glob(f"*{OPEN}")):
        stream = open_abandoned(path)
        if stream is None:
            continue
        with stream:
            final = path.with_name(final_name(path))
            if not final.exists() and _close(stream, path, final):
                closed.append(final)
    return closed


def _close(stream: BinaryIO, path: Path, final: Path) -> bool:
    """Close a file that is locked; returns whether there is something in it."""
    end = 0
    for found in scan(path):
        if not isinstance(found, Damage):
            end = found.location.offset + found.location.length
    if end == 0:
        path.unlink()
        return False
    stream.truncate(end)
    os.fsync(stream.fileno())
    path.rename(final)
    return True
