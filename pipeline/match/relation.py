"""How two documents are related, with the measured evidence.

No threshold on Jaccard can tell a copy that is wrapped in a longer text from two texts that quote the
same speech, so the evidence is taken apart: how much of the shorter text is in the longer one, how long
the shared runs are, and how much of the shared text is prose rather than quotation.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from pipeline.match.fingerprint import hash_shingles, window_of, winnow_positions
from pipeline.match.particulars import Particulars, particulars
from pipeline.match.runs import Index, Runs, index_shingles, shared_runs
from pipeline.match.words import hash_words_with_quotes

Kind = Literal["identical", "near", "contains", "quotes", "none"]

CONTAINED = 0.65
CONTAINED_WHEN_SHORT = 0.80
SHORT_TEXT = 40  # shingles
BOTH_WAYS = 0.80  # of the shorter side's containment
UNQUOTED = 0.55
ALIGNED_RUN = 8  # words
LONG_RUN = 25  # words
TELLING_RUN = 12  # words, when it is also this share of the shorter text:
TELLING_SHARE = 0.05
PARTICULARS_LOST = 3
PARTICULARS_KEPT = 0.40
PARTICULARS_KEPT_TOGETHER = 0.20


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was measured between a shorter and a longer text. Shares are 0 to 1, runs are in words.

    `containment` is the share of the shorter text's distinct shingles found in the longer one,
    `containment_longer` the converse; `unquoted` is the share of the shorter text's words outside
    quotation marks that lie in shared runs of at least eight words. `figures` and `names` are the shares of
    the shorter text's distinct figures and names that the longer one has too, `figures_lost` and
    `names_lost` how many it has not.
    """

    jaccard: float
    containment: float
    containment_longer: float
    longest_run: int
    unquoted: float
    shared: int
    shorter_shingles: int
    shorter_words: int
    figures: float = 1.0
    figures_lost: int = 0
    names: float = 1.0
    names_lost: int = 0
    scale: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A document laid out for comparison; build it once with `read_text` and compare it often."""

    words: npt.NDArray[np.uint64]
    quoted: npt.NDArray[np.bool_]
    unspaced: npt.NDArray[np.bool_]
    scale: float
    shingles: npt.NDArray[np.uint64]
    index: Index
    particulars: Particulars


def read_text(text: str) -> Text:
    """Lay a clean text out for `compare`."""
    words = hash_words_with_quotes(text)
    shingles = hash_shingles(words.hashes)
    return Text(
        words.hashes,
        words.quoted,
        words.unspaced,
        words.scale,
        shingles,
        index_shingles(shingles),
        particulars(text, words.single),
    )


def compare(shorter: Text, longer: Text, furniture: AbstractSet[int] = frozenset()) -> tuple[Kind, Evidence]:
    """Return how two texts are related, and the evidence for it.

    `shorter` must have no more words than `longer`. `furniture` holds fingerprint hashes (signed, as
    stored) of passages that recur across documents; what they cover counts for nothing,
    unless the texts are the same nearly throughout.

    Raises:
        ValueError: `shorter` is the longer one.
    """
    if len(shorter.words) > len(longer.words):
        raise ValueError("compare() takes the shorter text first.")
    evidence = measure(shorter, longer)
    if len(shorter.words) and np.array_equal(shorter.words, longer.words):
        return "identical", evidence
    kind = classify(evidence)
    # A text that fifty outlets printed recurs as furniture does. Two texts that are nearly all the same are
    # copies however many others there are; only of less than that may furniture be the cause.
    if kind in {"near", "none"} or not furniture:
        return kind, evidence
    evidence = measure(shorter, longer, furniture)
    return classify(evidence), evidence


def without(text: Text, furniture: AbstractSet[int]) -> Text:
    """Return a text whose standing passages are no part of any run that it shares with another."""
    return replace(text, index=_counted(text, furniture)) if furniture else text


def classify(evidence: Evidence) -> Kind:
    """Return the kind of relation that the evidence supports between two texts that are not identical."""
    short = evidence.shorter_shingles < SHORT_TEXT * evidence.scale
    enough = CONTAINED_WHEN_SHORT if short else CONTAINED
    if evidence.containment >= enough and evidence.unquoted >= UNQUOTED and not fills_one_form(evidence):
        both_ways = evidence.containment_longer >= max(enough, BOTH_WAYS * evidence.containment)
        return "near" if both_ways else "contains"
    if evidence.longest_run >= LONG_RUN * evidence.scale:
        return "quotes"
    telling = max(TELLING_RUN * evidence.scale, TELLING_SHARE * evidence.shorter_words)
    return "quotes" if evidence.longest_run >= telling else "none"


def fills_one_form(evidence: Evidence) -> bool:
    """Whether two texts of the same sentences have figures or names of their own: a desk's form, filled in twice.

    An editor corrects one figure or two, and cuts names with their sentences; a market note of another day
    changes nearly all of them. A short one has few of either: they are counted together, if it lost some of both.
    """
    if (evidence.figures_lost >= PARTICULARS_LOST and evidence.figures < PARTICULARS_KEPT) or (
        evidence.names_lost >= PARTICULARS_LOST and evidence.names < PARTICULARS_KEPT
    ):
        return True
    if not evidence.figures_lost or not evidence.names_lost:
        return False
    lost = evidence.figures_lost + evidence.names_lost
    figures = evidence.figures_lost / (1 - evidence.figures)
    names = evidence.names_lost / (1 - evidence.names)
    return 1 - lost / (figures + names) < PARTICULARS_KEPT_TOGETHER


def measure(shorter: Text, longer: Text, furniture: AbstractSet[int] = frozenset()) -> Evidence:
    """Measure the evidence between two texts, without judging it."""
    index, other = _counted(shorter, furniture), _counted(longer, furniture)
    runs = shared_runs(index, other)
    scale = shorter.scale
    aligned = _aligned(runs, len(shorter.words), ALIGNED_RUN * scale)
    prose = ~shorter.quoted if not shorter.quoted.all() else np.ones(len(shorter.words), dtype=np.bool_)
    own = shorter.particulars
    figures_lost = len(own.figures - longer.particulars.figures)
    names_lost = len(own.names - longer.particulars.words)
    return Evidence(
        jaccard=_share(runs.shared, index.distinct + other.distinct - runs.shared),
        containment=_share(runs.shared, index.distinct),
        containment_longer=_share(runs.shared, other.distinct),
        longest_run=int(runs.words.max(initial=0)),
        unquoted=_share(int(np.count_nonzero(aligned & prose)), int(np.count_nonzero(prose))),
        shared=runs.shared,
        shorter_shingles=index.distinct,
        shorter_words=len(shorter.words),
        figures=_share(len(own.figures) - figures_lost, len(own.figures), 1.0),
        figures_lost=figures_lost,
        names=_share(len(own.names) - names_lost, len(own.names), 1.0),
        names_lost=names_lost,
        scale=scale,
    )


def _share(part: int, whole: int, of_nothing: float = 0.0) -> float:
    return part / whole if whole else of_nothing


def _counted(text: Text, furniture: AbstractSet[int]) -> Index:
    if not furniture:
        return text.index
    return index_shingles(text.shingles, ~_furniture_mask(text.shingles, furniture))


def _furniture_mask(shingles: npt.NDArray[np.uint64], furniture: AbstractSet[int]) -> npt.NDArray[np.bool_]:
    """Mark the shingles of standing passages.

    Only winnowed hashes are known to recur, so a passage is the stretch from one recurring winnowed
    shingle to the next when no other winnowed shingle lies between them. It may begin and end up to a
    window further out.
    """
    mask = np.zeros(len(shingles), dtype=np.bool_)
    kept = winnow_positions(shingles)
    reach = window_of(len(shingles)) - 1
    recurs = [int(value) in furniture for value in shingles[kept].view(np.int64)]
    for index, position in enumerate(kept):
        if recurs[index]:
            until = kept[index + 1] if index + 1 < len(kept) and recurs[index + 1] else position
            mask[max(0, position - reach) : until + reach + 1] = True
    return mask


def _aligned(runs: Runs, words: int, minimum: float) -> npt.NDArray[np.bool_]:
    """Mark the words of the shorter text that lie in a shared run of some length."""
    long = runs.words >= minimum
    starts, ends = runs.shorter[long], np.minimum(runs.shorter[long] + runs.words[long], words)
    depth = np.bincount(starts, minlength=words + 1) - np.bincount(ends, minlength=words + 1)
    return np.asarray(np.cumsum(depth[:words]) > 0)
