"""Recovery: what a killed writer's appends had returned for is all there, once, in a file with its final name."""

import hashlib
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline.archive.warc import OPEN, ArchiveWriter, Record, read_file, recover
from tests.archive.exchanges import FACTS, exchange, records, write

# Two threads append, and say after each append where its record stands. The file takes few bytes at a time, as
# any file may, so that most of an append goes by in writing, and a kill hits it there.
_CHILD = """
import io, os, sys, threading
from pathlib import Path
from pipeline.archive import writer as module
from tests.archive.exchanges import exchange

class Slow(io.FileIO):
    def write(self, data):
        return super().write(data[:64])

def create_slow(path, create=module.create_locked):
    with create(path) as stream:
        return Slow(os.dup(stream.fileno()), "wb")

module.create_locked = create_slow
writer = module.ArchiveWriter(Path(sys.argv[1]), "killed")

def work(name):
    for number in range(100_000):
        body = f"{name}-{number} ".encode() * 10 + os.urandom(number % 7 * 20_000)
        place = writer.append_exchange(exchange(f"{name}-{number}", body), {"key": f"{name}-{number}"})
        os.write(1, f"{name}-{number} {place.offset} {place.length}\\n".encode())

for name in ("left", "right"):
    threading.Thread(target=work, args=(name,)).start()
"""


@pytest.mark.parametrize("moment", range(8))
def test_all_that_an_append_returned_for_outlives_a_kill(tmp_path: Path, moment: int) -> None:
    with subprocess.Popen([sys.executable, "-c", _CHILD, str(tmp_path)], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        said = [child.stdout.readline() for _ in range(1 + moment * 3)]
        assert recover(tmp_path) == []  # its writer lives
        time.sleep(moment * 0.007)
        child.send_signal(signal.SIGKILL)
        said += child.stdout.readlines()
    reported = [line.decode().split() for line in said if line.endswith(b"\n")]
    assert len(reported) >= 1 + moment * 3

    (path,) = recover(tmp_path)

    assert path.name.endswith(".warc.gz")
    assert list(tmp_path.iterdir()) == [path]
    kept = {record.address.rpartition("/")[2]: record for record in records(path)}
    assert len(kept) == len(records(path))
    for name, offset, length in reported:
        record = kept.pop(name)
        assert (record.location.offset, record.location.length) == (int(offset), int(length))
        assert record.facts == {"key": name}
    assert len(kept) <= 2  # one a thread, whose append had not returned


def _leave_open(folder: Path, *names: str) -> Path:
    """Write a file, and leave it as a killed writer does."""
    (place, *_) = write(folder, *map(exchange, names), facts=FACTS)
    path = folder / (place.file + OPEN)
    return (folder / place.file).rename(path)


def test_a_torn_tail_is_cut_off_wherever_it_begins(tmp_path: Path) -> None:
    path = _leave_open(tmp_path, "a", "b")
    whole = path.read_bytes()
    first, second = records(path)
    info_end = first.location.offset

    for size in range(info_end, len(whole) + 1, 5):
        path.write_bytes(whole[:size])

        (final,) = recover(tmp_path)

        expected = [one for one in (first, second) if one.location.offset + one.location.length <= size]
        found = records(final)
        assert [one.address for one in found] == [one.address for one in expected]
        assert whole.startswith(final.read_bytes())
        final.rename(path)


def test_what_is_whole_is_not_touched(tmp_path: Path) -> None:
    path = _leave_open(tmp_path, "a", "b")
    whole = path.read_bytes()

    (final,) = recover(tmp_path)

    assert final.read_bytes() == whole


def test_damage_before_the_last_whole_record_stays(tmp_path: Path) -> None:
    path = _leave_open(tmp_path, "a", "b", "c")
    spoilt = bytearray(path.read_bytes())
    spoilt[records(path)[1].location.offset + 40] ^= 0xFF
    path.write_bytes(spoilt + b"\x1f\x8b\x08torn")

    (final,) = recover(tmp_path)

    assert final.read_bytes() == spoilt
    assert [isinstance(one, Record) for one in read_file(final)] == [True, False, True]


def test_a_tail_of_zeros_is_cut_off(tmp_path: Path) -> None:
    path = _leave_open(tmp_path, "a")
    whole = path.read_bytes()
    path.write_bytes(whole + bytes(4096))

    (final,) = recover(tmp_path)

    assert final.read_bytes() == whole


def test_a_torn_record_that_carries_a_forged_one_is_cut_off_whole(tmp_path: Path) -> None:
    (other,) = write(tmp_path / "elsewhere", exchange("forged"))
    forged = (tmp_path / "elsewhere" / other.file).read_bytes()[other.offset :]
    noise = hashlib.shake_256(b"x").digest(100_000)
    with ArchiveWriter(tmp_path, "test") as writer:
        writer.append_exchange(exchange("a"), FACTS)
        torn = writer.append_exchange(exchange("b", noise + forged + noise), FACTS)
    whole = (tmp_path / writer.name).read_bytes()[: torn.offset + torn.length - 1000]
    assert forged in whole
    (tmp_path / writer.name).rename(tmp_path / (writer.name + OPEN))
    (tmp_path / (writer.name + OPEN)).write_bytes(whole)

    (final,) = recover(tmp_path)

    assert final.stat().st_size == torn.offset


@pytest.mark.parametrize("size", [0, 1, 100])
def test_a_file_without_a_whole_record_is_removed(tmp_path: Path, size: int) -> None:
    path = _leave_open(tmp_path, "a")
    path.write_bytes(path.read_bytes()[:size])

    assert recover(tmp_path) == []

    assert list(tmp_path.iterdir()) == []


def test_the_file_of_a_live_writer_is_left_alone(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "test") as writer:
        writer.append_exchange(exchange("a"), FACTS)

        assert recover(tmp_path) == []

        writer.append_exchange(exchange("b"), FACTS)
    assert recover(tmp_path) == []
    assert len(records(tmp_path / writer.name)) == 2


def test_nothing_is_written_over_a_file_that_is_there(tmp_path: Path) -> None:
    path = _leave_open(tmp_path, "a")
    final = path.with_suffix("")
    final.write_bytes(b"another")

    assert recover(tmp_path) == []

    assert final.read_bytes() == b"another"
    assert path.exists()


def test_a_folder_that_is_not_there_has_nothing_to_recover(tmp_path: Path) -> None:
    assert recover(tmp_path / "archive") == []


def test_many_recoveries_at_once_close_each_file_once(tmp_path: Path) -> None:
    names = {_leave_open(tmp_path, str(number)).name.removesuffix(OPEN) for number in range(40)}
    closed: list[Path] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        closed.extend(recover(tmp_path))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(path.name for path in closed) == sorted(names)
    assert all(len(records(path)) == 1 for path in closed)


def test_a_recovery_does_not_take_a_file_from_a_writer_that_begins(tmp_path: Path) -> None:
    finished = threading.Event()
    closed: list[Path] = []

    def work() -> None:
        while not finished.is_set():
            closed.extend(recover(tmp_path))

    thread = threading.Thread(target=work)
    thread.start()
    names = []
    for number in range(300):
        with ArchiveWriter(tmp_path, "test") as writer:
            writer.append_exchange(exchange(str(number)), {})
            names.append(writer.name)
    finished.set()
    thread.join()

    assert closed == []
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    assert all(len(records(path)) == 1 for path in tmp_path.iterdir())
