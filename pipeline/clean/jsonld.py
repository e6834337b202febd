"""What a page says of itself in JSON-LD (schema.org): the node that is its own article, apart from others' nodes."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from lxml.html import HtmlElement

from pipeline.clean.canonical import fold_title, tidy_line

Node = Mapping[str, Any]

_ARTICLE_TYPES = ("Article", "BlogPosting", "Report")
_WITHIN = ("@graph", "mainEntity", "mainEntityOfPage")
_MOST_NODES = 200
_SCHEME = re.compile(r"^https?://(?:www\.)?|[?#].*$|/+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LinkedData:
    """A page's JSON-LD.

    `article` holds the properties of the nodes that are the page's own article, `page` those of its `WebPage`; both
    are empty where there is none. `types` are the types of all nodes, `by_id` finds the nodes that others point at.
    """

    article: Node = field(default_factory=dict)
    page: Node = field(default_factory=dict)
    types: frozenset[str] = frozenset()
    by_id: Mapping[str, Node] = field(default_factory=dict)

    def resolve(self, value: Any) -> list[Any]:
        """Return a property's values as a list, with nodes in place of what only points at them."""
        values = value if isinstance(value, list) else [value]
        return [self._resolved(one) for one in values if one]

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("@id"), str) and len(value) <= 2:
            return self.by_id.get(value["@id"], value)
        return value

    def names(self, value: Any) -> list[str]:
        """Return the names that a property's values are, or have."""
        found = (one.get("name") if isinstance(one, dict) else one for one in self.resolve(value))
        return [text for one in found if (text := words(one))]


def read_linked_data(tree: HtmlElement, headlines: tuple[str, ...], addresses: tuple[str, ...]) -> LinkedData:
    """Read a page's JSON-LD.

    Args:
        tree: the whole page; it is not changed.
        headlines: its `h1` texts and titles, by which its own article is told from others.
        addresses: those it was fetched from, and gives as its own.
    """
    nodes = _nodes(tree)
    if not nodes:
        return LinkedData()
    articles = [node for node in nodes if kinds(node, _ARTICLE_TYPES)]
    pages = [node for node in nodes if kinds(node, ("WebPage",))]
    return LinkedData(
        article=_own(articles, headlines, addresses),
        page=pages[0] if pages else {},
        types=frozenset(kind for node in nodes for kind in _types(node)),
        by_id={node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)},
    )


def kinds(node: Node, endings: tuple[str, ...]) -> bool:
    """Tell whether a node's type ends so (`NewsArticle` is an `Article`)."""
    return any(kind.endswith(endings) for kind in _types(node))


def words(value: Any) -> str:
    """Return a text of JSON-LD tidied, with what is still escaped in it (`&amp;`) put right; empty for others."""
    if not isinstance(value, str):
        return ""
    # Twice: what was escaped for HTML is escaped again by a careless template.
    return tidy_line(unescape(unescape(value)) if "&" in value else value)


def _types(node: Node) -> tuple[str, ...]:
    stated = node.get("@type", "")
    return tuple(map(str, stated)) if isinstance(stated, list) else (str(stated),)


def _nodes(tree: HtmlElement) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            with suppress(ValueError, RecursionError):
                # Pages carry raw line breaks inside JSON strings.
                _gather(json.loads(script.text_content(), strict=False), found)
    return found


def _gather(value: Any, found: list[dict[str, Any]]) -> None:
    if isinstance(value, list):
        for item in value:
            _gather(item, found)
    elif isinstance(value, dict) and len(found) < _MOST_NODES:
        found.append(value)
        for inner in _WITHIN:
            if isinstance(value.get(inner), list | dict):
                _gather(value[inner], found)


def _own(articles: list[dict[str, Any]], headlines: tuple[str, ...], addresses: tuple[str, ...]) -> Node:
    """Return the article node that is the page's own; what it lacks is taken from others with the same headline."""
    folded = tuple(fold_title(headline) for headline in headlines if headline)
    places = frozenset(_place(address) for address in addresses if address)
    scored = [(_fit(node, folded, places), node) for node in articles]
    fitting = [(score, node) for score, node in scored if score >= 0]
    if not fitting:
        return {}
    best, chosen = max(fitting, key=lambda pair: pair[0])
    # Which of several that fit equally badly is the page's own, nothing says; the first is by custom.
    own = dict(chosen)
    for score, node in fitting:
        same = fold_title(words(node.get("headline"))) == fold_title(words(chosen.get("headline")))
        if node is not chosen and (same or (score == best and score > 0)):
            own = {**node, **{key: value for key, value in own.items() if value}}
    return own


def _fit(node: Node, headlines: tuple[str, ...], places: frozenset[str]) -> int:
    """Say how well a node fits the page: 3 by its address and its headline, down to 0; -1: it is another article's."""
    headline = fold_title(words(node.get("headline") or node.get("name")))
    stated = {_place(address) for address in _addresses(node)}
    fits_headline = bool(headline) and any(headline in known or known in headline for known in headlines)
    fits_address = bool(stated & places)
    if not fits_headline and not fits_address and headline and headlines and stated and places:
        return -1
    return 2 * fits_headline + fits_address


def _addresses(node: Node) -> Iterator[str]:
    for key in ("url", "mainEntityOfPage", "@id"):
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str) and value.startswith(("http", "//")):
            yield value


def _place(address: str) -> str:
    return _SCHEME.sub("", address.strip()).rstrip("/").casefold()
