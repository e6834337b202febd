"""institute.test: an institution whose listing needs no script, and whose pages state the day and not the hour.

/  /news?page=1  /news/release-241204-ministers-wrap-up  (Last-Modified alone; robots.txt asks for a second)
"""

from html import escape

from tests.site.layouts import blocks_html, changed, document, links, restless, shown
from tests.site.reply import Ask, Reply, moved, page
from tests.site.truth import Article, at, of_host

HOST = "institute.test"
PER_PAGE = 3


def answer(ask: Ask) -> Reply | None:
    """The page at an address."""
    if ask.path == "/":
        return moved(ask.here("/news"), 302)
    if ask.path == "/news":
        return _listing(ask.query.get("page", "1"))
    if ask.path.startswith("/intranet/"):
        return page(document("Intranet", "<p>Staff only; robots.txt says to stay out.</p>"), etags="none")
    article = at(HOST, ask.path)
    return page(_article(article, ask), changed(article, ask), "none") if article else None


def _listing(stated: str) -> Reply | None:
    found = of_host(HOST)
    pages = -(-len(found) // PER_PAGE)
    if not stated.isdigit() or not 1 <= int(stated) <= pages:
        return None
    number = int(stated)
    here = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    rows = "".join(
        f'<article><h2><a href="{a.path}">{escape(a.title, quote=False)}</a></h2>'
        f'<time datetime="{a.published}">{_day(a)}</time></article>\n'
        for a in here
    )
    newer = f'<a rel="prev" href="/news?page={number - 1}">Newer</a>' if number > 1 else ""
    older = f'<a rel="next" href="/news?page={number + 1}">Older</a>' if number < pages else ""
    head = '<p><a href="/intranet/rota">Staff</a></p>'
    reply = page(document("News", f"<h1>News</h1>\n{rows}<nav>{newer} {older}</nav>{head}"), etags="none")
    reply.modified = max(a.moment for a in here)
    return reply


def _day(article: Article) -> str:
    return f"{article.moment.day} {article.moment:%B %Y}"


def _article(article: Article, ask: Ask) -> str:
    body = "\n".join(blocks_html(shown(article, ask)))
    nav = links([("/news", "News"), ("/about", "About the Compact"), ("/intranet/rota", "Staff")])
    return document(
        article.title,
        f"<header><nav>{nav}</nav></header>\n<main><article>\n<h1>{escape(article.title, quote=False)}</h1>\n"
        f'<p class="date"><time datetime="{article.published}">{_day(article)}</time></p>\n{restless(ask)}{body}\n'
        "</article></main>\n<footer><p>Northern Compact, Tarn Hill. Contact the press office.</p></footer>",
        f'<link rel="canonical" href="{ask.at(HOST, article.path)}">\n<meta property="og:type" content="article">',
    )
