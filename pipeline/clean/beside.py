"""What stands beside a page's headline, nearest first: where bylines, dates and standfirsts are looked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from pipeline.clean.canonical import tidy_line

_LEVELS = 3  # the headline's own box, and those around it
_MOST_AFTER = 60  # elements of a level
_MOST_BEFORE = 20
_LONGEST_PIECE = 200  # characters, white space and all: a paragraph is no byline
_CLOSED = frozenset(["aside", "nav", "script", "style", "form", "select", "svg", "noscript"])
_OUTERMOST = frozenset(["body", "html"])


@dataclass(frozen=True, slots=True)
class Level:
    """The elements of one box around the headline, without those of the boxes within it that were levels before."""

    before: tuple[HtmlElement, ...]
    after: tuple[HtmlElement, ...]

    @property
    def elements(self) -> tuple[HtmlElement, ...]:
        """All of them, in the order of the page."""
        return (*self.before, *self.after)


def beside_headline(tree: HtmlElement) -> tuple[Level, ...]:
    """Return what stands beside a page's one `h1`, level by level; nothing where it has none, or several.

    Elements that hold no words of the article's head (menus, forms, scripts) are left out with all that is in them.
    """
    headings = list(islice(tree.iter("h1"), 2))
    if len(headings) != 1:
        return ()
    inner = headings[0]
    levels: list[Level] = []
    for _ in range(_LEVELS):
        box = inner.getparent()
        if box is None or box.tag in _OUTERMOST:
            break
        before = list(islice(_within(inner.itersiblings(preceding=True)), _MOST_BEFORE))
        after = list(islice(_within(inner.itersiblings()), _MOST_AFTER))
        levels.append(Level(tuple(reversed(before)), tuple(after)))
        inner = box
    return tuple(levels)


def own_lines(element: HtmlElement) -> list[str]:
    """Return the short pieces of text that stand in an element itself, not in those within it; tidy."""
    pieces = (element.text, *(child.tail for child in element))
    return [line for piece in pieces if piece and len(piece) < _LONGEST_PIECE and (line := tidy_line(piece))]


def _within(elements: Iterator[HtmlElement]) -> Iterator[HtmlElement]:
    for element in elements:
        if isinstance(element.tag, str) and element.tag not in _CLOSED:
            yield element
            yield from _within(iter(element))
