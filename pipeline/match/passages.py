"""Which passages two texts share, and where they stand in each."""

from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush

import numpy as np
import numpy.typing as npt

from pipeline.match.relation import ALIGNED_RUN, Text
from pipeline.match.runs import shared_runs
from pipeline.match.words import GRAM


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of words that two texts share; places and length are counted in words."""

    start_shorter: int
    start_longer: int
    words: int


def shared_passages(shorter: Text, longer: Text, minimum: int = ALIGNED_RUN) -> list[Passage]:
    """Return the passages of at least `minimum` words that two texts share, in the shorter text's order.

    They do not overlap in the shorter text: the longest is taken first (of two as long, the earlier), and of
    the others what it leaves. A passage that stands elsewhere in the longer text is found as well as one in
    its place, so the starts in the longer text need not ascend, and one of its passages may be taken twice.
    In a script without spaces a word is a character, and a passage needs `minimum` + 3 of them. Runs of fewer than five words are not seen, whatever the minimum. `pipeline.match.words.spans` says
    where the words stand in a text.
    """
    runs = shared_runs(shorter.index, longer.index)
    # Longest first, then in the texts' order; what is cut short by another comes back as the pieces left of it.
    waiting = [
        (-words, start, start_longer)
        for start, start_longer, words in zip(
            runs.shorter.tolist(), runs.longer.tolist(), _within(runs.words, shorter).tolist(), strict=True
        )
        if words >= minimum
    ]
    heapify(waiting)
    taken = np.zeros(len(shorter.words), dtype=np.bool_)
    passages: list[Passage] = []
    while waiting:
        negative, start, start_longer = heappop(waiting)
        end = start - negative
        pieces = _free(taken[start:end])
        if pieces == [(0, end - start)]:
            taken[start:end] = True
            passages.append(Passage(start, start_longer, end - start))
            continue
        for first, last in pieces:
            if last - first >= minimum:
                heappush(waiting, (first - last, start + first, start_longer + first))
    passages.sort(key=lambda passage: passage.start_shorter)
    following = [passage.start_shorter for passage in passages[1:]] + [len(shorter.words)]
    return [_lengthened(passage, end, shorter) for passage, end in zip(passages, following, strict=False)]


def _lengthened(passage: Passage, end: int, shorter: Text) -> Passage:
    """The last character of a run is the same with those that its hash took in."""
    last = passage.start_shorter + passage.words - 1
    more = 0
    while more < GRAM - 1 and last + more + 1 < end and shorter.unspaced[last : last + more + 2].all():
        more += 1
    return replace(passage, words=passage.words + more) if more else passage


def _within(words: npt.NDArray[np.int64], shorter: Text) -> npt.NDArray[np.int64]:
    """A text of fewer words than a shingle has is one shingle all the same."""
    return np.minimum(words, len(shorter.words))


def _free(taken: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the stretches that nothing has taken, as (first, past the last)."""
    edges = np.flatnonzero(np.diff(taken, prepend=True, append=True))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
