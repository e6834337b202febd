"""What the planner hands out: where each capture stands, small enough to be sent anywhere, and what came of the rest."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from pipeline.items import Source

Kind = Literal["record", "line", "page"]

Position = tuple[int, int]
"""A place in an input file: the byte where a compressed member begins, and the bytes into what it unpacks to."""

START: Position = (0, 0)


@dataclass(frozen=True, slots=True)
class Reference:
    """Where one capture stands: an archive's record, a line of JSON, or a page that is a file of its own.

    `member` is the archive's name within a WACZ. `offset` is the byte where the gzip member or zstd frame begins
    (of a plain file, where the record does), and `inner` how far into its unpacked bytes the record begins, since
    some tools put many into one. `body_of` is set for a revisit: where the bytes are. `is_repeat`: the address may have
    come before in this run, so that the ledger needs another name for it. `software` is what an archive says made it.
    """

    path: str
    offset: int
    inner: int = 0
    member: str | None = None
    kind: Kind = "record"
    line: int = 0
    body_of: "Reference | None" = None
    source: Source | None = None
    is_repeat: bool = False
    software: str | None = None

    @property
    def position(self) -> Position:
        """Where it begins."""
        return self.offset, self.inner

    @property
    def file(self) -> str:
        """The name of the file it is in, and of the member within it."""
        return name_of(self.path, self.member)

    @property
    def place(self) -> str:
        """Its place for a person: the file's name and the byte, or the line."""
        return place_of(self.file, self.position, self.line) if self.kind != "page" else self.file


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A record that was not taken in, by design: a word for counting."""

    reason: str
    position: Position = START


@dataclass(frozen=True, slots=True)
class Damaged:
    """A place in an input that holds nothing that can be read; `sentence` says what is wrong there."""

    place: str
    sentence: str
    position: Position = START
    reason: str = "damaged"


def name_of(path: str, member: str | None) -> str:
    """Return the name of an input file, and of the member within it, as they are shown and archived."""
    name = PurePath(path).name.encode("utf-8", "replace").decode()
    return f"{name}!{member}" if member else name


def place_of(file: str, position: Position, line: int = 0) -> str:
    """Return a place in a file as a person reads it."""
    if line:
        return f"{file}, line {line}"
    offset, inner = position
    within = f", {inner} bytes into what is packed there" if inner else ""
    return f"{file}, byte {offset}{within}"
