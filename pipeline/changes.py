"""What a re-processing changed, or would change: summed up as it is read, in memory that does not grow with it."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pipeline.store.changed import ChangedDocument

WORST = 20
"""How many documents are shown with their lines."""

_MOVED = 50  # documents that change story, of which the addresses are kept


@dataclass(slots=True)
class RuleChange:
    """What one rule took or gave back: lines, and in how many documents. The rule "" is the extractor."""

    removed: int = 0
    restored: int = 0
    documents: int = 0


@dataclass(slots=True)
class Summary:
    """Counts by kind, by rule, by source and by fact; the documents that changed most, and those that change story."""

    documents: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    rules: dict[str, RuleChange] = field(default_factory=lambda: defaultdict(RuleChange))
    sources: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    moved: list[ChangedDocument] = field(default_factory=list)
    moves: int = 0
    _worst: list[tuple[int, str, int, ChangedDocument]] = field(default_factory=list)

    def add(self, changes: Iterable[ChangedDocument]) -> None:
        """Count some changed documents in."""
        for change in changes:
            self.documents += 1
            self.kinds[change.kind] += 1
            self.facts.update(change.facts)
            self.sources[change.source or ""][change.kind] += 1
            for line in change.lines:
                rule = self.rules[line.rule]
                rule.removed += line.what in ("removed", "lost")
                rule.restored += line.what in ("restored", "found")
            for name in {line.rule for line in change.lines}:
                self.rules[name].documents += 1
            if change.moves:
                self.moves += 1
                if len(self.moved) < _MOVED:
                    self.moved.append(change)
            if change.lines:
                # The address makes the order one and the same however the work was parted; the number, a tuple
                # that never compares two documents.
                heapq.heappush(self._worst, (change.words, change.address, self.documents, change))
                if len(self._worst) > WORST:
                    heapq.heappop(self._worst)

    @property
    def worst(self) -> list[ChangedDocument]:
        """The documents whose lines changed most, by words, the worst first."""
        return [change for *_, change in sorted(self._worst, key=lambda one: (-one[0], one[1]))]

    def as_json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "documents": self.documents,
            "kinds": dict(self.kinds),
            "facts": dict(self.facts),
            "rules": {
                name or "extractor": {
                    "removed": rule.removed,
                    "restored": rule.restored,
                    "documents": rule.documents,
                }
                for name, rule in sorted(self.rules.items())
            },
            "sources": {name or None: dict(kinds) for name, kinds in sorted(self.sources.items())},
            "worst": [_document(change) for change in self.worst],
            "moves": self.moves,
            "moved": [_document(change) for change in self.moved],
        }


def _document(change: ChangedDocument) -> dict[str, Any]:
    return {
        "address": change.address,
        "source": change.source,
        "title": change.title,
        "kind": change.kind,
        "before": change.before,
        "after": change.after,
        "facts": list(change.facts),
        "lines": [{"what": line.what, "rule": line.rule or None, "text": line.text} for line in change.lines],
        "stories_before": list(change.stories_before),
        "stories_after": list(change.stories_after),
    }
