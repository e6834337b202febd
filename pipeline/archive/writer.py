"""Appending captures and HTTP answers to a WARC file, from many threads, so that a kill loses none of them."""

import ipaddress
import os
import secrets
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.archive.fields import http_head, tidy_address
from pipeline.archive.files import LARGEST, OPEN, Location, create_locked, sync_folder
from pipeline.archive.records import HTTP_RESPONSE, NOT_MODIFIED, json_block, new_id, pack_record
from pipeline.items import Capture, Exchange

_NOT_MODIFIED_STATUS = 304


class ArchiveWriter:
    """Appends to a new WARC file, which is made with the first append; any number of threads may share it.

    Use it as a context manager: leaving it closes the file and takes the `.open` suffix off. Until then the file
    is locked, which tells `recover` that its writer lives. What an append returned for has left the process, and
    outlives its kill; it outlives a power cut once `flush` returned.
    """

    def __init__(self, folder: Path, prefix: str) -> None:
        self._folder = folder
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        self.name = f"{prefix}-{stamp}-{secrets.token_hex(3)}.warc.gz"
        self._warcinfo_id = new_id()
        self._stream: FileIO | None = None
        self._end = 0  # behind the last whole record
        self._unsynced = False
        self._closed = False
        self._writing = threading.Lock()
        self._syncing = threading.Lock()  # always taken before the other; appends go on while the disk works

    def append(self, capture: Capture, facts: Mapping[str, Any]) -> Location:
        """Write a capture as a `resource` record and its declared facts as a `metadata` record.

        Returns the location of the resource record.

        Raises:
            OSError: the archive cannot be written to; what was written before stays whole.
            ValueError: the archive is closed, the capture is too large to be read back, or its address or media
                type cannot stand in a record's header.
        """
        if any(mark in field for field in (capture.address, capture.media_type) for mark in "\r\n"):
            raise ValueError(f"The address {capture.address!r} of a capture has a line break in it.")
        block = capture.body
        return self._append(
            "resource", capture.address, capture.captured_at, capture.media_type, block, block, {}, facts
        )

    def append_exchange(self, exchange: Exchange, facts: Mapping[str, Any]) -> Location:
        """Write an HTTP answer as a `response` record and its facts as a `metadata` record.

        Status, headers and body stand as they came, but for `Transfer-Encoding` and a wrong `Content-Length`
        (see `http_head`). The answer 304 becomes a `revisit` record, which has no body. Marks that
        cannot stand in a header are replaced, in the address too.

        Returns the location of the response or revisit record.

        Raises:
            OSError: the archive cannot be written to; what was written before stays whole.
            ValueError: the archive is closed, or the answer is too large to be read back.
        """
        is_revisit = exchange.status == _NOT_MODIFIED_STATUS
        body = b"" if is_revisit else exchange.body
        head = http_head(
            exchange.status, exchange.phrase, exchange.headers, None if is_revisit else len(body)
        )
        return self._append(
            "revisit" if is_revisit else "response",
            tidy_address(exchange.address),
            exchange.at,
            HTTP_RESPONSE,
            head + body,
            None if is_revisit else body,
            {
                "WARC-IP-Address": _ip_address(exchange.server_ip),
                "WARC-Profile": NOT_MODIFIED if is_revisit else None,
            },
            facts,
        )

    def flush(self) -> None:
        """Put all that was appended onto the disk; it costs nothing where that was done already.

        Raises:
            OSError: the disk did not take it; nothing may point at what was appended.
        """
        with self._syncing:
            with self._writing:
                if self._stream is None or not self._unsynced:
                    return
                self._unsynced = False
                descriptor = self._stream.fileno()
            try:
                os.fsync(descriptor)
            except OSError:
                self._unsynced = True
                raise

    def close(self) -> None:
        """Put all onto the disk, close the file and give it its final name.

        Raises:
            OSError: the disk did not take it; the file keeps its `.open` name.
        """
        with self._syncing, self._writing:
            self._closed = True
            stream, self._stream = self._stream, None
            if stream is None:
                return
            path = self._folder / (self.name + OPEN)
            with stream:
                if self._end == 0:
                    path.unlink()
                    return
                self._cut_torn_end(stream)
                os.fsync(stream.fileno())
                path.rename(self._folder / self.name)

    def _append(
        self,
        kind: str,
        address: str,
        at: datetime,
        media_type: str,
        block: bytes,
        payload: bytes | None,
        fields: Mapping[str, str | None],
        facts: Mapping[str, Any],
    ) -> Location:
        """Write a record, and the facts behind it; they are packed outside the lock, which is most of the work."""
        if len(block) > LARGEST:
            raise ValueError(f"What was captured at {address!r} is larger than {LARGEST} bytes.")
        record_id = new_id()
        common = {"WARC-Target-URI": address, "WARC-Warcinfo-ID": self._warcinfo_id}
        record = pack_record(kind, record_id, at, media_type, block, {**common, **fields}, payload)
        metadata = b""
        if facts:
            concurrent = {**common, "WARC-Concurrent-To": record_id}
            metadata = pack_record(
                "metadata", new_id(), at, "application/json", json_block(facts), concurrent
            )
        with self._writing:
            stream = self._open()
            first = b"" if self._end else self._warcinfo()
            offset = self._end + len(first)
            self._write(stream, first + record + metadata)
        return Location(self.name, offset, len(record))

    def _write(self, stream: FileIO, data: bytes) -> None:
        self._cut_torn_end(stream)
        rest = memoryview(data)
        while rest:
            rest = rest[stream.write(rest) :]
        self._end += len(data)
        self._unsynced = True

    def _cut_torn_end(self, stream: FileIO) -> None:
        """Take away what an append wrote before it failed, as on a full disk."""
        if stream.tell() != self._end:
            stream.seek(self._end)
            stream.truncate()

    def _open(self) -> FileIO:
        if self._closed:
            raise ValueError(f"The archive file {self.name} is closed; a new writer makes a new file.")
        if self._stream is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._stream = create_locked(self._folder / (self.name + OPEN))
            sync_folder(self._folder)
        return self._stream

    def _warcinfo(self) -> bytes:
        block = b"software: newsfold\r\nformat: WARC File Format 1.1\r\n"
        fields = {"WARC-Filename": self.name}
        return pack_record(
            "warcinfo", self._warcinfo_id, datetime.now(UTC), "application/warc-fields", block, fields
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _ip_address(stated: str | None) -> str | None:
    """Return the server's address where it is one; the header takes nothing else."""
    try:
        return str(ipaddress.ip_address(stated)) if stated else None
    except ValueError:
        return None
