"""A reference becomes the capture that it stands for, whatever tool wrote it; what is not what it says is refused."""

import base64
import gzip
import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import Quarantine
from pipeline.foreign.filters import Filters
from pipeline.foreign.opening import cursor
from pipeline.foreign.planning import Planner
from pipeline.foreign.reading import Loose, Read, Unwanted, read_reference
from pipeline.foreign.references import Reference
from tests.foreign.archives import AT, answer, arc, page, raw_record, sha1, warc, write, zst

NO_FACTS = Loose()


def _references(path: Path) -> list[Reference]:
    planner = Planner(Filters(), lambda _: None)
    return [step for step in planner.archive(str(path), None, lambda _: None) if isinstance(step, Reference)]


def _read_one(folder: Path, data: bytes) -> Read:
    (reference,) = _references(write(folder, "a.warc", data))
    return read_reference(reference, NO_FACTS)


@pytest.mark.parametrize(
    "data",
    [warc(range(5)), warc(range(5), packed=False), gzip.compress(warc(range(5), packed=False)),
     zst(range(5), dictionary=True), arc(range(5), packed=True), arc(range(5), packed=False)],
    ids=["gzip", "plain", "one member", "zstd", "ARC in gzip", "ARC"],
)  # fmt: skip
def test_references_are_read_in_any_order(tmp_path: Path, data: bytes) -> None:
    references = _references(write(tmp_path, "a.warc", data))
    for number in (3, 4, 0, 2, 1, 1):
        capture = read_reference(references[number], NO_FACTS).capture
        assert capture.body == page(number)
        assert capture.address == f"http://gazette.test/{number}"
        assert capture.captured_at == datetime(2024, 12, 4, 10, tzinfo=UTC)
        assert capture.media_type == "text/html"
    cursor().close()


def _spellings(data: bytes) -> list[str]:
    sha256 = hashlib.sha256(data).digest()
    return [
        sha1(data),
        f"sha1:{hashlib.sha1(data).hexdigest()}",  # noqa: S324 - as the files have it
        f"sha256:{sha256.hex()}",
        f"sha-256:{base64.b32encode(sha256).decode()}",
        f"md5:{hashlib.md5(data).hexdigest()}",  # noqa: S324 - as the files have it
        "blake9:ABC",
    ]


@pytest.mark.parametrize("number", range(6))
def test_digests_of_all_spellings_hold_and_wrong_ones_do_not(tmp_path: Path, number: int) -> None:
    right, wrong = _spellings(page(1))[number], _spellings(page(2))[number]
    assert _read_one(tmp_path, answer("http://a.test/", page(1), WARC_Payload_Digest=right)).capture.body
    if number < 5:
        with pytest.raises(Quarantine, match=r"a\.warc, byte 0 .*digest of its body") as caught:
            _read_one(tmp_path, answer("http://a.test/", page(1), WARC_Payload_Digest=wrong))
        assert caught.value.reason == "damaged"


def test_a_wrong_block_digest_is_damage(tmp_path: Path) -> None:
    with pytest.raises(Quarantine, match="its digest is another"):
        _read_one(tmp_path, answer("http://a.test/", page(1), WARC_Block_Digest=sha1(b"other")))


def _chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


@pytest.mark.parametrize(
    "of", [page(1), gzip.compress(page(1), mtime=0), _chunked(gzip.compress(page(1), mtime=0))]
)
def test_a_payload_digest_may_be_of_the_body_at_any_stage(tmp_path: Path, of: bytes) -> None:
    head = b"Content-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
    sent = _chunked(gzip.compress(page(1), mtime=0))
    read = _read_one(tmp_path, answer("http://a.test/", sent, head, WARC_Payload_Digest=sha1(of)))
    assert read.capture.body == page(1)
    assert read.exchange is not None
    assert read.exchange.body == gzip.compress(page(1), mtime=0)


def test_an_encoding_that_was_undone_without_saying_so_is_let_be(tmp_path: Path) -> None:
    read = _read_one(
        tmp_path, answer("http://a.test/", page(1), b"Content-Type: text/html\r\nContent-Encoding: br\r\n")
    )
    assert read.capture.body == page(1)
    assert read.exchange is not None
    assert [name for name, _ in read.exchange.headers] == ["Content-Type"]


def test_a_body_that_is_a_bomb_is_damage(tmp_path: Path) -> None:
    bomb = gzip.compress(b"\0" * 60_000_000, 9)
    with pytest.raises(Quarantine, match="unpacks to more than"):
        _read_one(
            tmp_path, answer("http://a.test/", bomb, b"Content-Type: text/html\r\nContent-Encoding: gzip\r\n")
        )


def test_strange_signs_in_heads_cannot_do_harm(tmp_path: Path) -> None:
    head = b"Content-Type: text/html\r\nETag: a\0b\r\n"
    read = _read_one(tmp_path, answer("http://a.test/x y\0z", page(1), head))
    assert read.capture.address == "http://a.test/x%20y%00z"
    assert read.capture.headers["etag"] == "a b"


def test_a_revisit_has_its_own_address_and_time_and_the_bytes_of_the_other(tmp_path: Path) -> None:
    first = answer("http://a.test/1", page(1), WARC_Payload_Digest=sha1(page(1)))
    revisit = raw_record(
        {
            "WARC-Type": "revisit",
            "WARC-Target-URI": "<http://a.test/2>",
            "WARC-Date": "2024-12-05T00:00:00Z",
            "WARC-Payload-Digest": sha1(page(1)),
            "Content-Type": "application/http; msgtype=response",
        },
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
    )
    _, reference = _references(write(tmp_path, "a.warc", first + revisit))
    read = read_reference(reference, NO_FACTS)
    assert (read.capture.address, read.capture.body) == ("http://a.test/2", page(1))
    assert read.capture.captured_at == datetime(2024, 12, 5, tzinfo=UTC)
    assert read.origin["same_as"] == "a.warc, byte 0"


def test_text_that_others_extracted_is_a_text(tmp_path: Path) -> None:
    fields = {"WARC-Type": "conversion", "WARC-Target-URI": "http://a.test/", "WARC-Date": AT, "Content-Type": "text/plain"}  # fmt: skip
    read = _read_one(tmp_path, raw_record(fields, b"Some words."))
    assert (read.capture.media_type, read.exchange) == ("text/plain", None)


def test_what_is_empty_or_too_long_is_passed_over(tmp_path: Path) -> None:
    with pytest.raises(Unwanted, match="empty"):
        _read_one(tmp_path, answer("http://a.test/", b" \r\n"))
    with pytest.raises(Unwanted, match="address-too-long"):
        _read_one(tmp_path, answer("http://a.test/" + "x" * 2000, page(1)))


def test_a_file_that_changed_meanwhile_is_damage(tmp_path: Path) -> None:
    path = write(tmp_path, "a.warc.gz", gzip.compress(warc(range(3), packed=False)))
    last = _references(path)[-1]
    with pytest.raises(Quarantine, match=r"damaged|not there"):
        read_reference(replace(last, inner=last.inner + 100_000), NO_FACTS)
