"""XML from strangers: read piece by piece, without network, entities or depth; mended where it is broken."""

import codecs
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Generic, TypeVar

from lxml import etree

LARGEST = 50 * 1024 * 1024
"""Bytes that are read of one body, unpacked: what the sitemap protocol allows a sitemap."""
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""", re.ASCII)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}>")
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_BARE_LESS = re.compile(
    r"<(?![!?]|[^<>]*>)"
)  # a tag that never ends; libxml2 takes a minute for many of them
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SLOW_CODECS = frozenset(["idna", "punycode", "utf-7", "unicode_escape", "raw_unicode_escape"])
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What was read: the values, the root element (None where there is no XML), and a clause on what is broken."""

    values: list[T]
    root: etree._Element | None
    fault: str | None = None


def unpack(body: bytes) -> tuple[bytes, str | None]:
    """Return a body without its gzip, at most LARGEST bytes, and a clause where something is missing."""
    fault = None
    if body[:2] == b"\x1f\x8b":
        unpacker = zlib.decompressobj(wbits=31)
        try:
            body = unpacker.decompress(body, LARGEST + 1)
            fault = None if unpacker.eof or len(body) > LARGEST else "its gzip is cut off"
        except zlib.error:
            return b"", "its gzip is damaged"
    if len(body) > LARGEST:
        return body[:LARGEST], f"it is larger than {LARGEST // 1024 // 1024} MiB, and only that much was read"
    return body, fault


def read_xml(
    body: bytes, heads: Sequence[str], parts: Sequence[str], convert: Callable[[etree._Element], T | None]
) -> Reading[T]:
    """Convert each element whose local name is in `heads` or `parts`, in the order in which they end.

    `parts` are the many; each is cleared once it was converted. Broken XML is mended and read again as far
    as it goes, and `fault` says what was wrong with it.
    """
    tags = [f"{{*}}{name}" for name in (*heads, *parts)]
    try:
        return _pass(body, tags, frozenset(parts), convert, recover=False)
    except etree.XMLSyntaxError as error:
        fault = str(error.msg)[:200]
    try:
        reading = _pass(_mended(body), tags, frozenset(parts), convert, recover=True)
    except etree.XMLSyntaxError:
        return Reading([], None, fault)
    return Reading(reading.values, reading.root, fault)


def _pass(
    body: bytes,
    tags: Sequence[str],
    parts: frozenset[str],
    convert: Callable[[etree._Element], T | None],
    *,
    recover: bool,
) -> Reading[T]:
    walk = etree.iterparse(
        BytesIO(body),
        events=("end",),
        tag=tags,
        recover=recover,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    values: list[T] = []
    for _, element in walk:
        value = convert(element)
        if value is not None:
            values.append(value)
        if local_name(element) in parts:
            element.clear()
            # Cleared elements still take room under their parent.
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    return Reading(values, walk.root)


def _mended(body: bytes) -> bytes:
    """Return the body as UTF-8, with what most often breaks XML put right: bare ampersands, control characters."""
    text = _DECLARATION.sub("", _NOT_XML.sub("", _decoded(body)).lstrip("\ufeff"), count=1)
    return "".join(_pieces(text)).encode()


def _pieces(text: str) -> Iterator[str]:
    """Yield the text with its bare ampersands and unclosed tags escaped, outside CDATA sections only."""
    at = 0
    while at < len(text):
        start = text.find("<![CDATA[", at)
        # find() and not a pattern: ten thousand sections that never end must not cost as many searches.
        end = text.find("]]>", start) if start >= 0 else -1
        if end < 0:
            start = end = len(text)
        yield _BARE_LESS.sub("&lt;", _BARE_AMPERSAND.sub("&amp;", text[at:start]))
        yield text[start:end]
        at = end


def _decoded(body: bytes) -> str:
    declared = _DECLARED.match(body[:400])
    names = [name for mark, name in _MARKS if body.startswith(mark)]
    names += [declared[1].decode("ascii")] if declared else []
    for name in [*names, "utf-8", "cp1252"]:
        try:
            if codecs.lookup(name).name not in _SLOW_CODECS:
                return body.decode(name)
        except (LookupError, ValueError):
            continue
    return body.decode("utf-8", errors="replace")


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace(element: etree._Element) -> str:
    """Return an element's namespace, empty where it has none."""
    return str(element.tag).rpartition("}")[0].removeprefix("{")


def text_of(element: etree._Element) -> str:
    """Return all text inside an element."""
    return "".join(str(piece) for piece in element.itertext())
