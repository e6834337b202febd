"""Which stretches of a text are quotations; one whose closing mark is missing ends with its paragraph."""

import re
from collections.abc import Callable, Iterator

_MARK = re.compile('[\n"“”„‟«»‹›「」『』]')
_OPENS_AFTER = frozenset(" \n\t([{—–-/:,")

# A wire's lines are cut at some 60 to 80 characters, wherever a sentence is at that moment.
_CUT_AT_MOST = 100
_SENTENCE_ENDS = frozenset(".!?:;…。！？؟।\"”»’')]")
_FULL = 0.75


def quotations(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield stretches of a text, in order and without a gap: first, past the last, whether quoted.

    A mark opens a quotation where a word follows it and a space, a bracket or a dash goes before it, as well
    as where it can only open one; any mark closes it. Single quotes are taken for apostrophes.
    """
    start, inside = 0, False
    ends: Callable[[int], bool] | None = None
    for match in _MARK.finditer(text):
        place = match.start()
        if text[place] == "\n":
            if not inside:
                continue
            ends = ends or _ends_paragraph(text)
            if not ends(place):
                continue
            opens = False
        elif inside:
            opens = False
        else:
            follows_gap = place == 0 or text[place - 1] in _OPENS_AFTER or text[place] in "「『"
            opens = follows_gap and place + 1 < len(text) and not text[place + 1].isspace()
        if opens != inside:
            yield start, place, inside
            start, inside = place, opens
    yield start, len(text), inside


def _ends_paragraph(text: str) -> Callable[[int], bool]:
    """Return a judge of line breaks: given the place of one in the text, whether a paragraph ends there.

    In a text of whole paragraphs every line is one. In a text with its lines cut at a width, a break ends a
    paragraph where a sentence ends in a line that had room to spare, or before an empty line.
    """
    lines = text.split("\n")
    width = max(map(len, lines), default=0)
    cut = sum(1 for line in lines[:-1] if line and line.rstrip()[-1:] not in _SENTENCE_ENDS)
    if len(lines) < 4 or width > _CUT_AT_MOST or cut * 2 < len(lines):
        return lambda _: True

    def judge(place: int) -> bool:
        line = text[text.rfind("\n", 0, place) + 1 : place].rstrip()
        following = text[place + 1 : place + 2]
        if not line or following in {"", "\n", " ", "\t"}:
            return True
        return line[-1] in _SENTENCE_ENDS and len(line) < _FULL * width

    return judge
