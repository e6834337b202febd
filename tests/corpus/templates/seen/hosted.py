"""Ghost, Squarespace and AMP."""

from tests.corpus.sheet import Sheet, links, weave
from tests.corpus.templates.linked import alone


def ghost(s: Sheet) -> str:
    """Ghost: cards, a portal's call to subscribe, a reading time in the byline, `article:` meta."""
    time = ""
    if s.states("time"):
        time = f'<time class="byline-meta-date" datetime="{s.stamp(s.published)}">{s.gone(s.shown("d MMM y"))}</time>'
    card = f"""<div class="kg-card kg-signup-card"><h3 class="kg-signup-card-heading">{s.word("subscribe")}</h3>
<p class="kg-signup-card-subheading">{s.word("promise")}</p></div>"""
    bookmark = f"""<figure class="kg-card kg-bookmark-card"><a class="kg-bookmark-container" href="/x"><div class="kg-bookmark-content">
<div class="kg-bookmark-title">{s.related(5)[0]}</div></div></a></figure>"""
    caption = f"<figcaption>{s.caption()}</figcaption>" if s.article.caption else ""
    return f"""<!DOCTYPE html>
<html lang="{s.article.language}" class="no-js"><head>
<meta charset="utf-8"><meta name="generator" content="Ghost 5.96">
<title>{s.article.title}</title>
{s.head()}
{alone(s, kind="Article") if s.states("ld") else ""}
{s.bulk(3)}</head>
<body class="post-template is-head-left-logo"><div class="site">
<header id="gh-head" class="gh-head"><nav class="gh-head-menu"><ul class="nav">{links(s.listed("menu"))}</ul></nav></header>
<div class="site-content"><main id="site-main" class="site-main"><article class="gh-article post">
<header class="gh-article-header gh-canvas"><span class="gh-article-tag">{s.section()}</span>
<h1 class="gh-article-title">{s.gone(s.article.title)}</h1><p class="gh-article-excerpt">{s.standfirst()}</p>
<div class="gh-article-meta"><h4 class="gh-author-name">{s.byline()}</h4>{time}
<span class="byline-reading-time"><span class="bull">&bull;</span> {s.word("read", 4)}</span></div>
<figure class="gh-article-image"><img src="/content/images/a.jpg" alt="">{caption}</figure></header>
<section class="gh-content gh-canvas">
{weave(s.body(verse=s.has("verse")), {3: card if s.has("card") else "", 4: bookmark if s.has("bookmark") else ""})}
</section></article>
<section class="gh-subscribe"><h3>{s.word("subscribe")}</h3></section>
<aside class="read-more-wrap"><h3>{s.word("related_head")}</h3>{links(s.related(0, 3), row='<article class="gh-card post"><a href="/{}"><h3>{}</h3></a></article>')}</aside>
</main></div><footer class="gh-foot">{links(s.listed("footer"), row='<a href="/{}">{}</a>')}</footer></div></body></html>
"""


def squarespace(s: Sheet) -> str:
    """Squarespace: blocks within blocks, the date only in words, previous and next below the text."""
    when = (
        s.gone(s.shown("MMMM d, y" if s.article.language == "en" else "d MMMM y")) if s.states("text") else ""
    )
    time = (
        f'<time class="dt-published" datetime="{s.stamp(s.published)}">{when}</time>'
        if s.states("time")
        else when
    )
    before, after = s.related(1, 2)
    rows = "\n".join(
        f'<div class="row sqs-row"><div class="col sqs-col-12 span-12"><div class="sqs-block html-block sqs-block-html">'
        f'<div class="sqs-block-content"><div class="sqs-html-content">{block}</div></div></div></div></div>'
        for block in s.body(
            paragraph='<p class="" style="white-space:pre-wrap;">{}</p>', verse=s.has("verse")
        )
    )
    return f"""<!doctype html>
<html xmlns:og="http://opengraphprotocol.org/schema/" lang="{s.article.language}"><head>
<meta http-equiv="X-UA-Compatible" content="IE=edge,chrome=1"><meta charset="utf-8">
<title>{s.title(" — ")}</title>
{s.head()}
<meta itemprop="name" content="{s.title(" — ")}"/>
{s.bulk(5)}</head>
<body id="item-65" class="tweak-blog-alternating-side-by-side view-item"><div id="siteWrapper" class="clearfix site-wrapper">
<header id="header"><nav class="header-nav-list">{links(s.listed("menu"), row='<div class="header-nav-item"><a href="/{}">{}</a></div>')}</nav></header>
<main id="page" class="container" role="main"><article class="sections" id="sections"><section class="page-section blog-item-content">
<article class="h-entry entry blog-item-wrapper"><div class="blog-item-inner-wrapper">
<div class="blog-item-top-wrapper"><h1 class="entry-title p-name">{s.gone(s.article.title)}</h1>
<div class="blog-item-meta-wrapper"><span class="blog-item-author">{s.byline()}</span> {time}</div></div>
<div class="blog-item-content-wrapper"><div class="sqs-layout sqs-grid-12">
<div class="sqs-block image-block"><figure><img data-src="/a.jpg" alt=""><figcaption class="image-caption-wrapper"><p>{s.caption() if s.article.caption else ""}</p></figcaption></figure></div>
{rows}
</div></div></div>
<div class="blog-item-comments"><span>{s.word("comments")}</span></div>
<section id="itemPagination" class="item-pagination"><a href="/p"><h2>{before}</h2></a><a href="/n"><h2>{after}</h2></a></section>
</article></section></article></main>
<footer class="sections" id="footer-sections"><p>{s.word("copyright", s.place.site)}</p><p>Powered by Squarespace</p></footer>
</div></body></html>
"""


def amp(s: Sheet) -> str:
    """AMP: custom elements for pictures, advertisements, social buttons, consent and related lists."""
    time = ""
    if s.states("time"):
        time = f'<time class="amp-wp-posted-on" datetime="{s.stamp(s.published)}">{s.gone(s.shown("d MMM y HH:mm"))}</time>'
    ad = f'<div class="ad-wrap"><span>{s.word("ad")}</span><amp-ad width="300" height="250" type="doubleclick"></amp-ad></div>'
    link = s.related(2)[0]
    s.residue.append(s.words("also", link))
    also = f'<p><b><a href="/amp/x">{s.words("also", link)}</a></b></p>'
    instagram = '<amp-instagram data-shortcode="C1"></amp-instagram><p><a href="https://social.example/p/C1">View this post on Instagram</a></p>'
    if s.has("embed"):
        s.residue.append("View this post on Instagram")
    return f"""<!doctype html>
<html amp lang="{s.article.language}" dir="{s.direction}"><head><meta charset="utf-8"><script async src="https://cdn.ampproject.org/v0.js"></script>
<title>{s.title(" | ")}</title>
{s.head()}
{alone(s) if s.states("ld") else ""}
<style amp-boilerplate>body{{-webkit-animation:-amp-start 8s steps(1,end) 0s 1 normal both}}</style>
<style amp-custom>{"".join(f".c{n}{{margin:{n}px auto;padding:4px}}" for n in range(160))}</style></head>
<body><amp-consent id="consent" layout="nodisplay"><div id="ui">{s.word("cookie")}</div></amp-consent>
<header class="amp-header"><amp-sidebar id="sidebar" layout="nodisplay"><ul>{links(s.listed("menu"))}</ul></amp-sidebar></header>
<article class="amp-wp-article"><header class="amp-wp-article-header"><h1 class="amp-wp-title">{s.gone(s.article.title)}</h1>
<div class="amp-wp-meta amp-wp-byline">{s.byline()}</div>{time}</header>
<figure class="amp-wp-article-featured-image"><amp-img src="/a.jpg" width="800" height="450" layout="responsive"></amp-img>
<figcaption>{s.caption() if s.article.caption else ""}</figcaption></figure>
<div class="amp-wp-article-content">
<p class="lead">{s.standfirst()}</p>
{weave(s.body(), {1: ad, 3: also, 4: instagram if s.has("embed") else ""})}
<p>{s.word("app")}</p>
</div>
<amp-social-share type="facebook"></amp-social-share><div class="amp-share">{s.word("share")}</div>
<div class="amp-related"><h3>{s.word("related_head")}</h3><ol>{links(s.related(3, 3))}</ol></div></article>
<footer class="amp-wp-footer"><p>{s.word("copyright", s.place.site)}</p></footer></body></html>
"""
