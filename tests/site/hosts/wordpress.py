"""What WordPress does by itself: the REST API for posts, and RSS."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from tests.site.layouts import changed, local, xml
from tests.site.reply import Ask, Reply, http_date
from tests.site.truth import ZONES, Article


def error(code: str, message: str, status: int) -> Reply:
    """An error of the REST API."""
    body = json.dumps({"code": code, "message": message, "data": {"status": status}}).encode()
    return Reply(body, status, "application/json; charset=UTF-8", etags="none")


def posts(ask: Ask, found: Sequence[Article], content: Callable[[Article], str]) -> Reply:
    """/wp-json/wp/v2/posts: after, before, search, page, per_page, order and _fields."""
    try:
        page, per_page = int(ask.query.get("page", "1")), int(ask.query.get("per_page", "10"))
        after, before = (_moment(ask, name) for name in ("after", "before"))
    except ValueError:
        return error("rest_invalid_param", "Invalid parameter(s).", 400)
    if page < 1 or not 1 <= per_page <= 100:
        return error("rest_invalid_param", "Invalid parameter(s): page, per_page", 400)
    words = ask.query.get("search", "").lower().split()
    kept = [
        a
        for a in found
        if (after is None or a.moment > after)
        and (before is None or a.moment < before)
        and all(word in f"{a.title} {' '.join(a.paragraphs)}".lower() for word in words)
    ]
    if ask.query.get("order") == "asc":
        kept.reverse()
    pages = -(-len(kept) // per_page)
    if page > max(pages, 1):
        return error(
            "rest_post_invalid_page_number", "The page number is larger than the number of pages.", 400
        )
    shown = [_post(a, ask, content(a)) for a in kept[(page - 1) * per_page : page * per_page]]
    if "_fields" in ask.query:
        wanted = {name.split(".")[0] for name in ask.query["_fields"].split(",")}
        shown = [{name: value for name, value in post.items() if name in wanted} for post in shown]
    headers = [("X-WP-Total", str(len(kept))), ("X-WP-TotalPages", str(pages))]
    if page < pages:
        after_this = urlencode({**ask.query, "page": str(page + 1)})
        headers.append(("Link", f'<{ask.here(ask.path)}?{after_this}>; rel="next"'))
    body = json.dumps(shown).encode()
    return Reply(body, kind="application/json; charset=UTF-8", etags="none", headers=headers)


def _moment(ask: Ask, name: str) -> datetime | None:
    """A bound; without an offset it is in the site's own zone, as WordPress reads it."""
    if name not in ask.query:
        return None
    moment = datetime.fromisoformat(ask.query[name])
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(ZONES[ask.host]))


def _post(article: Article, ask: Ask, content: str) -> dict[str, Any]:
    modified = changed(article, ask)
    zone = ZoneInfo(ZONES[article.host])
    return {
        "id": article.post_id,
        "date": local(article).replace(tzinfo=None).isoformat(),
        "date_gmt": article.moment.astimezone(UTC).replace(tzinfo=None).isoformat(),
        "guid": {"rendered": ask.here(f"/?p={article.post_id}")},
        "modified": modified.astimezone(zone).replace(tzinfo=None).isoformat(),
        "modified_gmt": modified.astimezone(UTC).replace(tzinfo=None).isoformat(),
        "slug": article.path.strip("/").split("/")[1],
        "status": "publish",
        "type": "post",
        "link": ask.here(article.path),
        "title": {"rendered": escape(article.title, quote=False).replace("'", "&#8217;")},
        "content": {"rendered": content, "protected": False},
        "excerpt": {
            "rendered": f"<p>{escape(article.paragraphs[0][:150])} [&hellip;]</p>",
            "protected": False,
        },
        "author": 1,
        "categories": [3],
    }


def rss_item(article: Article, ask: Ask, content: str) -> str:
    """One item, with its whole content."""
    return (
        f"<item><title>{escape(article.title)}</title><link>{ask.here(article.path)}</link>"
        f"<pubDate>{http_date(article.moment)}</pubDate><dc:creator>Editor</dc:creator>"
        f'<guid isPermaLink="false">{ask.here(f"/?p={article.post_id}")}</guid>'
        f"<description><![CDATA[{article.paragraphs[0][:150]} [&#8230;]]]></description>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded></item>\n"
    )


def rss(title: str, ask: Ask, items: Sequence[str], modified: datetime) -> Reply:
    """An RSS 2.0 feed."""
    body = xml(
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">\n'
        f"<channel><title>{title}</title><link>{ask.here('/')}</link><description>{title}</description>"
        f'<atom:link href="{ask.here(ask.path)}" rel="self" type="application/rss+xml"/>'
        f"<lastBuildDate>{http_date(modified)}</lastBuildDate>\n{''.join(items)}</channel></rss>\n"
    )
    return Reply(body, kind="application/rss+xml; charset=UTF-8", modified=modified, etags="weak")
