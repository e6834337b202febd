"""How good the clean text is and what it costs, beside bare trafilatura and other extractors: `make bench-clean`.

Each extractor is a process of its own. Every page goes to all of them in turn, several times; the least CPU time of a
page counts, so what else the machine does weighs on all alike. Quality is measured on the corpus of the gate
(`tests/corpus`), CPU there and on larger made-up pages (`benchmarks/newspages.py` and `benchmarks/fullpages.py`).
"""

import argparse
import base64
import json
import os
import platform
import select
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import mean
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.extractors import EXTRACTORS
from benchmarks.fullpages import pages as full_pages
from benchmarks.newspages import pages as large_pages
from tests.corpus.lines import f1
from tests.corpus.loading import SETS, CorpusPage, corpus, corpus_digest

_ROOT = Path(__file__).parents[1]
_OURS = ("newsfold", "trafilatura", "trafilatura with metadata")
_BASE = "trafilatura"
_WARM_UP = 5
_MADE_UP = {"large": large_pages, "full": full_pages}


@dataclass
class Worker:
    """An extractor's process; it is started anew where it hangs beyond its own time limit, or dies."""

    name: str
    python: str
    limit: float
    process: subprocess.Popen[str] | None = None

    def ask(self, page: dict[str, str]) -> dict[str, Any]:
        """Have a page extracted."""
        if self.process is None:
            self.process = subprocess.Popen(
                [self.python, "-m", "benchmarks.extractors", self.name, str(self.limit)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                cwd=_ROOT,
                env=os.environ | {"PYTHONPATH": str(_ROOT), "PYTHONHASHSEED": "0"},
            )
        assert self.process.stdin is not None  # noqa: S101 - opened as a pipe above
        assert self.process.stdout is not None  # noqa: S101
        try:
            self.process.stdin.write(json.dumps(page) + "\n")
            self.process.stdin.flush()
            ready, _, _ = select.select([self.process.stdout], [], [], self.limit + 60)
            line = self.process.stdout.readline() if ready else ""
        except BrokenPipeError:
            line = ""
        if not line:
            self.stop()
            return {
                "text": None,
                "title": None,
                "date": None,
                "error": "hung or died",
                "cpu": self.limit,
                "blocked": 0,
            }
        answer: dict[str, Any] = json.loads(line)
        return answer

    def stop(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self.process = None


@dataclass
class Score:
    """What one extractor did."""

    f1: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    title: list[bool] = field(default_factory=list)
    day: list[bool] = field(default_factory=list)
    undated: list[bool] = field(default_factory=list)
    no_article: list[bool] = field(default_factory=list)
    cpu: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    errors: Counter[str] = field(default_factory=Counter)
    blocked: int = 0

    def answer(self, page: CorpusPage, answer: dict[str, Any]) -> None:
        """Judge an answer."""
        gold, text = page.gold, answer["text"] or ""
        if answer["error"]:
            self.errors[answer["error"]] += 1
        self.blocked += answer["blocked"]
        if not gold["article"]:
            self.no_article.append(not text)
            return
        self.f1[page.meta["set"]].append(f1(text, "\n".join(gold["text"]), neutral=gold["standfirst"]))
        self.title.append(answer["title"] == gold["title"])
        day = (answer["date"] or "")[:10]
        if gold["precision"] == "none":
            self.undated.append(not day)
        else:
            self.day.append(day == gold["published"][:10])


def _asked(page: CorpusPage) -> dict[str, str]:
    return {**page.meta, "body": base64.b64encode(page.html).decode(), "text": page.decoded}


def _made_up(kind: str, number: int) -> Iterable[tuple[str, dict[str, str]]]:
    for n, body in enumerate(_MADE_UP[kind](number)):
        yield (
            f"{kind}-{n}",
            {
                "address": f"https://bench.example/article/{n}.html",
                "content_type": "text/html; charset=utf-8",
                "captured_at": "2024-12-05T10:00:00+00:00",
                "timezone": "",
                "body": base64.b64encode(body).decode(),
                "text": body.decode(),
            },
        )


def _measure(workers: list[Worker], rounds: int, large: int) -> dict[str, Score]:
    scores = {worker.name: Score() for worker in workers}
    for page in corpus()[:_WARM_UP]:
        for worker in workers:
            worker.ask(_asked(page))
    for number in range(rounds):
        for page in corpus():
            for worker in workers:
                answer = worker.ask(_asked(page))
                if number == 0:
                    scores[worker.name].answer(page, answer)
                if page.gold["article"]:
                    _keep_least(scores[worker.name].cpu["corpus"], page.name, answer["cpu"])
        for kind in _MADE_UP:
            for name, asked in _made_up(kind, large):
                for worker in workers:
                    _keep_least(scores[worker.name].cpu[kind], name, worker.ask(asked)["cpu"])
        sys.stderr.write(f"round {number + 1} of {rounds} done\n")
    return scores


def _keep_least(seconds: dict[str, float], name: str, taken: float) -> None:
    seconds[name] = min(taken, seconds.get(name, taken))


def _share(right: list[bool]) -> str:
    return f"{mean(right):.3f}" if right else "-"


def _table(scores: dict[str, Score]) -> Table:
    table = Table(
        "extractor", *(f"F1 {group}" for group in SETS), "title", "day", "undated", "no article",
        "CPU ms", "ratio", "large ms", "ratio", "full ms", "ratio", "failed", box=None,
    )  # fmt: skip
    base = scores[_BASE].cpu
    for name, score in scores.items():
        row = [name, *(f"{mean(score.f1[group]):.3f}" for group in SETS)]
        row += (
            ["-", "-", "-"]
            if name == _BASE
            else [_share(score.title), _share(score.day), _share(score.undated)]
        )
        row.append(_share(score.no_article))
        for kind in ("corpus", *_MADE_UP):
            spent = sum(score.cpu[kind].values())
            row += [f"{1000 * spent / len(score.cpu[kind]):.1f}", f"{spent / sum(base[kind].values()):.2f}"]
        table.add_row(*row, str(score.errors.total()))
    return table


def _versions(python: str, names: Iterable[str]) -> list[str]:
    asked = "import sys; from importlib.metadata import version; print(*(f'{n} {version(n)}' for n in sys.argv[1:]), sep='\\n')"
    return subprocess.run(
        [python, "-c", asked, *names], check=True, capture_output=True, text=True
    ).stdout.split("\n")[:-1]


def main() -> None:
    """Measure, and print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clean", description=__doc__)
    parser.add_argument(
        "--peers", metavar="PYTHON", help="the interpreter that has the peers; without, none are measured"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", type=int, default=40, help="so many of each kind of larger made-up pages")
    parser.add_argument("--limit", type=float, default=20.0, help="seconds a page")
    options = parser.parse_args()
    peers = [name for name in EXTRACTORS if name not in _OURS] if options.peers else []
    workers = [Worker(name, sys.executable, options.limit) for name in _OURS]
    workers += [Worker(name, options.peers, options.limit) for name in peers]
    try:
        scores = _measure(workers, options.rounds, options.large)
    finally:
        for worker in workers:
            worker.stop()
    console = Console(width=170, highlight=False)
    console.print("versions:", ", ".join([
        *(f"{name} {_version(name)}" for name in ("newsfold", "trafilatura", "lxml")),
        *(_versions(options.peers, peers) if peers else ()),
        f"Python {platform.python_version()}",
    ]))  # fmt: skip
    articles = sum(page.gold["article"] for page in corpus())
    size = mean(len(page.html) for page in corpus()) / 1000
    big, full = (mean(len(body) for body in made(options.large)) / 1000 for made in _MADE_UP.values())
    console.print(
        f"data: corpus {corpus_digest()}, {len(corpus())} pages of our own writing ({articles} with an article, {size:.0f} kB "
        f"on average); {options.large} large pages of {big:.0f} kB and {options.large} full ones of {full:.0f} kB, made up; {len(os.sched_getaffinity(0))} cores"
    )
    console.print("command: python", " ".join(["-m benchmarks.clean", *sys.argv[1:]]))
    console.print(_table(scores))
    console.print(
        "title, day: right, of the pages that state one; undated: no date given as a fact, where none is stated;\n"
        "no article: nothing extracted from pages that have none; ratio: CPU to bare trafilatura's; all but newsfold are\n"
        "handed the page as text, rightly decoded."
    )
    for name, score in scores.items():
        for error, number in score.errors.most_common(3):
            console.print(f"{name}: {number} times {error}", markup=False)
        if score.blocked:
            console.print(f"{name}: {score.blocked} tries to reach the network were refused")
    if scores["newsfold"].errors:
        sys.exit("newsfold failed on some of the pages: its figures above are not to be used.")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "of this checkout"


if __name__ == "__main__":
    main()
