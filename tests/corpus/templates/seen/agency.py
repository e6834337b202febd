"""News agencies and portals that carry them: date banners, advertisements as text, a headline printed twice."""

from tests.corpus.sheet import Sheet, links, weave
from tests.corpus.templates.linked import alone


def wire(s: Sheet) -> str:
    """An agency's page: stamp, headline, reading time, advertisements between the paragraphs as bare words."""
    stamp = s.gone(s.shown("HH:mm dd.MM.y")) if s.states("text") else ""
    ad = f'<div class="banner"><span>{s.word("ad")}</span></div>'
    inserts = {1: ad, 3: ad * 2}
    if s.has("more"):
        also = s.related(1)[0]
        s.residue += [s.words("also", also), s.words("also", "").strip()]
        inserts[2] = f'<p class="also"><strong>{s.words("also", "")}</strong><a href="/news/1">{also}</a></p>'
    updated = f'<div class="upd">{s.word("updated", s.shown("HH:mm"))}</div>' if s.has("updated") else ""
    tail = f"<p>{s.source()}</p>" if s.article.agency else ""
    if s.has("tag"):
        s.credit = s.article.agency
        tail = f"<p>({s.gone(s.article.agency)})</p>"
    return f"""<!DOCTYPE html>
<html lang="{s.article.language}" dir="{s.direction}"><head><meta charset="utf-8">
<title>{s.title(" — ")}</title>
{s.head(og_site=False, description=False)}
{alone(s, authors="none") if s.states("ld") else ""}
{s.bulk(4)}</head>
<body class="news-page"><div class="wrap">
<div class="top"><span class="date-now">{s.shown("EEEE, d MMMM y", s.published.replace(day=5))}</span>
<ul class="nav">{links(s.listed("menu"))}</ul></div>
<div class="container"><div class="row"><div class="col-8"><div class="article">
<div class="article-time">{stamp}</div>{updated}
<h1 class="article-title">{s.gone(s.article.title)}</h1>
<div class="article-min">{s.word("read", 3)}</div>
<div class="article-pic"><img src="/img/a.jpg" alt=""><div class="sign">{s.caption() if s.article.caption else ""}</div></div>
<div class="article-content">
{f"<p><strong>{s.gone(s.article.title)}</strong></p>" if s.has("twice") else ""}
{weave(s.body(), inserts)}
{tail}
</div>
<div class="article-tags">{s.word("tags", ", ".join(s.article.tags))}</div>
<div class="article-social"><a href="#t">Telegram</a> <a href="#f">Facebook</a> <span>{s.word("follow")}</span></div>
</div>
<div class="latest"><h3>{s.word("related_head")}</h3>{links(s.related(0, 4), row='<div class="latest-row"><span class="t">12:40</span> <a href="/news/{}">{}</a></div>')}</div>
</div><div class="col-4"><div class="popular"><h3>{s.words("most_read")}</h3><ul>{links(s.listed("related"))}</ul></div></div></div></div>
<div class="footer">{s.word("copyright", s.place.site)}</div></div></body></html>
"""


def portal(s: Sheet) -> str:
    """A regional portal that carries an agency's report: skip links, sharing words, more images, a disclaimer."""
    day = s.shown("MMMM d, y" if s.article.language == "en" else "d MMMM y")
    when = s.gone(s.words("published", day)) if s.states("text") else ""
    also = s.related(4)[0]
    s.residue += [s.words("also", also), "ALSO READ"]
    box = f'<div class="also-read"><h4>ALSO READ</h4><p><a href="/{s.place.slug}-2">{s.words("also", also)}</a></p></div>'
    return f"""<!DOCTYPE html>
<html lang="{s.article.language}"><head><meta charset="utf-8">
<title>{s.title(": ")}</title>
{s.head()}
{alone(s, kind="NewsArticle", authors="agency") if s.states("ld") else ""}
{s.bulk(6)}</head>
<body><div id="page"><div class="skip"><span>{s.word("skip")}</span> <span>{s.word("feature")}</span></div>
<div class="header">{f"<h1 class='logo'><a href='/'>{s.place.site}</a></h1>" if s.has("logo") else ""}<ul>{links(s.listed("menu"))}</ul></div>
<div class="story"><div class="story-inner"><p class="kicker">{s.section()}</p><h1>{s.gone(s.article.title)}</h1>
<div class="story-meta"><span>{s.byline()}</span> <span class="posted">{when}</span>
<span class="upd">{s.word("updated", s.shown("HH:mm"))}</span></div>
<div class="share-links"><span>Facebook</span> <span>Twitter</span> <span>WhatsApp</span> <span>Email</span></div>
<div class="lead-image"><img src="/i.jpg" alt=""><p class="cap">{s.caption() if s.article.caption else ""}</p><p>{s.word("more_images")}</p></div>
<div class="story-text">
{weave(s.body(), {2: box, 4: f"<p>{s.word('ad')}</p>"})}
<p>{s.source()}</p>
<p>{s.word("app")}</p>
</div></div>
<div class="more"><h3>{s.word("related_head")}</h3><ul>{links(s.related(0, 3))}</ul></div></div>
<div class="foot"><p>{s.word("copyright", s.place.site)}</p></div></div></body></html>
"""
