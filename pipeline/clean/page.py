"""A text laid out for the residue rules: its lines, where its prose begins and ends, what was taken."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.clean.canonical import tidy_line
from pipeline.clean.dates import Shape, may_be_date, read_date_line
from pipeline.items import DateKind

# A sentence ends in its mark, with closing quotes or brackets after it.
_SENTENCE_END = re.compile("[.!?…。！？؟।][\"'”’»“)\\]]*$")
_PROSE_WORDS = 8
_LONG_LINE_WORDS = 40
_DATES_READ = (
    100  # enough to know a chronology; a calendar of thousands of dates must not cost as many parses
)
_CJK_PROSE = re.compile("[\u3040-\u30ff\u3400-\u9fff].{20,}[。！？]")


@dataclass(slots=True)
class Page:
    """The lines of one text as the extractor gave them (`raw`) and tidied (`lines`).

    `taken` maps the index of each line that is residue to its rule's name; `titles` are the headlines known
    from outside the lines, folded by `fold_title`.
    """

    raw: list[str]
    titles: frozenset[str] = frozenset()
    lines: list[str] = field(init=False)
    taken: dict[int, str] = field(default_factory=dict)
    _chronologies: frozenset[tuple[Shape, DateKind]] | None = None

    def __post_init__(self) -> None:
        self.lines = [tidy_line(line) for line in self.raw]

    def is_prose(self, index: int) -> bool:
        """Tell whether a line is a paragraph: a sentence of eight words, or forty words of anything."""
        line = self.lines[index]
        words = line.count(" ") + 1
        if words >= _LONG_LINE_WORDS:
            return True
        ended = _SENTENCE_END.search(line) is not None
        return (words >= _PROSE_WORDS and ended) or _CJK_PROSE.search(line) is not None

    def neighbour(self, index: int, step: int) -> int | None:
        """Return the index of the nearest line with text before (-1) or after (+1) this one."""
        index += step
        while 0 <= index < len(self.lines):
            if self.lines[index]:
                return index
            index += step
        return None

    def chronologies(self) -> frozenset[tuple[Shape, DateKind]]:
        """Return the shapes in which dates head parts of the text: those that name more than one day."""
        if self._chronologies is None:
            days: dict[tuple[Shape, DateKind], set[datetime | None]] = {}
            looked_at = 0
            for line in self.lines:
                if looked_at < _DATES_READ and may_be_date(line):
                    looked_at += 1
                    found = read_date_line(line)
                    if found is not None:
                        days.setdefault((found.shape, found.kind), set()).add(found.when)
            self._chronologies = frozenset(key for key, named in days.items() if len(named) > 1)
        return self._chronologies
