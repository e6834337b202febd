"""Learned furniture: the lines that a host sets beside every story, as the corpus showed them.

What is learned is a value: it is handed to `prepare`, which stays a pure function of the capture, the recipe and it.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipeline.clean.canonical import fold_title
from pipeline.clean.page import Page

Region = Literal["head", "tail", "anywhere"]

RULE = "furniture"
"""The name that a line is recorded by, with the block's number behind it, when furniture took it."""

FURNITURE_VERSION = "1"
"""Raise it when the same blocks would take other lines."""

_DIGITS = re.compile(r"\d+")


def fold_line(line: str) -> str:
    """Return a line as furniture is compared: as a title is, and with every number alike (`12 comments`)."""
    return _DIGITS.sub("0", fold_title(line))


@dataclass(frozen=True, slots=True)
class Block:
    """A line, or a short run of lines, that a host repeats: folded, in order.

    `path` is the way to it in the page, where it is known; `stories` of the host's `pages` distinct stories had it.
    """

    id: int
    host: str
    region: Region
    lines: tuple[str, ...]
    path: str | None = None
    stories: int = 0
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Furniture:
    """All that was learned; empty where nothing was."""

    blocks: tuple[Block, ...] = ()
    _hosts: dict[str, "HostFurniture"] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of(self, host: str | None) -> "HostFurniture":
        """Return what was learned of a host; `www.` before its name makes no difference."""
        host = (host or "").removeprefix("www.")
        if not host or not self.blocks:
            return NOTHING_LEARNED
        if host not in self._hosts:
            self._hosts[host] = HostFurniture(block for block in self.blocks if block.host == host)
        return self._hosts[host]

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that something was learned of, without `www.`."""
        return frozenset(block.host for block in self.blocks)

    def version(self, host: str | None) -> str:
        """Return the name that this set has in a recipe of the host's pages; empty where nothing was learned."""
        return self.of(host).version


class HostFurniture:
    """The blocks of one host, ready to be looked up by their first line."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self.by_first: dict[str, list[Block]] = {}
        digest = hashlib.sha256(FURNITURE_VERSION.encode())
        # The longest run first: it says most. No number of a row goes into the version.
        for block in sorted(blocks, key=lambda one: (-len(one.lines), one.region, one.lines, one.path or "")):
            self.by_first.setdefault(block.lines[0], []).append(block)
            digest.update(repr((block.region, block.lines, block.path)).encode())
        self.version = f"furniture-{digest.hexdigest()[:10]}" if self.by_first else ""

    def starting(self, folded: str) -> Sequence[Block]:
        """Return the blocks that begin with a folded line."""
        return self.by_first.get(folded, ())


NOTHING_LEARNED = HostFurniture(())
NO_FURNITURE = Furniture()


def matches(page: Page, learned: HostFurniture) -> list[tuple[int, Block]]:
    """Return the lines of a page that are furniture, each with its block, in order.

    A block of the head counts only where all above it is residue, furniture or no paragraph; one of the tail where
    all below it is.
    """
    if not learned.by_first:
        return []
    shown = [index for index, line in enumerate(page.lines) if line and index not in page.taken]
    folded = [fold_line(page.lines[index]) for index in shown]
    found: list[tuple[list[int], Block]] = []
    for start, first in enumerate(folded):
        for block in learned.starting(first):
            size = len(block.lines)
            if tuple(folded[start : start + size]) == block.lines and _fits(page, shown[start], block):
                found.append((shown[start : start + size], block))
    candidates = {index for run, _ in found for index in run}
    prose = [index for index in shown if index not in candidates and page.is_prose(index)]
    first_prose, last_prose = (prose[0], prose[-1]) if prose else (len(page.lines), -1)
    taken: dict[int, Block] = {}
    for run, block in found:
        if (block.region == "head" and run[-1] > first_prose) or (
            block.region == "tail" and run[0] < last_prose
        ):
            continue
        for index in run:
            taken.setdefault(index, block)
    return sorted(taken.items(), key=lambda pair: pair[0])


def _fits(page: Page, index: int, block: Block) -> bool:
    """Tell whether a line came the way that its block always came, where both are known."""
    place = page.place(index)
    return block.path is None or place is None or place.path == block.path
