"""Input files opened for reading at any place: as they are, or as a member of a WACZ, which is a zip file."""

import io
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from pipeline.archive.scan import Broken
from pipeline.foreign.references import Reference
from pipeline.foreign.unpacking import Form, Unpacked, behind_skippable, dictionary_of, form_at
from pipeline.foreign.zipped import open_member


class Opened:
    """One input: a file, or a member of a zip file. `form` is how it is packed, `first` where its first record begins.

    Raises:
        OSError: it cannot be read.
        Broken: it begins with a dictionary that is none, or cannot be had from its zip file.
    """

    def __init__(self, path: str, member: str | None = None) -> None:
        self.file: BinaryIO = open_member(path, member) if member else _open(path)
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


def _open(path: str) -> BinaryIO:
    return Path(path).open("rb")
