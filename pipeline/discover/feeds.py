"""RSS, Atom and RDF feeds through feedparser, and JSON Feed.

feedparser knows the dialects, but takes seconds for a hostile kilobyte. So it never sees a stranger's bytes: lxml
reads them first, and feedparser gets a small well-formed feed of titles, links and dates made from them.
"""

from collections.abc import Iterable
from copy import copy
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import feedparser
from lxml import etree

from pipeline.discover.elements import local_name, namespace, read_xml, text_of, unpack
from pipeline.discover.found import Found, Gather, Offer
from pipeline.discover.jsonfeed import looks_like_json, read_json_feed
from pipeline.discover.stated import plain, read_stated

_LEAVES = frozenset(
    [
        "title",
        "link",
        "guid",
        "id",
        "pubDate",
        "published",
        "updated",
        "date",
        "issued",
        "modified",
        "created",
        "origLink",
    ]
)
_ATTRIBUTES = ("href", "rel", "type", "isPermaLink")
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_PERMALINKS = ("http://", "https://")
_FOREIGN = ("search.yahoo.com/mrss", "itunes.com", "podcastindex", "googleplay")
_MOST_PARTS = 20_000  # feedparser reads 6,000 a second
_LONGEST_LEAF = 4_000  # characters; what is longer is neither a title nor an address


def read_feed(
    body: bytes, address: str, first_day: date | None = None, *, numbered_pages: bool = False
) -> Offer:
    """Return the articles of a feed; `more` is its next page, where it names one.

    `numbered_pages` says that the feed goes on at `?paged=2` and so on, as WordPress feeds do, without
    saying so. Pages end where a page has no entries, or only entries from before `first_day`. A body may be
    packed with gzip.
    """
    gather = Gather(address, "feed")
    body, fault = unpack(body)
    if fault:
        gather.say(f"The feed {address} could not be read whole: {fault}.")
    if not body.strip():
        gather.say(f"The feed {address} is empty.")
        return gather.offer()
    following = read_json_feed(gather, body) if looks_like_json(body) else _read_xml(gather, body)
    found = list(gather.articles())
    if numbered_pages and found and not following:
        following = _next_number(address)
    is_over = first_day is not None and found and all(entry.is_before(first_day) for entry in found)
    if following and not is_over:
        gather.page(following)
    return gather.offer()


def _read_xml(gather: Gather, body: bytes) -> str | None:
    """Read a feed in XML, and return the address of its next page as it is stated."""
    reading = read_xml(body, ("link",), ("item", "entry"), _slim)
    if reading.fault:
        entries = sum(local_name(one) != "link" for one in reading.values)
        gather.say(
            f"The feed {gather.address} is broken XML ({reading.fault}); {entries} of its entries could be read."
        )
    root = reading.root
    if root is None or local_name(root) not in {"rss", "feed", "RDF"}:
        name = "missing" if root is None else local_name(root)
        gather.say(f"The page {gather.address} is not a feed (its root is {name}).")
        return None
    parts = reading.values[:_MOST_PARTS]
    if len(parts) < len(reading.values):
        left = len(reading.values) - len(parts)
        gather.say(
            f"The feed {gather.address} has more than {_MOST_PARTS:,} entries; {left:,} were not read."
        )
    parsed = feedparser.parse(
        BytesIO(_small_feed(root, parts)),
        response_headers={"content-location": gather.address, "content-type": "application/xml"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    for entry in parsed.entries:
        _add(gather, entry, is_rss=parsed.version.startswith("rss"))
    links = parsed.feed.get("links", ())
    return next((link.get("href") for link in links if link.get("rel") == "next"), None)


def _add(gather: Gather, entry: dict[str, Any], *, is_rss: bool) -> None:
    address = gather.resolve(entry.get("feedburner_origlink") or entry.get("link"))
    if address is None:
        return
    # Not entry.get(): feedparser answers "updated" with the publication date where there is no other.
    published = dict.get(entry, "published") or dict.get(entry, "created")
    modified = dict.get(entry, "updated")
    if is_rss and published is None:
        published, modified = modified, None  # RSS has no "updated": what feedparser calls so is dc:date
    first, last = read_stated(published), read_stated(modified)
    gather.article(
        Found(
            address,
            plain(entry.get("title")),
            first.raw,
            first.at,
            first.on,
            last.raw,
            last.at,
            last.on,
            "feed",
        )
    )


def _slim(element: etree._Element) -> etree._Element | None:
    """Return a copy of an entry, or of a link of the feed itself, without all that discovery does not ask for."""
    if local_name(element) == "link":
        parent = element.getparent()
        is_own = parent is not None and local_name(parent) in {"channel", "feed"}
        return _leaf(element) if is_own and element.get("rel") else None
    slim = etree.Element(element.tag, nsmap=_default(element))
    _copy_attributes(element, slim, (_BASE, _ABOUT))
    for child in element:
        if local_name(child) in _LEAVES and not any(name in namespace(child) for name in _FOREIGN):
            leaf = _leaf(child)
            is_id = local_name(child) == "guid"
            if not is_id or (leaf.text or "").strip().startswith(_PERMALINKS):
                slim.append(leaf)
    return slim


def _leaf(element: etree._Element) -> etree._Element:
    leaf = etree.Element(element.tag, nsmap=_default(element))
    leaf.text = text_of(element)[:_LONGEST_LEAF]
    _copy_attributes(element, leaf, (*_ATTRIBUTES, _BASE))
    if leaf.get("type") == "xhtml":
        leaf.set("type", "text")  # its tags are gone
    return leaf


def _copy_attributes(element: etree._Element, slim: etree._Element, names: Iterable[str]) -> None:
    for name in names:
        value = element.get(name)
        if value is not None:
            slim.set(name, str(value)[:_LONGEST_LEAF])


def _small_feed(root: etree._Element, parts: list[etree._Element]) -> bytes:
    small = etree.Element(root.tag, nsmap=_default(root))
    _copy_attributes(root, small, ("version", _BASE))
    home = small
    if local_name(root) != "feed":
        space = _default(root).get(None)
        home = etree.SubElement(small, f"{{{space}}}channel" if space else "channel")
    for part in parts:
        # In RDF the items stand beside the channel.
        is_beside = local_name(root) == "RDF" and local_name(part) != "link"
        (small if is_beside else home).append(copy(part))
    return etree.tostring(small, encoding="utf-8")


def _default(element: etree._Element) -> Any:  # the stubs know of no namespace without a prefix
    space = element.nsmap.get(None)
    return {None: space} if space else {}


def _next_number(address: str) -> str:
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    stated = query.get("paged", "1")
    query["paged"] = str(int(stated) + 1 if stated.isdecimal() and len(stated) < 7 else 2)
    return parts._replace(query=urlencode(query)).geturl()
