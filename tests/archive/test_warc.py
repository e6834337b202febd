"""WARC files: appended to, read back, read by other people's tools, and damaged."""

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipeline.archive.warc import OPEN, ArchiveWriter, Location, read_record
from pipeline.errors import Quarantine
from pipeline.items import Capture

_AT = datetime(2024, 12, 4, 16, 28, 5, tzinfo=timezone(timedelta(hours=2)))
_PAGE = Capture("https://example.org/a", b"<html><p>The allies met.</p></html>", "text/html", _AT)
_FACTS = {"title": "Зустріч міністрів", "source": "example"}
_PAGES = [
    _PAGE,
    Capture("https://example.org/empty", b"", "text/plain", _AT),
    Capture("https://example.org/binary", bytes(range(256)) * 700, "application/octet-stream", _AT),
    Capture(
        "https://example.org/warc-like", b"WARC/1.1\r\nHTTP/1.1 200 OK\r\n\r\n\r\n\r\n", "text/plain", _AT
    ),
]


def _digest(capture: Capture) -> bytes:
    return hashlib.sha256(capture.body).digest()


def _write(folder: Path, *captures: Capture, facts: dict[str, Any] | None = None) -> list[Location]:
    with ArchiveWriter(folder, "test") as writer:
        return [writer.append(capture, facts or {}) for capture in captures]


def _records(path: Path) -> list[tuple[str, dict[str, str], bytes]]:
    """Every record as warcio reads it, which raises where a digest does not fit."""
    found = []
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            body = record.content_stream().read()
            found.append((record.rec_type, dict(record.rec_headers.headers), body))
    return found


def test_each_record_is_read_back_by_its_own_location_in_any_order(tmp_path: Path) -> None:
    locations = _write(tmp_path, *_PAGES, facts=_FACTS)

    for capture, location in reversed(list(zip(_PAGES, locations, strict=True))):
        assert read_record(tmp_path, location, _digest(capture)) == capture.body


def test_a_location_spans_one_whole_gzip_member_that_stands_alone(tmp_path: Path) -> None:
    locations = _write(tmp_path, *_PAGES, facts=_FACTS)

    whole = (tmp_path / locations[0].file).read_bytes()
    for number, (capture, location) in enumerate(zip(_PAGES, locations, strict=True)):
        alone = tmp_path / f"{number}.warc.gz"
        alone.write_bytes(whole[location.offset : location.offset + location.length])
        ((kind, _, body),) = _records(alone)
        assert (kind, body) == ("resource", capture.body)


def test_a_standard_reader_finds_every_record_with_its_digest(tmp_path: Path) -> None:
    locations = _write(tmp_path, *_PAGES, facts=_FACTS)

    records = _records(tmp_path / locations[0].file)

    assert [kind for kind, _, _ in records] == ["warcinfo", *["resource", "metadata"] * len(_PAGES)]
    resources = [(headers, body) for kind, headers, body in records if kind == "resource"]
    for capture, (headers, body) in zip(_PAGES, resources, strict=True):
        assert body == capture.body
        assert headers["WARC-Target-URI"] == capture.address
        assert headers["Content-Type"] == capture.media_type
        assert headers["WARC-Date"] == "2024-12-04T14:28:05Z"
        assert "WARC-Block-Digest" in headers


def test_warcio_check_passes_on_a_finished_file(tmp_path: Path) -> None:
    (location, *_) = _write(tmp_path, *_PAGES, facts=_FACTS)
    command = [sys.executable, "-m", "warcio.cli", "check", "-v", str(tmp_path / location.file)]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("digest pass") == 1 + 2 * len(_PAGES)
    assert "fail" not in done.stdout


def test_the_metadata_record_holds_the_facts_and_points_at_its_resource(tmp_path: Path) -> None:
    (location,) = _write(tmp_path, _PAGE, facts=_FACTS)

    _, (_, resource, _), (kind, headers, body) = _records(tmp_path / location.file)

    assert kind == "metadata"
    assert json.loads(body) == _FACTS
    assert headers["Content-Type"] == "application/json"
    assert headers["WARC-Concurrent-To"] == resource["WARC-Record-ID"]
    assert headers["WARC-Target-URI"] == _PAGE.address


def test_without_facts_there_is_no_metadata_record(tmp_path: Path) -> None:
    (location,) = _write(tmp_path, _PAGE)

    assert [kind for kind, _, _ in _records(tmp_path / location.file)] == ["warcinfo", "resource"]


def test_a_file_is_named_open_until_it_is_closed(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "test") as writer:
        writer.append(_PAGE, {})
        assert [path.name for path in tmp_path.iterdir()] == [writer.name + OPEN]

    assert [path.name for path in tmp_path.iterdir()] == [writer.name]


def test_a_file_is_closed_and_named_even_when_the_work_around_it_fails(tmp_path: Path) -> None:
    def fail() -> None:
        with ArchiveWriter(tmp_path, "test") as writer:
            writer.append(_PAGE, {})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()

    (path,) = tmp_path.iterdir()
    assert path.name.endswith(".warc.gz")
    assert len(_records(path)) == 2


def test_a_flushed_record_is_readable_while_the_file_is_still_open(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "test") as writer:
        first = writer.append(_PAGE, _FACTS)
        writer.flush()
        assert read_record(tmp_path, first, _digest(_PAGE)) == _PAGE.body
        second = writer.append(_PAGES[2], {})
        writer.flush()
        assert read_record(tmp_path, second, _digest(_PAGES[2])) == _PAGES[2].body


def test_a_flushed_record_outlives_the_kill_of_its_writer(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from datetime import *; from pathlib import Path\n"
        "from pipeline.archive.warc import ArchiveWriter; from pipeline.items import Capture\n"
        "writer = ArchiveWriter(Path(sys.argv[1]), 'test')\n"
        "at = writer.append(Capture('https://example.org/k', b'kept', 'text/plain', datetime.now(UTC)), {})\n"
        "writer.flush(); print(at.file, at.offset, at.length, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False
    )

    file, offset, length = done.stdout.split()
    assert (tmp_path / (file + OPEN)).exists()
    location = Location(file, int(offset), int(length))
    assert read_record(tmp_path, location, hashlib.sha256(b"kept").digest()) == b"kept"


def test_nothing_appended_makes_no_file_and_no_folder(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path / "archive", "test") as writer:
        writer.flush()

    assert not (tmp_path / "archive").exists()


def test_two_writers_with_one_prefix_write_two_files(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "test") as one, ArchiveWriter(tmp_path, "test") as other:
        first, second = one.append(_PAGE, {}), other.append(_PAGES[2], {})

    assert first.file != second.file
    assert read_record(tmp_path, first, _digest(_PAGE)) == _PAGE.body
    assert read_record(tmp_path, second, _digest(_PAGES[2])) == _PAGES[2].body


def test_a_writer_used_again_after_closing_loses_nothing_of_what_it_wrote(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, "test")
    first = writer.append(_PAGE, {})
    writer.close()

    try:
        writer.append(_PAGES[2], {})
    except ValueError:
        pass  # to refuse is as good as to begin another file
    finally:
        writer.close()

    assert read_record(tmp_path, first, _digest(_PAGE)) == _PAGE.body


@pytest.mark.parametrize(
    "address",
    [
        "https://uk.example.org/новини/зустріч?тема=НАТО",
        "https://example.org/caf\u00e9",
        "https://münchen.example/",
    ],
)
def test_an_address_outside_ascii_comes_back_as_it_was(tmp_path: Path, address: str) -> None:
    capture = replace(_PAGE, address=address)

    (location,) = _write(tmp_path, capture, facts=_FACTS)

    assert read_record(tmp_path, location, _digest(capture)) == capture.body
    kept = [headers["WARC-Target-URI"] for kind, headers, _ in _records(tmp_path / location.file)[1:]]
    assert kept == [address, address]


@pytest.mark.parametrize("field", ["address", "media_type"])
def test_a_line_break_in_a_header_value_forges_no_header(tmp_path: Path, field: str) -> None:
    value = f"{getattr(_PAGE, field)}\r\nWARC-Refers-To: forged\r\n\r\nand more"
    capture = replace(_PAGE, **{field: value})

    try:
        (location,) = _write(tmp_path, capture)
    except (Quarantine, ValueError):
        return  # refused

    assert read_record(tmp_path, location, _digest(capture)) == capture.body
    assert not any("WARC-Refers-To" in headers for _, headers, _ in _records(tmp_path / location.file))


def test_a_record_cut_off_anywhere_is_quarantined(tmp_path: Path) -> None:
    (location,) = _write(tmp_path, _PAGE)
    path = tmp_path / location.file
    whole = path.read_bytes()
    payload_ends = len(whole) - 8  # the member's checksum and size follow; the payload is whole without them

    for size in range(0, payload_ends, 7):
        path.write_bytes(whole[:size])
        if _survives(tmp_path, location):
            # Deflate's last bits may hold nothing but the blank lines after the payload.
            assert size > payload_ends - 16


def test_every_altered_byte_is_either_harmless_or_quarantined(tmp_path: Path) -> None:
    (location,) = _write(tmp_path, _PAGE)
    path = tmp_path / location.file
    whole = path.read_bytes()
    quarantined = 0

    for position in range(location.offset, location.offset + location.length):
        altered = bytearray(whole)
        altered[position] ^= 0xFF
        path.write_bytes(altered)
        quarantined += not _survives(tmp_path, location)

    assert quarantined > location.length / 2


def test_a_record_that_is_not_the_one_asked_for_is_quarantined(tmp_path: Path) -> None:
    first, second, *_ = _write(tmp_path, _PAGE, _PAGES[2])

    with pytest.raises(Quarantine, match=f"at byte {second.offset}") as caught:
        read_record(tmp_path, second, _digest(_PAGE))

    assert caught.value.reason == "archive-damaged"
    assert first.file in str(caught.value)


@pytest.mark.parametrize("shift", [1, 10, 1_000_000])
def test_an_offset_that_is_no_records_beginning_is_quarantined(tmp_path: Path, shift: int) -> None:
    (location,) = _write(tmp_path, _PAGE)

    with pytest.raises(Quarantine) as caught:
        read_record(tmp_path, replace(location, offset=location.offset + shift), _digest(_PAGE))

    assert caught.value.reason == "archive-damaged"


def test_a_missing_file_is_quarantined_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(Quarantine, match=r"gone\.warc\.gz") as caught:
        read_record(tmp_path, Location("gone.warc.gz", 0, 1), _digest(_PAGE))

    assert caught.value.reason == "archive-missing"


def test_a_file_that_is_no_archive_is_quarantined(tmp_path: Path) -> None:
    (tmp_path / "text.warc.gz").write_text("This was never an archive.\n" * 20)

    with pytest.raises(Quarantine) as caught:
        read_record(tmp_path, Location("text.warc.gz", 0, 100), _digest(_PAGE))

    assert caught.value.reason == "archive-damaged"


def test_the_moment_of_capture_is_written_in_utc(tmp_path: Path) -> None:
    capture = replace(_PAGE, captured_at=_AT.astimezone(UTC))

    (location,) = _write(tmp_path, _PAGE, capture)[:1]

    dates = {headers["WARC-Date"] for _, headers, _ in _records(tmp_path / location.file)[1:]}
    assert dates == {"2024-12-04T14:28:05Z"}


def _survives(folder: Path, location: Location) -> bool:
    """Read the page back whole, or be told that it is damaged; any other outcome fails the test."""
    try:
        body = read_record(folder, location, _digest(_PAGE))
    except Quarantine:
        return False
    return body == _PAGE.body
