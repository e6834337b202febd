"""Which sentences of two texts stand in both, whole or in good part, and where."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import xxhash

from pipeline.match.passages import shared_passages
from pipeline.match.relation import ALIGNED_RUN, Text, read_text, without
from pipeline.match.sentences import sentences
from pipeline.match.words import spans

LEAST_WORDS = ALIGNED_RUN
"""Fewer words in a row than this are a turn of phrase, and no sentence that somebody took."""

LEAST_SHARE = 0.5
"""A sentence of which less than half was taken is not carried."""


@dataclass(frozen=True, slots=True, eq=False)
class Sentenced:
    """A text laid out by sentences; `bounds` are the sentences' first words and those past their last."""

    text: str
    laid_out: Text
    spans: list[tuple[int, int]]
    bounds: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Carried:
    """A sentence that two texts have, by the words of the one in which it is whole.

    `key` is a signed 64-bit hash of its folded words; `places` say of the shorter text and of the longer which
    of their words it is, as (first, past the last).
    """

    key: int
    text: str
    words: int
    places: tuple[tuple[int, int], tuple[int, int]]
    carried: tuple[int, int]


@dataclass(slots=True)
class _Overlap:
    """What of a sentence the other text has: words in all, and the longest stretch in either."""

    words: int = 0
    longest: int = 0
    own: tuple[int, int] = (0, 0)
    others: tuple[int, int] = (0, 0)


def lay_out(text: str) -> Sentenced:
    """Lay a clean text out for `carried_sentences`."""
    places = spans(text)
    bounds: list[tuple[int, int]] = []
    word = 0
    for _, last in sentences(text):
        first_word = word
        while word < len(places) and places[word][0] < last:
            word += 1
        if word > first_word:
            bounds.append((first_word, word))
    return Sentenced(text, read_text(text), places, bounds)


def carried_sentences(
    shorter: Sentenced, longer: Sentenced, furniture: frozenset[int] = frozenset()
) -> list[Carried]:
    """Return the sentences of either text that the other has, whole or at least half of them.

    Where the two sides' sentences differ, the one that stands whole in the other text counts, as a sentence does that
    was quoted with a few words around it; where neither does, the longer text's.
    `furniture` holds the fingerprint hashes of standing passages, which nobody took from anybody.
    """
    runs = shared_passages(
        without(shorter.laid_out, furniture), without(longer.laid_out, furniture),
        round(LEAST_WORDS * shorter.laid_out.scale),
    )  # fmt: skip
    if not runs:
        return []
    forth = [(run.start_shorter, run.start_longer, run.words) for run in runs]
    back = [(run.start_longer, run.start_shorter, run.words) for run in runs]
    scale = shorter.laid_out.scale
    own = [
        (bound, overlap)
        for bound, overlap in _overlaps(shorter.bounds, forth)
        if _is_carried(bound, overlap, scale)
    ]
    others = [
        (bound, overlap)
        for bound, overlap in _overlaps(longer.bounds, back)
        if _is_carried(bound, overlap, scale)
    ]
    found: list[Carried] = []
    covered: list[tuple[int, int]] = []  # words of the longer text

    def take(owner: Sentenced, chosen: Sequence[tuple[tuple[int, int], _Overlap]], *, whole: bool) -> None:
        for bound, overlap in chosen:
            place = overlap.own if owner is longer else overlap.others
            if (overlap.words >= bound[1] - bound[0]) != whole or any(
                first < place[1] and place[0] < last for first, last in covered
            ):
                continue
            covered.append(place)
            if owner is longer:
                found.append(
                    _carried(owner, bound, (overlap.others, bound), (overlap.words, bound[1] - bound[0]))
                )
            else:
                found.append(
                    _carried(owner, bound, (bound, overlap.others), (bound[1] - bound[0], overlap.words))
                )

    take(longer, others, whole=True)
    take(shorter, own, whole=True)
    take(longer, others, whole=False)
    return found


def character_span(text: Sentenced, words: tuple[int, int]) -> tuple[int, int]:
    """Return where words (first, past the last) stand in the text: first character, and past the last.

    The mark that ends a sentence belongs to it.
    """
    first, last = text.spans[words[0]][0], text.spans[words[1] - 1][1]
    while last < len(text.text) and text.text[last] in ".!?…。！？":
        last += 1
    return first, last


def is_quoted(text: Sentenced, words: tuple[int, int]) -> bool:
    """Tell whether most of these words stand in quotation marks."""
    inside = text.laid_out.quoted[words[0] : words[1]]
    return bool(inside.sum() * 2 > len(inside))


def _overlaps(
    bounds: Sequence[tuple[int, int]], runs: Sequence[tuple[int, int, int]]
) -> list[tuple[tuple[int, int], _Overlap]]:
    """Return the sentences that lie in runs (own start, the other's start, words), with what lies in them."""
    found: dict[tuple[int, int], _Overlap] = defaultdict(_Overlap)
    ordered = sorted(runs)
    begin = 0
    for bound in bounds:
        while begin < len(ordered) and ordered[begin][0] + ordered[begin][2] <= bound[0]:
            begin += 1
        for own, other, words in ordered[begin:]:
            if own >= bound[1]:
                break
            first, last = max(own, bound[0]), min(own + words, bound[1])
            if last <= first:
                continue
            overlap = found[bound]
            overlap.words = min(overlap.words + last - first, bound[1] - bound[0])
            if last - first > overlap.longest:
                overlap.longest = last - first
                overlap.own, overlap.others = (first, last), (other + first - own, other + last - own)
    return list(found.items())


def _is_carried(bound: tuple[int, int], overlap: _Overlap, scale: float) -> bool:
    return (
        overlap.longest >= LEAST_WORDS * scale and overlap.words >= LEAST_SHARE * (bound[1] - bound[0])
    )  # fmt: skip


def _carried(
    owner: Sentenced,
    bound: tuple[int, int],
    places: tuple[tuple[int, int], tuple[int, int]],
    carried: tuple[int, int],
) -> Carried:
    first, last = character_span(owner, bound)
    key = xxhash.xxh3_64_intdigest(owner.laid_out.words[bound[0] : bound[1]].tobytes())
    return Carried(
        key - (1 << 64) if key >= 1 << 63 else key, owner.text[first:last], bound[1] - bound[0], places, carried
    )  # fmt: skip
