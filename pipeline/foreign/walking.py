"""Going through somebody else's archive file, record by record, past what is damaged, with flat memory.

Our own scanner reads whole blocks, and wants a member a record, as newsfold writes them. This one looks at heads, and
takes files as they come: several records to a member, one member for all, zstd, plain, ARC.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pipeline.archive.fields import Fields, first_of
from pipeline.archive.scan import Broken
from pipeline.foreign.heads import LONGEST_HEAD, kind_of, length_of, read_head
from pipeline.foreign.opening import Opened
from pipeline.foreign.references import Damaged, Position, place_of
from pipeline.foreign.unpacking import MAGIC, Unpacked, Unreadable

_LOOK = 32 * 1024  # of a block, for the HTTP head in it
_SEARCH_CHUNK = 1024 * 1024
_VERSION = re.compile(rb"WARC/[01]\.[0-9]{1,2}\r?\n")


@dataclass(frozen=True, slots=True)
class Walked:
    """A whole record that was passed: where it begins, its head, the beginning of its block, and the block's length."""

    position: Position
    fields: Fields
    start: bytes
    length: int
    packed_end: int

    @property
    def kind(self) -> str:
        """The record's type, in small letters."""
        return kind_of(self.fields)


class Walk:
    """One pass through a file. A record is given once its end was seen, and the checksum of a member behind it compared.

    After damage the pass goes on with the next member that begins a record, or, where the file is plain or holds
    several records to a member, with the next line that begins one. Where records name their `warcinfo`,
    the one gone on with must name a known one too: a page may carry a WARC file in its own bytes.

    Raises:
        OSError: the file cannot be read.
    """

    def __init__(self, opened: Opened, name: str) -> None:
        self._opened = opened
        self._name = name
        self._families: set[str] = set()
        self._inner = 0  # where the record that is read begins

    def __iter__(self) -> Iterator[Walked | Damaged]:
        offset: int | None = self._opened.next_unit(self._opened.first)
        inner = 0
        while offset is not None:
            reader = self._opened.unpacked(offset)
            self._inner = inner
            try:
                reader.skip(inner)
                yield from self._records(reader)
            except Broken as error:
                position = self._position(offset, self._inner)
                yield Damaged(
                    place_of(self._name, position),
                    f"The record at {place_of(self._name, position)} {error}; it was passed over.",
                    position,
                )
                found = self._go_on(offset, self._inner, error)
                if found is None:
                    return
                offset, inner = found
            else:
                offset, inner = self._opened.next_unit(reader.end), 0

    def _records(self, reader: Unpacked) -> Iterator[Walked]:
        while reader.peek():
            self._inner = reader.inner
            line = reader.readline(LONGEST_HEAD)
            if not line.strip():
                continue
            fields = read_head(reader, line)
            length = length_of(fields)
            start = reader.read(min(length, _LOOK))
            if len(start) + reader.skip(length - len(start)) < length:
                raise Broken("is cut off")
            if reader.peek() not in (b"\r", b"\n", b""):
                raise Broken("has a wrong length")
            while reader.peek() in (b"\r", b"\n"):  # at the member's end its checksum is compared
                reader.read(1)
            self._note_family(fields)
            yield Walked(self._position(reader.offset, self._inner), fields, start, length, reader.end)

    def _position(self, offset: int, inner: int) -> Position:
        """Return a place as references name it: any byte of a plain file can be gone to at once."""
        return (offset + inner, 0) if self._opened.form == "plain" else (offset, inner)

    def _note_family(self, fields: Fields) -> None:
        stated = first_of(fields, "WARC-Warcinfo-ID")
        if stated is not None:
            self._families.add(stated)

    def _is_of_family(self, fields: Fields) -> bool:
        stated = first_of(fields, "WARC-Warcinfo-ID")
        return not self._families or stated in self._families or kind_of(fields) == "warcinfo"

    def _go_on(self, offset: int, inner: int, error: Broken) -> Position | None:
        magic = MAGIC.get(self._opened.form)
        if magic is None:
            return self._next_line(offset, inner)
        if not isinstance(error, Unreadable):
            found = self._next_line(offset, inner)
            if found is not None:
                return found
        next_offset = self._next_member(offset + 1, magic)
        return None if next_offset is None else (next_offset, 0)

    def _next_line(self, offset: int, inner: int) -> Position | None:
        """Return where the next record begins behind a place in the same member or plain file."""
        reader = self._opened.unpacked(offset)
        try:
            reader.skip(inner)
            reader.readline(LONGEST_HEAD)
            while reader.peek():
                begins = reader.inner
                line = reader.readline(LONGEST_HEAD)
                if _VERSION.fullmatch(line) and self._begins_record(reader, line):
                    return offset, begins
        except Broken:
            pass
        return None

    def _begins_record(self, reader: Unpacked, line: bytes) -> bool:
        try:
            fields = read_head(reader, line)
            length_of(fields)
        except Unreadable:
            raise
        except Broken:
            return False
        return bool(kind_of(fields)) and self._is_of_family(fields)

    def _next_member(self, start: int, magic: bytes) -> int | None:
        for offset in _positions(self._opened.file, start, magic):
            reader = self._opened.unpacked(offset)
            try:
                line = reader.readline(LONGEST_HEAD)
                if not _VERSION.fullmatch(line):
                    read_head(reader, line)  # an ARC record's, or no record's
                    return offset
                if self._begins_record(reader, line):
                    return offset
            except Broken:
                continue
        return None


def _positions(file: BinaryIO, start: int, magic: bytes) -> Iterator[int]:
    """Give every offset from `start` on at which a member might begin; the file may be moved between."""
    while True:
        file.seek(start)
        chunk = file.read(_SEARCH_CHUNK)
        for found in re.finditer(re.escape(magic), chunk):
            yield start + found.start()
        if len(chunk) < _SEARCH_CHUNK:
            return
        start += len(chunk) - len(magic) + 1
