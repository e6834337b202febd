"""A text laid out for the residue rules: its lines, where its prose begins and ends, what was taken."""

import re
from dataclasses import dataclass, field

from pipeline.clean.canonical import tidy_line
from pipeline.clean.dates import read_date_line

# A sentence ends in its mark, with closing quotes or brackets after it.
_SENTENCE_END = re.compile("[.!?…。！？؟।][\"'”’»“)\\]]*$")
_PROSE_WORDS = 8
_LONG_LINE_WORDS = 40
_CJK_PROSE = re.compile("[\u3040-\u30ff\u3400-\u9fff].{20,}[。！？]")


@dataclass(slots=True)
class Page:
    """The lines of one text as the extractor gave them (`raw`) and tidied (`lines`).

    `taken` maps the index of each line that is residue to its rule's name; `title` is a title known
    from outside the lines.
    """

    raw: list[str]
    title: str | None = None
    lines: list[str] = field(init=False)
    taken: dict[int, str] = field(default_factory=dict)

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

    def is_chronology(self, index: int) -> bool:
        """Tell whether dates of this line's shape also head parts of the text."""
        here = read_date_line(self.lines[index])
        if here is None:
            return False
        prose = [i for i, line in enumerate(self.lines) if line and self.is_prose(i)]
        if not prose:
            return False
        inside = range(prose[0], prose[-1])
        others = (read_date_line(self.lines[i]) for i in inside if i != index)
        return any(other is not None and other.shape == here.shape for other in others)
