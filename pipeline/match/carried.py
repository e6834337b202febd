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

    Where both sides' sentences differ, as when half of one was quoted in another, it is the longer text's sentence;
    the shorter one's counts where it is whole within what the longer has of no sentence of its own.
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
    found: list[Carried] = []
    covered: list[tuple[int, int]] = []
    for bound, overlap in _overlaps(longer.bounds, back):
        if _is_carried(bound, overlap, longer.laid_out.scale):
            covered.append(overlap.others)
            found.append(_carried(longer, bound, (overlap.others, overlap.own), (overlap.words, None)))
    for bound, overlap in _overlaps(shorter.bounds, forth):
        whole = overlap.words >= bound[1] - bound[0]
        lies_free = not any(first < overlap.own[1] and overlap.own[0] < last for first, last in covered)
        if whole and lies_free and _is_carried(bound, overlap, shorter.laid_out.scale):
            found.append(_carried(shorter, bound, (overlap.own, overlap.others), (None, overlap.words)))
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
    words: tuple[int | None, int | None],
) -> Carried:
    whole = bound[1] - bound[0]
    first, last = character_span(owner, bound)
    key = xxhash.xxh3_64_intdigest(owner.laid_out.words[bound[0] : bound[1]].tobytes())
    # In the text that has it whole, its place is all of it.
    stand = tuple(bound if count is None else place for place, count in zip(places, words, strict=True))
    counts = tuple(whole if count is None else count for count in words)
    return Carried(
        key - (1 << 64) if key >= 1 << 63 else key,
        owner.text[first:last],
        whole,
        (stand[0], stand[1]),
        (counts[0], counts[1]),
    )
