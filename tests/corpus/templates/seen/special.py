"""Live blogs, the table layouts of old sites, pages that a script draws, and texts behind a paywall."""

import json
import re
from html import escape

from tests.corpus.sheet import Sheet, links, script, weave
from tests.corpus.templates.linked import alone, article_node

_CLOCK = re.compile(r"<p>(\d\d:\d\d)</p>")


def live(s: Sheet) -> str:
    """A live blog: key points, entries with their times, a LiveBlogPosting whose updates have dates of their own."""
    node = article_node(s, kind="LiveBlogPosting")
    node["coverageStartTime"] = s.stamp(s.published)
    node["coverageEndTime"] = s.stamp(s.modified)
    node["liveBlogUpdate"] = [
        {
            "@type": "BlogPosting",
            "headline": f"Update {n}",
            "datePublished": s.stamp(s.modified),
            "articleBody": ".",
        }
        for n in range(3)
    ]
    entries = _CLOCK.sub(r'</div><div class="live-entry"><p class="live-time">\1</p>', weave(s.body(), {}))
    updated = s.word("updated", s.shown("HH:mm", s.modified))
    return f"""<!DOCTYPE html>
<html lang="{s.article.language}"><head><meta charset="utf-8"><title>{s.title(" | ")}</title>
{s.head()}
{script({"@context": "https://schema.org", **node}) if s.states("ld") else ""}
{s.bulk(6)}</head>
<body class="live"><header><nav><ul>{links(s.listed("menu"))}</ul></nav></header>
<main><article class="liveblog"><span class="live-label">{s.gone("Live")}</span><h1>{s.gone(s.article.title)}</h1>
<p class="standfirst">{s.standfirst()}</p><div class="by">{s.byline()}</div><div class="updated">{updated}</div>
<figure><img src="/l.jpg" alt=""><figcaption>{s.caption()}</figcaption></figure>
<div class="live-body"><div class="live-key">
{entries}
</div></div>
<div class="live-foot"><p>{s.word("follow")}</p></div></article>
<aside><h2>{s.word("related_head")}</h2><ul>{links(s.related(0, 4))}</ul></aside></main>
<footer>{s.word("copyright", s.place.site)}</footer></body></html>
"""


def tables(s: Sheet) -> str:
    """A site of the year 2003, still running: tables for the layout, fonts, no classes, the date in words."""
    when = s.gone(s.shown("dd.MM.y HH:mm")) if s.states("text") else ""
    caption = f'<font size="1" color="#666666">{s.caption()}</font>' if s.article.caption else ""
    paragraphs = weave(s.body(paragraph='<p align="justify"><font face="Arial" size="2">{}</font></p>'), {})
    menu = links(s.listed("menu"), row='<a href="/{}.html"><font size="1">{}</font></a><br>')
    more = links(s.related(0, 3), row='&raquo; <a href="/news/{}.html">{}</a><br>')
    return f"""<html>
<head>
<meta http-equiv="Content-Type" content="text/html; charset={s.place.charset}">
<title>{s.title(" :: ")}</title>
<script language="JavaScript">function openWin(u){{window.open(u,"w","width=400")}}</script>
</head>
<body bgcolor="#FFFFFF" topmargin="0">
<table width="980" border="0" cellspacing="0" cellpadding="0" align="center"><tr><td colspan="3" height="90"><img src="/logo.gif">
<font size="1">{s.shown("EEEE, d MMMM y", s.published.replace(day=5))}</font></td></tr>
<tr><td width="160" valign="top">{menu}</td>
<td width="600" valign="top">
<table width="100%" cellpadding="6"><tr><td>
<font size="1" color="#990000">{when}</font><br>
<h1><font face="Georgia" size="5">{s.gone(s.article.title)}</font></h1>
<table align="left" width="200"><tr><td><img src="/pic/1.jpg" width="200"></td></tr><tr><td>{caption}</td></tr></table>
{paragraphs}
<p><font size="1">{s.byline()}</font></p>
<p><a href="javascript:openWin('/print')"><font size="1">{s.word("share")}</font></a></p>
</td></tr></table>
<table width="100%" bgcolor="#EEEEEE"><tr><td><b>{s.word("related_head")}</b><br>{more}</td></tr></table>
</td>
<td width="220" valign="top"><b>{s.words("most_read")}</b><br>{links(s.listed("related"), row='<a href="/{}.html">{}</a><br>')}</td></tr>
<tr><td colspan="3" align="center"><font size="1">{s.word("copyright", s.place.site)}</font></td></tr></table>
</body></html>
"""


def drawn(s: Sheet) -> str:
    """A page of a JavaScript framework: hashed class names, the article once more as data in a script."""
    data = {
        "props": {
            "pageProps": {
                "post": {
                    "title": s.article.title,
                    "blocks": [block.text for block in s.blocks],
                    "date": "2024-12-01",
                },
                "related": [
                    {"title": escape(title), "published": "2024-11-02T10:00:00Z"}
                    for title in s.listed("related")
                ],
            }
        },
        "page": "/[...slug]",
        "buildId": "n3Xt",
    }
    time = (
        f'<time dateTime="{s.stamp(s.published)}">{s.gone(s.shown("d MMM y"))}</time>'
        if s.states("time")
        else ""
    )
    signup = f'<div class="Signup_wrap__x2"><p>{s.word("subscribe")}</p><p>{s.word("promise")}</p></div>'
    return f"""<!DOCTYPE html><html lang="{s.article.language}"><head><meta charSet="utf-8"/><title>{s.title(" | ")}</title>
{s.head()}
{alone(s) if s.states("ld") else ""}
<link rel="preload" href="/_next/static/css/1.css" as="style"/>{s.bulk(8)}</head>
<body><div id="__next"><div class="Layout_root__k1"><nav class="Nav_bar__q8">{links(s.listed("menu"), row='<a href="/{}">{}</a>')}</nav>
<main class="Article_main__z3"><div class="Article_header__p0"><p class="Kicker_k__3">{s.section()}</p><h1 class="Headline_h1__7s">{s.gone(s.article.title)}</h1>
<p class="Deck_deck__1c">{s.standfirst()}</p><div class="Byline_b__99"><span>{s.byline()}</span>{time}<span>{s.word("read", 5)}</span></div></div>
<div class="Figure_f__0"><img src="/_next/image?url=a" alt=""/><div class="Figure_c__1">{s.caption() if s.article.caption else ""}</div></div>
<div class="Body_body__5e">{weave(s.body(paragraph='<div class="Para_p__aa"><p>{}</p></div>'), {3: signup})}</div>
<div class="Share_s__m"><span>{s.word("share")}</span></div>
<div class="More_grid__t"><h2>{s.word("related_head")}</h2>{links(s.related(1, 4), row='<a class="Card_c__u" href="/{}"><h3>{}</h3></a>')}</div></main>
<footer class="Foot_f__o"><p>{s.word("copyright", s.place.site)}</p></footer></div></div>
<script id="__NEXT_DATA__" type="application/json">{json.dumps(data, ensure_ascii=False)}</script></body></html>
"""


def paywalled(s: Sheet) -> str:
    """A text of which only the beginning is there; the JSON-LD says that it is not free."""
    node = article_node(s)
    node["isAccessibleForFree"] = False
    node["hasPart"] = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paywall"}
    return f"""<!DOCTYPE html>
<html lang="{s.article.language}"><head><meta charset="utf-8"><title>{s.title(" | ")}</title>
{s.head()}
{script({"@context": "https://schema.org", **node})}
{s.bulk(5)}</head>
<body><header class="masthead"><nav>{links(s.listed("menu"), row='<a href="/{}">{}</a>')}</nav></header>
<main><article class="story"><header><p class="overline">{s.section()}</p><h1>{s.gone(s.article.title)}</h1><p class="deck">{s.standfirst()}</p>
<p class="byline">{s.byline()}</p></header>
<div class="story-body paywall">
{weave(s.body(), {})}
</div>
<div class="offer"><h2>{s.word("pay")}</h2><p>{s.word("promise")}</p><a href="/plus" class="button">{s.word("subscribe")}</a></div>
</article><section class="rail"><h2>{s.word("most_read")}</h2><ol>{links(s.related(0, 5))}</ol></section></main>
<footer><p>{s.word("copyright", s.place.site)}</p></footer></body></html>
"""
