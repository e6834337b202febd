"""HTML to lines and stated facts: trafilatura finds the body, the page's own markup gives the rest; on one parse."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version

from lxml import etree
from lxml.html import HtmlElement

from pipeline.clean.body import body_lines
from pipeline.clean.canonical import tidy_line
from pipeline.clean.encoding import decode_page
from pipeline.clean.kind import SENTENCES, is_stated_listing, kind_of
from pipeline.clean.layout import without_table_marks
from pipeline.clean.markup import without_absurd_tags
from pipeline.clean.missing import not_found_line
from pipeline.clean.stated import NOTHING_STATED, Stated, read_stated_facts, standfirst_of
from pipeline.clean.structure import Place, read_places
from pipeline.clean.tree import read_tree
from pipeline.errors import Quarantine
from pipeline.items import Claim

EXTRACTOR = f"trafilatura-{version('trafilatura')}+page-5"
"""Named in the recipe; raise its last number whenever this module would read anything else from a page."""


@dataclass(frozen=True, slots=True)
class Extract:
    """The lines of a page's body as the extractor gave them, where each stood, and what the markup states.

    `places` is empty for a text that came without a page. `nothing` looks what the page is if its lines turn out
    to be no article, and returns a reason and a sentence. `rows` are the numbers of the lines that are rows of tables.
    """

    lines: list[str]
    stated: Stated = NOTHING_STATED
    places: Sequence[Place | None] = ()
    standfirst: Claim | None = None
    nothing: Callable[[], tuple[str, str]] = lambda: ("no-article", SENTENCES["no-article"])
    notes: tuple[str, ...] = ()
    rows: frozenset[int] = frozenset()


def extract(body: bytes, *, content_type: str | None, timezone: str | None, address: str = "") -> Extract:
    """Extract a page's body text and what its markup states.

    Args:
        body: the page as it was fetched.
        content_type: the HTTP header's value, for the charset it may name.
        timezone: the source's IANA zone, for times that state no offset.
        address: where the page was fetched, for the addresses that it states in part.

    Raises:
        Quarantine: the bytes are no HTML page, or the page has no article in it; the reason says what it is instead
            (see `kind.Reason`).
    """
    page = decode_page(body, content_type)
    tree = read_tree(without_absurd_tags(page.text.replace("\0", "")))
    if tree is None:
        raise Quarantine("not-html", "The page could not be read as HTML.")
    _lighten(tree)
    stated, sources = read_stated_facts(tree, timezone=timezone, address=address)
    _lighten_head(tree)
    lines, rows = without_table_marks(body_lines(tree))
    missing = not_found_line(stated.headlines, "\n".join(lines))
    if missing is not None:
        raise Quarantine("not-found", f"The page was sent as if it were there, and says {missing[:80]!r}.")
    if is_stated_listing(stated.types):
        raise Quarantine("listing", SENTENCES["listing"])
    if not lines:
        raise Quarantine(*kind_of(tree, stated.types, stated.headlines, lines))
    title = stated.title.value if stated.title else None
    return Extract(
        lines=lines,
        stated=stated,
        places=read_places(tree, lines, address),
        standfirst=standfirst_of(sources, [tidy_line(line) for line in lines[:6]], title),
        nothing=partial(kind_of, tree, stated.types, stated.headlines, lines),
        notes=page.notes,
        rows=rows,
    )


def _lighten(tree: HtmlElement) -> None:
    """Take out what holds no text and no facts: the extractor copies the tree several times, and drops it each time.

    Scripts stay as elements, since JSON-LD is one, and an empty one says as much as before about what stands around it.
    """
    etree.strip_elements(tree, "style", "svg", with_tail=False)
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            script.text = None


def _lighten_head(tree: HtmlElement) -> None:
    """Take out of the head what has been read: no text is in it, and the extractor would look at it many times."""
    for head in tree.iter("head"):
        etree.strip_elements(head, "link", "meta", with_tail=False)
