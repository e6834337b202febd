"""A section of a site: the links of a page that stay within its hosts, its paths and a depth."""

import re
from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

from pipeline.discover.found import Found, Gather, Offer, resolve
from pipeline.discover.page import read_page, text_of
from pipeline.discover.stated import plain
from pipeline.errors import SetupError

_FILES = re.compile(
    r"\.(?:avif|bmp|css|csv|docx?|eps|epub|exe|gif|gz|ico|ics|jpe?g|js|json|m4a|mov|mp[34]|odt|ogg|pdf|png|pptx?"
    r"|rar|rss|svg|tar|tiff?|ttf|txt|wav|webm|webp|woff2?|xlsx?|xml|zip)$",
    re.IGNORECASE,
)


def read_section(
    body: bytes,
    address: str,
    *,
    hosts: Collection[str] = (),
    under: Sequence[str] = ("/",),
    articles: str | None = None,
    depth: int = 0,
    content_type: str | None = None,
) -> Offer:
    """Return the links of a page that lie within limits: articles, and as `more` the pages to go on from.

    `hosts` are the hosts to stay on, this page's own unless stated; `under` the beginnings of allowed paths.
    `articles` is a regular expression that an article's path and query contain; without it every link may be one,
    and each is also a page to go on from. `depth` is how many steps further the section may be followed: at
    0 there is no `more`. Links outside the limits, to files and to no page at all are counted in `skipped`.

    Raises:
        SetupError: `articles` is not a regular expression.
    """
    try:
        wanted = re.compile(articles) if articles is not None else None
    except re.error as error:
        raise SetupError(f"{articles!r} is not a regular expression: {error}.") from error
    gather = Gather(address, "section page")
    root = read_page(gather, body, content_type)
    if root is None:
        return gather.offer()
    allowed = {host.lower() for host in hosts} or {urlsplit(address).hostname or ""}
    seen: set[str] = {address}
    for link in root.iter("a", "area"):
        href = link.get("href")
        if href is None:
            continue
        try:
            to = resolve(gather.base, href)
        except ValueError:
            # Pages are full of mailto: and javascript: links; they are furniture, not lost entries.
            gather.skipped += 1
            continue
        parts = urlsplit(to)
        where = parts.path or "/"
        if parts.hostname not in allowed or not where.startswith(tuple(under)) or _FILES.search(where):
            gather.skipped += 1
            continue
        is_article = wanted is None or wanted.search(f"{where}?{parts.query}" if parts.query else where)
        if is_article and to != address:
            gather.article(Found(to, plain(text_of(link)), origin="section"))
        if depth > 0 and to not in seen and (wanted is None or not is_article):
            gather.page(to)
        seen.add(to)
    return gather.offer()
