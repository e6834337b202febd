"""Signs that the page's markup gives, whatever the words and the language: links, captions, widgets, headings.

A text that came without its page has none of them.
"""

import re
from typing import TYPE_CHECKING

from pipeline.clean.canonical import fold_title

if TYPE_CHECKING:
    from pipeline.clean.page import Page

_HEADINGS = frozenset(["h2", "h3", "h4", "h5", "h6"])
_SENTENCE_END = re.compile("[.!…。][\"'”’»“)\\]]*$")
_LINK = 0.9
_LEAST_WORDS = 3
_KICKER_WORDS = 4
_PROSE_A_LINK = 2
_LONGEST_CONTROL = 60
_LONGEST_WIDGET = 300
_WIDGETS = frozenset(["consent", "share", "newsletter", "comments", "related"])
_FIGURES = frozenset(["figure", "caption"])
_EDGE_BOXES = frozenset(["header", "footer", "aside", "meta", "form"])
_LONGEST_LABEL = 120
_MOSTLY_LINK = 0.6
_OWN_TEXT = frozenset(["quote", "table", "embed"])
"""What is part of the article though it may stand in a figure or a widget: pull quotes, tables, quoted posts."""
_SUFFIX = re.compile(r"\s+[|–—•·-]\s+\S.{1,40}")


def own_link(page: "Page", index: int) -> str | None:
    """Take a line that is nothing but a link to another page of the site: a teaser of another article.

    Above or below the prose any such line goes. Between paragraphs it goes where it has three words, is no sentence,
    and the paragraphs are many to each: a page whose paragraphs hang on links of their own is a digest.
    """
    place = page.place(index)
    if place is None or place.links < _MOSTLY_LINK or not place.is_own_site or place.within & _OWN_TEXT:
        return None
    line = page.lines[index]
    if page.position(index) != "body":
        # What heads a part of the text is a heading, linked or not; what ends as a sentence does is one.
        is_text = _heads_prose(page, index) or (place.links < _LINK and _SENTENCE_END.search(line))
        return None if is_text else line
    if place.links < _LINK:
        return None
    if line.count(" ") + 1 < _LEAST_WORDS or _SENTENCE_END.search(line) or _heads_prose(page, index):
        return None
    first, last = page.prose_bounds()
    if first is None or last is None:
        return None
    inside = [at for at in range(first, last + 1) if page.lines[at] and page.is_link(at)]
    prose = sum(1 for at in range(first, last + 1) if page.is_prose(at) and not page.is_link(at))
    return line if prose >= _PROSE_A_LINK * len(inside) else None


def _heads_prose(page: "Page", index: int) -> bool:
    place, below = page.place(index), page.neighbour(index, +1)
    is_heading = place is not None and place.element in _HEADINGS
    return is_heading and below is not None and page.is_prose(below)


def caption(page: "Page", index: int) -> str | None:
    """Take a line that stands in a figure, and is no quote or table shown as one."""
    place = page.place(index)
    if place is None or not place.within & _FIGURES or place.within & _OWN_TEXT or place.element in _HEADINGS:
        return None
    return page.lines[index]


def widget(page: "Page", index: int) -> str | None:
    """Take a line of a widget for consent, sharing, newsletters, comments or related articles."""
    place, line = page.place(index), page.lines[index]
    if place is None or not place.within & _WIDGETS or place.within & _OWN_TEXT:
        return None
    return line if len(line) <= _LONGEST_WIDGET else None


def control(page: "Page", index: int) -> str | None:
    """Take a short line that is a button, a label of a form, or an item of a menu."""
    place, line = page.place(index), page.lines[index]
    if place is None or len(line) > _LONGEST_CONTROL or page.is_prose(index):
        return None
    return line if place.within & {"button", "nav"} else None


def author_box(page: "Page", index: int) -> str | None:
    """Take a line of the box that tells of the author."""
    place = page.place(index)
    return page.lines[index] if place is not None and "author-box" in place.within else None


def time_element(page: "Page", index: int) -> str | None:
    """Take a short line that the page itself marks as a time."""
    place, line = page.place(index), page.lines[index]
    is_time = place is not None and place.element == "time"
    return line if is_time and len(line) <= _LONGEST_CONTROL else None


def empty_heading(page: "Page", index: int) -> str | None:
    """Take a heading under which, to the end of the text, nothing is left."""
    place = page.place(index)
    if place is None or place.element not in _HEADINGS:
        return None
    below = (at for at in range(index + 1, len(page.lines)) if page.lines[at])
    is_empty = all(at in page.taken for at in below)
    # With nothing at all below, nothing says that it headed residue: the extractor may have lost its part.
    return page.lines[index] if is_empty and page.neighbour(index, +1) is not None else None


def lead_in(page: "Page", index: int) -> str | None:
    """Take a short line with a colon, in any language, that leads in nothing but links that were taken."""
    line = page.lines[index]
    below = page.neighbour(index, +1)
    if not line.endswith(":") or line.count(" ") > 4 or below is None or not page.is_link(below):
        return None
    return line if below in page.taken else None


def edge_box(page: "Page", index: int) -> str | None:
    """Take a short line without a sentence's end above or below the prose, in a box for what is about the article.

    The name of the box alone is no evidence: it counts with the line's place and its form.
    """
    place, line = page.place(index), page.lines[index]
    if (
        place is None
        or not place.within & _EDGE_BOXES
        or place.within & _OWN_TEXT
        or page.position(index) == "body"
    ):
        return None
    if len(line) > _LONGEST_LABEL or _SENTENCE_END.search(line) or _heads_prose(page, index):
        return None
    return line


def stated(page: "Page", index: int) -> str | None:
    """Take a line that is a fact which the page's markup states: an author, the section, a picture's caption."""
    return page.lines[index] if fold_title(page.lines[index]) in page.stated else None


def kicker(page: "Page", index: int) -> str | None:
    """Take a few words right above the headline, as far as it is known, with no sentence in them."""
    line, below = page.lines[index], page.neighbour(index, +1)
    if below is None or line.count(" ") >= _KICKER_WORDS or _SENTENCE_END.search(line) or line.endswith(":"):
        return None
    return line if fold_title(page.lines[below]) in page.titles else None


def title_copy(page: "Page", index: int) -> str | None:
    """Take the title where the page has it more than once; at the head, also with the site's name behind it."""
    place, folded = page.place(index), fold_title(page.lines[index])
    if place is None or not folded:
        return None
    if folded in page.titles:
        return page.lines[index] if place.copies > 1 and page.position(index) != "body" else None
    if page.position(index) != "head":
        return None
    for title in page.titles:
        if folded.startswith(title) and _SUFFIX.fullmatch(folded, len(title)):
            return page.lines[index]
    return None
