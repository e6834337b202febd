"""HTML pages from strangers, for those ways of discovering that read links."""

import re
from urllib.parse import urljoin

from lxml import etree, html
from w3lib.encoding import html_to_unicode

from pipeline.discover.found import Gather

LARGEST = 10 * 1024 * 1024
"""Bytes that are read of one page; no listing needs a tenth of it."""
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def read_page(gather: Gather, body: bytes, content_type: str | None = None) -> html.HtmlElement | None:
    """Return the root of a page, or None (with a sentence in `gather`) where there is none.

    `content_type` is the response's header. Sets `gather.base` where the page states its own base address.
    """
    if not body.strip():
        gather.say(f"The {gather.what} {gather.address} is empty.")
        return None
    if len(body) > LARGEST:
        gather.say(
            f"The {gather.what} {gather.address} is larger than {LARGEST // 1024 // 1024} MiB; "
            "only that much of it was read."
        )
        body = body[:LARGEST]
    _, text = html_to_unicode(content_type, body, default_encoding="utf-8", auto_detect_fun=_guess)
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = html.document_fromstring(_UNFIT.sub("", text).encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        gather.say(f"The {gather.what} {gather.address} is not a page that can be read: {error}.")
        return None
    for element in root.iter("base"):
        if element.get("href"):
            try:
                gather.base = urljoin(gather.address, str(element.get("href")).strip())
            except ValueError:
                gather.say(f"The {gather.what} {gather.address} states a base address that is not valid.")
            break
    return root


def text_of(element: etree._Element) -> str:
    """Return the text inside an element, on one line."""
    return " ".join("".join(str(piece) for piece in element.itertext()).split())


def _guess(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
