"""agency.test: a news agency with dated listing pages, a date banner without a zone, and AD blocks.

/  /news/2024-12-04/  /news/general/1041892.html  (strong ETag and Last-Modified; the clock is Kyiv's)
"""

import re
from datetime import date, timedelta
from html import escape

from tests.site.layouts import blocks_html, changed, document, links, local, restless, shown
from tests.site.reply import Ask, Reply, moved, page
from tests.site.truth import Article, at, of_host

HOST = "agency.test"
FIRST_DAY = date(2024, 11, 30)  # older days answer 404


def answer(ask: Ask) -> Reply | None:
    """The page at an address."""
    if ask.path == "/":
        return moved(ask.here("/news/2024-12-05/"), 302)
    listing = re.fullmatch(r"/news/(\d{4}-\d\d-\d\d)/", ask.path)
    if listing:
        return _listing(ask, listing[1])
    article = at(HOST, ask.path)
    return page(_article(article, ask), changed(article, ask)) if article else None


def _listing(ask: Ask, stated: str) -> Reply | None:
    try:
        day = date.fromisoformat(stated)
    except ValueError:
        return None
    if not FIRST_DAY <= day <= date(2025, 1, 31):
        return None
    rows = "".join(
        f'<div class="news-item"><span class="time">{local(a):%H:%M}</span> '
        f'<a href="{a.path}">{escape(a.title, quote=False)}</a></div>\n'
        for a in of_host(HOST)
        if local(a).date() == day
    )
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    earlier = f'<a rel="prev" href="/news/{before}/">Previous day</a>' if before >= FIRST_DAY else ""
    return page(
        document(
            f"News of {day:%d.%m.%Y} - Skarpress",
            f"{_header()}<h1>News of {day:%d.%m.%Y}</h1>\n{rows or '<p>No news on this day.</p>'}\n"
            f'<nav class="days">{earlier} <a rel="next" href="/news/{after}/">Next day</a></nav>{_footer()}',
        )
    )


def _header() -> str:
    sections = [
        ("/news/2024-12-05/", "Latest"),
        ("/news/general.html", "General"),
        ("/news/economic.html", "Economy"),
    ]
    return f'<header><a href="/" class="logo">Skarpress</a><nav>{links(sections)}</nav></header>\n'


def _footer() -> str:
    return "<footer><p>© 2024 Skarpress News Agency. All rights reserved.</p></footer>"


def _article(article: Article, ask: Ask) -> str:
    title = escape(article.title, quote=False)
    paragraphs = blocks_html(shown(article, ask))
    middle = (len(paragraphs) + 1) // 2
    ad = '<div class="adv-block"><span>AD</span></div>'
    body = "\n".join([*paragraphs[:middle], ad, *paragraphs[middle:], ad, ad, ad])
    share = "".join(
        f'<a class="share-{n.lower()}" href="#">{n}</a>' for n in ("Facebook", "Twitter", "Telegram")
    )
    others = [(a.path, a.title) for a in of_host(HOST) if a != article][:4]
    return document(
        f"{article.title} | Skarpress",
        f"{_header()}<main>\n<div class='article'>\n"
        f'<div class="article-time">{local(article):%H:%M %d.%m.%Y}</div>\n'
        f'<h1 class="article-content-title">{title}</h1>\n'
        f'<div class="article-read">{article.minutes} min read</div>\n{restless(ask)}'
        f'<div class="article-content">\n<h2>{title}</h2>\n{body}\n</div>\n'
        f'<div class="share">{share}</div>\n</div>\n'
        f'<aside class="more"><h3>More about</h3>{links(others)}</aside>\n</main>\n{_footer()}',
        f'<meta name="description" content="{escape(article.paragraphs[0][:120])}">',
    )
