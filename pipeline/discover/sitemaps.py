"""Sitemaps, sitemap indexes, Google News sitemaps and plain lists of addresses."""

from datetime import date

from lxml import etree

from pipeline.discover.elements import local_name, namespace, read_xml, text_of, unpack
from pipeline.discover.found import Found, Gather, Offer
from pipeline.discover.periods import Period, periods
from pipeline.discover.stated import NOT_STATED, Stated, plain, read_stated

_NEWS = "sitemap-news"
_Child = tuple[str | None, Stated]
_Entry = tuple[bool, str | None, Stated, Stated, str | None, bool]


def read_sitemap(
    body: bytes, address: str, first_day: date | None = None, last_day: date | None = None
) -> Offer:
    """Return the articles of a sitemap, or as `more` the sitemaps of an index.

    Child sitemaps are skipped, and counted, when their address names a year, month or day outside the window
    or when they last changed before it. The entries of a sitemap are all returned, whatever their dates.
    A body may be packed with gzip.
    """
    gather = Gather(address, "sitemap")
    body, fault = unpack(body)
    if fault:
        gather.say(f"The sitemap {address} could not be read whole: {fault}.")
    if not body.strip():
        gather.say(f"The sitemap {address} is empty.")
    elif body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or b"\0" in body[:4]:
        _read_xml(gather, body, first_day, last_day)
    else:
        _read_lines(gather, body)
    return gather.offer()


def _read_lines(gather: Gather, body: bytes) -> None:
    for line in body.decode("utf-8-sig", errors="replace").splitlines():
        if line.strip():
            if not line.strip().lower().startswith(("http://", "https://")):
                # In a list of bare lines, only a whole address can be told from prose.
                gather.say(
                    f"A line of the sitemap {gather.address} is not an http address: {line.strip()[:80]!a}."
                )
                continue
            address = gather.resolve(line)
            if address:
                gather.article(Found(address, origin="sitemap"))


def _read_xml(gather: Gather, body: bytes, first_day: date | None, last_day: date | None) -> None:
    reading = read_xml(body, (), ("url", "sitemap"), _entry)
    if reading.fault:
        gather.say(
            f"The sitemap {gather.address} is broken XML ({reading.fault}); "
            f"{len(reading.values):,} of its entries could be read."
        )
    root = local_name(reading.root) if reading.root is not None else None
    if not reading.values and root not in {"urlset", "sitemapindex"}:
        gather.say(f"The page {gather.address} is not a sitemap (its root is {root or 'missing'}).")
    children: list[_Child] = []
    for is_child, stated, modified, published, title, is_news in reading.values:
        address = gather.resolve(stated)
        if address is None:
            continue
        if is_child:
            children.append((address, modified))
            continue
        gather.article(
            Found(
                address,
                title,
                published.raw,
                published.at,
                published.on,
                modified.raw,
                modified.at,
                modified.on,
                "news-sitemap" if is_news else "sitemap",
            )
        )
    _pick(gather, children, Period(first_day or date.min, last_day or date.max))


def _pick(gather: Gather, children: list[_Child], window: Period) -> None:
    named = periods([address or "" for address, _ in children])
    for (address, modified), period in zip(children, named, strict=True):
        changed = Found("", modified_at=modified.at, modified_on=modified.on)
        if (period and not period.meets(window)) or changed.is_before(window.first):
            gather.skipped += 1
        else:
            gather.page(address)


def _entry(element: etree._Element) -> _Entry | None:
    address = title = None
    modified = published = NOT_STATED
    is_news = False
    for child in element:
        name = local_name(child)
        if name == "loc" and _NEWS not in (space := namespace(child)) and "image" not in space:
            address = text_of(child)
        elif name == "lastmod":
            modified = read_stated(text_of(child))
        elif name == "news":
            is_news = True
            for fact in child:
                if local_name(fact) == "publication_date":
                    published = read_stated(text_of(fact))
                elif local_name(fact) == "title":
                    title = plain(text_of(fact))
    return local_name(element) == "sitemap", address, modified, published, title, is_news
