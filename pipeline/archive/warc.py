"""Appending captures to WARC files and reading them back (ISO 28500, WARC 1.1).

Each record is a gzip member of its own, so it can be read alone by its offset. A record is flushed to the
disk before anything points at it. A file bears the suffix `.open` while it is written to; readers find it
under either name, so a crash leaves at worst a record that nothing points at.
"""

import hashlib
import io
import json
import os
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.warcwriter import WARCWriter

from pipeline.errors import Quarantine
from pipeline.items import Capture

OPEN = ".open"


@dataclass(frozen=True, slots=True)
class Location:
    """Where a record stands: the file's name, the byte it begins at, and how many bytes it has."""

    file: str
    offset: int
    length: int


class ArchiveWriter:
    """Appends captures to a new WARC file; the file is made with the first of them.

    Use it as a context manager: leaving it closes the file and takes the `.open` suffix off.
    """

    def __init__(self, folder: Path, prefix: str) -> None:
        self._folder = folder
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        self.name = f"{prefix}-{stamp}-{secrets.token_hex(3)}.warc.gz"
        self._stream: BinaryIO | None = None
        self._writer: Any = None
        self._closed = False

    def append(self, capture: Capture, facts: Mapping[str, Any]) -> Location:
        """Write a capture as a `resource` record and its declared facts as a `metadata` record.

        Returns the location of the resource record. The bytes are on the disk only after `flush`.

        Raises:
            OSError: the archive cannot be written to.
            ValueError: the archive is closed, or a line break in the address or the media type would break
                the record's header.
        """
        if any(mark in field for field in (capture.address, capture.media_type) for mark in "\r\n"):
            raise ValueError(f"The address {capture.address!r} of a capture has a line break in it.")
        stream = self._open()
        offset = stream.tell()
        record = self._writer.create_warc_record(
            capture.address,
            "resource",
            payload=io.BytesIO(capture.body),
            length=len(capture.body),
            warc_content_type=capture.media_type,
            warc_headers_dict={"WARC-Date": _warc_date(capture.captured_at)},
        )
        self._writer.write_record(record)
        length = stream.tell() - offset
        if facts:
            payload = json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()
            self._writer.write_record(
                self._writer.create_warc_record(
                    capture.address,
                    "metadata",
                    payload=io.BytesIO(payload),
                    length=len(payload),
                    warc_content_type="application/json",
                    warc_headers_dict={
                        "WARC-Date": _warc_date(capture.captured_at),
                        "WARC-Concurrent-To": record.rec_headers.get_header("WARC-Record-ID"),
                    },
                )
            )
        return Location(self.name, offset, length)

    def flush(self) -> None:
        """Put all that was appended onto the disk."""
        if self._stream is not None:
            self._stream.flush()
            os.fsync(self._stream.fileno())

    def close(self) -> None:
        """Close the file and give it its final name."""
        if self._stream is not None:
            self.flush()
            self._stream.close()
            self._stream = None
            (self._folder / (self.name + OPEN)).rename(self._folder / self.name)
        self._closed = True

    def _open(self) -> BinaryIO:
        if self._closed:
            raise ValueError(f"The archive file {self.name} is closed; a new writer makes a new file.")
        if self._stream is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._stream = (self._folder / (self.name + OPEN)).open("xb")
            self._writer = WARCWriter(self._stream, gzip=True, warc_version="1.1")
            self._writer.write_record(
                self._writer.create_warcinfo_record(
                    self.name, {"software": "newsfold", "format": "WARC File Format 1.1"}
                )
            )
        return self._stream

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def read_record(folder: Path, location: Location, sha256: bytes) -> bytes:
    """Return the payload of one record, checked against its digest.

    Raises:
        Quarantine: the file is missing, or what it holds there is not what was written.
    """
    path = folder / location.file
    try:
        with _open_either(path) as stream:
            stream.seek(location.offset)
            for record in ArchiveIterator(stream, no_record_parse=True):
                body: bytes = record.content_stream().read()
                if hashlib.sha256(body).digest() == sha256:
                    return body
                break
    except OSError as error:
        raise Quarantine(
            "archive-missing", f"The archive file {path} cannot be read: {error.strerror}."
        ) from error
    except (ArchiveLoadFailed, zlib.error, EOFError, ValueError):
        pass  # said below, as for a record that reads well and is another
    raise Quarantine(
        "archive-damaged",
        f"The archive file {path} does not hold, at byte {location.offset}, what was written there.",
    )


def _open_either(path: Path) -> BinaryIO:
    """Open an archive file under its final name, or under the one it has while it is written to."""
    for candidate in (path, path.with_name(path.name + OPEN)):
        try:
            return candidate.open("rb")
        except FileNotFoundError:
            continue
    return path.open("rb")  # it may have been closed, and so renamed, between the two looks


def _warc_date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
