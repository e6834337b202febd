"""A captured page made inert: what it looked like, as near as that goes without anything that runs, sends or loads.

It is written anew from what a parser found in it, with the elements and attributes of two short lists, a site's own
elements, and none else; `<`, `>`, `&` and quotes are escaped wherever they stand. It is shown in a sandboxed frame under
a policy that allows nothing either; each of the three would be enough.
"""

import html
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from pipeline.clean.decode import decode_text
from pipeline.clean.encoding import decode_page
from pipeline.errors import Quarantine

FRAME_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline' data:; img-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
"""The Content-Security-Policy of a page in the frame."""

_PAGES = frozenset(["text/html", "application/xhtml+xml"])
_ELEMENTS = frozenset(
    ["abbr", "acronym", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "body", "br", "caption",
     "center", "cite", "code", "col", "colgroup", "data", "dd", "del", "details", "dfn", "div", "dl", "dt", "em",
     "fieldset", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "i", "img",
     "ins", "kbd", "label", "legend", "li", "main", "mark", "menu", "nav", "ol", "p", "picture", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section",
     "small", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time",
     "tr", "tt", "u", "ul", "var", "wbr"]
)  # fmt: skip
# A site's own elements, which do nothing without its scripts; its style sheet may set them in lines of their own.
_OWN = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")
_EMPTY = frozenset(["br", "col", "hr", "img", "wbr"])
_ATTRIBUTES = frozenset(
    ["alt", "class", "colspan", "datetime", "dir", "height", "id", "lang", "rowspan", "scope", "span", "src", "start",
     "style", "title", "width"]
)  # fmt: skip
# What is in these is no part of what was read; of every other element that is not shown the words stay.
_GONE = frozenset(
    ["applet", "area", "audio", "button", "canvas", "datalist", "dialog", "frame", "iframe", "input", "link", "math",
     "meta", "noembed", "noframes", "noscript", "object", "script", "select", "svg", "template", "textarea", "video"]
)  # fmt: skip
_IN_HEAD = ("style", "title")
_SHOWN_AS = {"a": "span", "image": "img", "listing": "pre", "xmp": "pre", "plaintext": "pre"}
_LONGEST = 2_000  # characters of an attribute that is no picture
_PICTURE = re.compile(r"data:image/(?:png|gif|jpeg|webp);base64,[A-Za-z0-9+/=\s]*\Z", re.IGNORECASE)
# A style may load, cover the frame's own edge or, in old browsers, run.
_LOADS = re.compile(
    r"(?:url|src|image|element|-fade)\s*\(|@import|image-set|expression|behavior|-moz-binding|[\\<]",
    re.IGNORECASE,
)
_PLAIN = (
    "<!doctype html><meta charset=utf-8><title>Original</title>"
    "<style>body{{font:16px/1.5 Georgia,serif;margin:1rem;max-width:44rem;overflow-wrap:anywhere}}"
    "pre{{white-space:pre-wrap;font:inherit}}</style>{body}"
)
_CUT_SHORT = (
    '<p style="all:initial!important;display:block!important;margin:8px!important;padding:8px!important;'
    'font:16px sans-serif!important;color:#000!important;background:#ffd!important">'
    "This page is not shown to its end: its elements stand too deep in one another. "
    "All of it is there as text.</p>"
)


def inert_page(body: bytes, media_type: str, content_type: str | None, *, as_text: bool = False) -> str:
    """Return an HTML page that shows captured bytes and can do nothing: no scripts, forms, frames, links or loads.

    Links keep their words and, as a hint, where they led. Only pictures that the page itself holds are kept. Text is
    shown as text, and so is the markup of a page where `as_text` asks for it; of another kind of file a sentence
    says what it is. Where a part of the page is not shown because it is nested too deep, a sentence says so.
    """
    try:
        if media_type in _PAGES:
            text = decode_page(body, content_type or media_type).text
            return _as_text(text) if as_text else _cleaned(text)
        if media_type.startswith("text/") or media_type in ("application/json", "application/xml"):
            return _as_text(decode_text(body).text)
    except Quarantine as error:
        return inert_sentence(str(error))
    return inert_sentence(
        f"This is a file of the type {media_type}, {len(body)} bytes, which is not shown here."
    )


def inert_sentence(words: str) -> str:
    """Return a page with a sentence in place of what cannot be shown."""
    return _PLAIN.format(body=f"<p>{html.escape(words)}</p>")


def _as_text(text: str) -> str:
    return _PLAIN.format(body=f"<pre dir=auto>{html.escape(text)}</pre>")


def _cleaned(text: str) -> str:
    # A declaration of an encoding in the text itself is refused by lxml; the page has been decoded.
    bare = re.sub(r"\A\s*<\?xml[^>]*>", "", text.replace("\0", ""), count=1)
    parser = HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = document_fromstring(bare, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return inert_sentence("The page has nothing in it that could be shown.")
    is_whole = not any(entry.level_name == "FATAL" for entry in parser.error_log)
    if is_whole and root.find("body") is None and not _says_anything(root):
        return inert_sentence("The page has nothing in it that could be shown.")
    note = "" if is_whole else _CUT_SHORT
    return "".join(
        [
            "<!doctype html><html",
            *_attributes(root, "html"),
            '><head><meta charset="utf-8">',
            *_written(root, note),
        ]
    )


def _says_anything(root: Any) -> bool:
    return any(
        (element.tail or "").strip()
        or ((element.text or "").strip() and element.tag not in _GONE and element.tag not in _IN_HEAD)
        for element in root.iter(etree.Element)
    )


def _written(root: Any, note: str) -> Iterator[str]:
    """Yield the parts of a page, from what comes after `<meta>`: one walk through it, however it is made."""
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        name = _SHOWN_AS.get(element.tag, element.tag) if isinstance(element.tag, str) else ""
        if event == "start" and (name in _GONE or name in _IN_HEAD):
            yield from _in_head(element, name)
            walk.skip_subtree()
        elif event == "start":
            if _is_shown(name):
                yield f"<{name}"
                yield from _attributes(element, name)
                yield ">"
            if element.tag == "body":
                yield note
                note = ""  # a body in the body has none
            yield html.escape(element.text or "", quote=False)
        else:
            if event == "end" and _is_shown(name) and name not in _EMPTY:
                yield f"</{name}>"
            if element is not root:
                yield html.escape(element.tail or "", quote=False)
    yield note  # of a page that has no body


def _is_shown(name: str) -> bool:
    return name in _ELEMENTS or _OWN.fullmatch(name) is not None


def _in_head(element: Any, name: str) -> Iterator[str]:
    """Yield a title, which is text to a browser too, or a style sheet that loads nothing and cannot end early."""
    if name == "title":
        yield f"<title>{html.escape(''.join(element.itertext()), quote=False)}</title>"
    elif name == "style":
        sheet = (element.text or "").replace("<!--", "").replace("-->", "")
        if not _LOADS.search(sheet) and not len(element):
            yield f"<style>{sheet}</style>"


def _attributes(element: Any, name: str) -> Iterator[str]:
    if element.tag == "a":
        # A link is words alone; where it led goes into its title, to be read.
        address = (element.get("href") or "").strip()
        if address.lower().startswith(("http:", "https:", "/")) and len(address) <= _LONGEST:
            yield f' title="{html.escape(f"It led to {address}")}"'
        return
    for attribute, value in element.items():
        if attribute not in _ATTRIBUTES:
            continue
        if attribute == "src":
            is_kept = name == "img" and _PICTURE.match(value.strip()) is not None
        else:
            is_kept = len(value) <= _LONGEST and not (attribute == "style" and _LOADS.search(value))
        if is_kept:
            yield f' {attribute}="{html.escape(value)}"'
