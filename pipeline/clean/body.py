"""The body of an article: trafilatura finds it, and gives it line by line."""

from copy import deepcopy

from lxml.html import HtmlElement
from trafilatura.settings import Extractor

from pipeline.clean.canonical import split_lines
from pipeline.clean.sparing import extract_spared

_OPTIONS = Extractor(comments=False, dedup=False)  # made once: its settings are parsed from their file's text
_CELL_WORDS = 60
"""No cell of a table that is shown as one has as many: a page is laid out in it."""
_TABLE_PARTS = ("table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption")


def body_lines(tree: HtmlElement) -> list[str]:
    """Return the lines of the article on a page; none where the extractor finds no article.

    The tree must have no comments in it: trafilatura cuts text at them. It is not changed. Where the article
    comes as one line, a cell of the table that the page is laid out in, it is extracted again without that table.
    """
    lines = _extracted(tree)
    if any(line.startswith("|") and line.count(" ") >= _CELL_WORDS for line in lines):
        flat = _extracted(_without_layout_tables(tree))
        # As much text in more lines: the paragraphs of what was one.
        if len(flat) > len(lines):
            return flat
    return lines


def _extracted(tree: HtmlElement) -> list[str]:
    found = extract_spared(tree, _OPTIONS)
    return split_lines(found) if found else []


def _without_layout_tables(tree: HtmlElement) -> HtmlElement:
    """Return a copy in which the tables that hold other tables, or a cell with a text, are plain boxes."""
    flat = deepcopy(tree)
    layout = [table for table in flat.iter("table") if _lays_out(table)]
    for table in layout:
        for part in _own_parts(table):
            part.tag = "div"
    return flat


def _lays_out(table: HtmlElement) -> bool:
    if next(table.iterdescendants("table"), None) is not None:
        return True
    return any(len(cell.text_content().split()) >= _CELL_WORDS for cell in table.iterdescendants("td"))


def _own_parts(table: HtmlElement) -> list[HtmlElement]:
    """Return a table's own rows and cells, and itself; those of tables within it are theirs."""
    parts = [table]
    for part in parts:
        parts.extend(child for child in part if child.tag in _TABLE_PARTS and child.tag != "table")
    return parts
