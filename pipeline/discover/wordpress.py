"""The WordPress REST API: the posts of a window, which reach back further than any feed."""

import re
from collections.abc import Mapping
from datetime import UTC, date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from pipeline.discover.found import Found, Gather, Offer
from pipeline.discover.jsonfeed import load_json
from pipeline.discover.stated import Stated, plain, read_stated

_ROUTE = "wp/v2/posts"
_FIELDS = "id,date,date_gmt,modified,modified_gmt,link,title"
_PAST_THE_END = "rest_post_invalid_page_number"
_NEXT = re.compile(r'<([^<>]{1,2000})>\s*;\s*rel="?next"?')


def first_page(
    base: str,
    after: date | None = None,
    before: date | None = None,
    search: str | None = None,
    per_page: int = 100,
) -> str:
    """Return the address of the first page of posts.

    `base` is the site's home, or the address of its posts (`.../wp-json/wp/v2/posts`, `/?rest_route=...`).
    `after` and `before` are the first and the last day of the window, both included, by the site's own clock.
    Posts come oldest first: so a post that is added while pages are read moves none of the others.
    """
    parts = urlsplit(base)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if _ROUTE not in base:
        parts = parts._replace(path=f"{parts.path.rstrip('/')}/wp-json/{_ROUTE}")
    query |= {"per_page": str(per_page), "page": "1", "orderby": "date", "order": "asc", "_fields": _FIELDS}
    if after:
        # The bound itself is excluded.
        query["after"] = f"{after - timedelta(days=1)}T23:59:59"
    if before:
        query["before"] = f"{before + timedelta(days=1)}T00:00:00"
    if search:
        query["search"] = search
    return parts._replace(query=urlencode(query), fragment="").geturl()


def read_posts(body: bytes, headers: Mapping[str, str], address: str) -> Offer:
    """Return the posts of one page of the API, and as `more` the page after it, if there is one.

    `headers` are the response's. A refusal (`rest_no_route`, a members-only API) is a sentence in `trouble`; a page
    past the last one is just empty.
    """
    gather = Gather(address, "WordPress API")
    try:
        posts = load_json(body)
    except ValueError as error:
        gather.say(f"The WordPress API {address} did not answer in JSON ({error}).")
        return gather.offer()
    if isinstance(posts, dict) and posts.get("code") != _PAST_THE_END:
        code, message = posts.get("code", "no code"), plain(posts.get("message")) or "no message"
        gather.say(f"The WordPress API {address} refuses: {message} ({str(code)[:80]})")
    elif isinstance(posts, list):
        for post in posts:
            if isinstance(post, dict):
                _add(gather, post)
            else:
                gather.say(f"An entry of the WordPress API {address} was skipped: it is not a post.")
        following = _following(address, headers, len(posts))
        if following:
            gather.page(following)
    elif not isinstance(posts, dict):
        gather.say(f"The WordPress API {address} did not answer with a list of posts.")
    return gather.offer()


def _add(gather: Gather, post: dict[str, Any]) -> None:
    link = post.get("link")
    address = gather.resolve(link if isinstance(link, str) else None)
    if address is None:
        return
    title = post.get("title")
    published, modified = _date(post, "date"), _date(post, "modified")
    gather.article(
        Found(
            address,
            plain(title.get("rendered") if isinstance(title, dict) else title),
            published.raw,
            published.at,
            published.on,
            modified.raw,
            modified.at,
            modified.on,
            "wordpress",
        )
    )


def _date(post: dict[str, Any], name: str) -> Stated:
    """Return the UTC date as a moment, on the day that the site's own clock had; else the latter alone."""
    local, universal = read_stated(post.get(name)), read_stated(post.get(f"{name}_gmt"))
    if universal.on is None or universal.raw is None:
        return local
    moment = read_stated(f"{universal.raw.removesuffix('Z')}+00:00").at
    return Stated(universal.raw, moment and moment.astimezone(UTC), local.on or universal.on)


def _following(address: str, headers: Mapping[str, str], posts: int) -> str | None:
    """Return the next page: by the number of pages, by the Link header, or by this page's being full."""
    lower = {name.lower(): value for name, value in headers.items()}
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    number, size = _count(query.get("page"), 1), _count(query.get("per_page"), 10)
    pages = lower.get("x-wp-totalpages", "")
    link = _NEXT.search(lower.get("link", "")[:4000])
    if pages.strip().isdecimal():
        is_more = number < _count(pages, 0)
    elif link:
        return link[1]
    else:
        is_more = posts >= size
    # An empty page ends it, whatever the header promises.
    return (
        parts._replace(query=urlencode({**query, "page": number + 1})).geturl() if is_more and posts else None
    )


def _count(stated: str | None, otherwise: int) -> int:
    stated = (stated or "").strip()
    return int(stated) if stated.isascii() and stated.isdecimal() and len(stated) < 10 else otherwise
