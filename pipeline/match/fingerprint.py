"""Fingerprints: 5-word shingles, hashed to 64 bits and thinned by winnowing.

Winnowing (Schleimer, Wilkerson and Aiken, "Winnowing: local algorithms for document fingerprinting",
SIGMOD 2003) keeps the smallest hash of every window: any run of SHINGLE + WINDOW - 1 = 20 words that
two texts share is certain to give both at least one common hash. A random sample promises nothing.
"""

import numpy as np
import numpy.typing as npt

from pipeline.items import Fingerprint

FINGERPRINT_VERSION = "winnow-5x16-1"
"""Named in the recipe; raise it whenever the fingerprint of any text would change."""

SHINGLE = 5
WINDOW = 16
# A short text has few windows. The minimum of a window is also the minimum of every smaller window around
# it, so a finer winnowing keeps all that the coarse one keeps, and the promise above holds across the two.
SHORT_WINDOW = 4
SHORT = 64

_FACTORS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5, 0xD6E8FEB86659FD93],
    dtype=np.uint64,
)
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_SHIFT = np.uint64(33)


def hash_shingles(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return one hash for each run of five words: shape (n,) to (n - 4,), uint64.

    A text of one to four words has a single shingle, of all its words; an empty one has none.
    """
    count = len(words)
    if count == 0:
        return np.empty(0, dtype=np.uint64)
    span = min(SHINGLE, count)
    starts = count - span + 1
    mixed = np.zeros(starts, dtype=np.uint64)
    for offset in range(span):
        mixed += words[offset : offset + starts] * _FACTORS[offset]
    mixed ^= mixed >> _SHIFT
    mixed *= _MIX
    mixed ^= mixed >> _SHIFT
    return mixed


def window_of(shingles: int) -> int:
    """Return the winnowing window, in shingles, for a text that has so many."""
    return min(shingles, SHORT_WINDOW if shingles < SHORT else WINDOW)


def winnow_positions(shingles: npt.NDArray[np.uint64]) -> npt.NDArray[np.intp]:
    """Return the positions that winnowing keeps, ascending; the rightmost minimum of each window."""
    if len(shingles) == 0:
        return np.empty(0, dtype=np.intp)
    window = window_of(len(shingles))
    windows = np.lib.stride_tricks.sliding_window_view(shingles, window)
    rightmost = window - 1 - windows[:, ::-1].argmin(axis=1)
    return np.unique(rightmost + np.arange(len(windows)))


def fingerprint(words: npt.NDArray[np.uint64]) -> Fingerprint:
    """Return the winnowed shingle hashes of a text's words, sorted, unique, as signed 64-bit integers."""
    least = hash_shingles(words)
    if len(least) == 0:
        return np.empty(0, dtype=np.int64)
    # The hashes that `winnow_positions` keeps are the minima of the windows. Those of a window of 2n are those
    # of two windows of n side by side, or that overlap.
    window, width = window_of(len(least)), 1
    while width < window:
        step = min(width, window - width)
        least = np.minimum(least[:-step], least[step:])
        width += step
    kept = least.view(np.int64)
    kept.sort()
    return kept[np.concatenate(([True], kept[1:] != kept[:-1]))]
