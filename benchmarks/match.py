"""How well copies are found and what it costs, beside other near-duplicate detection: `make bench-match`.

Each peer is a process of its own and takes the same made-up documents (`benchmarks/match_copies.py`) in the same
order. It is scored bare, as its own guide uses it, and with newsfold's comparison of the texts behind it; the
latter shows what the index finds, apart from what the threshold calls a copy.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.match_copies import COPIES, FRIENDS, Desk
from benchmarks.match_measures import Score, Truth, Verifier, score
from benchmarks.match_peers import OURS, PEERS
from benchmarks.match_plot import bars
from benchmarks.match_postgres import measure as measure_postgres
from benchmarks.match_sweep import sweep

_ROOT = Path(__file__).parents[1]
# An index that proposes more pairs than this a document has left the work to whoever compares them.
_COMPARED = 40
_PAGE = _ROOT / "docs" / "benchmarks" / "matching.md"


@dataclass(frozen=True, slots=True)
class Row:
    """One way of finding copies, and how it did."""

    name: str
    score: Score
    pairs: int


def _ask(name: str, python: str, texts: list[str]) -> dict[str, Any]:
    sys.stderr.write(f"{name} ...\n")
    done = subprocess.run(
        [sys.executable if name in OURS else python, "-m", "benchmarks.match_peers", name],
        input="\n".join(map(json.dumps, texts)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=_ROOT,
        env=os.environ | {"PYTHONPATH": str(_ROOT), "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"},
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _pairs(found: list[list[int]]) -> set[tuple[int, int]]:
    return {(min(pair), max(pair)) for pair in map(tuple, found)}


def _versions(python: str | None) -> str:
    names = ["datasketch", "rensa", "simhash", "numpy"]
    asked = "import sys; from importlib.metadata import version; print(*(f'{n} {version(n)}' for n in sys.argv[1:]), sep=', ')"
    peers = ""
    if python:
        peers = subprocess.run(
            [python, "-c", asked, *names], check=True, capture_output=True, text=True
        ).stdout.strip()
    return f"trafilatura {version('trafilatura')}, numpy {version('numpy')}, Python {platform.python_version()}; peers: {peers}"


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    line = ["| " + " | ".join(row) + " |" for row in (head, *rows)]
    return [line[0], "| --- " + "| ---: " * (len(head) - 1) + "|", *line[1:], ""]


def _quality(rows: list[Row]) -> list[str]:
    head = ["", "precision", "recall", "F1", "pairs", *COPIES]
    return _table(
        head,
        [
            [row.name, *(f"{value:.3f}" for value in (row.score.precision, row.score.recall, row.score.f1)), f"{row.pairs:,}"]
            + [f"{row.score.by_kind[kind]:.2f}" for kind in COPIES]
            for row in rows
        ],
    )  # fmt: skip


def _unverified(titles: list[str]) -> list[str]:
    if not titles:
        return []
    return [f"Not compared, at more than {_COMPARED} pairs a document: {', '.join(titles)}.", ""]


def _best(verified: list[Row]) -> list[str]:
    """How newsfold's recall stands to that of the best peer, whatever its pairs, and of those with no more pairs."""
    ours, *peers = verified
    lines = []
    for asked, rivals in (
        ("Of all that were compared", peers),
        (
            "Of the peers that propose no more pairs than newsfold does",
            [row for row in peers if row.pairs <= ours.pairs],
        ),
    ):
        if rivals:
            best = max(rivals, key=lambda row: row.score.recall)
            lines.append(
                f"{asked}, the best recall is that of {best.name}: {best.score.recall:.4f} with precision "
                f"{best.score.precision:.4f} and {best.pairs:,} pairs; newsfold's recall is {ours.score.recall / best.score.recall:.3f} "
                f"times that, with precision {ours.score.precision:.4f} and {ours.pairs:,} pairs."
            )  # fmt: skip
            lines.append("")
    return lines


def _costs(answers: dict[str, dict[str, Any]], documents: int) -> list[str]:
    base = answers["newsfold"]["answers"][0]["cpu"]["sketch"]
    rows = []
    for name, answer in answers.items():
        for each in answer["answers"]:
            cpu = each["cpu"]
            rates = [f"{documents / cpu[work]:,.0f}" if cpu[work] else "-" for work in ("query", "insert")]
            rows.append(
                [f"{name} {each['setting']}".strip(), f"{1e6 * cpu['sketch'] / documents:.0f}", f"{base / cpu['sketch']:.2f}",
                 *rates, f"{answer['memory'] / 1e6:.0f}"]
            )  # fmt: skip
    return _table(
        ["", "text to sketch, µs", "newsfold's share of it", "queries/s", "inserts/s", "memory, MB"], rows
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.match", description=__doc__)
    parser.add_argument(
        "--peers", metavar="PYTHON", help="the interpreter that has the peers; without, newsfold alone"
    )
    parser.add_argument("--docs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=[1_000, 10_000, 100_000], help="documents in Postgres"
    )
    parser.add_argument("--million", action="store_true", help="a million documents in Postgres, too")
    parser.add_argument(
        "--write", type=Path, default=_PAGE, help="the page that is written; the plot goes beside it"
    )
    return parser.parse_args()


def main() -> None:
    """Measure, and write what was measured."""
    options = _arguments()
    docs = Desk(options.seed).stream(options.docs)
    texts, truth, verifier = [doc.text for doc in docs], Truth(docs), Verifier(docs)
    answers = {
        name: _ask(name, options.peers or sys.executable, texts)
        for name in PEERS
        if options.peers or name in OURS
    }
    bare: list[Row] = []
    verified: list[Row] = []
    unverified: list[str] = []
    for name, answer in answers.items():
        for each in answer["answers"]:
            title = f"{name} {each['setting']}".strip()
            candidates = _pairs(each["candidates"])
            if name == "newsfold":
                reach = score(candidates, truth).recall
            else:
                pairs = _pairs(each["bare"])
                bare.append(Row(title, score(pairs, truth), len(pairs)))
            if len(candidates) > _COMPARED * len(docs):
                unverified.append(f"{title} ({len(candidates):,} pairs)")
                continue
            verified.append(Row(title, score(verifier.copies(candidates), truth), len(candidates)))
    out = [
        "# How well copies are found, and at what cost",
        "",
        (f"`python {' '.join(['-m benchmarks.match', *sys.argv[1:]])}` (`make bench-match`); {_versions(options.peers)}; "
        f"{len(os.sched_getaffinity(0))} cores. Processor time throughout."),
        "",
        f"{len(docs):,} made-up documents, {sum(len(text.split()) for text in texts) / len(texts):.0f} words on average: "
        f"{sum(map(len, truth.wanted.values())):,} copies of twelve kinds, and among the others "
        + ", ".join(f"{sum(doc.kind == kind for doc in docs):,} of the kind “{kind}”" for kind in FRIENDS)
        + ", which look like copies and are none.",
        "",
        "## With newsfold's comparison behind every index",
        "",
        "“pairs” are the candidates that had to be compared.",
        "",
        *_quality(verified),
        *_unverified(unverified),
        *_best(verified),
        "![F1 of each](matching.svg)",
        "",
        "## The peers bare",
        "",
        "A pair is called a copy when the sketches agree as the setting asks. “pairs” are those.",
        "",
        *_quality(bare),
        "## Cost",
        "",
        *_costs(answers, len(docs)),
        (f"newsfold's comparison: {1e6 * verifier.reading / len(docs):.0f} µs to lay a text out, once, and "
        f"{1e6 * verifier.comparing / len(verifier.known):.0f} µs a pair. Its candidates hold {reach:.4f} of all copies. "
        "SimHash is queried by looking at every value: no index finds more."),
        "",
        "## What newsfold gets wrong",
        "",
        ", ".join(f"{count} pairs: {kind}" for kind, count in verified[0].score.wrong.most_common()) or "No pair was wrong.",
        "",
        *_beyond(options.seed),
        "## The thresholds",
        "",
        "One is moved at a time, over the pairs that are candidates.",
        "",
        *_table(["threshold", "value", "precision", "recall", "F1"], sweep(verifier.known, truth)),
    ]  # fmt: skip
    options.write.parent.mkdir(parents=True, exist_ok=True)
    _write(options.write, out)
    plotted = [
        (f"{row.name}, verified" if row.name != "newsfold" else row.name, row.score.f1) for row in verified
    ]
    plotted += [(f"{row.name}, bare", row.score.f1) for row in bare]
    options.write.with_suffix(".svg").write_text(bars("F1 over all kinds of copies", plotted))
    if sizes := options.sizes + ([1_000_000] if options.million else []):
        out += ["## In Postgres", "", *measure_postgres(sizes)]
        _write(options.write, out)
    print("\n".join(out))


def _write(page: Path, lines: list[str]) -> None:
    page.write_text("\n".join(lines).rstrip() + "\n")


def _beyond(seed: int) -> list[str]:
    """What no shingle finds: the same report in other sentences."""
    desk = Desk(seed + 1)
    docs = [doc for _ in range(300) for doc in desk.paraphrased()]
    verifier = Verifier(docs)
    pairs = [(number, number + 1) for number in range(0, len(docs), 2)]
    copies = len(verifier.copies(pairs)) / len(pairs)
    quotes = sum(verifier.known[pair][0] == "quotes" for pair in pairs) / len(pairs)
    return [
        (
            f"Paraphrases, every sentence told again in another order and partly in other words: {copies:.3f} of {len(pairs)} are "
            f"called copies, {quotes:.3f} are said to quote. They are out of reach (see [matching](../matching.md))."
        ),
        "",
    ]


if __name__ == "__main__":
    main()
