"""What a page might make the process do that reads it; each can be sent to the pool."""

import os
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn


class Unreadable(Exception):
    """Can be written for another process, and not be read there."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} {second}")


def sleep() -> None:
    time.sleep(60)


def spin() -> NoReturn:
    while True:
        pass


def nap() -> int:
    time.sleep(0.3)
    return os.getpid()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def leave() -> NoReturn:
    os._exit(3)


def fail_unreadably() -> NoReturn:
    raise Unreadable("No", "way.")


def fail_unwritably() -> NoReturn:
    raise ValueError(sys.stdin)


def fail() -> NoReturn:
    raise KeyError("nothing")


def recurse() -> None:
    recurse()


def write_rubbish() -> None:
    """Break the pool's pipe, as a process that is killed in the middle of a sentence does."""
    for entry in Path("/proc/self/fd").iterdir():
        try:
            if str(entry.readlink()).startswith(("pipe:", "socket:")) and int(entry.name) > 2:
                os.write(int(entry.name), b"\x00\x00\x00\x02no")
        except OSError:
            continue
    time.sleep(60)


def process_id() -> int:
    return os.getpid()


def most_memory() -> int:
    """The most memory that the process had so far, in KiB."""
    (line,) = [
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")
    ]
    return int(line.split()[1])


def heavy_modules() -> set[str]:
    """Which of those that reading needs nothing of were imported all the same."""
    return {"scrapy", "sqlalchemy", "twisted", "typer"} & set(sys.modules)
