"""Reading: every record of a file with its facts, past damage, within bounds; and one record alone."""

import base64
import gzip
import hashlib
import io
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.archive.records import pack_record
from pipeline.archive.warc import (
    LARGEST,
    OPEN,
    ArchiveWriter,
    Damage,
    Location,
    Record,
    read_file,
    read_record,
)
from pipeline.errors import Quarantine
from pipeline.items import Capture
from tests.archive.exchanges import AT, FACTS, PACKERS, PAGE, exchange, raw_deflate, records, write


def _names(path: Path) -> list[str]:
    """Return the last part of each record's address, and `!` with the offset for damage."""
    return [
        f"!{one.offset}" if isinstance(one, Damage) else one.address.rpartition("/")[2]
        for one in read_file(path)
    ]


def test_every_capture_comes_in_order_with_all_that_was_said_of_it(tmp_path: Path) -> None:
    answer = exchange("a", PACKERS["gzip"](PAGE), ("Content-Encoding", "gzip"), ("X", "caf\xe9\xa0"))
    with ArchiveWriter(tmp_path, "test") as writer:
        locations = [
            writer.append_exchange(answer, FACTS),
            writer.append_exchange(exchange("b", b"", ("Location", "/a"), status=301), {}),
            writer.append_exchange(exchange("c", b"", status=304), {"etag": "x"}),
            writer.append(Capture("file:///d", b"text", "text/plain", AT), FACTS),
        ]

    found = records(tmp_path / writer.name)

    assert [record.location for record in found] == locations
    assert [record.kind for record in found] == ["response", "response", "revisit", "resource"]
    assert [record.status for record in found] == [200, 301, 304, None]
    assert [record.body for record in found] == [PAGE, b"", b"", b"text"]
    assert [record.facts for record in found] == [FACTS, {}, {"etag": "x"}, FACTS]
    assert [record.media_type for record in found] == ["text/html"] * 3 + ["text/plain"]
    assert {record.at for record in found} == {AT}
    assert found[0].headers == answer.headers
    assert found[3].headers == ()
    assert found[0].address == answer.address
    assert PAGE[:20].decode() not in repr(found[0])


@pytest.mark.parametrize(
    ("encoding", "body"),
    [*[(name, pack(PAGE)) for name, pack in PACKERS.items()], ("deflate", raw_deflate(PAGE)), ("x", PAGE)],
)
def test_content_encodings_are_undone(tmp_path: Path, encoding: str, body: bytes) -> None:
    (location,) = write(tmp_path, exchange("a", body, ("Content-Encoding", encoding)))

    assert read_record(tmp_path, location, hashlib.sha256(PAGE).digest()) == PAGE
    assert [record.body for record in records(tmp_path / location.file)] == [PAGE]


@pytest.mark.parametrize("name", PACKERS)
def test_a_bomb_costs_itself_and_little_memory(tmp_path: Path, name: str) -> None:
    bomb = PACKERS[name](bytes(2 * LARGEST))
    bad, _ = write(tmp_path, exchange("bomb", bomb, ("Content-Encoding", name)), exchange("b"), facts=FACTS)
    del bomb
    tracemalloc.start()

    found = _names(tmp_path / bad.file)
    with pytest.raises(Quarantine, match=f"more than {LARGEST} bytes") as caught:
        read_record(tmp_path, bad, bytes(32))

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == [f"!{bad.offset}", "b"]
    assert caught.value.reason == "archive-damaged"
    assert peak < 2 * LARGEST


def test_a_record_that_is_itself_a_bomb_is_passed_over(tmp_path: Path) -> None:
    first, _ = write(tmp_path, exchange("a"), exchange("b"))
    path = tmp_path / first.file
    end = first.offset + first.length
    head = f"WARC/1.1\r\nWARC-Type: resource\r\nContent-Length: {20 * LARGEST}\r\n\r\n".encode()
    bomb = gzip.compress(head + bytes(5 * LARGEST))
    whole = path.read_bytes()
    path.write_bytes(whole[:end] + bomb + whole[end:])
    tracemalloc.start()

    assert _names(path) == ["a", f"!{end}", "b"]

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < LARGEST / 10


def test_a_body_that_is_not_in_the_encoding_it_claims_is_told_of(tmp_path: Path) -> None:
    bad, _ = write(tmp_path, exchange("a", PAGE, ("Content-Encoding", "gzip")), exchange("b"))

    damage, record = read_file(tmp_path / bad.file)

    assert isinstance(damage, Damage)
    assert "has a body that is not in the encoding gzip" in damage.sentence
    assert isinstance(record, Record)


def test_a_file_takes_the_memory_of_its_largest_records_only(tmp_path: Path) -> None:
    def peak_of(count: int) -> int:
        with ArchiveWriter(tmp_path, "test") as writer:
            for number in range(count):
                writer.append_exchange(exchange(str(number), bytes([number]) * 500_000), {})
        tracemalloc.start()
        assert sum(isinstance(one, Record) for one in read_file(tmp_path / writer.name)) == count
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    assert peak_of(100) < 1.2 * peak_of(5)


@pytest.mark.parametrize("part", [0, 15, 0.5, -9, -1])
def test_an_altered_byte_costs_its_own_record(tmp_path: Path, part: float) -> None:
    _, bad, after = write(tmp_path, *map(exchange, "abc"))
    path = tmp_path / bad.file
    whole = bytearray(path.read_bytes())
    shift = int(bad.length * part) if isinstance(part, float) else part % bad.length
    whole[bad.offset + shift] ^= 0xFF
    path.write_bytes(whole)

    before, damage, behind = read_file(path)

    assert isinstance(before, Record)
    assert isinstance(damage, Damage)
    assert (damage.file, damage.offset) == (bad.file, bad.offset)
    assert damage.sentence.startswith(f"The record at byte {bad.offset} of {path} ")
    assert isinstance(behind, Record)
    assert behind.location == after


def test_damage_over_several_records_is_told_of_once(tmp_path: Path) -> None:
    places = write(tmp_path, *map(exchange, "abcdef"), facts=FACTS)
    path = tmp_path / places[0].file
    whole = bytearray(path.read_bytes())
    whole[places[1].offset : places[4].offset] = bytes(places[4].offset - places[1].offset)
    path.write_bytes(whole)

    assert _names(path) == ["a", f"!{places[1].offset}", "e", "f"]
    assert [one.facts for one in read_file(path) if isinstance(one, Record)] == [FACTS] * 3


def test_damaged_facts_leave_the_capture(tmp_path: Path) -> None:
    place, _ = write(tmp_path, exchange("a"), exchange("b"), facts=FACTS)
    path = tmp_path / place.file
    whole = bytearray(path.read_bytes())
    end = place.offset + place.length
    whole[end + 30] ^= 0xFF
    path.write_bytes(whole)

    assert _names(path) == ["a", f"!{end}", "b"]
    first = next(read_file(path))
    assert isinstance(first, Record)
    assert first.facts == {}


def test_a_file_cut_off_anywhere_gives_its_whole_records_and_one_damage(tmp_path: Path) -> None:
    places = write(tmp_path, *map(exchange, "ab"), facts=FACTS)
    path = tmp_path / places[0].file
    whole = path.read_bytes()
    ends = [place.offset + place.length for place in places]

    for size in range(0, len(whole), 3):
        path.write_bytes(whole[:size])
        found = list(read_file(path))
        kept = [one for one in found if isinstance(one, Record)]
        damages = [one for one in found if isinstance(one, Damage)]
        assert len(kept) == sum(end <= size for end in ends)
        assert [type(one) for one in found] == [Record] * len(kept) + [Damage] * len(damages)
        assert len(damages) <= 1
        if size and size not in (places[0].offset, ends[0], places[1].offset, ends[1]):
            assert len(damages) == 1


def test_a_page_that_carries_a_record_in_its_bytes_is_not_taken_for_one(tmp_path: Path) -> None:
    forged = pack_record("resource", "<urn:x>", AT, "text/plain", b"forged", {"WARC-Target-URI": "x/forged"})
    noise = hashlib.shake_256(b"x").digest(100_000)  # cannot be compressed, so all of it is stored as it is
    carrier = exchange("carrier", noise + forged + noise)
    _, bad, _ = write(tmp_path, exchange("a"), carrier, exchange("b"))
    path = tmp_path / bad.file
    whole = bytearray(path.read_bytes())
    assert forged in whole
    assert _names(path) == ["a", "carrier", "b"]
    whole[bad.offset + bad.length - 20] ^= 0xFF
    path.write_bytes(whole)

    assert _names(path) == ["a", f"!{bad.offset}", "b"]
    path.write_bytes(whole[: bad.offset + bad.length - 20])
    assert _names(path) == ["a", f"!{bad.offset}"]


@pytest.mark.parametrize("digest", ["WARC-Block-Digest", "WARC-Payload-Digest"])
def test_a_wrong_digest_is_damage(tmp_path: Path, digest: str) -> None:
    path = tmp_path / "other.warc"
    stream = io.BytesIO()
    maker = WARCWriter(stream, gzip=False)
    for name in "ab":
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        maker.write_record(
            maker.create_warc_record(
                f"https://example.org/{name}",
                "response",
                payload=io.BytesIO(PAGE),
                length=len(PAGE),
                http_headers=head,
                warc_headers_dict={digest: "sha1:" + "A" * 32} if name == "a" else {},
            )
        )
    path.write_bytes(stream.getvalue())

    damage, record = read_file(path)

    assert isinstance(damage, Damage)
    assert "digest" in damage.sentence
    assert isinstance(record, Record)


@pytest.mark.parametrize("spelling", ["base16", "BASE16", "base32", "base64"])
@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha-256", "unknown"])
def test_digests_of_other_archivers_are_understood(tmp_path: Path, algorithm: str, spelling: str) -> None:
    def spelt(data: bytes) -> str:
        name = {"unknown": "sha512"}.get(algorithm, algorithm.replace("-", ""))
        digest = hashlib.new(name, data).digest()
        encode = {"base16": bytes.hex, "BASE16": base64.b16encode}.get(spelling) or getattr(
            base64, spelling[:1] + spelling[4:] + "encode"
        )
        text = encode(digest)
        return f"{algorithm}:{text if isinstance(text, str) else text.decode()}"

    def member(stated: str) -> bytes:
        fields = {"WARC-Target-URI": "x/y", "WARC-Block-Digest": stated}
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        head = f"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Date: 2024-12-04T14:28:05Z\r\n{lines}"
        return gzip.compress(f"{head}Content-Length: 4\r\n\r\ntext\r\n\r\n".encode())

    path = tmp_path / "other.warc.gz"
    path.write_bytes(member(spelt(b"text")) + member(spelt(b"another text")))

    right, wrong = read_file(path)

    assert isinstance(right, Record)
    assert isinstance(wrong, Record if algorithm == "unknown" else Damage)


@pytest.mark.parametrize("packed", [True, False])
def test_the_archive_of_another_tool_is_read(tmp_path: Path, packed: bool) -> None:
    stream = io.BytesIO()
    maker = WARCWriter(stream, gzip=packed, warc_version="1.0")
    maker.write_record(maker.create_warcinfo_record("other.warc", {"software": "other"}))
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    for kind, body, extra in (
        ("response", PAGE, []),
        ("response", chunked, [("Transfer-Encoding", "chunked")]),
        ("conversion", b"The text of a page.", None),
        ("request", b"", []),
    ):
        head = StatusAndHeaders(
            "GET / HTTP/1.1" if kind == "request" else "200 OK",
            [("Content-Type", "Text/HTML; charset=x"), *(extra or [])],
            protocol="" if kind == "request" else "HTTP/1.0",
            is_http_request=kind == "request",
        )
        maker.write_record(
            maker.create_warc_record(
                "<https://example.org/a>",
                kind,
                payload=io.BytesIO(body),
                length=len(body),
                http_headers=None if extra is None else head,
                warc_content_type="text/plain" if extra is None else "",
                warc_headers_dict={"WARC-Date": "2024-12-04T14:28:05Z"},
            )
        )
    metadata = maker.create_warc_record(
        "https://example.org/a", "metadata", payload=io.BytesIO(b"via: x\r\n"), length=8
    )
    maker.write_record(metadata)
    path = tmp_path / "other.warc"
    path.write_bytes(stream.getvalue())

    found = records(path)

    assert [(one.kind, one.status, one.media_type, one.body) for one in found] == [
        ("response", 200, "text/html", PAGE),
        ("response", 200, "text/html", PAGE),
        ("conversion", None, "text/plain", b"The text of a page."),
    ]
    assert {one.address for one in found} == {"https://example.org/a"}
    assert {one.at for one in found} == {datetime(2024, 12, 4, 14, 28, 5, tzinfo=UTC)}
    for one in found:
        assert read_record(tmp_path, one.location, hashlib.sha256(one.body).digest()) == one.body


def test_a_plain_file_is_read_up_to_its_damage(tmp_path: Path) -> None:
    (place, *_) = write(tmp_path, *map(exchange, "abc"))
    plain = tmp_path / "plain.warc"
    plain.write_bytes(gzip.decompress((tmp_path / place.file).read_bytes()))
    assert _names(plain) == ["a", "b", "c"]
    second = [one.location for one in records(plain)][1]

    plain.write_bytes(plain.read_bytes()[: second.offset + second.length - 5])

    assert _names(plain) == ["a", f"!{second.offset}"]


def test_a_file_in_one_gzip_member_is_told_how_to_become_readable(tmp_path: Path) -> None:
    (place, *_) = write(tmp_path, *map(exchange, "abc"))
    path = tmp_path / "one.warc.gz"
    path.write_bytes(gzip.compress(gzip.decompress((tmp_path / place.file).read_bytes())))

    (damage,) = read_file(path)

    assert isinstance(damage, Damage)
    assert "warcio recompress" in damage.sentence


@pytest.mark.parametrize("suffix", ["", OPEN])
def test_a_file_is_found_under_either_name_and_called_by_its_final_one(tmp_path: Path, suffix: str) -> None:
    with ArchiveWriter(tmp_path, "test") as writer:
        location = writer.append_exchange(exchange(), {})
        (record,) = records(tmp_path / (writer.name + suffix))

    assert record.location == location


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.warc.gz").touch()

    assert list(read_file(tmp_path / "empty.warc.gz")) == []


def test_a_missing_file_is_quarantined(tmp_path: Path) -> None:
    with pytest.raises(Quarantine, match=r"gone\.warc\.gz cannot be read") as caught:
        list(read_file(tmp_path / "gone.warc.gz"))

    assert caught.value.reason == "archive-missing"


def test_an_answer_that_is_not_the_one_asked_for_is_quarantined(tmp_path: Path) -> None:
    location: Location
    (location,) = write(tmp_path, exchange())

    for sha256, place in (
        (bytes(32), location),
        (hashlib.sha256(PAGE).digest(), replace(location, offset=location.offset + 1)),
    ):
        with pytest.raises(Quarantine) as caught:
            read_record(tmp_path, place, sha256)
        assert caught.value.reason == "archive-damaged"
