"""Work on a Dask cluster, or on a small one made on this machine: the extra `newsfold[dask]`.

The scheduler sends references and gets small results; pages are read where the archive is, and written where the
database is, by the workers themselves. A worker that is lost costs the time of what it was at.
"""

import faulthandler
import os
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, Generic

import dask
from distributed import Client, Future, KilledWorker, LocalCluster

from pipeline.engines.alike import Alike, differences
from pipeline.engines.base import (
    PAGE_SECONDS,
    Attempt,
    Closing,
    Done,
    Item,
    Lost,
    Result,
    is_about_more,
    next_attempt,
    said_of,
)
from pipeline.engines.process import soundly
from pipeline.errors import Retry, SetupError

_AHEAD = 3  # batches a worker: the one it is at, one that waits there, and one on its way
_LOOK_SECONDS = 1.0
_CONNECT_SECONDS = 20.0
_NOBODY_SECONDS = 60.0  # how long a cluster may be without workers; a node takes so long to start again
_ANSWER_SECONDS = 60.0

_AT_ONCE = threading.Lock()


class DaskEngine(Closing):
    """Work on the workers of a scheduler."""

    def __init__(
        self,
        scheduler: str | None = None,
        *,
        workers: int | None = None,
        seconds: float = PAGE_SECONDS,
        facts: Callable[[], object] | None = None,
    ) -> None:
        """Connect, and see whether the workers are such as would give the same results as this process.

        Args:
            scheduler: its address, such as `tcp://10.0.0.5:8786`; None makes a cluster of processes here.
            workers: how many processes such a cluster has, one a core by default.
            seconds: what one item may take.
            facts: a function of a module whose answer must be the same everywhere, such as the recipe.

        Raises:
            SetupError: nobody answers there, there is no worker, or the workers differ from this process.
        """
        self._seconds = seconds
        self._alike = Alike.of_here(facts)
        self._cluster: Any = None
        self._client: Any = None
        self._count = 0
        self._counted_at = self._seen_at = 0.0
        try:
            if scheduler is None:
                scheduler = self._make_cluster(workers or len(os.sched_getaffinity(0)))
            self._client = _connect(scheduler)
            self._scheduler = scheduler
            self._check()
        except BaseException:
            self.close()
            raise

    def _make_cluster(self, workers: int) -> str:
        make: Any = LocalCluster  # it has no annotation
        # A batch that ends its process is halved by us; that others would be asked to bear it first gains nothing.
        # A process that happens to start again just then is not to be given up.
        dask.config.set(
            {
                "distributed.scheduler.allowed-failures": 0,
                "distributed.deploy.lost-worker-timeout": "1 day",
            }
        )
        self._cluster = make(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            silence_logs=50,  # CRITICAL: what happens to workers is told by the engine
        )
        return str(self._cluster.scheduler_address)

    def _check(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        except TimeoutError as error:
            raise SetupError(
                f"The scheduler {self._scheduler} has no workers. Start some: "
                f"dask worker {self._scheduler} --nthreads 1"
            ) from error
        for address, worker in self._client.scheduler_info(n_workers=-1)["workers"].items():
            if worker["nthreads"] > 1:
                raise SetupError(
                    f"The worker {address} runs {worker['nthreads']} threads, and extraction keeps one of them busy "
                    "and the others waiting: start it with --nthreads 1, and as many workers as it has cores."
                )
        for address, found in self._ask_workers().items():
            if isinstance(found, BaseException) or found is None:
                raise SetupError(
                    f"The worker {address} cannot run newsfold ({found}): install the same version there."
                )
            if told := differences(self._alike, found):
                raise SetupError(f"The worker {address} would give other results: {told}.")

    def _ask_workers(self) -> dict[str, Any]:
        call = partial(Alike.of_here, self._alike.asks)
        answers: dict[str, Any] = self._client.run(call, on_error="return")
        return answers

    def map(
        self, work: Callable[[Sequence[Item]], Result], batches: Iterable[Sequence[Item]]
    ) -> Iterator[Done[Item, Result] | Lost[Item]]:
        """Work on every batch, as `Engine.map` says.

        Raises:
            Retry: the scheduler or all workers went away, and did not come back within a minute.
        """
        waiting = _Waiting(batches)
        running: dict[str, tuple[Any, Attempt[Item]]] = {}
        ended: SimpleQueue[str] = SimpleQueue()
        try:
            while True:
                while len(running) < _AHEAD * self._width():
                    attempt = waiting.take(others=len(running))
                    if attempt is None:
                        break
                    future = self._start(work, attempt)
                    running[future.key] = future, attempt
                    future.add_done_callback(partial(_note, ended))
                if not running:
                    return
                future, attempt = running.pop(self._wait(ended))
                outcome = self._outcome(attempt, future)
                if isinstance(outcome, list):
                    waiting.put(outcome)
                else:
                    yield outcome
        finally:
            if running and self._client is not None and self._client.status == "running":
                self._client.cancel([future for future, _ in running.values()], force=True)

    def _width(self) -> int:
        """Return how many workers there are now; a cluster may grow."""
        now = time.monotonic()
        if now - self._counted_at > _LOOK_SECONDS:
            self._counted_at = now
            self._count = len(self._client.nthreads()) if self._client.status == "running" else 0
            if self._count:
                self._seen_at = now
        return max(1, self._count)

    def _start(self, work: Callable[[Sequence[Item]], Result], attempt: Attempt[Item]) -> Any:
        name = getattr(getattr(work, "func", work), "__name__", "work")
        seconds = attempt.seconds(self._seconds)
        call = partial(_work, work, seconds, self._alike)
        return self._client.submit(call, attempt.batch, key=f"{name}-{uuid.uuid4().hex}", pure=False)

    def _wait(self, ended: "SimpleQueue[str]") -> str:
        """Wait until an attempt ends, and return its key."""
        self._seen_at = time.monotonic()
        while True:
            try:
                return ended.get(timeout=_LOOK_SECONDS)
            except Empty:
                self._width()
                if time.monotonic() - self._seen_at > _NOBODY_SECONDS:
                    raise Retry(
                        f"The scheduler {self._scheduler} has had no workers for {_NOBODY_SECONDS:.0f} seconds. "
                        "Start some, and run the same command again: what is done is kept."
                    ) from None

    def _outcome(
        self, attempt: Attempt[Item], future: Any
    ) -> "Done[Item, Any] | Lost[Item] | list[Attempt[Item]]":
        if future.status in {"cancelled", "lost"}:
            raise Retry(
                f"The scheduler {self._scheduler} went away. Start it, and run the same command again: "
                "what is done is kept."
            )
        try:
            error = future.exception(timeout=_ANSWER_SECONDS)
            if error is None:
                return Done(attempt.batch, future.result(timeout=_ANSWER_SECONDS))
        except (TimeoutError, OSError):
            # The worker was lost with its result before we had it.
            future.cancel(force=True)
            return [attempt]
        if isinstance(error, KilledWorker):
            seconds = attempt.seconds(self._seconds)
            said = (
                f"It ended every worker that worked on it, or took more than {seconds:.0f} seconds on each."
            )
            # Of what waited on the same worker, the scheduler says the same; only who was alone is surely to blame.
            return attempt.after("killed", said, times=error.allowed_failures + 1 if attempt.failures else 1)
        if is_about_more(error):
            raise error
        return attempt.after("failed", said_of(error))

    def close(self) -> None:
        """Leave the cluster, or end it where it is our own."""
        for part in (self._client, self._cluster):
            if part is not None:
                part.close()
        self._client = self._cluster = None


class _Waiting(Generic[Item]):
    """What is to be started: new batches, parts of old ones, and at the end, one at a time, the suspects."""

    def __init__(self, batches: Iterable[Sequence[Item]]) -> None:
        self._source = iter(batches)
        self._again: deque[Attempt[Item]] = deque()
        self._suspects: deque[Attempt[Item]] = deque()

    def put(self, attempts: Iterable[Attempt[Item]]) -> None:
        for attempt in attempts:
            (self._suspects if attempt.failures else self._again).append(attempt)

    def take(self, others: int) -> Attempt[Item] | None:
        """Return what to start while so many others run; None where there is nothing, or it has to wait."""
        attempt = self._again.popleft() if self._again else next_attempt(self._source)
        if attempt is None and self._suspects and not others:
            return self._suspects.popleft()
        return attempt


def _connect(scheduler: str) -> Any:
    client: Any = Client  # it has no annotation
    try:
        return client(scheduler, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise SetupError(
            f"No Dask scheduler answers at {scheduler} ({error}). Start one (dask scheduler), and check the address."
        ) from error


def _note(ended: "SimpleQueue[str]", future: "Future[Any]") -> None:
    ended.put(str(future.key))


def _work(work: Callable[[Sequence[Any]], Any], seconds: float, alike: Alike, batch: Sequence[Any]) -> Any:
    """Do some work on a worker, which is killed where it takes too long: no thread can be stopped otherwise.

    The watchdog is one that needs no Python for it, which the work may be keeping busy.
    """
    with _AT_ONCE:
        alike.hold_here()
        faulthandler.dump_traceback_later(seconds, exit=True)
        try:
            return soundly(partial(work, batch))
        finally:
            faulthandler.cancel_dump_traceback_later()
