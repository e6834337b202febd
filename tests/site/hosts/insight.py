"""insight.test: analysis, found through a Google News sitemap and a JSON Feed, dated in JSON-LD.

/  /news-sitemap.xml  /feed.json  /analysis/SLUG  (strong ETag and Last-Modified)
One address has a date in it that is not the article's: `/specials/2024-11-30/...`.
"""

import json
from collections.abc import Sequence
from html import escape

from tests.site.layouts import blocks_html, changed, document, links, meta, restless, shown, xml
from tests.site.reply import Ask, Reply, page
from tests.site.truth import Article, at, of_host

HOST = "insight.test"


def answer(ask: Ask) -> Reply | None:
    """The page at an address."""
    found = of_host(HOST)
    if ask.path == "/":
        body = f"<h1>Lodestar Insight</h1>{links([(a.path, a.title) for a in found])}"
        feed = ask.here("/feed.json")
        head = f'<link rel="alternate" type="application/feed+json" href="{feed}">'
        return page(document("Lodestar Insight", body, head))
    if ask.path == "/news-sitemap.xml":
        return Reply(
            _news_sitemap(ask, found), kind="application/xml; charset=utf-8", modified=found[0].moment
        )
    if ask.path == "/feed.json":
        body = json.dumps(_feed(ask, found), ensure_ascii=False)
        return Reply(body.encode(), kind="application/feed+json; charset=utf-8", modified=found[0].moment)
    article = at(HOST, ask.path)
    return page(_article(article, ask), changed(article, ask)) if article else None


def _news_sitemap(ask: Ask, found: Sequence[Article]) -> bytes:
    rows = "".join(
        f"<url><loc>{ask.here(a.path)}</loc><news:news><news:publication><news:name>Lodestar Insight</news:name>"
        "<news:language>en</news:language></news:publication>"
        f"<news:publication_date>{a.published}</news:publication_date>"
        f"<news:title>{escape(a.title)}</news:title></news:news></url>\n"
        for a in found
    )
    return xml(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{rows}</urlset>\n'
    )


def _feed(ask: Ask, found: Sequence[Article]) -> dict[str, object]:
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Lodestar Insight",
        "home_page_url": ask.here("/"),
        "feed_url": ask.here("/feed.json"),
        "items": [
            {
                "id": a.path,
                "url": ask.here(a.path),
                "title": a.title,
                "date_published": a.published,
                "content_text": "\n\n".join(a.paragraphs),
                "authors": [{"name": a.author}],
            }
            for a in found
        ],
    }


def _article(article: Article, ask: Ask) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": article.published,
        "dateModified": changed(article, ask).isoformat(),
        "author": [{"@type": "Person", "name": article.author}],
        "publisher": {"@type": "Organization", "name": "Lodestar Insight"},
        "mainEntityOfPage": ask.here(article.path),
    }
    credit = f'<p class="credit">{escape(article.credit_line)}</p>' if article.credit_line else ""
    body = "\n".join(blocks_html(shown(article, ask)))
    nav = links([("/", "Home"), ("/analysis/", "Analysis"), ("/motoring/", "Motoring")])
    return document(
        f"{article.title} | Lodestar Insight",
        f"<header><nav>{nav}</nav></header>\n<main><article>\n<h1>{escape(article.title, quote=False)}</h1>\n"
        f'<p class="byline">By {escape(article.author or "")}</p>\n{restless(ask)}\n'
        f'<div class="story-body">\n{body}\n{credit}\n</div></article></main>\n'
        "<footer><p>© 2024 Lodestar Insight</p></footer>",
        "\n".join(
            [
                f'<link rel="canonical" href="{ask.here(article.path)}">',
                meta(og_title=f"{article.title} | Lodestar Insight", og_site_name="Lodestar Insight"),
                f'<script type="application/ld+json">{json.dumps(data)}</script>',
            ]
        ),
    )
