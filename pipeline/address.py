"""Web addresses: one spelling for each, which site one is on, and what a page says its own address is.

An article is known by its address, so the rules here stay until somebody changes them on purpose. That is why the
names of tracking parameters are a table of our own: courlan's grow with its releases, and take `?gallery=3`,
`?cid=4711` and `?reference=12` for trackers, which tell articles apart at some outlets. A tracker that stays costs
one more article, and the page's stated address mends that; a name that is wrongly dropped makes one article of many.
"""

import re
from collections.abc import Collection
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, unquote_plus, urlsplit, urlunsplit

from tld import get_fld
from w3lib.url import safe_url_string

from pipeline.settings import LONGEST_ADDRESS

_SHOWN = 80
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_.-]*[a-z0-9_][a-z0-9_.-]*|\[[0-9a-f:.%]+\]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/;?]*", re.IGNORECASE)

_TRACKERS = frozenset([
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "twclid",
    "ttclid", "li_fat_id", "igsh", "igshid", "rdt_cid", "epik", "mkt_tok", "wickedid", "rb_clickid",
    "s_kwcid", "ef_id", "xtor", "cmp", "cmpid", "s_cid", "icid", "ncid", "ocid", "smid", "tpcc",
    "spm_id_from", "trk", "trkcampaign", "sref", "ref_src", "ref_url", "referrer", "referer", "_ga", "_gl",
    "__twitter_impression", "__s", "_openstat", "ml_subscriber", "ml_subscriber_hash", "ftag", "ftcamp",
    "guccounter", "guce_referrer", "guce_referrer_sig", "replytocom", "like_comment", "phpsessid",
    "jsessionid",
])  # fmt: skip
_TRACKER_FAMILIES = (
    "utm_", "mtm_", "pk_", "piwik_", "matomo_", "itm_", "hsa_", "__hs", "_hs", "mc_", "oly_", "vero_",
    "fb_action_", "fb_comment_", "wt_mc", "at_medium", "at_campaign", "at_custom", "at_link", "at_bbc", "ns_",
)  # fmt: skip

# What says how a page is shown, and not which page it is.
_SWITCHES = frozenset([
    "amp", "amphtml", "outputtype", "output", "m", "mobile", "print", "printable", "view", "format",
    "share", "ref", "source", "src", "from", "redirected", "nocache", "noamp",
])  # fmt: skip
_TWIN_ENDINGS = frozenset(["amp", "amphtml", "amp.html", "index.amp.html", "m", "mobile", "print"])
_PAGE_NAMES = frozenset(["page", "paged", "pg", "pagenum", "pageno", "seite"])
_PAGE_PATH = re.compile(r"/(?:page|seite)[/-](\d{1,5})/?$")
_ROOT = re.compile(r"(?:[^\W\d_]*(?:\.(?:html?|php|aspx?|jsp))?)", re.IGNORECASE)
_EDITION = re.compile(r"/([a-z]{2})(?:/|$)")
_LONG_VALUE = 12


def canonical(address: str) -> str:
    """Return the one spelling of an address, as far as the address alone tells; `canonical` of it is itself.

    Scheme and host in small letters, the host in IDNA, the default port, the fragment and tracking parameters
    gone, the rest escaped alike (RFC 3986, 6.2.2). Parameters are sorted by name where each is `name=value`; one
    that is there twice keeps its order. Whatever a server may tell apart stays: http and https, www and m, a
    slash at the end, `/amp/`, an empty value. So the result may be fetched in the address's place.

    Raises:
        ValueError: it is not http or https, has no usable host, carries a user name, or is longer than
            LONGEST_ADDRESS bytes; the message is a clause that says which.
    """
    shown = ascii(address[:_SHOWN])[1:-1]
    try:
        parts = urlsplit(safe_url_string(_SURROGATE.sub("\ufffd", address)))
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(f"{shown} is not a valid address") from None
    if parts.scheme not in _PORTS:
        raise ValueError(f"{shown} is not an http address")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"the address at {host} carries a user name")
    netloc = f"[{host}]" if ":" in host else host
    if not _HOST.fullmatch(netloc):
        raise ValueError(f"{shown} has no host")
    if port is not None and port != _PORTS[parts.scheme]:
        netloc = f"{netloc}:{port}"
    path = _without_dots(_SESSION.sub("", _normal(parts.path))) or "/"
    found = urlunsplit((parts.scheme, netloc, path, _query(_normal(parts.query)), ""))
    if len(found) > LONGEST_ADDRESS:
        raise ValueError(f"the address at {host} has {len(found):,} bytes")
    return found


def article_address(fetched: str, stated: str | None, hosts: Collection[str] = ()) -> str:
    """Return the canonical address of a fetched page that states `stated` as its own (`rel=canonical`, `og:url`).

    What a page states is believed on its own site or one of its source's `hosts`. On a foreign site it is not: a
    syndicated copy is a publication of its own. Nor where templates are known to err: a home page or section root
    for an article, the first page for a later one, the address without the parameter that names the article,
    another language's edition. An AMP or mobile address is folded only where the page states the other one.

    Raises:
        ValueError: `fetched` is none that `canonical` takes.
    """
    own = canonical(fetched)
    if not stated:
        return own
    try:
        said = canonical(stated)
    except ValueError:
        return own
    here, there = host_of(own), host_of(said)
    if not same_site(here, there) and there not in hosts:
        return own
    return own if _is_mistake(urlsplit(own), urlsplit(said)) else said


@lru_cache(maxsize=4096)
def host_of(address: str) -> str:
    """Return the host of an address, in small letters, without port or last dot; empty where it has none."""
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""


def bare_host(address: str) -> str:
    """Return the host of an address without `www.`, which makes no difference to what a site's pages look like."""
    return host_of(address).removeprefix("www.")


def same_site(host_a: str, host_b: str) -> bool:
    """Tell whether two hosts have one registrable domain (publicsuffix.org, its private part too)."""
    return bool(host_a) and (host_a == host_b or _site(host_a) == _site(host_b))


@lru_cache(maxsize=4096)
def _site(host: str) -> str:
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    known = get_fld(f"http://{host}", fail_silently=True, search_private=True)
    # The list's own rule for what it does not name: the last label is the suffix.
    return known or ".".join(host.split(".")[-2:])


def _normal(part: str) -> str:
    """Decode escapes that need none, write the others in capitals, and escape a percent sign that is none."""

    def spelt(match: re.Match[str]) -> str:
        if match[1] is None:
            return "%25"
        char = chr(int(match[1], 16))
        return char if char in _UNRESERVED else f"%{match[1].upper()}"

    return _ESCAPE.sub(spelt, part) if "%" in part else part


def _without_dots(path: str) -> str:
    """Resolve `.` and `..` (RFC 3986, 5.2.4), as every client does before it asks."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _query(query: str) -> str:
    pieces = [piece for piece in query.split("&") if piece and not _is_tracker(*_pair(piece))]
    if all("=" in piece for piece in pieces):
        pieces.sort(key=lambda piece: piece.partition("=")[0])
    return "&".join(pieces)


def _pair(piece: str) -> tuple[str, str]:
    name, _, value = piece.partition("=")
    # Feeds escape twice: `&amp;utm_source=rss`.
    return unquote_plus(name).lower().removeprefix("amp;"), unquote_plus(value)


def _is_tracker(name: str, value: str) -> bool:
    if name == "ref":
        # A word names the place that linked here; a number may be the article's.
        return not any(map(str.isdigit, value))
    return name in _TRACKERS or name.startswith(_TRACKER_FAMILIES)


def _is_mistake(own: SplitResult, said: SplitResult) -> bool:
    if _page_number(own) != _page_number(said):
        return True
    editions = _EDITION.match(own.path), _EDITION.match(said.path)
    if editions[0] and editions[1] and editions[0][1] != editions[1][1]:
        return True
    if own.path.rstrip("/") == said.path.rstrip("/"):
        return _loses_the_article(own.query, said.query)
    if _is_root(said) and not _is_root(own):
        return True
    return _is_above(own.path, said.path)


def _page_number(parts: SplitResult) -> int:
    numbers = [value for name, value in _pairs(parts.query) if name in _PAGE_NAMES and value.isdecimal()]
    in_path = _PAGE_PATH.search(parts.path)
    return int((numbers or [in_path[1] if in_path else "1"])[0][:9])


def _pairs(query: str) -> list[tuple[str, str]]:
    return [_pair(piece) for piece in query.split("&") if piece]


def _loses_the_article(own: str, said: str) -> bool:
    """Tell whether the stated query lacks a parameter that may say which article the page is."""
    kept = set(_pairs(said))
    for name, value in set(_pairs(own)) - kept:
        if name in _SWITCHES or name in _PAGE_NAMES:
            continue
        if any(map(str.isdigit, name + value)) or len(value) >= _LONG_VALUE:
            return True
    return False


def _is_root(parts: SplitResult) -> bool:
    """Tell whether an address looks like a home page or a section's: nothing but words in its path."""
    return not parts.query and all(_ROOT.fullmatch(unquote(segment)) for segment in parts.path.split("/"))


def _is_above(own: str, said: str) -> bool:
    """Tell whether the stated path is one of those above the page's own, and the page no twin of that one."""
    above = said.rstrip("/") + "/"
    if not own.startswith(above):
        return False
    below = own[len(above) :].strip("/").lower().split("/")
    return not all(segment in _TWIN_ENDINGS for segment in below)
