"""The body of an article: trafilatura finds it, and gives it line by line."""

import trafilatura
from lxml.html import HtmlElement

from pipeline.clean.canonical import split_lines


def body_lines(tree: HtmlElement) -> list[str]:
    """Return the lines of the article on a page; none where the extractor finds no article.

    The tree must have no comments in it: trafilatura cuts text at them. It is not changed.
    """
    found = trafilatura.extract(tree, include_comments=False, deduplicate=False)
    return split_lines(found) if found else []
