"""A newsletter's site, a ticker, an office's site, a forum-like portal, and pages that have no article."""

import re

from tests.corpus.sheet import Sheet, links, script, weave
from tests.corpus.templates.linked import alone, article_node

_CLOCK = re.compile(r"<p>(\d\d\.\d\d Uhr)</p>")


def letter(s: Sheet) -> str:
    """The web page of a newsletter: buttons between the paragraphs, a count of likes, the next letter below."""
    time = (
        f'<time datetime="{s.stamp(s.published)}">{s.gone(s.shown("d MMM y"))}</time>'
        if s.states("time")
        else ""
    )
    button = f'<p class="button-wrapper"><a class="button primary" href="/subscribe"><span>{s.word("subscribe")}</span></a></p>'
    share = (
        f'<p class="button-wrapper"><a class="button" href="/share"><span>{s.word("share")}</span></a></p>'
    )
    return f"""<!DOCTYPE html><html lang="{s.article.language}" dir="{s.direction}"><head><meta charset="utf-8"><title data-rh="true">{s.article.title} - by {s.place.site}</title>
{s.head()}{alone(s) if s.states("ld") else ""}{s.bulk(7)}</head>
<body><div id="entry"><div class="main-menu">{f"<h1>{s.place.site}</h1>" if s.has("logo") else ""}{links(s.listed("menu"), row='<a href="/{}">{}</a>')}</div>
<div class="single-post-container"><div class="single-post"><article class="typography newsletter-post post">
<div class="post-header"><h1 dir="auto" class="post-title published">{s.gone(s.article.title)}</h1><h3 dir="auto" class="subtitle">{s.standfirst()}</h3>
<div class="byline-wrapper"><a href="/@a">{s.byline()}</a>{time}<div class="like-count">{s.gone("214")}</div><div>{s.word("listen")}</div></div></div>
<div class="available-content"><div dir="auto" class="body markup">
{weave(s.body(), {2: button, 5: share})}
<p>{s.word("app")}</p></div></div></article>
<div class="post-footer"><div class="comments-page">{s.word("comment_count")}</div></div></div></div>
<div class="portable-archive"><h4>{s.word("related_head")}</h4>{links(s.related(1, 3), row='<div class="post-preview"><a href="/p/{}">{}</a></div>')}</div>
<div class="footer">{s.word("copyright")}</div></div></body></html>
"""


def ticker(s: Sheet) -> str:
    """A ticker: a definition list of times and reports, the newest first."""
    node = article_node(s, kind="LiveBlogPosting", authors="names")
    node |= {"coverageStartTime": s.stamp(s.published), "coverageEndTime": s.stamp(s.modified)}
    entries = _CLOCK.sub(
        r'</dd><dt><p class="zeit">\1</p></dt><dd>', weave(s.body(), {4: f'<p class="w">{s.word("ad")}</p>'})
    )
    return f"""<!DOCTYPE html><html lang="{s.article.language}"><head><meta charset="utf-8"><title>{s.title(" - ")}</title>
{s.head()}{script([{"@context": "https://schema.org", **node}]) if s.states("ld") else ""}{s.bulk(4)}</head><body>
<div id="kopf">{links(s.listed("menu"), row='<a href="/{}">{}</a> ')}</div>
<div id="inhalt"><p class="dach">{s.section()}</p><h1>{s.gone(s.article.title)}</h1><p class="vorspann">{s.standfirst()}</p>
<p class="autor">{s.byline()}</p><p class="stand">{s.word("updated", s.shown("d. MMMM y, HH:mm", s.modified))}</p>
<div class="bild"><img src="/b.jpg"><p>{s.caption()}</p></div>
<dl class="ticker"><dd>{entries}</dd></dl>
<p class="weiter">{s.word("share")}</p></div>
<div id="rand"><b>{s.word("related_head")}</b><ul>{links(s.related(0, 3))}</ul></div>
<div id="fuss">{s.word("copyright")}</div></body></html>
"""


def office(s: Sheet) -> str:
    """A public office's site: breadcrumbs, a print link, the document's date in a list of facts."""
    when = s.shown("d MMMM y")
    facts = ""
    if s.states("time"):
        facts = f'<dl class="facts"><dt>Date</dt><dd><time datetime="{s.stamp(s.published)}">{s.gone(when)}</time></dd></dl>'
    return f"""<!DOCTYPE html><html lang="{s.article.language}" class="no-js"><head><meta charset="utf-8"><title>{s.article.title} - {s.place.site}</title>
<meta name="description" content="{s.article.title}">{s.bulk(3)}</head><body>
<div class="govbar">{s.word("cookie")}</div><div class="crumbs"><a href="/">Home</a> &gt; <a href="/news">{s.article.section}</a></div>
<div class="wrap"><div class="content" role="main"><h1>{s.gone(s.article.title)}</h1>{facts}
<p class="intro">{s.standfirst()}</p>
<div class="doc">
{weave(s.body(), {})}
</div>
<div class="helpful"><h3>{s.gone("Was this page helpful?")}</h3><p><a href="/y">Yes</a> <a href="/n">No</a></p><p>{s.gone("Print this page")}</p></div>
<div class="contents"><h3>{s.word("related_head")}</h3><ul>{links(s.related(0, 2))}</ul></div></div></div>
<div class="foot">{links(s.listed("footer"), row='<a href="/{}">{}</a>')}</div></body></html>
"""


def board(s: Sheet) -> str:
    """A portal with ids for classes, line breaks for paragraphs, comments of readers under the text."""
    text = "<br><br>\n".join(block.removeprefix("<p>").removesuffix("</p>") for block in s.body())
    when = s.gone(s.shown("dd.MM.y, HH:mm")) if s.states("text") else ""
    comments = "".join(
        f'<div id="c{n}" class="rep"><b>{name}</b> <i>05.12.2024, 1{n}:20</i><div>{s.gone(said)}</div></div>'
        for n, (name, said) in enumerate(
            [("kot77", "Ну наконец-то."), ("мимо", "А на фото точно он?"), ("Vera", "👍")]
        )
    )
    return f"""<!DOCTYPE html><html lang="{s.article.language}"><head><meta charset="{s.place.charset}"><title>{s.title(" / ")}</title>
<meta name="keywords" content="{", ".join(s.article.tags)}">{s.bulk(4)}</head><body>
<div id="hd">{links(s.listed("menu"), row='<a href="/{}">{}</a> | ')}</div><div id="mn"><div id="l1"><h1 id="ttl">{s.gone(s.article.title)}</h1>
<div id="dt" class="date">{when}</div><div id="txt" class="content">
<b>{s.standfirst()}</b><br><br>
{text}
<br><br>{s.byline()}<br>{s.word("copyright")}</div>
<div id="shr">{s.word("share")}</div><div id="rel"><h3>{s.word("related_head")}</h3>{links(s.related(0, 4), row='<div>• <a href="/{}">{}</a></div>')}</div>
<div id="cmm"><h3>{s.word("comment_count")}</h3>{comments}</div></div></div></body></html>
"""


def front(s: Sheet) -> str:
    """A front page: many headlines with their first lines."""
    cells = "".join(
        f"<div class='cell'><a href='/{n}'><h3>{title}</h3></a><p>{title}. {s.words('promise')}</p></div>"
        for n, title in enumerate(s.listed("related") * 3)
    )
    return _bare(s, s.place.site, f"<div class='mosaic'>{cells}</div>")


def slides(s: Sheet) -> str:
    """A picture series, one sentence a picture."""
    rows = "".join(
        f"<li><img src='/{n}.jpg'><span>{n}/12</span><p>{s.article.caption}</p></li>" for n in range(1, 13)
    )
    return _bare(s, s.article.title, f"<h1>{s.article.title}</h1><ol class='series'>{rows}</ol>")


def lost(s: Sheet) -> str:
    """A page that is not there, with a joke."""
    said = {"en": "404", "pl": "Nie znaleziono strony", "fr": "Page introuvable"}[s.article.language]
    return _bare(
        s,
        f"{said} · {s.place.site}",
        f"<h1>{said}</h1><p>{s.words('most_read')}</p><ul>{links(s.listed('related'))}</ul>",
    )


def wall(s: Sheet) -> str:
    """A choice between money and consent."""
    return _bare(
        s,
        s.place.site,
        f"""<section id="pur" aria-label="consent"><h2>{s.place.site}</h2><p>{s.words("cookie")}</p>
<button>{s.words("pay")}</button><button>OK</button><p>Read with advertising, or subscribe and browse without tracking. TCF vendors: 611.</p></section>""",
    )


def _bare(s: Sheet, title: str, body: str) -> str:
    return f"""<!doctype html><html lang="{s.article.language}"><head><meta charset="utf-8"><title>{title}</title>{s.bulk(2)}</head><body>
<div class="bar">{links(s.listed("menu"), row='<a href="/{}">{}</a>')}</div>{body}<div class="end">{s.words("copyright")}</div></body></html>
"""
