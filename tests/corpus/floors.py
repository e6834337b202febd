"""The figures of a set of pages, and the floors in `tests/gate.toml` under which they must not fall."""

import math
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.corpus.loading import SETS, corpus_digest
from tests.corpus.measure import Measured, measured

GATE = Path(__file__).parents[1] / "gate.toml"
AT_MOST = frozenset(["false-removals", "residue-left", "wrong-facts"])
"""The figures that are better the lower they are; of all others the higher is the better."""


@dataclass(frozen=True)
class Figures:
    """The figures of a set by name, and the F1 of each of its pages that have an article."""

    values: Mapping[str, float]
    pages: Mapping[str, float]


def figures(results: Iterable[Measured]) -> Figures:
    """Sum up measured pages.

    `f1` and `f1-LANGUAGE` are means over pages, `bare-f1...` those of `trafilatura.extract(..., include_comments=False)`,
    and `gain` is what newsfold has more;
    `false-removals` is the share of all removed lines' tokens that are the article; `residue-left` the tokens that
    a text has beyond the article, a page; `wrong-facts` the share of the dates given as facts that are wrong; all others are shares of the pages
    on which the question arises.
    """
    results = list(results)
    articles = [result for result in results if result.page.gold["article"]]
    values: dict[str, float] = {}
    by_language: dict[str, list[Measured]] = defaultdict(list)
    for result in articles:
        by_language[result.page.gold["language"]].append(result)
    for suffix, group in (("", articles), *((f"-{code}", by_language[code]) for code in sorted(by_language))):
        values[f"f1{suffix}"] = _mean(result.f1 for result in group)
        values[f"bare-f1{suffix}"] = _mean(result.bare_f1 for result in group)
    values["gain"] = values["f1"] - values["bare-f1"]
    asked = sorted({name for result in results for name in result.facts} - {"fact"})
    for name in asked:
        values[name] = _mean(result.facts[name] for result in results if name in result.facts)
    facts = [result.facts["fact"] for result in results if "fact" in result.facts]
    values["wrong-facts"] = 1 - _mean(facts) if facts else 0.0
    removed = sum(result.removed_tokens for result in articles)
    false = sum(result.false_tokens for result in articles)
    values["false-removals"] = false / removed if removed else 0.0
    values["residue-left"] = _mean(result.left_tokens for result in articles)
    return Figures(values, {result.page.name: result.f1 for result in articles})


def _mean(numbers: Iterable[float]) -> float:
    numbers = list(numbers)
    return sum(numbers) / len(numbers) if numbers else 0.0


@dataclass(frozen=True)
class Floors:
    """What `tests/gate.toml` holds: the digest of the corpus, and by set the floors and the pages' F1 of that time."""

    digest: str
    sets: Mapping[str, Figures]


def read_floors() -> Floors:
    """Read the floors; none where the file is not there."""
    if not GATE.exists():
        return Floors("", {group: Figures({}, {}) for group in SETS})
    held = tomllib.loads(GATE.read_text("utf-8"))
    return Floors(
        held["digest"], {group: Figures(held[group]["floor"], held[group]["page"]) for group in SETS}
    )


def rounded(name: str, value: float) -> float:
    """A figure as it is pinned: three digits, in the direction that leaves room, not the one that asks for more."""
    thousandths = value * 1000
    near = math.ceil(thousandths - 1e-6) if name in AT_MOST else math.floor(thousandths + 1e-6)
    return near / 1000


def is_pinned(name: str) -> bool:
    """Tell whether a figure has a floor: bare trafilatura's are only there to compare with."""
    return not name.startswith("bare-")


def is_worse(name: str, value: float, floor: float) -> bool:
    """Tell whether a figure lies under its floor, or over it where low is good."""
    value = rounded(name, value)
    return value > floor if name in AT_MOST else value < floor


def pin(*, lower: bool) -> list[str]:
    """Write the present figures as floors, and return what was left as it was since it would have been lowered.

    With `lower`, floors are lowered too; without, those that the present figures do not reach stay.
    """
    before = read_floors()
    rows = [
        "# The floors under which the figures of the corpus must not fall, and each page's F1 when they were pinned.\n",
        "# `python -m tests.corpus.report --pin` raises them; only with --lower-floors does it lower any.\n",
        f'digest = "{corpus_digest()}"\n',
    ]
    kept = []
    for group in SETS:
        now = figures(measured(group))
        rows.append(f"\n[{group}.floor]\n")
        for name, value in now.values.items():
            if not is_pinned(name):
                continue
            floor = before.sets[group].values.get(name)
            if floor is not None and is_worse(name, value, floor) and not lower:
                kept.append(f"{group} {name}: {floor} stays, though it is {value:.3f} now")
                rows.append(f"{name} = {floor}\n")
            else:
                rows.append(f"{name} = {rounded(name, value)}\n")
        rows.append(f"\n[{group}.page]\n")
        rows += [f"{name} = {value:.3f}\n" for name, value in now.pages.items()]
    GATE.write_text("".join(rows), "utf-8")
    return kept
