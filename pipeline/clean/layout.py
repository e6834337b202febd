"""A cleaned text as it is kept: its lines without the extractor's marks, the same in Markdown, and their numbers.

Nothing is thrown away: the kept lines and the removed ones, each with its number among the extractor's lines, are
together all that it gave (but for empty lines, and the rules that it draws under the heads of tables).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.clean.canonical import join_lines, tidy_line
from pipeline.clean.markdown import Shape, to_markdown
from pipeline.clean.structure import Place
from pipeline.items import RemovedLine

_TABLE_RULE = re.compile(r"\|(?:\s?-{3,}\s?\|)+")
_HEADINGS: dict[str, Shape] = {"h1": "h1", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h5", "h6": "h6"}
_ITEMS = frozenset(["li", "dt", "dd"])


@dataclass(frozen=True, slots=True)
class Layout:
    """A text in canonical form, in Markdown (None where that is the same), and its lines' numbers, from 0."""

    text: str
    markdown: str | None
    line_numbers: tuple[int, ...]


def without_table_marks(lines: Sequence[str]) -> tuple[list[str], frozenset[int]]:
    """Return the extractor's lines without the marks around tables' rows, and the numbers of rows with several cells.

    A row of one cell is a line like any other: old pages lay out their text in tables. The rules that the extractor
    draws under heads become empty lines, so that every line keeps its number.
    """
    found: list[str] = []
    rows: set[int] = set()
    for number, line in enumerate(lines):
        bare = line.strip()
        if not (bare.startswith("|") and bare.endswith("|") and len(bare) > 1):
            found.append(line)
            continue
        cells = [] if _TABLE_RULE.fullmatch(bare) else [cell.strip() for cell in bare[1:-1].split(" | ")]
        filled = [cell for cell in cells if cell.strip("| ")]
        if len(filled) > 1:
            rows.add(number)
        found.append(" | ".join(filled))
    return found, frozenset(rows)


def lay_out(
    lines: Sequence[str],
    places: Sequence[Place | None],
    text: str,
    removed: Iterable[RemovedLine],
    rows: frozenset[int] = frozenset(),
) -> Layout:
    """Return how the lines that were kept are laid out.

    Args:
        lines: the extractor's lines.
        places: where each stood on its page; empty for a text that came without one.
        text: what was kept of them, tidy, a line each.
        removed: what was not.
        rows: the numbers of those that are rows of tables.
    """
    kept_lines = text.split("\n") if text else []
    numbers = _numbers(lines, kept_lines, removed)
    shaped: list[tuple[str, Shape]] = []
    shaped_numbers: list[int] = []
    for number, line in zip(numbers, kept_lines, strict=True):
        found: tuple[str, Shape] = (
            (line, "row") if number in rows else _shaped(line, places[number] if places else None)
        )
        if found[0]:
            shaped.append(found)
            shaped_numbers.append(number)
    plain = join_lines(line for line, _ in shaped)
    return Layout(plain, to_markdown(shaped), tuple(shaped_numbers))


def _numbers(lines: Sequence[str], kept: Sequence[str], removed: Iterable[RemovedLine]) -> list[int]:
    """Return which of the extractor's lines each kept line was."""
    taken: dict[int, set[str]] = {}
    for one in removed:
        taken.setdefault(one.number, set()).add(tidy_line(one.text))
    found: list[int] = []
    number = 0
    for line in kept:
        while not _is_kept(lines[number], line, taken.get(number)):
            number += 1
        found.append(number)
        number += 1
    return found


def _is_kept(raw: str, kept: str, taken: set[str] | None) -> bool:
    """Tell whether a line was kept as that; of one whose end was cut off, the beginning was."""
    line = tidy_line(raw)
    if taken is None:
        return line == kept
    return line not in taken and line.startswith(kept)


def _shaped(line: str, place: Place | None) -> tuple[str, Shape]:
    if place is None:
        return line, "paragraph"
    if line.startswith("- ") and (place.element in _ITEMS or place.within & {"list", "link-list"}):
        return line[2:], "item"
    if place.element in _HEADINGS:
        return line, _HEADINGS[place.element]
    return line, "quote" if "quote" in place.within or place.element == "blockquote" else "paragraph"


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line where the extractor had it: its number from 0, its text, and the rule that took it, if one did."""

    number: int
    text: str
    rule: str | None = None


def in_place(
    text: str, line_numbers: Sequence[int], removed: Iterable[tuple[int, str, str]]
) -> list[PlacedLine]:
    """Return the kept and the removed lines as they stood, in order; `removed` has numbers, rules and texts.

    Of a line whose end was cut off, what was kept comes before what was not.
    """
    lines = [
        PlacedLine(number, line)
        for number, line in zip(line_numbers, text.split("\n") if text else [], strict=True)
    ]
    lines += [PlacedLine(number, said, rule) for number, rule, said in removed]
    return sorted(lines, key=lambda line: (line.number, line.rule is not None))
