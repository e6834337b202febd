"""What the head of an HTTP answer says of the page that came with it: what of it is kept, and how the page is read."""

import re
from collections.abc import Mapping

KEPT_HEADERS = ("content-type", "content-language", "last-modified", "etag", "date")
"""The fields that say something of a page rather than of its server, by lower-case name."""

_HTML = ("text/html", "application/xhtml+xml")


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return those of an answer's headers, by lower-case name, that are kept with its page."""
    return {name: headers[name] for name in KEPT_HEADERS if name in headers}


def page_type(stated: str, body: bytes) -> str:
    """Return the bare media type that a page is read as, of the Content-Type that was stated with it.

    XHTML is read as HTML, and so is what states no type and begins as markup does; of several types the first counts.
    """
    bare = re.split("[;,]", stated, maxsplit=1)[0].strip().lower()
    if bare in _HTML or (not bare and body.lstrip()[:1] == b"<"):
        return "text/html"
    return bare or "application/octet-stream"
