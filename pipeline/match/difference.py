"""How two texts differ: what each has of the other, in place or moved, and what it has alone."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pipeline.match.fingerprint import SHINGLE
from pipeline.match.passages import shared_passages
from pipeline.match.relation import Text, read_text
from pipeline.match.words import spans


@dataclass(frozen=True, slots=True)
class SharedPassage:
    """A passage that both texts have; places and lengths are in words. `moved`: it stands in another order."""

    number: int
    start_one: int
    start_other: int
    words: int
    moved: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one line: `passage` is the number of the shared passage that it belongs to, None where it is its text's own."""

    text: str
    words: int
    passage: int | None
    moved: bool
    quoted: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of words that one text has alone, as it stands there."""

    start: int
    words: int
    text: str


@dataclass(frozen=True, eq=False)
class Side:
    """One of two texts that are compared, its words marked with the numbers of the passages they belong to (-1: none)."""

    text: str
    read: Text
    marks: npt.NDArray[np.int64]

    @cached_property
    def words(self) -> list[tuple[int, int]]:
        """Where each word stands in the text."""
        return spans(self.text)

    @property
    def shared(self) -> float:
        """The share of its words that are in shared passages, 0 to 1."""
        return float((self.marks >= 0).mean()) if len(self.marks) else 0.0

    @property
    def shared_prose(self) -> float:
        """The share of its words outside quotation marks that are in shared passages, 0 to 1."""
        prose = ~self.read.quoted
        return float((self.marks[prose] >= 0).mean()) if prose.any() else 0.0

    def own(self) -> list[Stretch]:
        """Return the runs of words that it has alone, in order."""
        edges = np.flatnonzero(np.diff(self.marks < 0, prepend=False, append=False))
        return [
            Stretch(first, last - first, self.text[self.words[first][0] : self.words[last - 1][1]])
            for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
        ]


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """Two texts, laid out beside each other: the shared passages, in the order of the one."""

    one: Side
    other: Side
    passages: tuple[SharedPassage, ...]

    def rows(self) -> list[tuple[list[Segment] | None, list[Segment] | None]]:
        """Return the lines of both, those that share most beside each other; None where a line stands alone."""
        one, other = self._lines(self.one), self._lines(self.other)
        rows: list[tuple[list[Segment] | None, list[Segment] | None]] = []
        done_one = done_other = 0
        for line_one, line_other in [*self._pairs(), (len(one), len(other))]:
            rows += [(line, None) for line in one[done_one:line_one]]
            rows += [(None, line) for line in other[done_other:line_other]]
            if line_one < len(one):
                rows.append((one[line_one], other[line_other]))
            done_one, done_other = line_one + 1, line_other + 1
        return rows

    def _lines(self, side: Side) -> list[list[Segment]]:
        moved = {passage.number for passage in self.passages if passage.moved}
        lines, start, word = [], 0, 0
        for line in side.text.split("\n"):
            end, first = start + len(line), word
            while word < len(side.words) and side.words[word][0] < end:
                word += 1
            lines.append(_segments(side, (start, end), (first, word), moved))
            start = end + 1
        return lines

    def _pairs(self) -> list[tuple[int, int]]:
        """Return which lines stand beside each other: in order, those that share the most words."""
        starts = [_line_starts(side) for side in (self.one, self.other)]
        shared: Counter[tuple[int, int]] = Counter()
        for passage in self.passages:
            for offset in range(passage.words) if not passage.moved else ():
                own, its = passage.start_one + offset, passage.start_other + offset
                shared[
                    bisect_right(starts[0], self.one.words[own][0]) - 1,
                    bisect_right(starts[1], self.other.words[its][0]) - 1,
                ] += 1
        pairs = sorted(shared)
        chosen = _in_order([(one, one + 1, other, other + 1, shared[one, other]) for one, other in pairs])
        return [pairs[index] for index in chosen]


def tell_apart(one: str, other: str, minimum: int = SHINGLE) -> Difference:
    """Compare two clean texts; passages of fewer than `minimum` words are not looked for."""
    read_one, read_other = read_text(one), read_text(other)
    # Of two texts either may be the shorter one, and only the shorter one's passages never overlap.
    is_shorter = len(read_one.words) <= len(read_other.words)
    found = shared_passages(*((read_one, read_other) if is_shorter else (read_other, read_one)), minimum)
    places = sorted(
        (passage.start_shorter, passage.start_longer, passage.words)
        if is_shorter
        else (passage.start_longer, passage.start_shorter, passage.words)
        for passage in found
    )
    in_place = set(_in_order([(own, own + size, its, its + size, size) for own, its, size in places]))
    passages = tuple(
        SharedPassage(number, own, its, size, number not in in_place)
        for number, (own, its, size) in enumerate(places)
    )
    marks = (
        np.full(len(read_one.words), -1, dtype=np.int64),
        np.full(len(read_other.words), -1, dtype=np.int64),
    )
    # What is in its place and long marks first; a word belongs to one passage.
    for passage in sorted(passages, key=lambda passage: (passage.moved, -passage.words)):
        for mark, start in zip(marks, (passage.start_one, passage.start_other), strict=True):
            here = mark[start : start + passage.words]
            here[here < 0] = passage.number
    return Difference(Side(one, read_one, marks[0]), Side(other, read_other, marks[1]), passages)


def _segments(side: Side, line: tuple[int, int], words: tuple[int, int], moved: set[int]) -> list[Segment]:
    """Part a line where a passage or a quotation begins or ends; a mark before a word goes with the word."""
    first, last = words
    if first == last:
        return [Segment(side.text[slice(*line)], 0, None, moved=False, quoted=False)]
    kinds = [(int(side.marks[word]), bool(side.read.quoted[word])) for word in range(first, last)]
    cuts = [word for word in range(first + 1, last) if kinds[word - first] != kinds[word - first - 1]]
    bounds = [line[0], *(_cut(side, word) for word in cuts), line[1]]
    segments = []
    for begin, end, word, until in zip(bounds, bounds[1:], [first, *cuts], [*cuts, last], strict=False):
        passage, quoted = kinds[word - first]
        segments.append(
            Segment(
                side.text[begin:end],
                until - word,
                passage if passage >= 0 else None,
                moved=passage in moved,
                quoted=quoted,
            )
        )
    return segments


def _cut(side: Side, word: int) -> int:
    """Return where the text is parted before a word: behind the last space between it and the one before."""
    before, start = side.words[word - 1][1], side.words[word][0]
    space = side.text.rfind(" ", before, start)
    return start if space < 0 else space + 1


def _line_starts(side: Side) -> list[int]:
    starts = [0]
    for line in side.text.split("\n")[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _in_order(places: Sequence[tuple[int, int, int, int, int]]) -> list[int]:
    """Return the indices of the places that stand in one order in both texts and weigh the most together.

    A place is its begin and end in the one text, begin and end in the other, and its weight; they come sorted.
    """
    best: list[int] = []
    before: list[int] = []
    for index, (begin, _, begin_other, _, weight) in enumerate(places):
        chosen, most = -1, 0
        for earlier in range(index):
            _, end, _, end_other, _ = places[earlier]
            if end <= begin and end_other <= begin_other and best[earlier] > most:
                chosen, most = earlier, best[earlier]
        best.append(most + weight)
        before.append(chosen)
    at = max(range(len(best)), key=best.__getitem__, default=-1)
    chain = []
    while at >= 0:
        chain.append(at)
        at = before[at]
    return chain[::-1]
