"""What newsfold's matching is measured beside: `python -m benchmarks.match_peers NAME`, a process each.

It reads texts from standard input, one JSON string a line, and takes them in one after the other: look for copies
among those before, then add. It answers with one JSON object: the processor time of sketching, looking and adding,
the memory it came to, and the pairs that each setting found: `candidates`, what the index proposed, and `bare`,
what was left of them when the sketches themselves were compared, as the packages' own guides do.
"""

import json
import re
import resource
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

_PERMUTATIONS = 128
_SHINGLE = 5
_WORD = re.compile(r"\w+")

Pairs = list[tuple[int, int]]


def shingles(text: str) -> list[str]:
    """The distinct 5-word shingles of a text, as newsfold has them but for its folds."""
    words = _WORD.findall(text.lower())
    count = max(1, len(words) - _SHINGLE + 1)
    return list({" ".join(words[start : start + _SHINGLE]) for start in range(count)})


class Clock:
    """Processor time by what it was spent on."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    def time(self, name: str, work: Callable[[], Any]) -> Any:
        """Do some work and charge it to a name."""
        begin = time.process_time()
        result = work()
        self.spent[name] = self.spent.get(name, 0.0) + time.process_time() - begin
        return result


def _answer(setting: str, clock: Clock, candidates: Pairs, bare: Pairs) -> dict[str, Any]:
    # While the index still lives; its pairs are in it too, for all alike.
    return {
        "setting": setting,
        "cpu": clock.spent,
        "candidates": candidates,
        "bare": bare,
        "memory": _resident(),
    }


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def _datasketch_sketches(texts: list[str]) -> tuple[list[Any], float]:
    from datasketch import MinHash  # noqa: PLC0415 - each peer in a process of its own

    begin = time.process_time()
    sketches = []
    for text in texts:
        sketch = MinHash(num_perm=_PERMUTATIONS)
        sketch.update_batch([shingle.encode() for shingle in shingles(text)])
        sketches.append(sketch)
    return sketches, time.process_time() - begin


def _one_by_one(
    sketches: list[Any],
    clock: Clock,
    query: Callable[[Any], Iterable[int]],
    add: Callable[[int, Any], Any],
    agrees: Callable[[Any, Any], bool],
) -> tuple[Pairs, Pairs]:
    candidates: Pairs = []
    bare: Pairs = []
    for number, sketch in enumerate(sketches):
        found = clock.time("query", lambda sketch=sketch: [int(key) for key in query(sketch)])
        candidates += [(other, number) for other in found]
        bare += clock.time(
            "query",
            lambda found=found, sketch=sketch, number=number: [
                (other, number) for other in found if agrees(sketches[other], sketch)
            ],
        )
        clock.time("insert", lambda number=number, sketch=sketch: add(number, sketch))
    return candidates, bare


def datasketch(texts: list[str]) -> list[dict[str, Any]]:
    """MinHash LSH at several thresholds of Jaccard."""
    from datasketch import MinHashLSH  # noqa: PLC0415

    sketches, spent = _datasketch_sketches(texts)
    answers = []
    for threshold in (0.3, 0.5, 0.7, 0.9):
        clock = Clock()
        clock.spent["sketch"] = spent
        index = MinHashLSH(threshold=threshold, num_perm=_PERMUTATIONS)
        candidates, bare = _one_by_one(
            sketches, clock, index.query, index.insert, lambda a, b, t=threshold: a.jaccard(b) >= t
        )
        answers.append(_answer(f"LSH({threshold})", clock, candidates, bare))
    return answers


def ensemble(texts: list[str]) -> list[dict[str, Any]]:
    """LSHEnsemble, made for containment: it takes all texts at once, and its queries give no measure to check."""
    from datasketch import MinHashLSHEnsemble  # noqa: PLC0415

    sketches, spent = _datasketch_sketches(texts)
    sizes = [len(shingles(text)) for text in texts]
    answers = []
    for threshold in (0.7, 0.8):
        clock = Clock()
        clock.spent["sketch"] = spent
        index = MinHashLSHEnsemble(threshold=threshold, num_perm=_PERMUTATIONS, num_part=16)
        entries = list(zip(range(len(texts)), sketches, sizes, strict=True))
        clock.time("insert", lambda index=index, entries=entries: index.index(entries))
        pairs = set()
        for number, sketch in enumerate(sketches):
            found = clock.time(
                "query", lambda index=index, n=number, s=sketch: list(index.query(s, sizes[n]))
            )
            pairs |= {(min(number, other), max(number, other)) for other in found if other != number}
        answers.append(_answer(f"({threshold})", clock, sorted(pairs), sorted(pairs)))
    return answers


def rensa(texts: list[str]) -> list[dict[str, Any]]:
    """The MinHash LSH of rensa, whose core is Rust."""
    from rensa import RMinHash, RMinHashLSH  # noqa: PLC0415

    begin = time.process_time()
    sketches = []
    for text in texts:
        sketch = RMinHash(_PERMUTATIONS, 42)
        sketch.update(shingles(text))
        sketches.append(sketch)
    spent = time.process_time() - begin
    answers = []
    for threshold, bands in ((0.3, 64), (0.5, 32), (0.7, 16)):
        clock = Clock()
        clock.spent["sketch"] = spent
        index = RMinHashLSH(threshold, _PERMUTATIONS, bands)
        candidates, bare = _one_by_one(
            sketches, clock, index.query, index.insert, lambda a, b, t=threshold: a.jaccard(b) >= t
        )
        answers.append(_answer(f"LSH({threshold}, {bands} bands)", clock, candidates, bare))
    return answers


def _near(values: list[int], distances: tuple[int, ...], name: str, spent: float) -> list[dict[str, Any]]:
    """Pairs within some bits of each other, by looking at all: an index can find no more than these."""
    import numpy as np  # noqa: PLC0415

    hashes = np.array(values, dtype=np.uint64)
    answers = []
    for distance in distances:
        clock = Clock()
        clock.spent["sketch"] = spent
        pairs: Pairs = []
        for number in range(1, len(hashes)):
            near = clock.time(
                "query",
                lambda n=number, d=distance: np.flatnonzero(
                    np.bitwise_count(hashes[:n] ^ hashes[n]) <= d
                ).tolist(),
            )
            pairs += [(other, number) for other in near]
        clock.spent["insert"] = 0.0
        answers.append(_answer(f"{name}{distance} bits", clock, pairs, pairs))
    return answers


def simhash(texts: list[str]) -> list[dict[str, Any]]:
    """SimHash of the package of that name, over the same shingles."""
    from simhash import Simhash  # noqa: PLC0415

    begin = time.process_time()
    values = [Simhash(shingles(text)).value for text in texts]
    return _near(values, (3, 8, 14), "", time.process_time() - begin)


def trafilatura(texts: list[str]) -> list[dict[str, Any]]:
    """The SimHash that trafilatura has, over its own choice of words."""
    from trafilatura.deduplication import Simhash  # noqa: PLC0415

    begin = time.process_time()
    values = [Simhash(text).hash for text in texts]
    return _near(values, (3, 6, 12), "", time.process_time() - begin)


def newsfold(texts: list[str]) -> list[dict[str, Any]]:
    """Newsfold's fingerprints in a dictionary, and the candidates that its query gives."""
    from collections import Counter, defaultdict  # noqa: PLC0415

    from pipeline.match.fingerprint import SHINGLE, SHORT, fingerprint  # noqa: PLC0415
    from pipeline.match.words import hash_words  # noqa: PLC0415
    from pipeline.settings import CANDIDATES_PER_HASH, MIN_SHARED_HASHES  # noqa: PLC0415

    clock = Clock()
    marks: list[list[int]] = []
    sizes: list[int] = []
    begin = time.process_time()
    for text in texts:
        words = hash_words(text)
        sizes.append(len(words))
        marks.append(fingerprint(words).tolist())
    clock.spent["sketch"] = time.process_time() - begin
    bearers: defaultdict[int, list[int]] = defaultdict(list)

    def look(number: int) -> Pairs:
        shared = Counter(other for mark in marks[number] for other in bearers[mark][-CANDIDATES_PER_HASH:])
        short = SHORT + SHINGLE
        return [
            (other, number)
            for other, count in shared.items()
            if count >= MIN_SHARED_HASHES or min(sizes[other], sizes[number]) < short
        ]

    def add(number: int) -> None:
        for mark in marks[number]:
            bearers[mark].append(number)

    pairs: Pairs = []
    for number in range(len(texts)):
        pairs += clock.time("query", lambda number=number: look(number))
        clock.time("insert", lambda number=number: add(number))
    return [_answer("", clock, pairs, [])]


PEERS: dict[str, Callable[[list[str]], list[dict[str, Any]]]] = {
    "newsfold": newsfold,
    "datasketch": datasketch,
    "LSHEnsemble": ensemble,
    "rensa": rensa,
    "simhash": simhash,
    "trafilatura": trafilatura,
}
OURS = ("newsfold", "trafilatura")
"""These run where newsfold is installed, the others in the environment of the peers."""


def main() -> None:
    """Answer for the peer that the command line names."""
    texts = [json.loads(line) for line in sys.stdin]
    before = _resident()
    answers = PEERS[sys.argv[1]](texts)
    json.dump({"answers": answers, "memory": max(each["memory"] for each in answers) - before}, sys.stdout)


if __name__ == "__main__":
    main()
