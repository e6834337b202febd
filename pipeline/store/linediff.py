"""What another recipe does to a text, line by line."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from pipeline.clean.canonical import tidy_line

_Line = TypeVar("_Line")

What = Literal["removed", "restored", "found", "lost"]


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that a rule takes now (`removed`) or no more (`restored`), or the extractor finds now or no more.

    `rule` is empty for the extractor's.
    """

    what: What
    text: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """A text's lines, and those that rules took from it, each with its rule."""

    kept: Sequence[str]
    removed: Sequence[tuple[str, str]] = ()


def compare_lines(before: Lines, after: Lines) -> tuple[LineChange, ...]:
    """Return what changed from one reading of a page to another, rules first, in the order of the lines.

    A line that moved has not changed. One that another rule takes now has: the first gives it back.
    """
    taken_before, taken_after = Counter(_tidied(before.removed)), Counter(_tidied(after.removed))
    removed = list(_beyond(_tidied(after.removed), taken_before))
    restored = list(_beyond(_tidied(before.removed), taken_after))
    kept_before, kept_after = map(tidy_line, before.kept), map(tidy_line, after.kept)
    old, new = [line for line in kept_before if line], [line for line in kept_after if line]
    found = _beyond(new, Counter(old) + Counter(text for text, _ in restored))
    lost = _beyond(old, Counter(new) + Counter(text for text, _ in removed))
    return (
        *(LineChange("removed", text, rule) for text, rule in removed),
        *(LineChange("restored", text, rule) for text, rule in restored),
        *(LineChange("lost", text) for text in lost),
        *(LineChange("found", text) for text in found),
    )


def _tidied(removed: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(tidy_line(text), rule) for text, rule in removed]


def _beyond(lines: Iterable[_Line], others: Counter[_Line]) -> Iterator[_Line]:
    """Yield the lines that are not among others, as often as they are more."""
    left = others.copy()
    for line in lines:
        if left[line] > 0:
            left[line] -= 1
        else:
            yield line
