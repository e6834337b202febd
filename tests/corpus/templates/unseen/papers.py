"""Sites of papers that run systems of their own: microdata, BEM, custom elements, utility classes."""

from tests.corpus.sheet import Sheet, links, weave
from tests.corpus.templates.linked import alone, graph


def microdata(s: Sheet) -> str:
    """Microdata on the elements, a colophon under the text, links to older pieces set in the running column."""
    when = s.gone(s.words("published", s.shown("d MMMM y, HH:mm")))
    stamp = f'<meta itemprop="datePublished" content="{s.stamp(s.published)}">' if s.states("time") else ""
    time = (
        f'<time itemprop="datePublished" datetime="{s.stamp(s.published)}">{when}</time>'
        if s.states("time")
        else when
    )
    also = s.related(2)[0]
    s.residue.append(s.words("also", also))
    return f"""<!doctype html>
<html lang="{s.article.language}" dir="{s.direction}"><head><meta charset="utf-8"><title>{s.title(" — ")}</title>
{s.head(og_site=False)}{s.bulk(7)}</head>
<body itemscope itemtype="https://schema.org/NewsArticle">
<div class="masthead"><a href="/">{s.place.site}</a><menu>{links(s.listed("menu"))}</menu><a href="#text">{s.words("skip")}</a></div>
<div class="sheet"><div class="column column--wide" id="text">
<p class="rubric">{s.section()}</p><h1 itemprop="headline">{s.gone(s.article.title)}</h1>
<p class="standing-first" itemprop="description">{s.standfirst()}</p>
<p class="who" itemprop="author" itemscope itemtype="https://schema.org/Person">{s.byline()}</p>{stamp}<p class="when">{time}</p>
<p class="minutes">{s.word("read", 4)}</p>
<div class="picture"><img src="/p/1.jpg" alt="" itemprop="image"><p>{s.caption() if s.article.caption else ""}</p></div>
<div itemprop="articleBody">
{weave(s.body(), {2: f'<p class="pointer"><a href="/older/1">{s.words("also", also)}</a></p>', 4: f"<p>{s.word('ad')}</p>"})}
<p class="colophon">{s.word("bio", s.article.authors[0] if s.article.authors else s.place.site)}</p>
<p class="colophon">{s.word("comments")}</p></div>
<p class="labels">{s.word("tags", ", ".join(s.article.tags))}</p>
<div class="others"><h4>{s.word("related_head")}</h4>{links(s.related(0, 3), row='<p><a href="/{}">{}</a></p>')}</div>
</div><div class="column column--thin"><h4>{s.words("most_read")}</h4><ul>{links(s.listed("related"))}</ul></div></div>
<div class="sole">{s.word("copyright")}<ul>{links(s.listed("footer"))}</ul></div></body></html>
"""


def bem(s: Sheet) -> str:
    """Long names of blocks and elements, everything a div, the text cut in sections with advertisements in them."""
    words = s.body(
        paragraph='<div class="np-text__block np-text__block--par"><p class="np-par">{}</p></div>', verse=True
    )
    time = s.gone(s.shown("d MMMM y, HH:mm"))
    time = (
        f'<time class="np-date" datetime="{s.stamp(s.published)}">{time}</time>' if s.states("time") else ""
    )
    related = s.related(1, 2)
    box = f"""<div class="np-inset"><div class="np-inset__title">{s.word("related_head")}</div>
{links(related, row='<div class="np-inset__row"><a class="np-inset__link" href="/{}">{}</a></div>')}</div>"""
    letter = f"""<div class="np-letter"><div class="np-letter__name">{s.word("subscribe")}</div>
<div class="np-letter__text">{s.word("promise")}</div></div>"""
    return f"""<!DOCTYPE html>
<html lang="{s.article.language}" dir="{s.direction}"><head><meta charset="utf-8"/><title>{s.title(" | ")}</title>
{s.head()}{alone(s, authors="names") if s.states("ld") else ""}{s.bulk(9)}</head>
<body class="np"><div class="np-top"><div class="np-top__menu">{links(s.listed("menu"), row='<a class="np-top__item" href="/{}">{}</a>')}</div></div>
<div class="np-page"><div class="np-opener"><div class="np-opener__topic">{s.section()}</div>
<h1 class="np-opener__headline"><span>{s.gone(s.article.title)}</span></h1><div class="np-opener__lead">{s.standfirst()}</div>
<div class="np-opener__meta"><span>{s.byline()}</span>{time}<span>{s.word("listen")}</span></div></div>
<div class="np-media"><img class="np-media__img" src="/i.webp"><div class="np-media__legend">{s.caption() if s.article.caption else ""}</div></div>
<div class="np-text">
{weave(words, {2: letter, 4: f'<div class="np-ad"><span class="np-ad__label">{s.word("ad")}</span></div>', 5: box})}
<div class="np-text__end">{s.word("share")}</div></div>
<div class="np-talk">{s.word("comment_count")}</div>
<div class="np-foot"><div>{s.word("copyright")}</div>{links(s.listed("footer"), row='<a href="/{}">{}</a>')}</div></div></body></html>
"""


def elements(s: Sheet) -> str:
    """Custom elements, slots and templates; the date stands in words and in the JSON-LD graph."""
    when = s.gone(s.words("updated", s.shown("d MMMM y HH:mm", s.modified)))
    teaser = s.gone(s.words("also_small", s.related(0)[0]))
    translated = f"<p><i>{s.word('translated')}</i></p>" if s.has("translated") else ""
    return f"""<!doctype html><html lang="{s.article.language}" dir="{s.direction}"><head><meta charset="utf-8">
<title>{s.place.site}: {s.article.title}</title>
{s.head()}{graph(s) if s.states("ld") else ""}{s.bulk(5)}</head><body>
<lamp-header><nav slot="menu">{links(s.listed("menu"), row='<a href="/{}">{}</a>')}</nav></lamp-header>
<lamp-story><header slot="head"><lamp-kicker>{s.section()}</lamp-kicker><h1>{s.gone(s.article.title)}</h1><lamp-deck><p>{s.standfirst()}</p></lamp-deck>
<lamp-byline>{s.byline()}</lamp-byline><lamp-date>{when}</lamp-date></header>
<lamp-figure><img src="/f.avif" alt=""><figcaption>{s.caption() if s.article.caption else ""}</figcaption></lamp-figure>
<article class="story-text">
{weave(s.body(verse=True), {3: f'<lamp-teaser><a href="/t"><p>{teaser}</p></a></lamp-teaser>'})}
{translated}
<p class="end">{s.word("follow")}</p></article>
<lamp-tags>{s.word("tags", ", ".join(s.article.tags))}</lamp-tags>
<lamp-list><h2>{s.word("related_head")}</h2><ul>{links(s.related(3, 3))}</ul></lamp-list></lamp-story>
<lamp-consent><p>{s.word("cookie")}</p></lamp-consent>
<lamp-footer>{s.word("copyright")}</lamp-footer></body></html>
"""


def utility(s: Sheet) -> str:
    """Utility classes; nothing on the page says by its name what it is."""
    time = s.gone(s.words("published", s.shown("d MMM y")))
    time = (
        f'<time datetime="{s.stamp(s.published)}">{time}</time>'
        if s.states("time")
        else f"<span>{time}</span>"
        if s.states("text")
        else ""
    )
    paragraph = '<p class="mb-6 text-lg leading-8">{}</p>'
    mid = f"""<div class="my-8 rounded-xl bg-stone-100 p-6"><p class="text-xl font-bold">{s.word("subscribe")}</p>
<p class="text-sm">{s.word("promise")}</p></div>"""
    return f"""<!DOCTYPE html><html lang="{s.article.language}" dir="{s.direction}" class="scroll-smooth"><head><meta charset="utf-8"><title>{s.title(" · ")}</title>
{s.head(description=False)}{alone(s, kind="ReportageNewsArticle") if s.states("ld") else ""}{s.bulk(6)}</head>
<body class="antialiased"><div class="flex gap-4 p-4">{links(s.listed("menu"), row='<a class="px-2" href="/{}">{}</a>')}</div>
<div class="mx-auto max-w-prose px-4"><div class="text-xs uppercase">{s.section()}</div><h1 class="text-4xl font-black">{s.gone(s.article.title)}</h1>
<div class="mt-4 text-xl">{s.standfirst()}</div><div class="mt-2 flex gap-2 text-sm"><span>{s.byline()}</span>{time}<span>{s.word("read", 3)}</span></div>
<div class="mt-4"><img src="/x.jpg" class="w-full"/><div class="text-xs">{s.caption() if s.article.caption else ""}</div></div>
<div class="mt-8">
{weave(s.body(paragraph=paragraph), {3: mid})}
<p class="mb-6 text-lg leading-8">{s.word("comments")}</p></div>
<div class="grid grid-cols-2">{links(s.related(2, 4), row='<a class="block p-2" href="/{}"><div class="font-bold">{}</div></a>')}</div>
<div class="border-t py-4 text-xs">{s.word("copyright")}</div></div></body></html>
"""
