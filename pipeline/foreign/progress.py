"""How far an import is, on standard error: a bar on a terminal, else a line of JSON a minute."""

import json
import sys
import time
from datetime import UTC, datetime
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from pipeline.crawl.progress import Pace, seconds_between_lines
from pipeline.foreign.storing import Figures

_BAR_SECONDS = 0.25


class ImportProgress:
    """Shows figures while they grow, from a thread of its own; use it in a `with`. What goes wrong ends the showing alone.

    Raises:
        SetupError: `NEWSFOLD_PROGRESS_SECONDS` is no time.
    """

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._pace = Pace()
        self._ended = Event()
        self._thread: Thread | None = None
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._line_seconds = seconds_between_lines()

    def __enter__(self) -> Self:
        console = Console(stderr=True, highlight=False)
        is_live = sys.stderr.isatty() and console.is_terminal and not console.is_dumb_terminal
        if is_live:
            self._bar = Progress(
                TextColumn("{task.description}", style="cyan"),
                BarColumn(),
                TextColumn("{task.percentage:>3.0f}%"),
                TextColumn("{task.fields[said]}"),
                TimeRemainingColumn(elapsed_when_finished=True),
                console=console,
                transient=True,
                auto_refresh=False,
            )
            self._task = self._bar.add_task("", total=None, said="")
            self._bar.start()
        seconds = _BAR_SECONDS if is_live else self._line_seconds
        show = self._show_bar if is_live else self._print_line
        self._thread = Thread(target=self._repeat, args=(show, seconds), daemon=True, name="progress")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join(timeout=2)
        if self._bar is not None:
            self._bar.stop()

    def _repeat(self, show: Any, seconds: float) -> None:
        while not self._ended.wait(seconds):
            try:
                show()
            except Exception:  # noqa: BLE001 - a terminal that is gone is no reason to stop
                return

    def _show_bar(self) -> None:
        figures, bar, task = self._figures, self._bar, self._task
        if bar is None or task is None:
            return
        rate = self._pace.rate(figures.records, time.monotonic())
        said = f"{figures.records:,} records, {rate:,.0f} a second, {figures.stored:,} stored"
        bar.update(
            task,
            description=figures.file[-40:],
            total=figures.total or None,
            completed=figures.passed,
            said=said,
        )
        bar.refresh()

    def _print_line(self) -> None:
        sys.stderr.write(progress_line(self._figures, self._pace, time.monotonic()) + "\n")
        sys.stderr.flush()


def progress_line(figures: Figures, pace: Pace, now: float) -> str:
    """Return how far an import is as one line of JSON; `now` is of any clock, in seconds."""
    rate = pace.rate(figures.records, now)
    share = figures.passed / figures.total if figures.total else 0.0
    elapsed = now - figures.begun
    left = elapsed * (1 - share) / share if share > 0 else None
    return json.dumps(
        {
            "ts": datetime.now(UTC).isoformat(timespec="seconds"),
            "file": figures.file,
            "share": round(share, 4),
            "records": figures.records,
            "stored": figures.stored,
            "rate": round(rate, 2),
            "seconds_left": None if left is None else round(left),
        },
        ensure_ascii=False,
    )
