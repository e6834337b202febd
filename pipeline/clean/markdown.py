"""A clean text as light Markdown: headings, lists, quotes and tables marked, with the same words in the same order.

Marks stand at the beginnings of lines alone (and between a table's cells, where the text has them too), so that
taking them away gives the text again, to the letter.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

Shape = Literal["h1", "h2", "h3", "h4", "h5", "h6", "item", "quote", "row", "paragraph"]

MARKDOWN_VERSION = "markdown-1"
"""Named in the recipe; raise it when any text would be marked otherwise."""

_MARK = re.compile(r"#{1,6} |- |> |\\(?=[#>\\+*`|=~_\-])")
# Lines of text that Markdown would take for a mark, or for one that was made harmless.
_LOOKS_MARKED = re.compile(r"#{1,6}\s|[>\\|`~]|[-+*](?:\s|$)|[-*_=](?:\s?[-*_=])+\s*$")
_NUMBERED = re.compile(r"(\d{1,9})(\\*)(?=[.)](?:\s|$))")
_RULE = "|---|"


def to_markdown(lines: Sequence[tuple[str, Shape]]) -> str | None:
    """Return a text's tidy lines with the marks of their shapes; None where every one of them is a paragraph.

    Paragraphs stand apart; the lines of one list, quote or table stand together, and a table's first row is followed
    by the rule that Markdown wants there (a line of its own: `|---|---|`).
    """
    if all(shape == "paragraph" for _, shape in lines):
        return None
    written: list[str] = []
    before: Shape | None = None
    for line, shape in lines:
        together = shape == before and shape in {"item", "row"}
        if written and not together:
            written.append(">" if shape == before == "quote" else "")
        written.append(_marked(line, shape))
        if shape == "row" and not together:
            written.append("|" + "---|" * max(1, _cells(line)))
        before = shape
    return "\n".join(written)


def without_marks(markdown: str) -> str:
    """Return the text that was marked: `to_markdown` undone."""
    return "\n".join(_plain_lines(markdown.split("\n")))


def _plain_lines(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        if not line or line == ">" or line.startswith(_RULE):
            continue
        if line.startswith("| ") and line.endswith(" |"):
            yield line[2:-2]
        else:
            mark = _MARK.match(line)
            numbered = None if mark else _NUMBERED.match(line)
            if numbered and numbered[2]:
                yield f"{numbered[1]}{numbered[2][1:]}{line[numbered.end() :]}"
            else:
                yield line[mark.end() :] if mark else line


def _marked(line: str, shape: Shape) -> str:
    if shape == "row":
        return f"| {line} |"
    if shape == "quote":
        return f"> {line}"
    if shape == "item":
        return f"- {line}"
    if shape == "paragraph":
        if _LOOKS_MARKED.match(line):
            return f"\\{line}"
        numbered = _NUMBERED.match(line)
        return f"{line[: numbered.end()]}\\{line[numbered.end() :]}" if numbered else line
    return f"{'#' * int(shape[1])} {line}"


def _cells(line: str) -> int:
    return line.count(" | ") + 1
