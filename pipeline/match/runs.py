"""The runs of words that two texts share, wherever they stand in either."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.match.fingerprint import SHINGLE

# A shingle that recurs all over a repetitive text adds no evidence after its first few places.
_PLACES = 32


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """The shingles of a text in ascending order, where each stands, and which are the first of their value."""

    ordered: npt.NDArray[np.uint64]
    places: npt.NDArray[np.intp]
    firsts: npt.NDArray[np.bool_]
    distinct: int


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Maximal runs: the word at which each starts in the shorter and in the longer text, and its words.

    `shared` counts the distinct shingles that both texts have.
    """

    shorter: npt.NDArray[np.int64]
    longer: npt.NDArray[np.int64]
    words: npt.NDArray[np.int64]
    shared: int


def index_shingles(shingles: npt.NDArray[np.uint64], counted: npt.NDArray[np.bool_] | None = None) -> Index:
    """Index a text's shingles; with `counted`, a mask of the same shape, those that it marks only."""
    # Stable, so that the first places of a value are the same ones on every machine.
    places = np.argsort(shingles, kind="stable")
    if counted is not None:
        places = places[counted[places]]
    ordered = shingles[places]
    firsts = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=firsts[1:])
    return Index(ordered, places, firsts, int(np.count_nonzero(firsts)))


def shared_runs(shorter: Index, longer: Index) -> Runs:
    """Return every run of words that two texts share, moved ones too, in no order that means anything.

    Of a shingle that has more than 32 places in the longer text, the first 32 are looked at.

    Where place i has the shingle of place j there is a pair, and a run is a row of pairs on one diagonal
    j - i. With the diagonal and i in one number, sorting puts the pairs of a run in a row without gaps.
    """
    left = longer.ordered.searchsorted(shorter.ordered, side="left")
    count = longer.ordered.searchsorted(shorter.ordered, side="right") - left
    found = count.nonzero()[0]
    if not len(found):
        nothing = np.empty(0, dtype=np.int64)
        return Runs(nothing, nothing, nothing, 0)
    shared = int(np.count_nonzero(shorter.firsts[found]))
    left, count = left[found], np.minimum(count[found], _PLACES)
    starts, others = shorter.places[found], left
    pairs = int(count.sum())
    if pairs > len(found):
        starts, others = starts.repeat(count), left.repeat(count)
        others = others + (np.arange(pairs) - (count.cumsum() - count).repeat(count))
    others = longer.places[others]
    height = int(shorter.places.max()) + 1
    step = height + 1
    keys = (others - starts + height) * step + starts
    keys.sort()
    breaks = np.flatnonzero(keys[1:] - keys[:-1] != 1) + 1
    begins = np.concatenate(([0], breaks))
    length = np.concatenate((breaks, [pairs])) - begins
    diagonals, own = np.divmod(keys[begins], step)
    return Runs(own, own + diagonals - height, length + SHINGLE - 1, shared)
