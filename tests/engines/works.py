"""Works for the engines: each takes a batch of numbers or names, and some do what no work should."""

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from pipeline.errors import Quarantine, Retry

BAD = 13


class Unreadable(Exception):
    """Can be written for another process, and not be read there."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} {second}")


def double(batch: Sequence[int]) -> list[int]:
    return [2 * number for number in batch]


def nap(batch: Sequence[int]) -> int:
    time.sleep(0.05 * len(batch))
    return os.getpid()


def spin(batch: Sequence[int]) -> NoReturn:
    while True:
        len(batch)


def burn(batch: Sequence[int]) -> int:
    """Keep a processor busy for 20 ms an item."""
    until = time.process_time() + 0.02 * len(batch)
    while time.process_time() < until:
        pass
    return os.getpid()


def quarantine(batch: Sequence[int]) -> list[int]:
    if BAD in batch:
        raise Quarantine("unlucky", "It is thirteen.")
    return double(batch)


def fail(batch: Sequence[int]) -> list[int]:
    if BAD in batch:
        raise KeyError(BAD)
    return double(batch)


def fail_unreadably(batch: Sequence[int]) -> list[int]:
    if BAD in batch:
        raise Unreadable("No", "way")
    return double(batch)


def recurse(batch: Sequence[int]) -> list[int]:
    return recurse(batch) if BAD in batch else double(batch)


def leave(batch: Sequence[int]) -> list[int]:
    if BAD in batch:
        raise SystemExit(3)
    return double(batch)


def die(batch: Sequence[int]) -> list[int]:
    if BAD in batch:
        os.kill(os.getpid(), signal.SIGKILL)
    return double(batch)


def hang(batch: Sequence[int]) -> list[int]:
    if BAD in batch:
        spin(batch)
    return double(batch)


def retry(batch: Sequence[int]) -> list[int]:
    if BAD in batch:
        raise Retry("The database went away. Try again.")
    return double(batch)


def die_once(mark: Path, batch: Sequence[int]) -> list[int]:
    """Be killed at the first try of the bad item, as by a system that is short of memory."""
    if BAD in batch and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return double(batch)


def write_rubbish(mark: Path, batch: Sequence[int]) -> list[int]:
    """Break the pool's pipe once, as a process that is killed in the middle of a sentence does."""
    if BAD in batch and not mark.exists():
        mark.touch()
        for entry in Path("/proc/self/fd").iterdir():
            try:
                if str(entry.readlink()).startswith(("pipe:", "socket:")) and int(entry.name) > 2:
                    os.write(int(entry.name), b"\x00\x00\x00\x02no")
            except OSError:
                continue
        time.sleep(60)
    return double(batch)


def note(folder: Path, batch: Sequence[int]) -> int:
    """Leave a file for each item, which may be done twice, and say which process did."""
    time.sleep(0.02)
    for number in batch:
        (folder / str(number)).touch()
    return os.getpid()


def process_id() -> int:
    return os.getpid()
