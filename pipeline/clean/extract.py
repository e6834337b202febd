"""HTML to lines and stated facts: trafilatura finds the body, the page's own markup gives the rest."""

from dataclasses import dataclass
from importlib.metadata import version

import trafilatura
from lxml import etree
from w3lib.encoding import html_to_unicode

from pipeline.clean.body import body_lines
from pipeline.clean.markup import without_absurd_tags
from pipeline.clean.missing import not_found_line
from pipeline.clean.stated import read_stated_facts
from pipeline.errors import Quarantine
from pipeline.items import Claim, DateClaim

EXTRACTOR = f"trafilatura-{version('trafilatura')}+page-2"
"""Named in the recipe; raise its last number whenever this module would read anything else from a page."""


@dataclass(frozen=True, slots=True)
class Extract:
    """The lines of a page's body as the extractor gave them, and what its markup states (see `Stated`)."""

    lines: list[str]
    title: Claim | None
    headings: tuple[str, ...]
    dates: tuple[DateClaim, ...]
    language: Claim | None
    canonical: str | None = None
    twins: tuple[str, ...] = ()


def extract(body: bytes, *, content_type: str | None, timezone: str | None, address: str = "") -> Extract:
    """Extract a page's body text and its stated title, dates, language and addresses.

    Args:
        body: the page as it was fetched.
        content_type: the HTTP header's value, for the charset it may name.
        timezone: the source's IANA zone, for times that state no offset.
        address: where the page was fetched, for the addresses that it states in part.

    Raises:
        Quarantine: the bytes are no HTML page, or the page has no article in it, or says that it was not found.
    """
    _, text = html_to_unicode(content_type, body, default_encoding="utf-8")
    tree = trafilatura.load_html(without_absurd_tags(text.replace("\0", "")))
    if tree is None:
        raise Quarantine("not-html", "The page could not be read as HTML.")
    # trafilatura cuts text at comments that are still in the tree.
    etree.strip_tags(tree, etree.Comment, etree.ProcessingInstruction)
    stated = read_stated_facts(tree, timezone=timezone, address=address)
    lines = body_lines(tree)
    missing = not_found_line(stated.headlines, "\n".join(lines))
    if missing is not None:
        raise Quarantine("not-found", f"The page was sent as if it were there, and says {missing[:80]!r}.")
    if not lines:
        raise Quarantine("no-article", "The page has no article that could be extracted.")
    return Extract(
        lines=lines,
        title=stated.title,
        headings=stated.headings,
        dates=stated.dates,
        language=stated.language,
        canonical=stated.canonical,
        twins=stated.twins,
    )
