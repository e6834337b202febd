"""Prints what newsfold makes of the corpus: `python -m tests.corpus.report`.

Of the pages that rules may be written with it names the worst, line by line; of those that are held back only sums.
With --pin it writes the figures to tests/gate.toml as floors.
"""

import argparse
from importlib.metadata import version

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.corpus.floors import AT_MOST, figures, is_pinned, pin, read_floors
from tests.corpus.loading import SETS, corpus, corpus_digest
from tests.corpus.measure import Measured, measured

_WIDTH = 118
_IN_GOLD = {"day": "published", "time": "published", "fact": "published", "no-article": "reason"}


def main() -> None:
    """Print the table and the worst pages."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus.report", description=__doc__)
    parser.add_argument("--worst", type=int, default=8, metavar="N", help="so many of the worst pages")
    parser.add_argument(
        "--page", metavar="NAME", help="only this page, of those that rules may be written with"
    )
    parser.add_argument("--pin", action="store_true", help="raise the floors to what is measured now")
    parser.add_argument("--lower-floors", action="store_true", help="with --pin: lower floors too")
    options = parser.parse_args()
    console = Console(width=_WIDTH, highlight=False)
    seen = measured("seen")
    if options.page:
        for result in (one for one in seen if one.page.name == options.page):
            _show(console, result)
        return
    console.print(
        f"trafilatura {version('trafilatura')}; corpus {corpus_digest()}, {len(corpus())} pages of our own writing"
    )
    _table(console)
    wrong = sorted(seen, key=lambda result: (result.f1 - all(result.facts.values()), result.page.name))
    for result in [one for one in wrong if one.blame.left or one.blame.lost or not all(one.facts.values())][
        : options.worst
    ]:
        _show(console, result)
    if options.pin:
        for line in pin(lower=options.lower_floors):
            console.print(f"not lowered: {line}")


def _table(console: Console) -> None:
    floors = read_floors()
    sums = {group: figures(measured(group)).values for group in SETS}
    table = Table("figure", *(f"{group}{what}" for group in SETS for what in ("", ": floor")), box=None)
    for name in dict.fromkeys(name for group in SETS for name in sums[group]):
        row = []
        for group in SETS:
            value, floor = sums[group].get(name), floors.sets[group].values.get(name)
            row += ["-" if value is None else f"{value:.3f}", "-" if floor is None else f"{floor:.3f}"]
        note = " (at most)" if name in AT_MOST else "" if is_pinned(name) else " (to compare)"
        table.add_row(name + note, *row)
    console.print(table)


def _show(console: Console, result: Measured) -> None:
    console.print(f"\n[bold]{result.page.name}[/] F1 {result.f1:.3f}, bare trafilatura {result.bare_f1:.3f}")
    for name, right in result.facts.items():
        if not right:
            answer = result.answers.get(name, result.answers.get("date", ""))
            wanted = result.page.gold.get(_IN_GOLD.get(name, name), "")
            console.print(f"  wrong {name}: {escape(answer[:70])}; it is {escape(repr(wanted)[:70])}")
    for mark, lines in (
        ("left ", result.blame.left),
        ("lost ", result.blame.lost),
        ("false removal ", result.false),
    ):
        for line in lines:
            console.print(f"  {mark}[dim]|[/] {escape(line[: _WIDTH - 20])}")


if __name__ == "__main__":
    main()
