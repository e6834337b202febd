"""trafilatura, spared the work that cannot change its result.

It has no option for that, so for the time of one call some names in `trafilatura.core` stand for ours, which give
the same. Everybody else's calls are left as they are. A thread that extracts at the same moment may find either.
"""

from collections.abc import Mapping
from typing import Any

import trafilatura
from lxml.html import HtmlElement
from trafilatura import core
from trafilatura.settings import Extractor

from pipeline.clean.comparison import compared
from pipeline.clean.searches import spared

_SEARCHES = ("RAW_TREE_PRUNE_XPATH", "REMOVE_COMMENTS_AND_LISTS_XPATH")

THEIRS: Mapping[str, Any] = {name: vars(core)[name] for name in ("compare_extraction", *_SEARCHES)}
OURS: Mapping[str, Any] = {
    "compare_extraction": compared,
    **{name: [spared(search) for search in THEIRS[name]] for name in _SEARCHES},
}


def extract_spared(tree: HtmlElement, options: Extractor) -> str | None:
    """Return the text of a page as `trafilatura.extract` does; None where there is none."""
    vars(core).update(OURS)
    try:
        found: str | None = trafilatura.extract(tree, options=options)
    finally:
        vars(core).update(THEIRS)
    return found
