"""WordPress: a classic theme with its widgets, and a block theme."""

from tests.corpus.sheet import Sheet, links, weave
from tests.corpus.templates.linked import graph


def _shell(s: Sheet, head: str, body: str, classes: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="{s.article.language}" dir="{s.direction}" prefix="og: https://ogp.me/ns#">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{s.title(" - ")}</title>
{s.head()}
{head}
<link rel="stylesheet" id="wp-block-library-css" href="/wp-includes/css/dist/block-library/style.min.css" media="all">
<style id="global-styles-inline-css">body{{--wp--preset--color--black:#000}}.wp-site-blocks{{margin:0}}</style>
{s.bulk(6)}
</head>
<body class="{classes}">
{body}
<!-- This page was cached -->
<script src="/wp-includes/js/comment-reply.min.js" defer></script>
</body>
</html>
"""


def classic(s: Sheet) -> str:
    """A magazine theme of the 2010s, with share buttons, a related box, a bio, tags and a comment form."""
    when = s.shown("d MMMM y, HH:mm") if s.states("text") else ""
    banner = f'<span class="tdate">{s.shown("EEEE, d MMMM y", s.published.replace(day=5))}</span>'
    meta = f"""<div class="td-post-author-name">{s.byline()}</div>
<span class="td-post-date">{s.gone(when) if when else ""}</span>"""
    if s.states("time"):
        shown = s.gone(s.shown("d MMMM y"))
        meta += f'<time class="entry-date updated td-module-date" datetime="{s.stamp(s.published)}">{shown}</time>'
    comments = f"""<div class="comments" id="comments"><h4 class="td-comments-title">{s.word("comment_count")}</h4>
<div id="respond" class="comment-respond"><h3 id="reply-title">{s.word("comments")}</h3>
<form action="/wp-comments-post.php" method="post"><textarea name="comment"></textarea><input type="submit"></form></div></div>"""
    body = s.body()
    read = ""
    if s.has("read"):
        read = f"<p><strong>{s.word('also_small', s.related(3)[0])}</strong></p>"
        read = read.replace("<strong>", '<strong><a href="/?p=1188">', 1).replace(
            "</strong>", "</a></strong>"
        )
    inserts = {
        2: f'<div class="code-block code-block-1"><p>{s.word("ad")}</p><div id="div-gpt-ad-2"></div></div>',
        3: read,
    }
    content = f"""<div class="td-post-content tagdiv-type">
<div class="td-post-featured-image"><figure><a href="/media/a.jpg"><img width="696" height="464" src="/media/a.jpg" alt=""></a>
<figcaption class="wp-caption-text">{s.caption() if s.article.caption else ""}</figcaption></figure></div>
{f"<h2><em>{s.standfirst()}</em></h2>" if s.has("lead") and s.article.standfirst else ""}
{weave(body, inserts)}
{f"<p>{s.source()}</p>" if s.article.agency else ""}
{f"<p><em>{s.word('translated')}</em></p>" if s.has("translated") else ""}
<p class="newsletter">{s.word("subscribe")}</p>
</div>"""
    page = f"""<div id="td-outer-wrap"><div class="td-header-wrap">{banner}
<ul id="menu-main" class="sf-menu">{links(s.listed("menu"))}</ul></div>
<div class="td-main-content-wrap"><div class="td-container"><div class="td-crumb-container">{s.words("most_read")}</div>
<div class="td-pb-row"><div class="td-pb-span8 td-main-content" role="main"><div class="td-ss-main-content">
<article id="post-4711" class="post-4711 post type-post status-publish format-standard">
<div class="td-post-header"><ul class="td-category"><li class="entry-category"><a href="/c/">{s.section()}</a></li></ul>
<header class="td-post-title"><h1 class="entry-title">{s.gone(s.article.title)}</h1>
<div class="td-module-meta-info">{meta}</div></header></div>
<div class="td-post-sharing-top"><a href="#fb">Facebook</a> <a href="#tw">Twitter</a> <a href="#wa">WhatsApp</a></div>
{content}
<footer><div class="td-post-source-tags"><ul class="td-tags"><li><span>{s.word("tags", ", ".join(s.article.tags))}</span></li></ul></div>
<div class="td-post-sharing-bottom"><span class="td-social-but-text">{s.word("share")}</span></div>
<div class="author-box-wrap"><div class="desc"><div class="td-author-name">{s.words("by", "admin")}</div>
<div class="td-author-description">{s.word("bio", s.article.authors[0] if s.article.authors else s.place.site)}</div></div></div></footer>
</article>
<div class="td_block_wrap td_block_related_posts"><h4 class="td-related-title">{s.word("related_head")}</h4>
<div class="td_block_inner">{links(s.related(0, 3), row='<div class="td-module-thumb"><h3><a href="/{}">{}</a></h3></div>')}</div></div>
{comments}</div></div>
<div class="td-pb-span4 td-main-sidebar" role="complementary"><aside class="widget"><h4>{s.words("most_read")}</h4>
<ul>{links(s.related(1, 5))}</ul></aside></div></div></div></div>
<footer class="td-footer-wrapper"><ul>{links(s.listed("footer"))}</ul><div class="td-sub-footer">{s.word("copyright", s.place.site)}</div>
</footer></div>"""
    return _shell(
        s,
        graph(s) if s.states("ld") else "",
        page,
        "post-template-default single single-post td-standard-pack",
    )


def blocks(s: Sheet) -> str:
    """A block theme: little markup, a query loop below the text, the date in a `time` element."""
    caption = (
        f'<figcaption class="wp-element-caption">{s.caption()}</figcaption>' if s.article.caption else ""
    )
    figure = f'<figure class="wp-block-image size-large"><img src="/media/b.jpg" alt="">{caption}</figure>'
    time = ""
    if s.states("time"):
        time = f"""<div class="wp-block-post-date"><time datetime="{s.stamp(s.published)}">{s.gone(s.shown("d MMMM y"))}</time></div>"""
    loop = links(
        s.related(2, 3),
        row='<li class="wp-block-post"><h3 class="wp-block-post-title"><a href="/{}">{}</a></h3></li>',
    )
    inserts = {}
    if s.has("read"):
        inserts[2] = (
            f'<p class="has-background"><a href="/1">{s.gone(s.words("also_small", s.related(4)[0]))}</a></p>'
        )
    if s.has("listen"):
        figure += f'<div class="wp-block-button"><span>{s.word("listen")}</span></div>'
    lead = f'<p class="has-large-font-size">{s.standfirst()}</p>' if s.has("lead") else ""
    page = f"""<div class="wp-site-blocks"><header class="wp-block-template-part"><nav class="wp-block-navigation">
<ul>{links(s.listed("menu"))}</ul></nav></header>
<main class="wp-block-group is-layout-flow">
<div class="wp-block-group has-global-padding is-layout-constrained">
<h1 class="wp-block-post-title">{s.gone(s.article.title)}</h1>
<div class="wp-block-group is-layout-flex"><div class="wp-block-post-author-name">{s.byline()}</div>{time}
<p class="reading">{s.word("read", 3)}</p></div>
</div>
<div class="entry-content wp-block-post-content is-layout-constrained">
{figure}
{lead}
{weave(s.body(verse=s.has("verse"), paragraph='<p class="wp-block-paragraph">{}</p>'), inserts)}
<hr class="wp-block-separator">
<p class="has-text-align-center"><strong>{s.word("follow")}</strong></p>
</div>
<div class="wp-block-post-terms">{s.word("tags", ", ".join(s.article.tags))}</div>
<section class="wp-block-query"><h2 class="wp-block-heading">{s.word("related_head")}</h2><ul>{loop}</ul></section>
<div class="wp-block-comments"><h2>{s.word("comments")}</h2></div>
</main>
<footer class="wp-block-template-part"><p>{s.word("copyright", s.place.site)}</p></footer></div>"""
    return _shell(s, graph(s) if s.states("ld") else "", page, "single single-post wp-embed-responsive")
