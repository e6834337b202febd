"""Reading the records of a WARC file one after the other, strictly, and past what is damaged.

warcio's reader takes a file that was cut off for one that ends, and goes on after damage as if there were
none; an archive that is the only copy has to be told about both.
"""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline.archive.fields import Fields, first_of, read_fields
from pipeline.archive.files import LARGEST, Location, final_name, open_either

_CHUNK = 16 * 1024
_SEARCH_CHUNK = 1024 * 1024
_LONGEST_HEAD = 64 * 1024
_GZIP = b"\x1f\x8b\x08"
_WARCINFO_ID = "WARC-Warcinfo-ID"


class Broken(Exception):
    """A record cannot be read; `str(error)` is a clause that says why, for a sentence that begins with it."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A place in an archive file that holds no whole record; `sentence` says what is wrong there."""

    file: str
    offset: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Raw:
    """A record as it stands: its header fields, and its block with nothing undone or checked."""

    location: Location
    fields: Fields
    block: bytes

    @property
    def kind(self) -> str:
        """The record's type, in small letters."""
        return (first_of(self.fields, "WARC-Type") or "").lower()

    def __repr__(self) -> str:
        return f"Raw({self.kind} at {self.location.offset}, {len(self.block)} bytes)"


def scan(path: Path) -> Iterator[Raw | Damage]:
    """Give every record of a file in order, in one pass, holding one at a time.

    In a gzip file the search goes on behind damage with the next member that begins a record. There, where
    the records before name their `warcinfo` record, as newsfold's do, it must name the same: a page may carry
    a WARC record in its own bytes, which must not pass for one of the archive's. A plain file has no marks to
    go on by, so damage there ends it.

    Raises:
        OSError: the file cannot be read.
    """
    name = final_name(path)
    with open_either(path) as file:
        is_gzip = file.read(len(_GZIP)) == _GZIP
        offset: int | None = 0
        family: str | None = None
        while offset is not None and _has_bytes_at(file, offset):
            try:
                raw = raw_at(file, name, offset)
            except Broken as error:
                yield Damage(name, offset, f"The record at byte {offset} of {path} {error}.")
                offset = _next_record(file, offset + 1, family) if is_gzip else None
                continue
            family = first_of(raw.fields, _WARCINFO_ID) or family
            offset += raw.location.length
            yield raw


def raw_at(file: BinaryIO, name: str, offset: int) -> Raw:
    """Read the one record that begins at a byte of a file, gzip or plain.

    Raises:
        Broken: no whole record begins there, or it is larger than `LARGEST`.
        OSError: the file cannot be read.
    """
    file.seek(offset)
    is_gzip = file.read(len(_GZIP)) == _GZIP
    file.seek(offset)
    if not is_gzip:
        fields, block = _read_record(file)
        if file.read(4) != b"\r\n\r\n":
            raise Broken("is cut off, or its length is wrong")
        return Raw(Location(name, offset, file.tell() - offset), fields, block)
    member = _Member(file)
    stream = io.BufferedReader(member, _CHUNK)
    fields, block = _read_record(stream)
    rest = stream.read(_CHUNK)  # to the end of the member, so that its checksum is compared
    if rest.strip(b"\r\n"):
        raise Broken("shares its gzip member with another (`warcio recompress` gives each its own)")
    if not member.ended:
        raise Broken("has a wrong length")
    return Raw(Location(name, offset, member.length), fields, block)


class _Member(io.RawIOBase):
    """What is packed in the gzip member at the file's position; raises Broken where it is cut off or corrupt."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._unpacker = zlib.decompressobj(wbits=31)
        self._taken = 0

    @property
    def ended(self) -> bool:
        """Whether all was read and the checksum is right."""
        return self._unpacker.eof

    @property
    def length(self) -> int:
        """The bytes that the member has in the file, once it ended."""
        return self._taken - len(self._unpacker.unused_data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object, /) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]  # typing has no name for a buffer before 3.12
        while not self._unpacker.eof:
            packed = self._unpacker.unconsumed_tail
            if not packed:
                packed = self._file.read(_CHUNK)
                self._taken += len(packed)
            try:
                unpacked = self._unpacker.decompress(packed, len(view))
            except zlib.error as error:
                raise Broken("is corrupt") from error
            if unpacked:
                view[: len(unpacked)] = unpacked
                return len(unpacked)
            if not packed and not self._unpacker.eof:
                raise Broken("is cut off")
        return 0


def _read_record(stream: BinaryIO | io.BufferedReader) -> tuple[Fields, bytes]:
    fields = _read_head(stream)
    stated = first_of(fields, "Content-Length") or ""
    if not re.fullmatch("[0-9]{1,18}", stated):
        raise Broken("does not say how long it is")
    length = int(stated)
    if length > LARGEST:
        raise Broken(f"has {length} bytes, and no more than {LARGEST} are read")
    block = stream.read(length)
    if len(block) < length:
        raise Broken("is cut off")
    return fields, block


def _read_head(stream: BinaryIO | io.BufferedReader) -> Fields:
    head = b""
    while (line := stream.readline(_LONGEST_HEAD)) not in (b"\r\n", b"\n"):
        head += line
        if not head.startswith(b"WARC/"):
            raise Broken("does not begin as a WARC record does")
        if not line.endswith(b"\n") or len(head) > _LONGEST_HEAD:
            raise Broken("has a head that does not end")
    return read_fields(head, "utf-8")


def _next_record(file: BinaryIO, start: int, family: str | None) -> int | None:
    """Return the offset, from `start` on, of the next gzip member that begins a record of this family."""
    for offset in _positions(file, start):
        file.seek(offset)
        try:
            fields = _read_head(io.BufferedReader(_Member(file), _CHUNK))
        except Broken:
            continue
        if family in (None, first_of(fields, _WARCINFO_ID)):
            return offset
    return None


def _positions(file: BinaryIO, start: int) -> Iterator[int]:
    """Give every offset from `start` on at which a gzip member might begin; the file may be moved between."""
    while True:
        file.seek(start)
        chunk = file.read(_SEARCH_CHUNK)
        for found in re.finditer(re.escape(_GZIP), chunk):
            yield start + found.start()
        if len(chunk) < _SEARCH_CHUNK:
            return
        start += len(chunk) - len(_GZIP) + 1


def _has_bytes_at(file: BinaryIO, offset: int) -> bool:
    file.seek(offset)
    return bool(file.read(1))
