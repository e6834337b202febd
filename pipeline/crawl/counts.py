"""What a crawl has done so far, source by source, for the progress display, the summary and the exit code."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class SourceCounts:
    """One source's figures in a run: `outcomes` by the ledger's words, `reasons` of what came to nothing.

    `answered` counts answers of any kind, `well` those with something to read; `leads` are the visits to pages
    that lead to others, `leads_well` those of them that could be read.
    """

    found: int = 0
    fetched: int = 0
    answered: int = 0
    well: int = 0
    leads: int = 0
    leads_well: int = 0
    articles: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    trouble: str | None = None

    @property
    def kept(self) -> int:
        """Pages that are articles of the event, new or known."""
        return sum(self.outcomes[word] for word in ("new", "new version", "updated", "unchanged"))

    @property
    def rejected(self) -> int:
        """Pages that were read and are not wanted."""
        return self.outcomes["rejected"]

    @property
    def failed(self) -> int:
        """Addresses that came to nothing."""
        return self.outcomes["failed"] + self.outcomes["refused"]


@dataclass(slots=True)
class Counts:
    """All figures of a run, by source."""

    by_source: dict[str, SourceCounts] = field(default_factory=dict)

    def of(self, source: str) -> SourceCounts:
        """Return the figures of a source."""
        return self.by_source.setdefault(source, SourceCounts())

    def begun(self) -> dict[str, SourceCounts]:
        """Return the sources that have something under way or done; a copy is made while others write."""
        return {
            key: one for key, one in list(self.by_source.items()) if one.articles or one.fetched or one.found
        }

    def total(self) -> SourceCounts:
        """Sum what is shown of all sources while the crawl goes on writing: a copy of a dict is made in one piece."""
        total = SourceCounts()
        for one in list(self.by_source.values()):
            total.found += one.found
            total.fetched += one.fetched
            total.outcomes.update(Counter(dict(one.outcomes)))
            total.reasons.update(Counter(dict(one.reasons)))
        return total
