"""The pool that reads pages: what hangs, dies or fails in it costs itself alone."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.crawl.extraction import Extraction
from pipeline.crawl.worker import PageRead
from pipeline.errors import Quarantine, SetupError
from pipeline.events import Discovery, Event, EventSource
from pipeline.items import Capture, Source
from pipeline.match.topic import Group, Topic
from pipeline.settings import CHECKOUT
from tests.builders import NOON, prose
from tests.crawl import misdeeds

TOPIC = Topic((Group("nato", ("NATO",)),), (), 0, ())
SOURCE = EventSource(Source("example", "Example", ("example.org",)), (Discovery("addresses", ()),))
EVENT = Event("ministerial", "Ministerial", NOON.date(), NOON.date(), TOPIC, (SOURCE,))
ADDRESS = "https://example.org/1"


def _page(number: int = 1) -> Capture:
    body = f"NATO ministers meet in Brussels.\n{prose(number)}".encode()
    return Capture(f"https://example.org/{number}", body, "text/plain", NOON)


@pytest.fixture
def extraction() -> Iterator[Extraction]:
    extraction = Extraction(EVENT, {"example": SOURCE}, workers=2)
    yield extraction
    extraction.close()


@pytest.fixture
def hasty() -> Iterator[Extraction]:
    """One that gives a page up after a second."""
    extraction = Extraction(EVENT, {"example": SOURCE}, workers=2, seconds=1.0)
    yield extraction
    extraction.close()


def _do(extraction: Extraction, *works: Callable[[], Any]) -> list[Any]:
    """Do some works at once; return what came of each, an exception for those that failed."""

    async def gather() -> list[Any]:
        runs = [extraction._run(work, ADDRESS) for work in works]
        return await asyncio.wait_for(asyncio.gather(*runs, return_exceptions=True), 30)

    return asyncio.run(gather())


def _read(extraction: Extraction, *captures: Capture) -> list[PageRead]:
    async def gather() -> list[PageRead]:
        return await asyncio.gather(*(extraction.page(one, is_wanted=False) for one in captures))

    return asyncio.run(asyncio.wait_for(gather(), 60))


def _works(extraction: Extraction) -> bool:
    return all(read.prepared is not None for read in _read(extraction, *map(_page, range(4))))


def test_pages_are_read_and_judged_and_each_comes_back_to_who_sent_it(extraction: Extraction) -> None:
    numbers = list(range(20))

    read = _read(extraction, *map(_page, numbers))

    for number, one in zip(numbers, read, strict=True):
        assert one.trouble is None
        assert one.prepared is not None
        assert prose(number).splitlines()[0] in one.prepared.text
        assert one.judgement is not None
        assert one.judgement.reason is None


def test_a_page_with_nothing_in_it_is_trouble_of_its_own(extraction: Extraction) -> None:
    (read,) = _read(extraction, Capture(ADDRESS, b"   ", "text/html", NOON))

    assert read.prepared is None
    assert isinstance(read.trouble, Quarantine)


@pytest.mark.parametrize("misdeed", [misdeeds.sleep, misdeeds.spin])
def test_a_page_that_hangs_is_given_up_and_the_others_are_read(
    hasty: Extraction, misdeed: Callable[[], Any]
) -> None:
    began = time.monotonic()

    hung, *others = _do(hasty, misdeed, *[misdeeds.process_id] * 6)

    assert isinstance(hung, Quarantine)
    assert hung.reason == "extraction-timeout"
    assert str(hung) == f"Reading {ADDRESS} took more than 1 seconds; it was given up."
    assert all(isinstance(pid, int) for pid in others)
    assert time.monotonic() - began < 15


def test_pages_that_hang_in_every_process_do_not_stop_the_pool(hasty: Extraction) -> None:
    results = _do(hasty, *[misdeeds.sleep] * 4, misdeeds.process_id)

    assert [getattr(one, "reason", None) for one in results] == ["extraction-timeout"] * 4 + [None]


@pytest.mark.parametrize("misdeed", [misdeeds.die, misdeeds.leave])
def test_a_page_that_kills_its_process_costs_itself_alone(
    extraction: Extraction, misdeed: Callable[[], Any]
) -> None:
    assert _works(extraction)

    killed, *others = _do(extraction, misdeed, *[misdeeds.nap] * 5)

    assert isinstance(killed, Quarantine)
    assert killed.reason == "extraction-killed"
    assert ADDRESS in str(killed)
    assert all(isinstance(pid, int) for pid in others)
    assert _works(extraction)


def test_a_pool_whose_processes_are_killed_from_outside_goes_on(extraction: Extraction) -> None:
    """As the system does when memory is short."""
    for pid in set(_do(extraction, *[misdeeds.nap] * 4)):
        os.kill(pid, signal.SIGKILL)

    assert _works(extraction)


@pytest.mark.parametrize(
    ("misdeed", "kind", "says"),
    [
        (misdeeds.fail, KeyError, "nothing"),
        (misdeeds.fail_unreadably, RuntimeError, "Unreadable: No way."),
        (misdeeds.fail_unwritably, RuntimeError, "ValueError: <"),
        (misdeeds.recurse, RecursionError, "recursion"),
    ],
)
def test_an_error_comes_back_even_if_it_cannot_be_sent(
    extraction: Extraction, misdeed: Callable[[], Any], kind: type[Exception], says: str
) -> None:
    error, other = _do(extraction, misdeed, misdeeds.nap)

    assert isinstance(error, kind)
    assert says in str(error)
    assert isinstance(other, int)
    assert _works(extraction)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # the pool's own
def test_a_pool_whose_pipe_is_broken_tells_all_who_wait_and_is_replaced(extraction: Extraction) -> None:
    assert _works(extraction)

    results = _do(extraction, misdeeds.write_rubbish, *[misdeeds.nap] * 3)

    assert isinstance(results[0], Quarantine)
    assert all(isinstance(one, int | Quarantine) for one in results)
    assert _works(extraction)


def test_who_stops_waiting_for_a_page_frees_its_process(extraction: Extraction) -> None:
    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(extraction._run(misdeeds.nap, ADDRESS), 0.05)
        task = asyncio.create_task(extraction._run(misdeeds.nap, ADDRESS))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(give_up())
    assert _works(extraction)


def test_a_closed_pool_has_no_processes_and_opens_none(extraction: Extraction) -> None:
    pids = set(_do(extraction, *[misdeeds.nap] * 4))
    extraction.close()
    extraction.close()

    assert _gone(pids, 5)
    (error,) = _do(extraction, misdeeds.process_id)
    assert isinstance(error, RuntimeError)


def test_a_pool_that_was_never_used_can_be_closed() -> None:
    Extraction(EVENT, {"example": SOURCE}, workers=1).close()


def test_closing_while_a_page_is_read_tells_who_waits_for_it(extraction: Extraction) -> None:
    async def close() -> Any:
        task = asyncio.create_task(extraction._run(misdeeds.sleep, ADDRESS))
        await asyncio.sleep(0.3)
        await asyncio.to_thread(extraction.close)
        return await asyncio.wait_for(asyncio.gather(task, return_exceptions=True), 10)

    (result,) = asyncio.run(close())
    assert isinstance(result, Quarantine)


_PARENT = """
import asyncio, sys
from tests.crawl import misdeeds
from tests.crawl.test_extraction import EVENT, SOURCE
from pipeline.crawl.extraction import Extraction

async def main():
    extraction = Extraction(EVENT, {"example": SOURCE}, workers=2)
    pids = await asyncio.gather(*[extraction._run(misdeeds.nap, "") for _ in range(4)])
    print(*sorted(set(pids)), flush=True)
    await extraction._run(misdeeds.spin, "")

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_the_processes_are_gone_soon_after_their_parent(end: signal.Signals) -> None:
    """Those that wait as well as the one that is at a page that never ends."""
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pids = {int(pid) for pid in parent.stdout.readline().split()}
        assert pids
        time.sleep(0.3)
        parent.send_signal(end)
        parent.wait(10)

    assert _gone(pids, 5)


_PROGRAM = """
from pipeline.cli import main  # as the installed command does
import asyncio
from tests.crawl import misdeeds
from tests.crawl.test_extraction import EVENT, SOURCE
from pipeline.crawl.extraction import Extraction

if __name__ == "__main__":
    extraction = Extraction(EVENT, {"example": SOURCE}, workers=1)
    print(asyncio.run(extraction._run(misdeeds.heavy_modules, "")))
    extraction.close()
"""


@pytest.mark.parametrize("words", [["program.py"], ["-m", "program"]])
def test_the_processes_start_without_the_program_scrapy_and_sqlalchemy(
    tmp_path: Path, words: list[str]
) -> None:
    (tmp_path / "program.py").write_text(_PROGRAM)
    done = subprocess.run(
        [sys.executable, *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}:{CHECKOUT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("set()", "")


_SIGNALLED = """
import asyncio, os, signal, threading, time
from tests.crawl import misdeeds
from tests.crawl.test_extraction import EVENT, SOURCE
from pipeline.crawl.extraction import Extraction

def signal_the_group():
    until = time.monotonic() + 4
    while time.monotonic() < until and not ended.wait(0.002):
        os.killpg(0, signal.SIGTERM)
        os.killpg(0, signal.SIGINT)

async def main():
    extraction = Extraction(EVENT, {"example": SOURCE}, workers=2)
    pids = await asyncio.gather(*[extraction._run(misdeeds.nap, "") for _ in range(4)])
    ended.set()
    print(len(set(pids)), flush=True)
    extraction.close()

if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    ended = threading.Event()
    threading.Thread(target=signal_the_group, daemon=True).start()
    asyncio.run(main())
"""


def test_signals_to_the_whole_group_reach_neither_the_processes_nor_their_beginning() -> None:
    """As `timeout` and Ctrl-C send them; whether the processes end is for the crawl to say."""
    done = subprocess.run(
        [sys.executable, "-c", _SIGNALLED],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        start_new_session=True,
        timeout=60,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout.strip() == "2"


def _gone(pids: set[int], seconds: float) -> bool:
    """Wait for processes to end; tell whether they did."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not any(_is_alive(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_many_pages_do_not_make_a_process_grow() -> None:
    extraction = Extraction(EVENT, {"example": SOURCE}, workers=1)
    try:
        page = ("<html><body><article>" + f"<p>{prose(1)}</p>" * 60 + "</article></body></html>").encode()
        captures = [Capture(f"https://example.org/{n}", page, "text/html", NOON) for n in range(20)]
        _read(extraction, *captures)
        (early,) = _do(extraction, misdeeds.most_memory)
        for _ in range(3):
            _read(extraction, *captures)
        (late,) = _do(extraction, misdeeds.most_memory)
    finally:
        extraction.close()

    assert late - early < 30_000  # KiB


def test_a_discovery_page_is_read_for_its_addresses(extraction: Extraction) -> None:
    body = b'<a href="/news/1">One</a><a href="https://elsewhere.example/2">Two</a>'

    async def offer(css: str) -> Any:
        reading = {"way": "listing", "item": css}
        return await extraction.offer(reading, body, "https://example.org/", {}, "example")

    read = asyncio.run(offer("a[href]"))
    assert [(one.address, one.reason) for one in read.addresses] == [
        ("https://example.org/news/1", None),
        ("https://elsewhere.example/2", "foreign-host"),
    ]
    with pytest.raises(SetupError):
        asyncio.run(offer("a[[["))
    assert _works(extraction)
