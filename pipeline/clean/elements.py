"""Reading single facts out of a page's elements: its meta elements at once, and the text of an element as it is seen."""

from collections.abc import Iterator, Mapping
from html import unescape
from urllib.parse import urldefrag, urljoin

from lxml.html import HtmlElement

from pipeline.clean.canonical import tidy_line

_UNSEEN = frozenset(["script", "style", "noscript", "template", "svg", "button", "select"])
_BREAKS = frozenset(["br", "p", "div", "li", "td", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section"])
_MOST_PARTS = 200


def read_meta(tree: HtmlElement) -> Mapping[str, list[str]]:
    """Return the contents of a page's meta elements, tidied, by their lower-case `property`, `name` or `itemprop`."""
    found: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        content = meta.get("content")
        if not content:
            continue
        for key in ("property", "name", "itemprop"):
            name = meta.get(key)
            if name:
                found.setdefault(name.strip().lower(), []).append(
                    tidy_line(unescape(content) if "&" in content else content)
                )
    return found


def first(meta: Mapping[str, list[str]], *names: str) -> str | None:
    """Return the first content that is not empty of the first of these names that has one."""
    return next((content for name in names for content in meta.get(name, ()) if content), None)


def seen_text(element: HtmlElement) -> str:
    """Return what a reader sees of an element as one tidy line: without scripts, with spaces where lines break."""
    return tidy_line("".join(_parts(element, [_MOST_PARTS])))


def _parts(element: HtmlElement, left: list[int]) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        left[0] -= 1
        if left[0] < 0:
            return
        if isinstance(child.tag, str) and child.tag not in _UNSEEN and not is_hidden(child):
            space = " " if child.tag in _BREAKS else ""
            yield space
            yield from _parts(child, left)
            yield space
        yield child.tail or ""


def is_hidden(element: HtmlElement) -> bool:
    """Tell whether an element is said to be hidden from readers."""
    style = element.get("style")
    return element.get("hidden") is not None or (
        style is not None and "display:none" in style.replace(" ", "").lower()
    )


def joined(base: str, stated: str) -> str | None:
    """Return a stated address whole, without its fragment; None where it is none."""
    try:
        whole = urldefrag(urljoin(base, stated.strip())).url
    except ValueError:
        return None
    return whole if stated.strip() and whole.lower().startswith(("http://", "https://")) else None
