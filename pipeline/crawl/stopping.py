"""What SIGINT and SIGTERM do to a crawl: the first one ends it cleanly and soon, a second one at once.

Scrapy's own handlers do not tell which signal it was, and stand only while it runs; these stand from the crawl's
beginning to its end.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any, Self

ECHO_SECONDS = 0.5
"""`timeout` signals its command, and then the group that it is in: a signal so soon after the first is the same one."""

_SHOW_CURSOR = b"\x1b[?25h"


class Stopped(BaseException):
    """A signal came before there was a crawl to be ended; not an `Exception`, as little as KeyboardInterrupt is."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Stopped by {signal.Signals(number).name}.")
        self.number = number

    @property
    def exit_code(self) -> int:
        """The code that a shell gives a process which that signal ended."""
        return 128 + self.number


class Stopping:
    """A context in which signals are heard; `heard` is the first that came.

    Until `while_crawling` and unless `is_ending` is set, a signal raises `Stopped`.
    """

    def __init__(self) -> None:
        self.heard: int | None = None
        self.is_ending = False
        self._heard_at = 0.0
        self._stop: Callable[[], None] | None = None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            # A shell has its background jobs ignore Ctrl-C, which is not meant for them.
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def while_crawling(self, stop: Callable[[], None]) -> None:
        """From now on a signal calls `stop`, which must return at once; it runs between any two instructions."""
        self._stop = stop

    def end(self) -> None:
        """From now on a first signal is noted and no more: what is under way takes moments."""
        self._stop = None
        self.is_ending = True

    def _hear(self, number: int, _: FrameType | None) -> None:
        if self.heard is not None:
            if time.monotonic() - self._heard_at < ECHO_SECONDS:
                return
            # What was committed is safe, and the rest is given back by the next crawl.
            if sys.__stderr__ is not None and sys.__stderr__.isatty():
                os.write(sys.__stderr__.fileno(), _SHOW_CURSOR + b"\n")
            os._exit(128 + number)
        self.heard, self._heard_at = number, time.monotonic()
        if self._stop is not None:
            self._stop()
        elif not self.is_ending:
            raise Stopped(number)
