"""What is packed in a gzip member or a zstd frame, or stands plain in a file, read forward with flat memory."""

import re
import sys
import zlib
from collections import deque
from collections.abc import Callable
from typing import Any, BinaryIO, Literal

from pipeline.archive.scan import Broken

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Form = Literal["gzip", "zstd", "plain"]

GZIP = b"\x1f\x8b\x08"
ZSTD = b"\x28\xb5\x2f\xfd"
MAGIC: dict[Form, bytes] = {"gzip": GZIP, "zstd": ZSTD}

_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18", re.DOTALL)
_DICTIONARY = (
    b"\x5d\x2a\x4d\x18"  # the draft on WARC and zstd has the dictionary in such a frame, first of all
)
_LARGEST_DICTIONARY = 16 * 1024 * 1024

_CHUNK = 64 * 1024
_STEP = 256 * 1024  # unpacked at once
_MOST_KEPT = 4 * 1024 * 1024  # bytes behind a mark, to go back to it; a larger broken record is rare
# HTML packs to a tenth, a page of blanks to a thousandth; a record that goes on like that holds nothing to be read.
_BOMB_BYTES = 256 * 1024 * 1024
_BOMB_RATIO = 250


class Unreadable(Broken):
    """What is packed cannot be unpacked any further."""


def form_at(file: BinaryIO, offset: int) -> Form:
    """Tell how the bytes from an offset on are packed."""
    file.seek(offset)
    begins = file.read(4)
    if begins.startswith(GZIP):
        return "gzip"
    return "zstd" if begins == ZSTD or _SKIPPABLE.match(begins) else "plain"


def behind_skippable(file: BinaryIO, offset: int) -> int:
    """Return the offset behind the skippable zstd frames that begin at an offset, if any do."""
    while True:
        file.seek(offset)
        head = file.read(8)
        if len(head) < 8 or not _SKIPPABLE.match(head):
            return offset
        offset += 8 + int.from_bytes(head[4:], "little")


def dictionary_of(file: BinaryIO) -> "zstd.ZstdDict | None":
    """Return the dictionary that a WARC file in zstd begins with; None where it has none.

    Raises:
        Broken: it is larger than any tool makes it, or none.
    """
    file.seek(0)
    head = file.read(8)
    if head[:4] != _DICTIONARY:
        return None
    size = int.from_bytes(head[4:], "little")
    if size > _LARGEST_DICTIONARY:
        raise Broken(f"has a zstd dictionary of {size} bytes, which is more than is read")
    raw = file.read(size)
    try:
        if raw.startswith(ZSTD):
            raw = zstd.ZstdDecompressor().decompress(raw, _LARGEST_DICTIONARY)
        return zstd.ZstdDict(raw)
    except (zstd.ZstdError, ValueError) as error:
        raise Broken("begins with a zstd dictionary that is damaged") from error


class Unpacked:
    """The bytes of one member, frame or plain file, from `offset` on; with `goes_on`, of all that follow it too.

    `inner` is how far it was read; `size` how much there is, once its end was seen. Raises `Unreadable` where it is cut off, corrupt, or grows as only bombs do.
    """

    def __init__(
        self,
        file: BinaryIO,
        offset: int,
        form: Form,
        dictionary: "zstd.ZstdDict | None" = None,
        *,
        goes_on: bool = False,
    ) -> None:
        self._file = file
        self._at = offset  # of the next packed byte to be read from the file
        self._start = offset
        self._new: Callable[[], Any] | None = _UNPACKERS[form](dictionary) if form != "plain" else None
        self._unpacker = self._new() if self._new else None
        self._goes_on = goes_on
        self._buffer = b""
        self._place = 0
        self._packed = b""  # read from the file, and not given to the unpacker yet
        self._ended = False
        self._mark = (0, 0)  # how far it had been read, and the place in the buffer that was there
        self._kept: list[bytes] | None = None  # the buffers from the mark on, without the one that is there
        self._kept_bytes = 0
        self._ahead: deque[bytes] = deque()  # buffers that stand to be read again
        self.offset = offset
        self.inner = 0
        self.size: int | None = None

    def read(self, size: int) -> bytes:
        """Return so many bytes, or as many as there are."""
        parts = []
        while size > 0 and self._fill():
            part = self._buffer[self._place : self._place + size]
            self._pass(len(part))
            size -= len(part)
            parts.append(part)
        return b"".join(parts)

    def readline(self, limit: int) -> bytes:
        """Return the bytes up to the end of the line and with it, or `limit` bytes of a longer one."""
        line = b""
        while len(line) < limit and self._fill():
            end = self._buffer.find(b"\n", self._place, self._place + limit - len(line)) + 1
            stop = end or min(len(self._buffer), self._place + limit - len(line))
            line += self._buffer[self._place : stop]
            self._pass(stop - self._place)
            if end:
                break
        return line

    def skip(self, size: int) -> int:
        """Pass over so many bytes, or as many as there are; return how many."""
        left = size
        while left > 0 and self._fill():
            step = min(left, len(self._buffer) - self._place)
            self._pass(step)
            left -= step
        return size - left

    def peek(self) -> bytes:
        """Return the next byte without taking it; nothing at the end, where the checksum has been compared."""
        return self._buffer[self._place : self._place + 1] if self._fill() else b""

    def mark(self) -> None:
        """Mark this place, to go back to it."""
        self._mark = (self.inner, self._place)
        self._kept, self._kept_bytes = [], 0

    def go_back(self) -> None:
        """Go back to the mark: over what was kept, or from the beginning where that has become too much to keep.

        Raises:
            Unreadable: it cannot be unpacked again.
        """
        inner, place = self._mark
        if self._kept is not None:
            self._ahead.extendleft(reversed([*self._kept, self._buffer]))
            self._buffer, self._place, self.inner = self._ahead.popleft(), place, inner
        else:
            self._begin_again(inner)
        self.mark()

    @property
    def end(self) -> int:
        """The offset in the file behind it, once all was read."""
        return self._at - len(self._packed)

    def _pass(self, size: int) -> None:
        self._place += size
        self.inner += size

    def _fill(self) -> bool:
        while self._place >= len(self._buffer):
            if self._ended and not self._ahead:
                self.size = self.inner
                return False
            found = self._ahead.popleft() if self._ahead else self._more()
            self._keep()
            self._buffer, self._place = found, 0
        return True

    def _keep(self) -> None:
        """Keep the buffer that was read, for going back."""
        if self._kept is not None:
            self._kept.append(self._buffer)
            self._kept_bytes += len(self._buffer)
            if self._kept_bytes > _MOST_KEPT:
                self._kept = None

    def _begin_again(self, inner: int) -> None:
        self._buffer, self._place, self._packed, self._ended = b"", 0, b"", False
        self._ahead.clear()
        if self._new is None:  # any byte of a plain file can be gone to at once
            self._at, self.inner = self._start + inner, inner
            return
        self._at, self.inner, self._unpacker = self._start, 0, self._new()
        self.skip(inner)

    def _more(self) -> bytes:
        if self._unpacker is None:
            plain = self._load()
            self._ended = not plain
            return plain
        if self._unpacker.eof:
            self._packed = self._unpacker.unused_data
            self._ended = not (self._goes_on and self._begin_next())
            return b""
        needs_input = getattr(self._unpacker, "needs_input", True)  # zlib's does not say
        packed = self._packed or (self._load() if needs_input else b"")
        self._packed = b""
        try:
            found: bytes = self._unpacker.decompress(packed, _STEP)
        except (zlib.error, zstd.ZstdError) as error:
            raise Unreadable("is corrupt") from error
        if not self._unpacker.eof:
            self._packed = getattr(self._unpacker, "unconsumed_tail", b"")  # zstd keeps its own
            if needs_input and not found and not packed:
                raise Unreadable("is cut off")
        self._refuse_bomb(len(found))
        return found

    def _load(self) -> bytes:
        self._file.seek(self._at)
        found = self._file.read(_CHUNK)
        self._at += len(found)
        return found

    def _begin_next(self) -> bool:
        """Go on with the member behind this one; padding at a file's end is none."""
        self._packed = self._packed or self._load()
        if not self._packed.strip(b"\0"):
            return False
        self._unpacker = self._new() if self._new else None
        return True

    def _refuse_bomb(self, found: int) -> None:
        total = self.inner + found
        if total > _BOMB_BYTES and total > _BOMB_RATIO * (self._at - self._start):
            raise Unreadable("unpacks to hundreds of times its size, as a bomb does")


def _gunzip(_: "zstd.ZstdDict | None") -> Callable[[], Any]:
    return lambda: zlib.decompressobj(wbits=31)


def _unzstd(dictionary: "zstd.ZstdDict | None") -> Callable[[], Any]:
    return lambda: zstd.ZstdDecompressor(dictionary)


_UNPACKERS: dict[Form, Callable[["zstd.ZstdDict | None"], Callable[[], Any]]] = {
    "gzip": _gunzip,
    "zstd": _unzstd,
}
