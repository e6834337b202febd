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
        offset = self._opened.next_unit(self._opened.first)
        while offset is not None:
            reader = self._opened.unpacked(offset)
            damage: Broken | None = None
            while damage is None or self._finds_next_line(reader, damage):
                try:
                    yield from self._records(reader)
                except Broken as error:
                    damage = error
                    yield self._damaged(offset, error)
                else:
                    offset = self._opened.next_unit(reader.end)
                    break
            else:
                magic = MAGIC.get(self._opened.form)
                offset = None if magic is None else self._next_member(offset + 1, magic)

    def _records(self, reader: Unpacked) -> Iterator[Walked]:
        while True:
            reader.mark()
            self._inner = reader.inner
            if not reader.peek():
                return
            line = reader.readline(LONGEST_HEAD)
            if not line.strip():
                continue
            fields = read_head(reader, line)
            length = length_of(fields)
            if reader.size is not None and length > reader.size - reader.inner:  # it was read once before
                raise Broken("is cut off")
            start = reader.read(min(length, _LOOK))
            if len(start) + reader.skip(length - len(start)) < length:
                raise Broken("is cut off")
            if reader.peek() not in (b"\r", b"\n", b""):
                raise Broken("has a wrong length")
            while reader.peek() in (b"\r", b"\n"):  # at the member's end its checksum is compared
                reader.read(1)
            self._note_family(fields)
            yield Walked(self._position(reader.offset, self._inner), fields, start, length, reader.end)

    def _damaged(self, offset: int, error: Broken) -> Damaged:
        position = self._position(offset, self._inner)
        place = place_of(self._name, position)
        return Damaged(place, f"The record at {place} {error}; it was passed over.", position)

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

    def _finds_next_line(self, reader: Unpacked, damage: Broken) -> bool:
        """Go to where the next record begins behind a broken one, in the same member or plain file; tell if there is one.

        The reader goes back no further than to the broken record, or each would cost the whole member again.
        """
        if isinstance(damage, Unreadable):
            return False
        try:
            reader.go_back()
            reader.readline(LONGEST_HEAD)
            while True:
                reader.mark()
                if not reader.peek():
                    return False
                line = reader.readline(LONGEST_HEAD)
                if _VERSION.fullmatch(line) and self._begins_record(reader, line):
                    reader.go_back()
                    return True
        except Broken:
            return False

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
