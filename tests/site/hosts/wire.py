"""wire.test and m.wire.test: a small WordPress site; an article has five addresses and one canonical.

/  /feed/atom/  /?p=ID (301)  /2024/12/04/SLUG/  .../amp/  m.wire.test/2024/12/04/SLUG/  /private/ (robots says no)
(weak ETag, no Last-Modified; the REST API is closed)
"""

import json
import re
from collections.abc import Sequence
from html import escape

from tests.site.hosts import wordpress
from tests.site.layouts import blocks_html, changed, document, links, local, meta, restless, shown, xml
from tests.site.reply import Ask, Reply, moved, page
from tests.site.truth import Article, at, of_host

HOST = "wire.test"


def answer(ask: Ask) -> Reply | None:
    """The page at an address."""
    posts = of_host(HOST)
    if ask.path == "/":
        return _front(ask, posts)
    if ask.path == "/feed/atom/":
        return _atom(ask, posts)
    if ask.path.startswith("/wp-json/"):
        return wordpress.error("rest_login_required", "The REST API is for members.", 401)
    if re.fullmatch(r"/\d{4}/\d\d/\d\d/[^/]+(/amp)?", ask.path):
        return moved(ask.here(ask.path + "/"))
    if ask.path.startswith("/private/"):
        return page(document("Members", "<p>The foreign ministers' private dinner menu.</p>"), etags="none")
    return _post(ask)


def _post(ask: Ask) -> Reply | None:
    is_amp = ask.path.endswith("/amp/")
    article = at(HOST, ask.path.removesuffix("amp/") if is_amp else ask.path)
    if article is None:
        return None
    return page(_amp(article, ask) if is_amp else _article(article, ask), etags="weak")


def _front(ask: Ask, posts: Sequence[Article]) -> Reply | None:
    if "p" in ask.query:
        found = next((a for a in posts if str(a.post_id) == ask.query["p"]), None)
        return moved(ask.at(HOST, found.path)) if found else None
    entries = [(a.path + "?utm_source=front&utm_medium=teaser", a.title) for a in posts]
    body = f"<h1>Harbour Wire</h1>{links([*entries, ('/private/menu/', 'Members')])}"
    head = f'<link rel="alternate" type="application/atom+xml" href="{ask.here("/feed/atom/")}">'
    return page(document("Harbour Wire", body, head), etags="weak")


def _atom(ask: Ask, posts: Sequence[Article]) -> Reply:
    entries = "".join(
        f"<entry><title type='html'><![CDATA[{a.title}]]></title><id>{ask.here(f'/?p={a.post_id}')}</id>"
        f'<link rel="alternate" type="text/html" href="{ask.here(a.path)}?utm_source=feed&amp;utm_medium=atom"/>'
        f"<published>{a.moment.isoformat()}</published><updated>{changed(a, ask).isoformat()}</updated>"
        f"<author><name>{escape(a.author or 'Harbour Wire')}</name></author>"
        f"<summary>{escape(a.paragraphs[0])}</summary></entry>\n"
        for a in posts
    )
    body = xml(
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour Wire</title><id>{ask.here("/")}</id>'
        f'<link rel="self" href="{ask.here(ask.path)}"/><updated>{posts[0].moment.isoformat()}</updated>\n'
        f"{entries}</feed>\n"
    )
    return Reply(body, kind="application/atom+xml; charset=UTF-8", modified=posts[0].moment, etags="weak")


def _body(article: Article, ask: Ask) -> str:
    lines = blocks_html(shown(article, ask))
    if article.credit_line:
        lines.append(f"<p><em>{escape(article.credit_line)}</em></p>")
    return "\n".join(lines)


def _article(article: Article, ask: Ask) -> str:
    canonical = ask.at(HOST, article.path)
    data = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "Harbour Wire"},
            {
                "@type": "Article",
                "headline": article.title,
                "datePublished": article.published,
                "url": canonical,
            },
        ],
    }
    reply_to = f'<a href="{article.path}?replytocom=12">Leave a comment</a>'
    return document(
        f"{article.title} – Harbour Wire",
        f'<header><a href="/">Harbour Wire</a></header>\n<main><article class="post-{article.post_id}">\n'
        f'<h1 class="entry-title">{escape(article.title, quote=False)}</h1>\n'
        f'<div class="entry-meta">By {escape(article.author or "Harbour Wire")} on '
        f'<time class="published" datetime="{article.published}">{local(article):%B %-d, %Y %-I:%M %p}</time></div>\n'
        f'{restless(ask)}<div class="entry-content">\n{_body(article, ask)}\n</div>\n'
        f'<div class="sharedaddy"><h3>Share this article</h3></div>\n</article>\n<div id="respond">{reply_to}</div>\n'
        "</main>\n<footer><p>© 2024 Harbour Wire</p></footer>",
        "\n".join(
            [
                f'<link rel="canonical" href="{canonical}">',
                f'<link rel="amphtml" href="{canonical}amp/">',
                f'<link rel="shortlink" href="{ask.at(HOST, f"/?p={article.post_id}")}">',
                f'<link rel="alternate" media="handheld" href="{ask.at("m.wire.test", article.path)}">',
                meta(og_title=article.title, og_url=canonical, article_published_time=article.published),
                f'<script type="application/ld+json">{json.dumps(data)}</script>',
            ]
        ),
    )


def _amp(article: Article, ask: Ask) -> str:
    canonical = ask.at(HOST, article.path)
    return document(
        article.title,
        f"<article><h1>{escape(article.title, quote=False)}</h1>\n{_body(article, ask)}</article>",
        f'<link rel="canonical" href="{canonical}">\n<style amp-boilerplate>body{{visibility:visible}}</style>',
    ).replace("<html lang", "<html amp lang", 1)
