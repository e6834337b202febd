"""Drupal, Arc and Chorus: the systems of larger houses."""

from tests.corpus.sheet import Sheet, links, weave
from tests.corpus.templates.linked import alone, others


def drupal(s: Sheet) -> str:
    """Drupal with field wrappers, a GDPR banner in the page and links that skip to the content."""
    when = s.gone(s.shown("dd.MM.y - HH:mm")) if s.states("text") else ""
    pictures = (
        f'<div class="field--name-field-gallery">{s.word("more_images")}</div>' if s.has("images") else ""
    )
    paragraph = '<p class="text-align-justify">{}</p>'
    related = links(
        s.related(0, 4),
        row='<div class="views-row"><span class="field-content"><a href="/{}">{}</a></span></div>',
    )
    return f"""<!DOCTYPE html>
<html lang="{s.article.language}" dir="{s.direction}" prefix="content: http://purl.org/rss/1.0/modules/content/">
<head>
<meta charset="utf-8" />
<meta name="Generator" content="Drupal 10 (https://www.drupal.org)" />
<title>{s.title(" | ")}</title>
{s.head(og_site=False)}
{alone(s, authors="names") if s.states("ld") else ""}
<link rel="shortlink" href="https://{s.place.host}/node/3281" />
{s.bulk(4)}
</head>
<body class="path-node page-node-type-article">
<a href="#main-content" class="visually-hidden focusable skip-link">{s.word("skip")}</a>
<div class="dialog-off-canvas-main-canvas" data-off-canvas-main-canvas>
<div class="layout-container">
<header role="banner"><div class="region region-header"><nav role="navigation" aria-labelledby="block-main-menu">
<ul class="menu">{links(s.listed("menu"))}</ul></nav>
<form action="/search" id="search-block-form"><label>{s.words("search")}</label><input type="search"></form></div></header>
<main role="main"><a id="main-content" tabindex="-1"></a>
<div class="layout-content"><div class="region region-content">
<div id="block-page-title" class="block"><h1><span class="field field--name-title">{s.gone(s.article.title)}</span></h1></div>
<article data-history-node-id="3281" class="node node--type-article node--view-mode-full">
<footer class="node__meta"><div class="node__submitted">{s.byline()} <span class="field--name-created">{when}</span></div></footer>
<div class="node__content">
<div class="field field--name-field-feature field--label-above"><div class="field__label">{s.word("feature")}</div>
<div class="field__item"><img src="/sites/default/files/f.jpg" alt=""></div></div>
<div class="field field--name-field-image"><img src="/sites/default/files/a.jpg" alt="" />
<blockquote class="image-field-caption"><p>{s.caption() if s.article.caption else ""}</p></blockquote></div>
{pictures}
<div class="field field--name-field-lead field--type-text-long field__item">{s.standfirst()}</div>
<div class="clearfix text-formatted field field--name-body field--type-text-with-summary field__item">
{weave(s.body(paragraph=paragraph), {})}
</div>
<div class="field field--name-field-tags field--label-above"><div class="field__label">{s.word("tags", "")}</div>
<div class="field__items">{links(list(s.article.tags), row='<div class="field__item"><a href="/t/{}">{}</a></div>')}</div></div>
</div></article>
<div class="views-element-container block"><h2>{s.word("related_head")}</h2><div class="view-content">{related}</div></div>
</div></div></main>
<footer role="contentinfo"><ul class="menu">{links(s.listed("footer"))}</ul><p>{s.word("copyright", s.place.site)}</p></footer>
</div></div>
<div id="sliding-popup" role="alertdialog"><div class="eu-cookie-compliance-content"><p>{s.word("cookie")}</p>
<button type="button" class="agree-button">OK</button></div></div>
</body>
</html>
"""


def arc(s: Sheet) -> str:
    """Arc: many nested sections, an interstitial link and a newsletter box between the paragraphs, JSON-LD of others."""
    time = ""
    if s.states("time"):
        time = f'<time dateTime="{s.stamp(s.published)}" class="b-date">{s.gone(s.shown("d MMM y, HH:mm"))}</time>'
    updated = (
        f'<div class="b-it-updated">{s.word("updated", s.shown("HH:mm"))}</div>' if s.has("updated") else ""
    )
    link = s.related(1)[0]
    s.residue.append(str(s.words("also", link)))
    between = {
        2: f"""<section class="b-it-interstitial"><p class="c-paragraph"><a href="/n/1">{s.words("also", link)}</a></p></section>""",
        3: f"""<div class="b-newsletter"><h3 class="c-heading">{s.word("subscribe")}</h3><p class="c-paragraph">{s.word("promise")}</p>
<form><input type="email" placeholder="e-mail"></form></div>""",
        5: f'<div class="arcad-feature"><div class="arcad-label">{s.word("ad")}</div></div>',
    }
    return f"""<!DOCTYPE html>
<html lang="{s.article.language}" dir="{s.direction}">
<head><meta charSet="utf-8"/><title>{s.title(" – ")}</title>
{s.head()}
{others(s) if s.has("others") else ""}
{alone(s, authors="agency" if s.article.agency and not s.article.authors else "people") if s.states("ld") else ""}
{s.bulk(8)}
</head>
<body><div id="fusion-app" class="b-right-rail"><div class="c-stack b-right-rail__navigation-section">
<header class="b-header-nav-chain"><ul>{links(s.listed("menu"))}</ul></header></div>
<section role="main" tabindex="-1" id="main" class="b-right-rail__main">
<div class="c-stack b-right-rail__full-width-1"><a class="c-overline" href="/s">{s.section()}</a>
<h1 class="b-headline">{s.gone(s.article.title)}</h1><h2 class="b-subheadline">{s.standfirst()}</h2></div>
<div class="c-grid"><div class="c-stack b-right-rail__main-left">
<figure class="c-media-item"><img src="/resizer/a.jpg" alt=""><figcaption class="c-media-item__fig-caption">
<span class="c-media-item__caption">{s.caption() if s.article.caption else ""}</span></figcaption></figure>
<div class="b-byline"><span class="b-byline__names">{s.byline()}</span></div>{time}{updated}
<div class="b-share-bar"><button aria-label="Facebook">Facebook</button><button aria-label="E-mail">Email</button></div>
<article class="b-article-body">
{weave(s.body(paragraph='<p class="c-paragraph">{}</p>'), between)}
{f'<p class="c-paragraph">{s.source()}</p>' if s.has("source") else ""}
</article>
<div class="b-author-bio">{s.word("bio", s.article.authors[0] if s.article.authors else s.place.site)}</div>
<div class="b-results-list"><h2 class="c-heading">{s.word("related_head")}</h2>
{links(s.related(2, 3), row='<article class="b-results-list__item"><a href="/{}"><h2 class="c-heading">{}</h2></a></article>')}</div>
</div><aside class="b-right-rail__rail"><h2>{s.word("most_read")}</h2><ol>{links(s.related(0, 5))}</ol></aside></div></section>
<footer class="b-footer"><ul>{links(s.listed("footer"))}</ul><p>{s.word("copyright", s.place.site)}</p></footer></div></body></html>
"""


def chorus(s: Sheet) -> str:
    """Chorus: a lede in the header, comment counts in the byline, a most-read list within the entry."""
    when = (
        f'<time class="c-byline__item" data-ui="timestamp" datetime="{s.stamp(s.published)}">'
        if s.states("time")
        else "<span>"
    )
    close = "</time>" if s.states("time") else "</span>"
    aside = f"""<aside class="c-related-list"><h3 class="c-related-list__head">{s.word("most_read")}</h3>
<ul>{links(s.related(1, 3), row='<li><a href="/{}"><span>{}</span></a></li>')}</ul></aside>"""
    return f"""<!DOCTYPE html>
<html lang="{s.article.language}"><head><meta charset="utf-8"><title>{s.title(" — ")}</title>
{s.head()}
{alone(s) if s.states("ld") else ""}
{s.bulk(5)}</head>
<body class="entry_key_unison_standard entry_layout_unison_main">
<div class="l-root"><header class="c-global-header"><nav>{links(s.listed("menu"), row='<a href="/{}">{}</a>')}</nav></header>
<main id="content"><article class="l-segment l-main-content">
<div class="l-sidebar-fixed l-segment l-article-body-segment">
<div class="c-entry-hero c-entry-hero--default"><div class="c-entry-group-labels"><span>{s.section()}</span></div>
<h1 class="c-page-title">{s.gone(s.article.title)}</h1>
<p class="c-entry-summary p-dek">{s.standfirst()}</p>
<div class="c-byline"><span class="c-byline__item">{s.byline()}</span> {when}{s.gone(s.shown("d MMM y, HH:mm z"))}{close}
<span class="c-byline__item">{s.word("comment_count")}</span></div>
<div class="c-social-buttons"><ul><li><a href="#">Share this on Facebook</a></li><li><a href="#">Share this on Twitter</a></li></ul></div></div>
<div class="l-col__main"><figure class="e-image e-image--hero"><span class="e-image__inner"><img src="/a.jpg" alt=""></span>
<span class="e-image__meta"><cite>{s.caption() if s.article.caption else ""}</cite></span></figure>
<div class="c-entry-content">
{weave(s.body(paragraph='<p id="x">{}</p>', verse=s.has("verse")), {3: aside})}
</div>
<div class="c-entry-sharing">{s.word("share")}</div>
<div class="c-newsletter_signup_box"><h3>{s.word("subscribe")}</h3><p>{s.word("promise")}</p></div>
</div></div></article></main>
<footer>{links(s.listed("footer"), row='<a href="/{}">{}</a>')}<p>{s.word("copyright", s.place.site)}</p></footer></div></body></html>
"""
