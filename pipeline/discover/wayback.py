"""The Wayback Machine's CDX index: the captures of an outlet's pages in a window, and where their raw bytes are."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qsl, unquote_plus, urlencode, urljoin, urlsplit

from pipeline.discover.found import Found, Gather, Offer, resolve
from pipeline.discover.jsonfeed import load_json

ENDPOINT = "https://web.archive.org/cdx/search/cdx"
_FIELDS = ("timestamp", "original", "mimetype", "statuscode", "digest")
_PORTS = {"http": ":80", "https": ":443"}


def cdx_query(
    host_or_prefix: str,
    first: date,
    last: date,
    *,
    limit: int = 5_000,
    resume_key: str | None = None,
    endpoint: str = ENDPOINT,
) -> str:
    """Return the address that asks for the captures of HTML pages, each text of an address once.

    A bare host (`example.org`) asks for the whole host, `*.example.org` for its subdomains as well, and anything
    with a path for the addresses that begin so. `first` and `last` are days in UTC, both included; `limit` is
    the most captures in one answer, which names the next one.
    """
    wanted = host_or_prefix.strip()
    bare = wanted.partition("://")[2] or wanted
    if bare.startswith("*."):
        wanted, match = bare[2:].rstrip("/"), "domain"
    elif "/" not in bare.rstrip("/*"):
        wanted, match = bare.rstrip("/*"), "host"
    else:
        wanted, match = wanted.rstrip("*"), "prefix"
    query = [
        ("url", wanted),
        ("matchType", match),
        ("from", f"{first:%Y%m%d}"),
        ("to", f"{last:%Y%m%d}"),
        ("output", "json"),
        ("fl", ",".join(_FIELDS)),
        ("filter", "mimetype:text/html"),
        ("filter", "statuscode:200"),
        ("collapse", "digest"),
        ("limit", str(limit)),
        ("showResumeKey", "true"),
    ]
    if resume_key:
        query.append(("resumeKey", resume_key))
    return f"{endpoint}?{urlencode(query)}"


def read_cdx(body: bytes, address: str = ENDPOINT, *, every_version: bool = False) -> Offer:
    """Return the captures that an answer of the index lists; `more` is the next part of a long answer.

    `Found.address` is the page's own address and `fetch_address` the raw bytes of its capture, at the archive that
    answered. Of several captures of an address the first is returned, being nearest to the publication; with
    `every_version` each different text is, and `address` then repeats. What is not a sound HTML page is
    counted in `skipped`.
    """
    gather = Gather(address, "CDX index")
    try:
        table = load_json(body)
    except ValueError:
        said = " ".join(body[:200].decode("utf-8", "replace").split())
        gather.say(
            f"The CDX index {address} did not answer in JSON: {ascii(said)[1:-1] or 'it said nothing'}."
        )
        return gather.offer()
    if not isinstance(table, list) or not all(isinstance(row, list) for row in table):
        gather.say(f"The CDX index {address} did not answer with a table.")
        return gather.offer()
    if not table:
        return gather.offer()
    names, *rows = table
    if not {"timestamp", "original"} <= {name for name in names if isinstance(name, str)}:
        gather.say(f"The CDX index {address} does not say which column is which.")
        return gather.offer()
    versions: dict[tuple[str, str], Found] = {}
    for row in rows:
        if len(row) == 1 and isinstance(row[0], str) and len(names) > 1:
            gather.page(_resumed(address, row[0]))
        elif row:
            _add(gather, versions, {str(name): str(cell) for name, cell in zip(names, row, strict=False)})
    offer = gather.offer()
    articles = tuple(versions.values())
    if not every_version:
        seen: dict[str, Found] = {}
        for found in sorted(
            articles, key=lambda found: found.captured_at or datetime.max.replace(tzinfo=UTC)
        ):
            seen.setdefault(found.address, found)
        articles = tuple(found for found in articles if seen[found.address] is found)
    return Offer(articles, offer.more, offer.trouble, offer.skipped)


def _add(gather: Gather, versions: dict[tuple[str, str], Found], row: dict[str, str]) -> None:
    if row.get("statuscode", "200") != "200" or row.get("mimetype", "text/html") not in {
        "text/html",
        "application/xhtml+xml",
    }:
        gather.skipped += 1
        return
    original, stamp = row.get("original", ""), row.get("timestamp", "")
    address = gather.resolve(original)
    if address is None:
        return
    try:
        captured = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        fetch = resolve(gather.address, urljoin(gather.address, "/") + f"web/{stamp}id_/{original.strip()}")
    except ValueError as error:
        gather.say(f"A capture in the CDX index {gather.address} was skipped (time {stamp[:40]!a}): {error}.")
        return
    key = (_without_port(address), row.get("digest", stamp))
    if key not in versions:
        versions[key] = Found(key[0], origin="wayback", fetch_address=fetch, captured_at=captured)


def _without_port(address: str) -> str:
    """Return an address without the port that its scheme has anyway; old captures state it."""
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.removesuffix(_PORTS[parts.scheme])).geturl()


def _resumed(address: str, key: str) -> str:
    """Return the address of the next part; the key comes percent-encoded, or, from some servers, plain."""
    parts = urlsplit(address)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "resumeKey"]
    query.append(("resumeKey", key if ")" in key else unquote_plus(key)))
    return parts._replace(query=urlencode(query)).geturl()
