"""The runs of words that two texts share, wherever they stand in either."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.match.fingerprint import SHINGLE

# A shingle that recurs all over a repetitive text adds no evidence after its first few places.
_PLACES = 32


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Maximal runs: the word at which each starts in the shorter and in the longer text, and its words."""

    shorter: npt.NDArray[np.int64]
    longer: npt.NDArray[np.int64]
    words: npt.NDArray[np.int64]


def shared_runs(
    shorter: npt.NDArray[np.uint64],
    longer: npt.NDArray[np.uint64],
    order: npt.NDArray[np.intp],
    counted: npt.NDArray[np.bool_] | None = None,
) -> Runs:
    """Return every run that two rows of shingles share, moved ones too, in no order that means anything.

    `order` sorts `longer`, stably: of a shingle that has more than 32 places there, the first 32 are looked
    at. `counted` masks the shingles of the shorter text that may take part; without it all do.

    Where place i has the shingle of place j there is a pair, and a run is a row of pairs on one diagonal
    j - i. With the diagonal and i in one number, sorting puts the pairs of a run in a row without gaps.
    """
    in_order = longer[order]
    first = np.searchsorted(in_order, shorter, side="left")
    places = np.minimum(np.searchsorted(in_order, shorter, side="right") - first, _PLACES)
    if counted is not None:
        places *= counted
    pairs = int(places.sum())
    if not pairs:
        nothing = np.empty(0, dtype=np.int64)
        return Runs(nothing, nothing, nothing)
    starts = np.repeat(np.arange(len(shorter)), places)
    nth = np.arange(pairs) - np.repeat(np.cumsum(places) - places, places)
    others = order[np.repeat(first, places) + nth]
    step = len(shorter) + 1
    keys = np.sort((others - starts + len(shorter)) * step + starts)
    begins = np.flatnonzero(np.diff(keys, prepend=keys[0] - 2) != 1)
    diagonals, own = np.divmod(keys[begins], step)
    return Runs(own, own + diagonals - len(shorter), np.diff(begins, append=pairs) + SHINGLE - 1)
