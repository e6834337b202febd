"""syndicator.test: prints what others wrote: trimmed, wrapped, re-titled, re-spelled, and once corrected.

/  /rdf.xml  /world/?page=2  /world/SLUG-ID.html  (strong ETag and Last-Modified)
With `switches["corrected"]` the article that has a correction shows it: new text, new ETag, new Last-Modified.
"""

from collections.abc import Sequence
from html import escape

from tests.site.layouts import blocks_html, changed, document, links, local, meta, restless, shown, xml
from tests.site.reply import Ask, Reply, moved, page
from tests.site.truth import Article, at, of_host

HOST = "syndicator.test"
PER_PAGE = 4


def answer(ask: Ask) -> Reply | None:
    """The page at an address."""
    found = of_host(HOST)
    if ask.path == "/":
        return moved(ask.here("/world/"), 302)
    if ask.path == "/rdf.xml":
        return Reply(_rdf(ask, found), kind="application/rdf+xml; charset=utf-8", modified=found[0].moment)
    if ask.path == "/world/":
        return _section(ask, found)
    article = at(HOST, ask.path)
    return page(_article(article, ask), changed(article, ask)) if article else None


def _rdf(ask: Ask, found: Sequence[Article]) -> bytes:
    listed = "".join(f'<rdf:li rdf:resource="{ask.here(a.path)}"/>' for a in found)
    items = "".join(
        f'<item rdf:about="{ask.here(a.path)}"><title>{escape(a.title)}</title><link>{ask.here(a.path)}</link>'
        f"<description>{escape(a.paragraphs[0])}</description><dc:date>{a.published}</dc:date></item>\n"
        for a in found
    )
    return xml(
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="{ask.here("/rdf.xml")}"><title>Meridian Syndicate</title><link>{ask.here("/")}</link>'
        f"<description>World</description><items><rdf:Seq>{listed}</rdf:Seq></items></channel>\n{items}</rdf:RDF>\n"
    )


def _section(ask: Ask, found: Sequence[Article]) -> Reply | None:
    stated = ask.query.get("page", "1")
    pages = -(-len(found) // PER_PAGE)
    if not stated.isdigit() or not 1 <= int(stated) <= pages:
        return None
    number = int(stated)
    here = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    rows = "".join(
        f'<div class="teaser"><h3><a href="{a.path}">{escape(a.title, quote=False)}</a></h3>'
        f"<span>{local(a):%-d %B %Y}</span></div>\n"
        for a in here
    )
    pager = links([(f"/world/?page={n}", str(n)) for n in range(1, pages + 1)])
    older = f'<a rel="next" href="/world/?page={number + 1}">More</a>' if number < pages else ""
    return page(document("World - Meridian Syndicate", f"<h1>World</h1>\n{rows}<nav>{pager}{older}</nav>"))


def _article(article: Article, ask: Ask) -> str:
    paragraphs = blocks_html(shown(article, ask))
    paragraphs.insert(2, '<p class="inset"><a href="/world/?page=2">Read also: The week in pictures</a></p>')
    is_corrected = bool(article.corrected_note and ask.switches.get("corrected"))
    if is_corrected:
        paragraphs.append(f'<p class="note"><em>{escape(article.corrected_note or "")}</em></p>')
    if article.credit_line:
        paragraphs.append(f'<p class="credit">{escape(article.credit_line)}</p>')
    body = "\n".join(paragraphs)
    stamp = changed(article, ask).isoformat() if is_corrected else None
    return document(
        f"{article.title} - Meridian Syndicate",
        f'<header><a href="/">Meridian Syndicate</a></header>\n<main><article>\n'
        f"<h1>{escape(article.title, quote=False)}</h1>\n"
        f'<p class="stamp"><time datetime="{article.published}">{local(article):%-d %B %Y, %H:%M} UTC</time></p>\n'
        f'{restless(ask)}<div class="text">\n{body}\n</div>\n'
        '<div class="letter"><p>Subscribe to our newsletter</p></div>\n</article></main>\n'
        "<footer><p>© 2024 Meridian Syndicate. All rights reserved.</p></footer>",
        f'<link rel="canonical" href="{ask.here(article.path)}">\n'
        + meta(og_title=article.title, article_published_time=article.published, article_modified_time=stamp),
    )
