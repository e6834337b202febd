"""Input files opened for reading at any place: as they are, or as a member of a WACZ, which is a zip file."""

import io
import struct
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from pipeline.archive.scan import Broken
from pipeline.foreign.references import Reference
from pipeline.foreign.unpacking import Form, Unpacked, behind_skippable, dictionary_of, form_at

_LOCAL_HEADER = struct.Struct(
    "<26xHH"
)  # the lengths of name and extra field, at the end of a zip's local header


class Opened:
    """One input: a file, or a member of a zip file. `form` is how it is packed, `first` where its first record begins.

    Raises:
        OSError: it cannot be read.
        Broken: it begins with a dictionary that is none, or its zip file is damaged.
    """

    def __init__(self, path: str, member: str | None = None) -> None:
        self.file: BinaryIO = _member(path, member) if member else _open(path)
        self.size = self.file.seek(0, io.SEEK_END)
        self.form: Form = form_at(self.file, 0)
        self._dictionary = dictionary_of(self.file) if self.form == "zstd" else None
        self.first = behind_skippable(self.file, 0) if self.form == "zstd" else 0

    def unpacked(self, offset: int, *, goes_on: bool = False) -> Unpacked:
        """Return a reader of what begins at an offset."""
        return Unpacked(self.file, offset, self.form, self._dictionary, goes_on=goes_on)

    def next_unit(self, offset: int) -> int | None:
        """Return where the next member begins, at an offset or behind what may be skipped there; None at the end."""
        if self.form == "zstd":
            offset = behind_skippable(self.file, offset)
        self.file.seek(offset)
        rest = self.file.read(64 * 1024)
        is_end = not rest.strip(b"\0\r\n") and len(rest) < 64 * 1024
        return None if is_end else offset

    def close(self) -> None:
        """Close the file."""
        self.file.close()


class Cursor:
    """Reads references, and goes forward from one to the next where they share a member or follow each other.

    A file that is one single gzip member, as some tools make, is so unpacked once and not once a record.
    """

    def __init__(self) -> None:
        self._key: tuple[str, str | None] | None = None
        self._opened: Opened | None = None
        self._reader: Unpacked | None = None

    def at(self, reference: Reference) -> Unpacked:
        """Return a reader that stands where a reference's bytes begin.

        Raises:
            OSError: the file cannot be read.
            Broken: it cannot be unpacked up to there.
        """
        key = (reference.path, reference.member)
        if key != self._key or self._opened is None:
            self.close()
            self._opened, self._key = Opened(*key), key
        reader = self._reader
        goes_on = reference.kind == "line"
        if reader is None or reader.offset != reference.offset or reader.inner > reference.inner:
            reader = self._opened.unpacked(reference.offset, goes_on=goes_on)
        self._reader = None  # where going there fails, it is of no more use
        if reader.skip(reference.inner - reader.inner) and reader.inner < reference.inner:
            raise Broken("is not there any more")
        self._reader = reader
        return reader

    def close(self) -> None:
        """Close the file that was read last."""
        if self._opened is not None:
            self._opened.close()
        self._opened = self._reader = self._key = None


@lru_cache(maxsize=1)
def cursor() -> Cursor:
    """Return this process's cursor."""
    return Cursor()


class _Window(io.RawIOBase):
    """A part of a file as a file: a zip's member that is stored as it is can be read at any place."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._start, self._size, self._at = file, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: object, /) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]  # typing has no name for a buffer before 3.12
        self._file.seek(self._start + self._at)
        found = self._file.read(max(0, min(len(view), self._size - self._at)))
        view[: len(found)] = found
        self._at += len(found)
        return len(found)

    def close(self) -> None:
        self._file.close()
        super().close()


def _open(path: str) -> BinaryIO:
    return Path(path).open("rb")


def _member(path: str, member: str) -> BinaryIO:
    file = _open(path)
    try:
        with zipfile.ZipFile(file) as archive:
            entry = archive.getinfo(member)
            if entry.compress_type != zipfile.ZIP_STORED:
                return archive.open(entry)  # type: ignore[return-value]  # it is seekable, by reading again
        file.seek(entry.header_offset)
        name_length, extra_length = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
        start = entry.header_offset + _LOCAL_HEADER.size + name_length + extra_length
        return io.BufferedReader(_Window(file, start, entry.file_size))
    except (zipfile.BadZipFile, KeyError, struct.error, NotImplementedError, RuntimeError) as error:
        file.close()
        raise Broken(f"cannot be read from its zip file: {error}") from error
