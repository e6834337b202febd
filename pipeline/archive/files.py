"""The files of the archive: their names, the locks on those still written to, and where a record stands."""

import fcntl
import os
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from pipeline.settings import MAX_FILE_BYTES

OPEN = ".open"
"""Follows a file's name while it is written to."""

LARGEST = 4 * MAX_FILE_BYTES
"""Bytes, of a record as it stands and of its body unpacked. Four times what is taken in, so that what was
taken under one limit can be read under a lower one; a bomb cannot fill the memory all the same."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where a record stands: the file's name, the byte it begins at, and how many bytes it has."""

    file: str
    offset: int
    length: int


def final_name(path: Path) -> str:
    """Return the name that an archive file has once it is closed."""
    return path.name.removesuffix(OPEN)


def open_either(path: Path) -> BinaryIO:
    """Open an archive file under its final name, or under the one it has while it is written to.

    Raises:
        OSError: it cannot be opened under either.
    """
    final = path.with_name(final_name(path))
    for candidate in (final, final.with_name(final.name + OPEN)):
        try:
            return candidate.open("rb")
        except FileNotFoundError:
            continue
    return final.open("rb")  # it may have been closed, and so renamed, between the two looks


def create_locked(path: Path) -> FileIO:
    """Make a new file, unbuffered, with a lock that tells others that its writer lives.

    The lock is the kernel's (`flock`): it goes with the process, however that ends. A process forked meanwhile
    shares it.

    Raises:
        OSError: the file cannot be made or locked.
    """
    while True:
        stream = path.open("xb", buffering=0)
        try:
            fcntl.flock(stream, fcntl.LOCK_EX)
        except BaseException:  # without its lock the file would be taken for a dead writer's
            stream.close()
            path.unlink(missing_ok=True)
            raise
        if is_at(stream, path):
            return stream
        stream.close()  # between the two calls a recovery took the empty file for a dead writer's, and removed it


def open_abandoned(path: Path) -> BinaryIO | None:
    """Open a file for recovery, and lock it; None where its writer lives or somebody else recovers it.

    Raises:
        OSError: the file is there, but cannot be opened or locked.
    """
    try:
        stream = path.open("r+b")
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if is_at(stream, path):
            return stream
    except BlockingIOError:
        pass
    except BaseException:
        stream.close()
        raise
    stream.close()
    return None


def is_at(stream: BinaryIO | FileIO, path: Path) -> bool:
    """Tell whether an open file still has this name."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except FileNotFoundError:
        return False


def sync_folder(folder: Path) -> None:
    """Put a folder's names onto the disk, so that a power cut does not lose a file that was just made."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
