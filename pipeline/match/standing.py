"""Standing passages: where in a text the fingerprint hashes stand that recur across a source's stories."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from pipeline.match.fingerprint import SHINGLE, winnow_positions
from pipeline.match.relation import read_text
from pipeline.match.words import spans


@dataclass(frozen=True, slots=True)
class Standing:
    """A passage as it stands in a text, and the recurring hashes (signed, as stored) that it has."""

    words: str
    hashes: frozenset[int]


def standing_passages(text: str, recurring: AbstractSet[int]) -> list[Standing]:
    """Return the passages of a text that winnowed hashes of `recurring` cover, in order.

    A passage goes from one such hash to the last before a hash that does not recur: up to a window more of it may
    stand on either side.
    """
    shingles = read_text(text).shingles
    kept = winnow_positions(shingles)
    hashes = shingles[kept].view(np.int64).tolist()
    runs: list[list[int]] = []
    goes_on = False
    for index, value in enumerate(hashes):
        if value in recurring:
            if goes_on:
                runs[-1].append(index)
            else:
                runs.append([index])
        goes_on = value in recurring
    places = spans(text)
    return [
        Standing(
            text[places[kept[run[0]]][0] : places[min(kept[run[-1]] + SHINGLE, len(places)) - 1][1]],
            frozenset(hashes[index] for index in run),
        )
        for run in runs
    ]
