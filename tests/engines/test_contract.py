"""What every engine promises, held against each of them."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pipeline.engines.base import Done, Engine, Lost
from pipeline.engines.dask import DaskEngine
from pipeline.engines.inline import InlineEngine
from pipeline.engines.local import LocalEngine
from pipeline.errors import Retry
from tests.engines import works

SECONDS = 1.0
Open = Callable[[], Engine]


def _inline() -> Engine:
    return InlineEngine()


def _local() -> Engine:
    return LocalEngine(2, seconds=SECONDS)


def _dask() -> Engine:
    return DaskEngine(workers=2, seconds=SECONDS)


EVERY = {"inline": _inline, "local": _local, "dask": _dask}
PROCESSES = ["local", "dask"]


@pytest.fixture(scope="module", params=EVERY)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """One engine for the module: whatever a test did to it, the next finds it working."""
    with EVERY[request.param]() as engine:
        yield engine


of_processes = pytest.mark.parametrize("engine", PROCESSES, indirect=True)


def _batches(number: int = 30, size: int = 4) -> list[list[int]]:
    return [list(range(start, min(start + size, number))) for start in range(0, number, size)]


def _run(
    engine: Engine, work: Callable[[Sequence[int]], Any], number: int = 30
) -> tuple[list[int], list[Lost[int]]]:
    """Return what was done, with each result checked, and what was lost."""
    done, lost = [], []
    for one in engine.map(work, _batches(number)):
        if isinstance(one, Done):
            assert one.result == [2 * item for item in one.batch]
            done += one.batch
        else:
            lost.append(one)
    return sorted(done), lost


def test_every_batch_comes_back_with_its_result(engine: Engine) -> None:
    assert _run(engine, works.double) == (list(range(30)), [])


def test_nothing_comes_of_nothing(engine: Engine) -> None:
    batches: list[list[int]] = [[], []]
    assert list(engine.map(works.double, batches)) == []
    assert list(engine.map(works.double, [])) == []


@pytest.mark.parametrize(
    ("work", "says"),
    [
        (works.fail, "Working on it failed with KeyError: 13."),
        (works.fail_unreadably, "No way"),
        (works.quarantine, "It is thirteen."),
        (works.recurse, "recursion"),
    ],
)
def test_an_item_that_fails_costs_itself_alone(engine: Engine, work: Any, says: str) -> None:
    done, (lost,) = _run(engine, work)

    assert done == [number for number in range(30) if number != works.BAD]
    assert (lost.item, lost.reason) == (works.BAD, "failed")
    assert says in lost.message


def test_an_error_that_is_about_more_than_its_batch_ends_the_map(engine: Engine) -> None:
    with pytest.raises(Retry, match="The database went away"):
        _run(engine, works.retry)
    assert _run(engine, works.double, 4) == ([0, 1, 2, 3], [])


def test_batches_are_read_no_further_than_a_few_ahead_of_what_is_taken(engine: Engine) -> None:
    read = []

    def endless() -> Iterator[list[int]]:
        for number in count():
            read.append(number)
            yield [number]

    results = engine.map(works.double, endless())
    for _ in range(20):
        next(results)
    results.close()  # type: ignore[attr-defined]

    assert 20 <= len(read) <= 40


@of_processes
def test_an_item_that_kills_costs_itself_alone(engine: Engine) -> None:
    done, (lost,) = _run(engine, works.die, 14)

    assert done == list(range(works.BAD))
    assert (lost.item, lost.reason) == (works.BAD, "killed")


@of_processes
def test_an_item_that_hangs_costs_itself_alone(engine: Engine) -> None:
    results = list(engine.map(works.hang, [[1], [works.BAD], [2]]))

    assert sorted(one.result[0] for one in results if isinstance(one, Done)) == [2, 4]
    assert [one.item for one in results if isinstance(one, Lost)] == [works.BAD]


@of_processes
def test_an_item_whose_process_was_killed_by_somebody_else_is_done_in_the_end(
    engine: Engine, tmp_path: Path
) -> None:
    assert _run(engine, partial(works.die_once, tmp_path / "mark"), 14) == (list(range(14)), [])
