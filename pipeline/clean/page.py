"""A text laid out for the residue rules: its lines, where its prose begins and ends, what was taken."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.clean.canonical import fold_title, tidy_line
from pipeline.clean.dates import Shape, may_be_date, read_date_line
from pipeline.clean.structure import Place
from pipeline.items import DateKind, Position

# A sentence ends in its mark, with closing quotes or brackets after it.
_SENTENCE_END = re.compile("[.!?…。！？؟।][\"'”’»“)\\]]*$")
_PROSE_WORDS = 8
_CLOSERS = 8  # characters: no sentence closes more quotes and brackets
_LONG_LINE_WORDS = 40
_DATES_READ = (
    100  # enough to know a chronology; a calendar of thousands of dates must not cost as many parses
)
_WHOLE_LINK = 0.8
"""Share of a line's characters inside links, from which on it is a link and not a sentence with one in it."""
_HEADINGS = frozenset(["h2", "h3", "h4", "h5", "h6"])
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_CJK_END = re.compile("[。！？]")
_CJK_LETTERS = 20  # between the first character and the mark, as much as eight words say


@dataclass(slots=True)
class Page:
    """The lines of one text as the extractor gave them (`raw`) and tidied (`lines`).

    `taken` maps the index of each line that is residue to its rule's name; `titles` are the headlines known
    from outside the lines, and `stated` the facts, folded by `fold_title`; `places` says where each line stood on its page, and is empty
    for a text that came without one. `suspects` are the lines that a rule fits and no evidence speaks against.
    """

    raw: list[str]
    titles: frozenset[str] = frozenset()
    places: Sequence[Place | None] = ()
    stated: frozenset[str] = frozenset()
    lines: list[str] = field(init=False)
    taken: dict[int, str] = field(default_factory=dict)
    suspects: set[int] = field(default_factory=set)
    _prose: dict[int, bool] = field(default_factory=dict)
    _chronologies: frozenset[tuple[Shape, DateKind]] | None = None
    _counts: Counter[str] | None = None
    _bounds: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        self.lines = [tidy_line(line) for line in self.raw]

    def is_prose(self, index: int) -> bool:
        """Tell whether a line is a paragraph: a sentence of eight words, or forty words of anything."""
        known = self._prose.get(index)
        if known is None:
            known = self._prose[index] = _is_prose(self.lines[index])
        return known

    def place(self, index: int) -> Place | None:
        """Return where a line stood on its page, None where that is not known."""
        return self.places[index] if self.places else None

    def is_link(self, index: int) -> bool:
        """Tell whether a line is known to be a link as good as whole."""
        place = self.place(index)
        return place is not None and place.links >= _WHOLE_LINK

    def position(self, index: int) -> Position:
        """Return where a line stands: above the first paragraph that is not residue, below the last, or between.

        A text without any paragraph is all body.
        """
        first, last = self.prose_bounds()
        if first is None or last is None:
            return "body"
        return "head" if index < first else "tail" if index > last else "body"

    def prose_bounds(self) -> tuple[int | None, int | None]:
        """Return the indexes of the first and the last paragraph that is not residue."""
        # What is taken stays taken: the bounds only move inwards, and no line is looked at twice.
        first, last = self._bounds or (0, len(self.lines) - 1)
        while first <= last and not self._is_kept_prose(first):
            first += 1
        while first < last and not self._is_kept_prose(last):
            last -= 1
        self._bounds = first, last
        return (first, last) if first <= last else (None, None)

    def _is_kept_prose(self, index: int) -> bool:
        return index not in self.taken and self.is_prose(index)

    def evidence(self, index: int) -> set[str]:
        """Return what speaks for a line being residue, whatever it says.

        `edge`: it stands above the first paragraph or below the last; `repeated`: the text has it twice;
        `neighbour`: the line before or after is residue; `company`: it is suspected too; and from the page: `links` (it is a link as good as whole),
        `copies` (several nodes have it), `heading`, the name of its element, and what it stands in (see `Place`).
        """
        found = set()
        first, last = self.prose_bounds()
        # The outermost paragraph is not at the edge by its own place: were it residue for that, the next would be, too.
        if first is not None and last is not None and (index < first or index > last):
            found.add("edge")
        if self._repeated(index):
            found.add("repeated")
        beside = {self.neighbour(index, -1), self.neighbour(index, +1)}
        if not beside.isdisjoint(self.taken):
            found.add("neighbour")
        if not beside.isdisjoint(self.suspects):
            found.add("company")
        place = self.place(index)
        if place is not None:
            found |= place.within
            found.add("heading" if place.element in _HEADINGS else place.element)
            if place.links >= _WHOLE_LINK:
                found.add("links")
            if place.copies > 1:
                found.add("copies")
        return found

    def _repeated(self, index: int) -> bool:
        if self._counts is None:
            self._counts = Counter(fold_title(line) for line in self.lines if line)
        return self._counts[fold_title(self.lines[index])] > 1

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


def _is_prose(line: str) -> bool:
    words = line.count(" ") + 1
    if words >= _LONG_LINE_WORDS:
        return True
    ended = _SENTENCE_END.search(line[-_CLOSERS:]) is not None
    return (words >= _PROSE_WORDS and ended) or _is_cjk_prose(line)


def _is_cjk_prose(line: str) -> bool:
    # Two searches and not one pattern, which would look for the mark anew from every character.
    first = _CJK.search(line)
    return first is not None and _CJK_END.search(line, first.end() + _CJK_LETTERS) is not None
