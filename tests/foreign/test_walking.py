"""Every record of a file is found however it is packed; damage costs what is damaged, and says where it is."""

import gzip
import io
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from backports import zstd

from pipeline.archive.fields import first_of
from pipeline.foreign.opening import Opened
from pipeline.foreign.references import Damaged
from pipeline.foreign.walking import Walk, Walked
from tests.foreign.archives import answer, arc, page, raw_record, records, warc, write, zst


def _walk(path: Path) -> tuple[list[str], list[Damaged]]:
    opened = Opened(str(path))
    found = list(Walk(opened, path.name))
    opened.close()
    whole = [first_of(one.fields, "WARC-Target-URI") or one.kind for one in found if isinstance(one, Walked)]
    return whole, [one for one in found if isinstance(one, Damaged)]


ADDRESSES = [f"http://gazette.test/{number}" for number in range(4)]


@pytest.mark.parametrize(
    "data",
    [
        warc(range(4)),
        warc(range(4), packed=False),
        gzip.compress(warc(range(4), packed=False)),
        gzip.compress(b"".join(records(warc(range(4), packed=False))[:2]))
        + gzip.compress(b"".join(records(warc(range(4), packed=False))[2:])),
        zst(range(4)),
        zst(range(4), dictionary=True),
        zst(range(4), dictionary=True, packs_dictionary=True),
        arc(range(4), packed=False),
        arc(range(4), packed=True),
        warc(range(4)) + b"\0" * 512,
    ],
    ids=["gzip", "plain", "one member", "two members", "zstd", "zstd with a dictionary", "with a packed one",
         "ARC", "ARC in gzip", "padded"],
)  # fmt: skip
def test_all_records_are_found_however_they_are_packed(tmp_path: Path, data: bytes) -> None:
    found, damaged = _walk(write(tmp_path, "a.warc", data))
    assert damaged == []
    assert [one for one in found if one.startswith("http:")] == ADDRESSES


@pytest.mark.parametrize("packed", [True, False], ids=["gzip", "plain"])
def test_a_cut_off_file_loses_its_last_record_alone_and_says_where(tmp_path: Path, packed: bool) -> None:
    data = warc(range(4), packed=packed)
    whole = warc(range(3), packed=packed)
    found, (damage,) = _walk(write(tmp_path, "a.warc", data[:-40]))
    assert found[1:] == ADDRESSES[:3]
    assert "is cut off" in damage.sentence
    assert damage.place == f"a.warc, byte {damage.position[0]}"
    assert abs(damage.position[0] - len(whole)) < 20  # dates and ids pack a little differently each time


def test_a_corrupt_member_costs_itself_alone(tmp_path: Path) -> None:
    data = bytearray(warc(range(4)))
    middle = len(data) // 2
    data[middle : middle + 8] = b"\xff" * 8
    found, damaged = _walk(write(tmp_path, "a.warc.gz", bytes(data)))
    assert len(damaged) == 1
    assert len(found) == 4


def test_a_member_whose_checksum_is_wrong_is_damaged(tmp_path: Path) -> None:
    member = bytearray(gzip.compress(answer("http://gazette.test/9", b"<p>x")))
    member[-8] ^= 1
    found, damaged = _walk(write(tmp_path, "a.warc.gz", bytes(member) + warc([0])))
    assert found == ["warcinfo", ADDRESSES[0]]
    assert [one.position for one in damaged] == [(0, 0)]


@pytest.mark.parametrize("packed", [True, False], ids=["one member", "plain"])
def test_a_wrong_length_costs_one_record(tmp_path: Path, packed: bool) -> None:
    parts = records(warc(range(4), packed=False))
    block = parts[2].partition(b"\r\n\r\n")[2][:-4]
    parts[2] = raw_record(
        {"WARC-Type": "response", "WARC-Target-URI": ADDRESSES[1]}, block, length=len(block) + 9
    )
    data = b"".join(parts)
    found, damaged = _walk(write(tmp_path, "a.warc", gzip.compress(data) if packed else data))
    assert found[1:] == [ADDRESSES[0], *ADDRESSES[2:]]
    assert ["wrong length" in one.sentence for one in damaged] == [True]


class _Counted(io.BytesIO):
    """A file that counts the bytes that are read of it."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self.taken += len(found)
        return found


@pytest.mark.parametrize("length", [9, 10**12], ids=["a little", "beyond the end"])
@pytest.mark.parametrize("packs", [gzip.compress, zstd.compress, bytes], ids=["gzip", "zstd", "plain"])
def test_many_broken_records_in_one_member_cost_one_pass_and_not_one_each(
    tmp_path: Path, packs: Callable[[bytes], bytes], length: int
) -> None:
    broken = [
        raw_record({"WARC-Type": "response"}, page(number), length=len(page(number)) + length)
        for number in range(100)
    ]
    parts = [answer("http://gazette.test/0", page(0)), *broken, answer("http://gazette.test/1", page(1))]
    data = packs(b"".join(parts))
    opened = Opened(str(write(tmp_path, "a.warc", data)))
    opened.file = counted = _Counted(data)
    found = list(Walk(opened, "a.warc"))
    starts = [sum(map(len, parts[:number])) for number in range(102)]
    within = [one.position[0] + one.position[1] for one in found]
    assert within == starts
    assert [isinstance(one, Damaged) for one in found] == [False, *[True] * 100, False]
    assert counted.taken < 3 * len(data) + 512 * 1024


def test_what_lies_behind_a_broken_record_too_large_to_be_kept_is_found(tmp_path: Path) -> None:
    large = raw_record({"WARC-Type": "response"}, b"x" * (6 << 20), length=(6 << 20) + 9)
    data = gzip.compress(answer(ADDRESSES[0], b"<p>x") + large + answer(ADDRESSES[1], b"<p>x"))
    found, damaged = _walk(write(tmp_path, "a.warc.gz", data))
    assert (found, len(damaged)) == (ADDRESSES[:2], 1)


def test_a_record_within_a_damaged_record_does_not_pass_for_one(tmp_path: Path) -> None:
    family = "<urn:uuid:1>"
    first = gzip.compress(answer("http://gazette.test/0", b"<p>x", WARC_Warcinfo_ID=family))
    forged = gzip.compress(answer("http://forged.test/", b"<p>x"))
    carrier = zlib.compressobj(0, wbits=31)  # stored, so that the bytes within stand as they are
    carried = answer("http://gazette.test/1", forged, WARC_Warcinfo_ID=family)
    packed = carrier.compress(carried) + carrier.flush()
    packed = packed[:-8] + b"\0" * 8
    last = gzip.compress(answer("http://gazette.test/2", b"<p>x", WARC_Warcinfo_ID=family))
    found, damaged = _walk(write(tmp_path, "a.warc.gz", first + packed + last))
    assert found == [ADDRESSES[0], ADDRESSES[2]]
    assert len(damaged) == 1


def test_a_bomb_ends_early_and_takes_no_memory(tmp_path: Path) -> None:
    packer = zlib.compressobj(9, wbits=31)
    head = raw_record({"WARC-Type": "response"}, b"", length=4_000_000_000)[:-4]
    blanks = b" " * (1 << 20)
    bomb = packer.compress(head) + b"".join(packer.compress(blanks) for _ in range(400)) + packer.flush()
    path = write(tmp_path, "a.warc.gz", bomb + warc([0]))
    tracemalloc.start()
    found, (damage,) = _walk(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == ["warcinfo", ADDRESSES[0]]
    assert "as a bomb does" in damage.sentence
    assert peak < 8e6


@pytest.mark.parametrize(
    "head",
    [b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", b"WARC/1.0\r\nContent-Length: -1\r\n\r\n", b"WARC/1.0\r\nContent-Length: "
     + b"9" * 30 + b"\r\n\r\n", b"WARC/1.0\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", b"nothing of the kind\n"],
)  # fmt: skip
def test_a_head_that_is_none_is_damage_and_not_the_end(tmp_path: Path, head: bytes) -> None:
    found, damaged = _walk(write(tmp_path, "a.warc.gz", gzip.compress(head) + warc([0])))
    assert found == ["warcinfo", ADDRESSES[0]]
    assert len(damaged) == 1
