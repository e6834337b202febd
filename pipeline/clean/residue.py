"""Taking the residue out of a text, line by line, by the catalogue's rules."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.clean.canonical import fold_title, join_lines
from pipeline.clean.catalogue import Catalogue, Informs, Rule, catalogue
from pipeline.clean.page import Page
from pipeline.items import RemovedLine

# The head and the tail reach at most this many lines that are neither prose nor residue into the text: what
# has no prose at all (a list, a poem) is not all head.
_REACH = 8


@dataclass(frozen=True, slots=True)
class Hint:
    """What a removed line still tells: the text it told it with, and the rule that read it."""

    informs: Informs
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The canonical clean text, the lines that were removed, and what they told."""

    text: str
    removed: tuple[RemovedLine, ...]
    hints: tuple[Hint, ...]


def clean(lines: list[str], *, titles: Iterable[str] = (), rules: Catalogue | None = None) -> Cleaned:
    """Remove the residue from an extractor's lines.

    Args:
        lines: the text as it was extracted, line by line; empty lines only part paragraphs.
        titles: the headlines known from outside these lines; their repetition is residue.
        rules: another catalogue than the one newsfold ships.
    """
    known = frozenset(fold_title(title) for title in titles if title)
    cleaner = _Cleaner(Page(lines, known), rules or catalogue())
    return cleaner.run()


class _Cleaner:
    def __init__(self, page: Page, rules: Catalogue) -> None:
        self.page = page
        self.rules = rules
        self.removed: list[RemovedLine] = []
        self.hints: list[tuple[int, Hint]] = []

    def run(self) -> Cleaned:
        everywhere = range(len(self.page.lines))
        self._trim_line_ends(self.rules.rules_at("line-end"))
        anywhere = self.rules.rules_at("anywhere")
        for index in everywhere:
            self._try(anywhere, index)
        self._walk(self.rules.rules_at("head", "edges"), everywhere)
        self._walk(self.rules.rules_at("tail", "edges"), reversed(everywhere))
        self._take_labels(self.rules.rules_at("label"))
        kept = (line for index, line in enumerate(self.page.lines) if index not in self.page.taken)
        return Cleaned(
            text=join_lines(kept),
            removed=tuple(sorted(self.removed, key=lambda line: (line.number, line.rule))),
            hints=tuple(hint for _, hint in sorted(self.hints, key=lambda pair: pair[0])),
        )

    def _try(self, rules: Iterable[Rule], index: int) -> bool:
        """Take a line by the first rule that fits; return whether it is residue."""
        if index in self.page.taken:
            return True
        for rule in rules:
            told = rule.reads(self.page, index)
            if told is not None:
                self.page.taken[index] = rule.name
                self.removed.append(RemovedLine(index, self.page.raw[index], rule.name))
                if rule.informs is not None:
                    self.hints.append((index, Hint(rule.informs, told, rule.name)))
                return True
        return False

    def _walk(self, rules: tuple[Rule, ...], indices: Iterable[int]) -> None:
        """Take lines from one end of the text inwards, until its prose."""
        passed = 0
        for index in indices:
            if not self.page.lines[index] or self._try(rules, index):
                continue
            passed += 1
            if self.page.is_prose(index) or passed > _REACH:
                return

    def _take_labels(self, rules: tuple[Rule, ...]) -> None:
        """Take headings with nothing under them; from below, since one may stand under another."""
        for index in reversed(range(len(self.page.lines))):
            if not self.page.lines[index] or index in self.page.taken:
                continue
            below = self.page.neighbour(index, +1)
            while below is not None and self.page.taken.get(below) == "ad-marker":
                # What an advertisement parts from its heading still stands under it.
                below = self.page.neighbour(below, +1)
            if below is None or below in self.page.taken:
                self._try(rules, index)

    def _trim_line_ends(self, rules: tuple[Rule, ...]) -> None:
        """Cut residue that was glued to the end of a paragraph."""
        for index, line in enumerate(self.page.lines):
            for rule in rules:
                match = rule.pattern.search(line) if rule.pattern else None
                if match is not None and match.end() == len(line):
                    self.page.lines[index] = line[: match.start()].rstrip()
                    self.removed.append(RemovedLine(index, match["value"].strip(), rule.name))
