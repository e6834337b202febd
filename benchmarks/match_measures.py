"""How right a set of pairs is, by kind of copy, and what newsfold's comparison makes of candidates."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.match_copies import COPIES, Doc
from pipeline.match.relation import Evidence, Kind, Text, compare, read_text

Pair = tuple[int, int]
_COPY: frozenset[Kind] = frozenset({"identical", "near", "contains"})


@dataclass
class Truth:
    """What is so. `same`: pairs of one family; `wanted`: each copy with its report, by kind of copy.

    Two copies of one report that were each changed may have too little in common: finding such a pair is right, and
    missing it is no miss.
    """

    docs: list[Doc]
    same: set[Pair] = field(default_factory=set)
    wanted: dict[str, set[Pair]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        families: defaultdict[int, list[int]] = defaultdict(list)
        for number, doc in enumerate(self.docs):
            families[doc.family].append(number)
        for members in families.values():
            for place, one in enumerate(members):
                for other in members[place + 1 :]:
                    self.same.add((one, other))
                    kinds = {self.docs[one].kind, self.docs[other].kind} - {"original"}
                    if "original" in (self.docs[one].kind, self.docs[other].kind) and kinds:
                        self.wanted[kinds.pop()].add((one, other))


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and their harmonic mean; recall by kind of copy; what the wrong pairs are."""

    precision: float
    recall: float
    by_kind: dict[str, float]
    wrong: Counter[str]

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def score(pairs: Iterable[Pair], truth: Truth) -> Score:
    """Judge the pairs that were called copies."""
    found = set(pairs)
    right = found & truth.same
    wanted = [pair for kind in COPIES for pair in truth.wanted[kind]]
    return Score(
        len(right) / len(found) if found else 1.0,
        sum(pair in found for pair in wanted) / len(wanted),
        {
            kind: sum(pair in found for pair in truth.wanted[kind]) / len(truth.wanted[kind])
            for kind in COPIES
        },
        Counter(" and ".join(sorted({truth.docs[n].kind for n in pair})) for pair in found - right),
    )


class Verifier:
    """Newsfold's exact comparison; a pair is compared once, whoever proposes it."""

    def __init__(self, docs: list[Doc]) -> None:
        begin = time.process_time()
        self.texts: list[Text] = [read_text(doc.text) for doc in docs]
        self.reading = time.process_time() - begin
        self.comparing = 0.0
        self.known: dict[Pair, tuple[Kind, Evidence]] = {}

    def copies(self, candidates: Iterable[Pair]) -> set[Pair]:
        """Those of the candidates that are copies."""
        chosen = set(candidates)
        begin = time.process_time()
        for pair in chosen - self.known.keys():
            shorter, longer = sorted((self.texts[n] for n in pair), key=lambda text: len(text.words))
            self.known[pair] = compare(shorter, longer)
        self.comparing += time.process_time() - begin
        return {pair for pair in chosen if self.known[pair][0] in _COPY}
