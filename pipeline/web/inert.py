"""A captured page made inert: what it looked like, as near as that goes without anything that runs, sends or loads.

It is shown in a sandboxed frame under a policy that allows nothing either; each of the three would be enough.
"""

import html
import re

from lxml import etree
from lxml.html import HtmlElement, document_fromstring, tostring
from lxml_html_clean import Cleaner

from pipeline.clean.decode import decode_text
from pipeline.clean.encoding import decode_page
from pipeline.errors import Quarantine

FRAME_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline' data:; img-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
"""The Content-Security-Policy of a page in the frame."""

_PAGES = frozenset(["text/html", "application/xhtml+xml"])
_SAFE = frozenset(
    ["alt", "class", "colspan", "datetime", "dir", "height", "id", "lang", "rowspan", "scope", "span", "src", "start",
     "style", "title", "width"]
)  # fmt: skip
# What draws from a language of its own is hard to clean and seldom the article.
_KILLED = ("svg", "math", "template", "noscript", "audio", "video", "canvas", "dialog", "object")
# The parser takes what follows these for what is in them.
_REMOVED = ("embed", "portal", "base")
_PICTURE = re.compile(r"data:image/(?:png|gif|jpeg|webp);base64,[A-Za-z0-9+/=\s]*\Z", re.IGNORECASE)
# A style may load, cover the frame's own edge or, in old browsers, run.
_LOADS = re.compile(r"url\s*\(|@import|image-set|expression|behavior|-moz-binding|\\", re.IGNORECASE)
_PLAIN = (
    "<!doctype html><meta charset=utf-8><title>{title}</title>"
    "<style>body{{font:16px/1.5 Georgia,serif;margin:1rem;max-width:44rem;overflow-wrap:anywhere}}"
    "pre{{white-space:pre-wrap;font:inherit}}</style>{body}"
)


def inert_page(body: bytes, media_type: str, content_type: str | None) -> str:
    """Return an HTML page that shows captured bytes and can do nothing: no scripts, forms, frames, links or loads.

    Links keep their words and, as a hint, where they led. Only pictures that the page itself holds are kept. Text is
    shown as text; of another kind of file a sentence says what it is.
    """
    if media_type in _PAGES:
        return _cleaned(decode_page(body, content_type or media_type).text)
    if media_type.startswith("text/") or media_type in ("application/json", "application/xml"):
        try:
            text = decode_text(body).text
        except Quarantine as error:
            return _sentence(str(error))
        return _PLAIN.format(title="Original", body=f"<pre dir=auto>{html.escape(text)}</pre>")
    return _sentence(f"This is a file of the type {media_type}, {len(body)} bytes, which is not shown here.")


def _cleaned(text: str) -> str:
    # A declaration of an encoding in the text itself is refused by lxml; the page has been decoded.
    bare = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.replace("\0", ""), count=1)
    try:
        root = document_fromstring(bare)
    except (etree.ParserError, ValueError):
        return _sentence("The page has nothing in it that could be shown.")
    for link in list(root.iter("a", "area")):
        _unlink(link)
    Cleaner(
        scripts=True, javascript=True, comments=True, style=False, inline_style=False, links=True, meta=True,
        page_structure=False, processing_instructions=True, embedded=True, frames=True, forms=True,
        annoying_tags=True, remove_unknown_tags=False, safe_attrs_only=True, safe_attrs=_SAFE, kill_tags=_KILLED, remove_tags=_REMOVED,
    )(root)  # fmt: skip
    for element in root.iter(etree.Element):
        _disarm(element)
    for sheet in list(root.iter("style")):
        if isinstance(sheet, HtmlElement) and (_LOADS.search(sheet.text or "") or len(sheet)):
            sheet.drop_tree()
    shown: str = tostring(root, encoding="unicode", doctype="<!doctype html>")
    return shown.replace("<head>", '<head><meta charset="utf-8">', 1)


def _unlink(link: HtmlElement) -> None:
    """Make a link words alone; where it led goes into its title, to be read."""
    address = (link.get("href") or "").strip()
    link.attrib.clear()
    if link.tag == "area":
        link.drop_tree()
        return
    link.tag = "span"
    if address.lower().startswith(("http:", "https:", "/")):
        link.set("title", f"It led to {address}")


def _disarm(element: HtmlElement) -> None:
    if not isinstance(element.tag, str):
        return
    source = element.get("src")
    if source is not None and not (element.tag == "img" and _PICTURE.match(source.strip())):
        del element.attrib["src"]
    if _LOADS.search(element.get("style") or ""):
        del element.attrib["style"]


def _sentence(words: str) -> str:
    return _PLAIN.format(title="Original", body=f"<p>{html.escape(words)}</p>")
