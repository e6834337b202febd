"""The files that an import is given: what each is, told by its first bytes, and how it is known again."""

import hashlib
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.archive.scan import Broken
from pipeline.errors import Quarantine
from pipeline.foreign.opening import Opened
from pipeline.foreign.pages import MEDIA_TYPES
from pipeline.foreign.references import name_of

Sort = Literal["archive", "lines", "document", "page"]

_ENDS = 64 * 1024
_PACKINGS = (".gz", ".gzip", ".zst", ".zstd")
_LINES = (".jsonl", ".ndjson", ".jl", ".json")
_ARCHIVES = (".warc", ".arc", ".wat", ".wet")


@dataclass(frozen=True, slots=True)
class Input:
    """One file, or one archive within a WACZ: what sort it is, its bytes, and what it is known by when it comes again.

    A `document` is a file that is one JSON object over many lines.
    """

    path: str
    member: str | None
    sort: Sort
    size: int
    identity: bytes

    @property
    def name(self) -> str:
        """Its name, as it is shown."""
        return name_of(self.path, self.member)


def inputs_of(path: Path) -> list[Input]:
    """Return what there is to import in a file: the file itself, or the archives within a WACZ.

    Raises:
        Quarantine: it cannot be read, or is nothing that newsfold can import; the sentence says why.
    """
    name = name_of(str(path), None)
    try:
        if path.is_dir():
            raise Quarantine("a-folder", f"{name} is a folder; name the files in it.")
        identity, size = _identity(path)
        if zipfile.is_zipfile(path):
            return [
                Input(
                    str(path), member, "archive", packed, hashlib.sha256(identity + member.encode()).digest()
                )
                for member, packed in _members(path, name)
            ]
        return [Input(str(path), None, _sort_of(path, name), size, identity)]
    except OSError as error:
        raise Quarantine("unreadable", f"{name} cannot be read: {error.strerror or error}.") from error


def _identity(path: Path) -> tuple[bytes, int]:
    """Return a digest of a file's name, size and ends, and the size: a large file is not read twice to be known again."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        digest = hashlib.sha256(f"{size}:".encode() + os.fsencode(path.name) + b"\0" + file.read(_ENDS))
        file.seek(max(0, size - _ENDS))
        digest.update(file.read(_ENDS))
    return digest.digest(), size


def _members(path: Path, name: str) -> list[tuple[str, int]]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise Quarantine("damaged", f"{name} is a zip file that is damaged: {error}.") from error
    found = sorted(
        (entry.filename, entry.file_size)
        for entry in entries
        if entry.filename.startswith("archive/")
        and not entry.is_dir()
        and _suffix(entry.filename) in _ARCHIVES
    )
    if not found:
        raise Quarantine(
            "no-archive", f"{name} is a zip file without archives: a WACZ has them in `archive/`."
        )
    return found


def _suffix(name: str) -> str:
    bare = name.lower()
    for packing in _PACKINGS:
        bare = bare.removesuffix(packing)
    return os.path.splitext(bare)[1]  # noqa: PTH122 - a name, not a path


def _sort_of(path: Path, name: str) -> Sort:
    suffix = _suffix(path.name)
    try:
        opened = Opened(str(path))
    except Broken as error:
        raise Quarantine("damaged", f"{name} {error}.") from error
    try:
        begins = opened.unpacked(opened.first).read(512)
    except Broken as error:
        if suffix not in _ARCHIVES:
            raise Quarantine("damaged", f"{name} {error}.") from error
        begins = b""
    finally:
        opened.close()
    if begins.startswith((b"WARC/", b"filedesc://")) or suffix in _ARCHIVES:
        return "archive"
    is_json = begins.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
    if suffix in _LINES:
        # What is written over many lines begins with a brace that stands alone.
        return "document" if suffix == ".json" and begins.strip()[:2] in (b"{\n", b"{\r") else "lines"
    if opened.form == "plain" and (suffix in MEDIA_TYPES or begins.lstrip()[:1] == b"<"):
        return "page"
    if is_json:
        return "lines"
    raise Quarantine(
        "unknown-format",
        f"{name} is neither a WARC, ARC or WACZ file, nor lines of JSON, nor a page of HTML or text.",
    )
