"""A cluster of real processes, started as one would be by hand, and what is said of one that cannot be used."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from pipeline.engines import dask as engines_dask
from pipeline.engines.alike import Alike, differences
from pipeline.engines.base import Done
from pipeline.engines.dask import DaskEngine
from pipeline.errors import Retry, SetupError
from pipeline.settings import CHECKOUT
from tests.engines import works

_DASK = [sys.executable, "-m", "dask"]


@contextmanager
def _process(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [*_DASK, *command],
        cwd=CHECKOUT,
        env=os.environ | {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "3"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a scheduler without workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with _process("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-show"):
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"tcp://127.0.0.1:{port}"


@contextmanager
def _worker(scheduler: str, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    with _process("worker", scheduler, "--no-nanny", "--no-dashboard", *options) as process:
        yield process


_ONE = ("--nthreads", "1")


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(scheduler: str, tmp_path: Path) -> None:
    said: list[int] = []
    with _worker(scheduler, *_ONE), _worker(scheduler, *_ONE) as other, DaskEngine(scheduler) as engine:
        engine._client.wait_for_workers(2, timeout=30)
        for number, one in enumerate(
            engine.map(partial(works.note, tmp_path), [[2 * n, 2 * n + 1] for n in range(60)])
        ):
            assert isinstance(one, Done)
            said += one.batch
            if number == 20:
                os.kill(other.pid, signal.SIGKILL)

    assert sorted(said) == list(range(120))
    assert {int(path.name) for path in tmp_path.iterdir()} == set(range(120))


def test_a_cluster_that_loses_all_its_workers_is_given_up(
    scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines_dask, "_NOBODY_SECONDS", 2.0)
    with _worker(scheduler, *_ONE) as worker, DaskEngine(scheduler) as engine:
        results = engine.map(works.nap, [[n] for n in range(100)])
        next(results)
        worker.kill()
        with pytest.raises(Retry, match=r"has had no workers for 2 seconds\. Start some"):
            list(results)


def test_a_worker_with_threads_is_refused(scheduler: str) -> None:
    with (
        _worker(scheduler, "--nthreads", "2"),
        pytest.raises(SetupError, match=r"runs 2 threads.*--nthreads 1"),
    ):
        DaskEngine(scheduler)


def test_a_worker_that_would_give_other_results_is_refused(scheduler: str) -> None:
    with (
        _worker(scheduler, *_ONE),
        pytest.raises(SetupError, match=r"its process_id is \d+ and ours \d+"),
    ):
        DaskEngine(scheduler, facts=works.process_id)


@pytest.mark.parametrize(
    ("prepare", "says"),
    [
        (lambda address: address, "has no workers. Start some: dask worker"),
        (lambda _: "tcp://127.0.0.1:1", "No Dask scheduler answers at tcp://127.0.0.1:1"),
        (lambda _: "nonsense://x", "No Dask scheduler answers at nonsense://x"),
    ],
)
def test_a_cluster_that_is_not_there_is_told_in_a_sentence(
    scheduler: str, monkeypatch: pytest.MonkeyPatch, prepare: Callable[[str], str], says: str
) -> None:
    monkeypatch.setattr(engines_dask, "_CONNECT_SECONDS", 2.0)
    with pytest.raises(SetupError) as caught:
        DaskEngine(prepare(scheduler))
    assert says in str(caught.value)


def test_what_differs_is_named_with_both_sides() -> None:
    here = Alike((("lxml", "6.0"), ("Python", "3.11")))
    assert differences(here, here) == ""
    assert differences(here, Alike((("lxml", "5.0"), ("Python", "3.11")))) == "its lxml is 5.0 and ours 6.0"
    assert "its lxml is missing" in differences(here, Alike((("Python", "3.11"),)))
