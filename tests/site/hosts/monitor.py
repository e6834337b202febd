"""monitor.test: a WordPress site that reprints releases, with everything WordPress offers to find a post.

/  /feed/  /?paged=2  /wp-json/wp/v2/posts  /sitemap.xml  /post-sitemap-2024-12.xml  /editorial/SLUG/ID/
(weak ETag and Last-Modified; the page header shows the day on which the page is looked at)
"""

import json
from collections.abc import Sequence
from html import escape
from typing import Any

from tests.site.hosts import wordpress
from tests.site.layouts import (
    blocks_html,
    changed,
    document,
    links,
    meta,
    restless,
    shown,
    sitemap,
    sitemap_index,
)
from tests.site.reply import Ask, Reply, page
from tests.site.truth import Article, at, of_host

HOST = "monitor.test"
PER_PAGE = 4


def answer(ask: Ask) -> Reply | None:
    """The page at an address."""
    posts = of_host(HOST)
    if ask.path == "/":
        return _front(ask, posts)
    if ask.path == "/feed/":
        return _feed(ask, posts)
    if ask.path == "/wp-json/wp/v2/posts":
        return wordpress.posts(ask, posts, lambda a: content(a, ask))
    months = sorted({f"{a.moment:%Y-%m}" for a in posts})
    if ask.path == "/sitemap.xml":
        newest = {m: max(a.moment for a in posts if f"{a.moment:%Y-%m}" == m) for m in months}
        entries = [(ask.here(f"/post-sitemap-{month}.xml"), newest[month]) for month in months]
        return Reply(sitemap_index(entries), kind="application/xml; charset=utf-8", modified=posts[0].moment)
    for month in months:
        if ask.path == f"/post-sitemap-{month}.xml":
            here = [a for a in posts if f"{a.moment:%Y-%m}" == month]
            rows = [(ask.here(a.path), changed(a, ask)) for a in here]
            return Reply(sitemap(rows), kind="application/xml; charset=utf-8", modified=here[0].moment)
    article = at(HOST, ask.path)
    return page(_article(article, ask), changed(article, ask), "weak") if article else None


def content(article: Article, ask: Ask) -> str:
    """What the editor typed into the post: the text and the reprint's furniture, without the theme's."""
    top = (
        [f'<figure><img src="/wp-content/uploads/{article.post_id}.jpg" alt=""></figure>']
        if article.caption
        else []
    )
    top += [f"<p>{escape(line)}</p>" for line in (article.caption, article.dateline, article.also) if line]
    bottom = ["<h3>Further information</h3>", "<h3>Topics</h3>"]
    if article.credit_line:
        bottom.append(f"<p>{escape(article.credit_line).replace('– ', '–&nbsp;')}</p>\n<p>&nbsp;</p>")
    return "\n".join([*top, *blocks_html(shown(article, ask)), *bottom])


def _front(ask: Ask, posts: Sequence[Article]) -> Reply | None:
    stated = ask.query.get("paged", "1")
    if not stated.isdigit() or not 1 <= int(stated) <= -(-len(posts) // PER_PAGE):
        return None
    start = (int(stated) - 1) * PER_PAGE
    rows = links([(ask.here(a.path), a.title) for a in posts[start : start + PER_PAGE]])
    more = (
        f'<a class="next" href="/?paged={int(stated) + 1}">Older posts</a>'
        if start + PER_PAGE < len(posts)
        else ""
    )
    return page(
        document("Compact Monitor", f"<h1>Compact Monitor</h1>{rows}{more}", _head(ask)), etags="weak"
    )


def _head(ask: Ask) -> str:
    return (
        f'<link rel="alternate" type="application/rss+xml" title="Compact Monitor" href="{ask.here("/feed/")}">\n'
        f'<link rel="https://api.w.org/" href="{ask.here("/wp-json/")}">'
    )


def _feed(ask: Ask, posts: Sequence[Article]) -> Reply:
    stated = ask.query.get("paged", "1")
    start = (int(stated) - 1) * PER_PAGE if stated.isdigit() else 0
    items = [wordpress.rss_item(a, ask, content(a, ask)) for a in posts[start : start + PER_PAGE]]
    return wordpress.rss("Compact Monitor", ask, items, posts[0].moment)


def _article(article: Article, ask: Ask) -> str:
    title = escape(article.title, quote=False)
    nav = links([("/", "Home"), ("/category/editorial/", "Editorial"), ("/about/", "About")])
    exact = article.stated if article.stated and "T" in article.stated else None
    data: dict[str, Any] = {"@context": "https://schema.org", "@type": "WebPage", "name": article.title}
    return document(
        f"{article.title} - Compact Monitor",
        f'<header><div class="today">Sun. Jan 26th, 2025</div><a href="/">Compact Monitor</a><nav>{nav}</nav></header>\n'
        f'<main><article class="post-{article.post_id} post type-post">\n<h1 class="entry-title">{title}</h1>\n'
        f'{restless(ask)}<div class="entry-content">\n{content(article, ask)}\n</div>\n'
        '<div class="forward"><a href="mailto:?">Forward to your friends</a></div>\n</article></main>\n'
        "<footer><p>Compact Monitor is independent of the institutions it follows.</p></footer>",
        "\n".join(
            [
                _head(ask),
                f'<link rel="canonical" href="{ask.here(article.path)}">',
                meta(og_title=article.title, og_type="article", article_published_time=exact),
                f'<script type="application/ld+json">{json.dumps(data)}</script>',
            ]
        ),
    )
