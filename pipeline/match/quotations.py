"""Where paragraphs end, so that a quotation whose closing mark is missing ends with its own."""

from collections.abc import Callable

# A wire's lines are cut at some 60 to 80 characters, wherever a sentence is at that moment.
_CUT_AT_MOST = 100
_SENTENCE_ENDS = frozenset(".!?:;…。！？؟।\"”»’')]")
_FULL = 0.75


def ends_paragraph(text: str) -> Callable[[int], bool]:
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
