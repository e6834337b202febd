"""The pool of processes on this machine, beyond what every engine promises."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from pipeline.engines import local
from pipeline.engines.base import Done
from pipeline.engines.local import LocalEngine
from pipeline.settings import CHECKOUT
from tests.engines import works


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _gone(pids: set[int], seconds: float = 5) -> bool:
    """Wait for processes to end; tell whether they did."""
    until = time.monotonic() + seconds
    while any(map(_alive, pids)):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_a_limit_is_for_each_item_and_grows_with_the_batch() -> None:
    with LocalEngine(1, seconds=0.5) as engine:
        results = list(engine.map(works.nap, [[0] * 15]))  # takes 0.75 s, and may take 0.85

    assert [len(one.batch) for one in results if isinstance(one, Done)] == [15]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # the pool's own
def test_a_pool_whose_pipe_is_broken_is_replaced_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "_GRACE", 1.0)
    with LocalEngine(2, seconds=1) as engine:
        work = partial(works.write_rubbish, tmp_path / "mark")
        done = [item for one in engine.map(work, [[n, n + 1] for n in range(0, 20, 2)]) for item in one.batch]

    assert sorted(done) == list(range(20))


def test_processes_killed_at_random_lose_nothing_and_double_nothing_in_what_is_said(tmp_path: Path) -> None:
    said: list[int] = []
    with LocalEngine(2) as engine:
        for number, one in enumerate(engine.map(partial(works.note, tmp_path), [[n] for n in range(100)])):
            assert isinstance(one, Done)
            said += one.batch
            if number % 20 == 7:
                time.sleep(0.01)
                os.kill(one.result, signal.SIGKILL)

    assert sorted(said) == list(range(100))
    assert {int(path.name) for path in tmp_path.iterdir()} == set(range(100))


def test_both_cores_work() -> None:
    with LocalEngine(2) as engine:
        results = [
            one.result for one in engine.map(works.burn, [[n] for n in range(20)]) if isinstance(one, Done)
        ]

    assert len(set(results)) == 2


def test_a_map_that_is_left_gives_up_what_is_under_way_and_another_can_begin() -> None:
    with LocalEngine(2) as engine:
        results = engine.map(works.nap, [[n] for n in range(100)])
        next(results)
        results.close()
        assert [one.result for one in engine.map(works.double, [[1]]) if isinstance(one, Done)] == [[2]]


def test_a_closed_engine_has_no_processes() -> None:
    engine = LocalEngine(2)
    pids = {one.result for one in engine.map(works.nap, [[n] for n in range(6)]) if isinstance(one, Done)}
    engine.close()
    engine.close()

    assert pids
    assert _gone(pids)


_PARENT = """
from pipeline.engines import local
from pipeline.engines.base import Done
from pipeline.engines.local import LocalEngine
from tests.engines import works

if __name__ == "__main__":
    with LocalEngine(2) as engine:
        pids = {one.result for one in engine.map(works.nap, [[n] for n in range(8)])}
        print(*pids, flush=True)
        list(engine.map(works.spin, [[1], [2]]))
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_processes_are_gone_soon_after_their_parent(end: signal.Signals) -> None:
    command = [sys.executable, "-c", _PARENT]
    with subprocess.Popen(
        command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as parent:
        assert parent.stdout is not None
        pids = {int(pid) for pid in parent.stdout.readline().split()}
        assert pids
        time.sleep(0.3)
        parent.send_signal(end)
        assert parent.wait(10) != 0

    assert _gone(pids)
