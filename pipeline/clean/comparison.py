"""The extractor's comparison with another algorithm, left out where its outcome is certain.

trafilatura runs readability on every page, for more than half of an extraction's time, and takes its text where that
is more than twice as long as its own (`trafilatura.external._prefer_readability`). On most pages with an article there
is not so much text that readability could give. What is left out here changes no result: where there is any doubt,
the comparison is made.
"""

from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml.html import HtmlElement
from trafilatura.external import SANITIZED_XPATH, compare_extraction

_PREFERRED = 2
"""So many times longer must readability's text be than trafilatura's, for it to be taken."""

_NEVER_READ = ("script", "style", "fencedframe")
_BOXES = frozenset(["table", "ul", "div", "aside", "header", "footer", "section"])
"""What readability drops where its text is in links; other elements it keeps."""

_MOST_COMMAS = 9  # with more, readability keeps a box whatever is in it
_FRAME = len(" VIDEO")  # what readability writes into the frame of a film
# Elements whose content is read as it stands: where one is written empty, all that follows becomes its text.
_RAW = ("xmp", "noembed", "noframes", "plaintext", "title")
_TEXT_IN_LINKS = etree.XPath("//a//text()", smart_strings=False)
_LOOSE = etree.XPath("//text()[normalize-space()][not(ancestor::a)]/..")
_TEXT_IN_PARAGRAPHS = etree.XPath("boolean(.//p//text())")
_SANITIZED = etree.XPath(f"boolean({SANITIZED_XPATH})")


def compared(
    cleaned_tree: HtmlElement,
    raw_tree: HtmlElement,
    body: etree._Element,
    text: str,
    options: Any,
) -> Any:
    """Return the better of two extractions, as `trafilatura.external.compare_extraction`.

    Args:
        cleaned_tree: the page as a third algorithm wants it, for extractions that are short or unclean.
        raw_tree: a copy of the page for readability; it is used up.
        body: what trafilatura extracted; it is returned, with `text`, where nothing else could be.
        text: the text of `body`.
        options: the extractor's.
    """
    if _is_sound(body, text, options) and _has_no_more(raw_tree, _PREFERRED * len(text)):
        return body, text
    return compare_extraction(cleaned_tree, raw_tree, body, text, options)


def _is_sound(body: Any, text: str, options: Any) -> bool:
    """Tell whether an extraction is one that only a far longer text replaces."""
    if options.focus != "balanced" or len(text) < options.min_extracted_size or _SANITIZED(body):
        return False
    return bool(_TEXT_IN_PARAGRAPHS(body)) and len(body.findall(".//table")) <= len(body.findall(".//p"))


def _has_no_more(tree: HtmlElement, most: int) -> bool:
    """Tell whether the text that readability could find on a page is certain to have at most so many characters.

    Readability only takes text away, so the page's whole text is a bound. Below that: it drops each box all of whose
    text is in links, unless it takes an element within that box for the article, and then nothing from outside it.
    """
    if any(one.tag != "title" or not one.text for one in tree.iter(*_RAW)):
        return False
    etree.strip_elements(tree, *_NEVER_READ, with_tail=False)  # as readability would begin
    size = _size(tree) + _FRAME * sum(1 for _ in tree.iter("iframe"))
    if size <= most:
        return True
    in_links: Any = _TEXT_IN_LINKS(tree)
    if size - sum(map(len, in_links)) > most:
        return False
    boxes = [_size(box) for box in _link_boxes(tree)]
    return max(boxes, default=0) <= most and size - sum(boxes) <= most


def _size(element: HtmlElement) -> int:
    """Return the number of characters of an element's text, white space folded."""
    words = _text(element).split()
    return sum(map(len, words)) + max(0, len(words) - 1)


def _text(element: HtmlElement) -> str:
    return etree.tostring(element, method="text", encoding="unicode", with_tail=False)


def _link_boxes(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the outermost boxes that hold links and no text beside them, and that readability would drop."""
    loose: set[HtmlElement] = set()
    marked: Any = _LOOSE(tree)
    for element in (*marked, *tree.iter("iframe")):
        node: HtmlElement | None = element
        while node is not None and node not in loose:
            loose.add(node)
            node = node.getparent()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if node.tag in _BOXES and node not in loose and _text(node).count(",") <= _MOST_COMMAS:
            yield node
        elif node.tag != "a":  # a box within a link has no link in it
            waiting.extend(node)
