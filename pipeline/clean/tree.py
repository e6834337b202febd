"""A page's characters to a tree of elements, as trafilatura would load it, at half the cost."""

import logging
import re

from lxml import etree, html
from lxml.html import HtmlElement
from trafilatura.utils import is_dubious_html, repair_faulty_html

_LOGGER = logging.getLogger(__name__)
# The options are those of trafilatura's own parser. What differs is how elements get their class: lxml.html asks a
# Python function for each element that anybody looks at, and the extractor looks at all of them many times.
_PARSER = etree.HTMLParser(collect_ids=False, encoding="utf-8", remove_comments=True, remove_pis=True)
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))

# lxml.html asks the same of bytes, among which fewer are white space.
_WHOLE = re.compile(r"\s*<(?:html|!doctype)", re.IGNORECASE)
_START = 4096  # characters: what is repaired at the beginning of a page stands within them
_CONTROLS = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20)])
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
_FEWEST_PARTS = 2  # of what says nowhere at its beginning that it is HTML


def read_tree(page: str) -> HtmlElement | None:
    """Return the tree of a page, without comments and processing instructions; None where it is no HTML.

    The tree is `trafilatura.load_html`'s, but that every element is a plain `HtmlElement`: forms and their fields
    have no methods of their own.
    """
    beginning = page[:50].lower()
    encoded = _repaired(page, beginning)
    load = html.document_fromstring if _WHOLE.match(page) else html.fromstring
    try:
        tree: HtmlElement | None = load(encoded, parser=_PARSER)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        _LOGGER.debug("A page could not be parsed: %s", error)
        return None
    if tree is not None and is_dubious_html(beginning) and len(tree) < _FEWEST_PARTS:
        return None
    return tree


def _repaired(page: str, beginning: str) -> bytes:
    """Return a page in UTF-8 with what libxml2 stumbles over taken out.

    trafilatura repairs the beginning, and looks at every character after it for those that XML forbids; among bytes
    they are found in a tenth of the time.
    """
    # A whole line: the repair puts a line break behind what it takes for the first.
    end = page.find("\n", _START) + 1 or len(page)
    encoded = (repair_faulty_html(page[:end], beginning) + page[end:]).encode("utf-8", "surrogatepass")
    encoded = encoded.translate(None, _CONTROLS)
    for character in _NO_CHARACTERS:
        encoded = encoded.replace(character, b"")
    return encoded
