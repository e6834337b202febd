"""Taking the residue out of a text, line by line, by the catalogue's rules and by what was learned of its host."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.clean.canonical import fold_title, join_lines
from pipeline.clean.catalogue import LONGEST_RESIDUE, USUAL_LONGEST, Catalogue, Informs, Rule, catalogue
from pipeline.clean.furniture import NO_FURNITURE, RULE, Furniture, HostFurniture, matches
from pipeline.clean.page import Page
from pipeline.clean.structure import Place
from pipeline.items import RemovedLine

# The head and the tail reach at most this many lines that are neither prose nor residue into the text: what
# has no prose at all (a list, a poem) is not all head.
_REACH = 8
_ROUNDS = 3  # what one round takes is evidence for the next


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


def clean(
    lines: list[str],
    *,
    titles: Iterable[str] = (),
    stated: Iterable[str] = (),
    places: Sequence[Place | None] = (),
    host: str | None = None,
    furniture: Furniture = NO_FURNITURE,
    rules: Catalogue | None = None,
) -> Cleaned:
    """Remove the residue from an extractor's lines.

    Args:
        lines: the text as it was extracted, line by line; empty lines only part paragraphs.
        titles: the headlines known from outside these lines; their repetition is residue.
        stated: what the page's markup says of the article and may say in a line too: its authors, its section,
            its publisher, the caption of its picture.
        places: where each line stood on its page (`read_places`); empty for a text that came without one.
        host: the host that the text came from, for its own rules and its furniture.
        furniture: what was learned of hosts.
        rules: another catalogue than the one newsfold ships.
    """
    if places and len(places) != len(lines):
        raise ValueError(f"There are {len(places)} places for {len(lines)} lines.")
    known = frozenset(fold_title(title) for title in titles if title)
    page = Page(lines, known, places, frozenset(fold_title(fact) for fact in stated if fact))
    cleaner = _Cleaner(page, (rules or catalogue()).for_host(host), furniture.of(host))
    return cleaner.run()


class _Cleaner:
    def __init__(self, page: Page, rules: Catalogue, learned: HostFurniture) -> None:
        self.page = page
        self.rules = rules
        self.learned = learned
        self.removed: list[RemovedLine] = []
        self.hints: list[tuple[int, Hint]] = []
        self.worth_asking: dict[tuple[int, int], tuple[Rule, ...]] = {}

    def run(self) -> Cleaned:
        everywhere = range(len(self.page.lines))
        self._trim_line_ends(self.rules.rules_at("line-end"))
        anywhere = self.rules.rules_at("anywhere")
        safe = tuple(rule for rule in anywhere if rule.rule_class == "safe")
        judged = tuple(rule for rule in anywhere if rule.rule_class != "safe")
        for index in everywhere:
            self._try(safe, index)
        self._take_furniture()
        for number in range(_ROUNDS):
            before = len(self.removed)
            self._walk(self.rules.rules_at("head", "edges"), everywhere)
            self._walk(self.rules.rules_at("tail", "edges"), reversed(everywhere))
            for index in everywhere:
                if self.page.lines[index]:
                    self._try(judged, index)
            self._take_labels(self.rules.rules_at("label"))
            if len(self.removed) == before and (number > 0 or not self.page.suspects):
                break
        kept = (line for index, line in enumerate(self.page.lines) if index not in self.page.taken)
        return Cleaned(
            text=join_lines(kept),
            removed=tuple(
                replace(line, position=self.page.position(line.number))
                for line in sorted(self.removed, key=lambda line: (line.number, line.rule))
            ),
            hints=tuple(hint for _, hint in sorted(self.hints, key=lambda pair: pair[0])),
        )

    def _try(self, rules: tuple[Rule, ...], index: int) -> bool:
        """Take a line by the first rule that fits; return whether it is residue."""
        if index in self.page.taken:
            return True
        for rule in self._worth_asking(rules, index):
            told = rule.reads(self.page, index)
            if told is not None:
                confidence = rule.confidence(self.page, index)
                self.page.taken[index] = rule.name
                self.removed.append(
                    RemovedLine(
                        index,
                        self.page.raw[index],
                        rule.name,
                        rule_class=rule.rule_class,
                        confidence=confidence,
                    )
                )
                if rule.informs is not None:
                    self.hints.append((index, Hint(rule.informs, told, rule.name)))
                return True
        return False

    def _worth_asking(self, rules: tuple[Rule, ...], index: int) -> tuple[Rule, ...]:
        """Return those of some rules that may fit a line: what it says is the same in every round."""
        asked = id(rules), index
        known = self.worth_asking.get(asked)
        if known is None:
            line = self.page.lines[index]
            if len(line) > LONGEST_RESIDUE:
                rules = ()
            elif len(line) > USUAL_LONGEST:
                rules = self.rules.for_long(rules)
            known = self.worth_asking[asked] = tuple(rule for rule in rules if rule.may_fit(line))
        return known

    def _take_furniture(self) -> None:
        """Take the blocks that the host is known to set beside every story, where it sets them."""
        for index, block in matches(self.page, self.learned):
            if index not in self.page.taken:
                self.page.taken[index] = RULE
                confidence = round(min(1.0, block.stories / block.pages), 2) if block.pages else 1.0
                self.removed.append(
                    RemovedLine(
                        index, self.page.raw[index], RULE, rule_class="learned", confidence=confidence
                    )
                )

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
                match = rule.pattern.search(line, max(0, len(line) - rule.longest)) if rule.pattern else None
                if match is not None and match.end() == len(line):
                    self.page.lines[index] = line[: match.start()].rstrip()
                    self.removed.append(RemovedLine(index, match["value"].strip(), rule.name))
