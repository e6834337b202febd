"""Members of a zip file, as a WACZ is one, opened for reading at any place."""

import io
import os
import struct
import tempfile
import weakref
import zipfile
import zlib
from functools import lru_cache
from lzma import LZMAError
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from pipeline.archive.scan import Broken

_LOCAL_HEADER = struct.Struct(
    "<26xHH"
)  # the lengths of name and extra field, at the end of a zip's local header
_CHUNK = 1024 * 1024
# A WACZ has its archives stored. Of one that does not, every process has a copy of its own, within a page's time limit.
_MOST_UNPACKED = 2 * 1024**3


def open_member(path: str, member: str) -> BinaryIO:
    """Open a member of a zip file: where it is stored, in its place; else a copy of it, unpacked once a process.

    Raises:
        OSError: it cannot be read, or there is no room for the copy.
        Broken: the zip file is damaged, or the member too large to be unpacked.
    """
    file = Path(path).open("rb")  # noqa: SIM115 - it is handed out
    try:
        with zipfile.ZipFile(file) as archive:
            entry = archive.getinfo(member)
            if entry.compress_type != zipfile.ZIP_STORED:
                status = os.fstat(file.fileno())
                copy = _unpacked(path, member, status.st_mtime_ns, status.st_size)
                file.close()
                return io.BufferedReader(_Window(copy, 0, entry.file_size))
        file.seek(entry.header_offset)
        name_length, extra_length = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
        start = entry.header_offset + _LOCAL_HEADER.size + name_length + extra_length
        return io.BufferedReader(_Window(file, start, entry.file_size))
    except (zipfile.BadZipFile, KeyError, struct.error, NotImplementedError, RuntimeError) as error:
        file.close()
        raise Broken(f"cannot be read from its zip file: {error}") from error
    except (Broken, OSError):
        file.close()
        raise


class _Bytes(Protocol):
    def fileno(self) -> int: ...
    def close(self) -> None: ...


class _Copy:
    """A nameless file that is gone from the disk with the last that reads it, also where the process is killed."""

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile(prefix="newsfold-")  # noqa: SIM115 - it lasts as long as this object
        weakref.finalize(self, self.file.close)

    def fileno(self) -> int:
        return self.file.fileno()

    def close(self) -> None:
        """Leave it open: others may read it."""


# Two, as a record of one archive may refer to the bytes in another.
@lru_cache(maxsize=2)
def _unpacked(path: str, member: str, _changed: int, _size: int) -> _Copy:
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo(member)
        if entry.file_size > _MOST_UNPACKED:  # no more than it states is read of it
            raise Broken(
                f"is {entry.file_size} bytes once unpacked from its zip file, and over {_MOST_UNPACKED} are not; "
                "pack that again without compression, as a WACZ should be: `zip -0`"
            )
        copy = _Copy()
        with archive.open(entry) as packed:
            while chunk := _read(packed):
                _write(copy, chunk)
    return copy


def _read(packed: IO[bytes]) -> bytes:
    try:
        return packed.read(_CHUNK)
    except (zlib.error, LZMAError, EOFError) as error:
        raise Broken(f"cannot be unpacked from its zip file: {error}") from error


def _write(copy: _Copy, chunk: bytes) -> None:
    try:
        copy.file.write(chunk)
        copy.file.flush()
    except OSError as error:
        said = (
            f"it could not be unpacked into {tempfile.gettempdir()} ({error.strerror}); free some space, "
            "name another folder in TMPDIR, or pack the zip file again without compression: `zip -0`"
        )
        raise OSError(error.errno, said) from error


class _Window(io.RawIOBase):
    """A part of a file as a file; several may be read at once, each at its own place."""

    def __init__(self, file: _Bytes, start: int, size: int) -> None:
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
        size = max(0, min(len(view), self._size - self._at))
        found = os.pread(self._file.fileno(), size, self._start + self._at)
        view[: len(found)] = found
        self._at += len(found)
        return len(found)

    def close(self) -> None:
        self._file.close()
        super().close()
