"""The extractor's searches of whole pages for boxes by their names, left out where no name on the page fits.

trafilatura looks for whole articles appended to others, for share buttons and for comments with XPath expressions that
test the class and the id of every box against a pattern, one by one and through several layers: a seventh of an
extraction. A page has few different names, so all of them are tested first, at once. The patterns are read out of the
expressions; an expression of another form than is known here stays as it is.
"""

import re
from collections.abc import Callable
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

Search = Callable[[HtmlElement], list[HtmlElement]]

_TEST = r"""(?:re:test|contains)\(@(?:id|class), '[^']*'\)"""
# Boxes of some kinds, of which the id or the class fits: whatever is asked of them besides can only make them fewer.
_FORM = re.compile(
    rf"\s*\.//\*\[self::\w+(?: or self::\w+)*\]\[\s*(?P<tests>{_TEST}(?:\s+or\s+{_TEST})*)\s*\](?:\[.*\])?\s*",
    re.DOTALL,
)
_PART = re.compile(r"(?P<function>re:test|contains)\(@(?P<attribute>id|class), '(?P<value>[^']*)'\)")
_VALUES = {name: etree.XPath(f"descendant::*/@{name}", smart_strings=False) for name in ("id", "class")}


def spared(search: Any) -> Search:
    """Return a search that gives the same as an expression of trafilatura's (an `etree.XPath`), mostly at less cost."""
    form = _FORM.fullmatch(search.path)
    if form is None:
        return search  # type: ignore[no-any-return]
    patterns: dict[str, list[str]] = {}
    for part in _PART.finditer(form["tests"]):
        value = part["value"] if part["function"] == "re:test" else re.escape(part["value"])
        patterns.setdefault(part["attribute"], []).append(f"(?:{value})")
    # All values of a page are joined by line breaks: each stands at the beginning and at the end of a line.
    wanted = {name: re.compile("|".join(values), re.MULTILINE) for name, values in patterns.items()}

    def look(tree: HtmlElement) -> list[HtmlElement]:
        for name, pattern in wanted.items():
            values: Any = _VALUES[name](tree)  # an expression may give anything; this one gives strings
            if pattern.search("\n".join(set(values))):
                found: list[HtmlElement] = search(tree)
                return found
        return []

    return look
