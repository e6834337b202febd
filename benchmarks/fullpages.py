"""News pages with all that the large outlets send along: 60 to 450 kB, made up.

Beside what `newspages` has: a sheet of SVG icons, the state of a JavaScript application, scripts between the paragraphs,
JSON-LD, pictures in many sizes, labels of advertisements, teasers within and below the article. The article takes a
small part of the page's text. The same number gives the same page.
"""

import json
import random
from collections.abc import Iterator

from benchmarks.newspages import _cards, _links, _paragraph, _sentence, _words

_SIZES = (0.5, 1, 2, 3)
"""How much of everything but the article a page has; pages take them in turn."""

_PATH = "M12 2C6.48 2 2 6.48 2 12s4.48 10 10 10 10-4.48 10-10S17.52 2 12 2zm0 18c-4.42 0-8-3.58-8-8s3.58-8 8-8 8 3.58 8 8-3.58 8-8 8z"


def _script(draw: random.Random, words: int) -> str:
    return (
        "<script>"
        + "".join(
            f'window.cfg["{w}"]={{"v":{draw.random()},"k":"{w}","h":"<b>{w}</b>"}};'
            for w in _words(draw, words)
        )
        + "</script>"
    )


def _linked_data(draw: random.Random, title: str, body: str | None) -> str:
    article = {
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": "2024-12-04T10:00:00+02:00",
        "dateModified": "2024-12-04T12:00:00+02:00",
        "author": {"@type": "Person", "name": "Ann Lee"},
        "image": {"@type": "ImageObject", "url": "https://bench.example/i.jpg"},
        "publisher": {"@type": "Organization", "name": "The Bench"},
        "articleBody": body,
    }
    crumbs = [{"@type": "ListItem", "position": n, "name": _sentence(draw, 1)} for n in range(4)]
    graph = [article, {"@type": "BreadcrumbList", "itemListElement": crumbs}]
    stated = json.dumps({"@context": "https://schema.org", "@graph": graph})
    return f'<script type="application/ld+json">{stated}</script>'


def _picture(draw: random.Random, number: int) -> str:
    sources = "".join(
        f'<source media="(min-width:{w}px)" srcset="/i/{number}-{w}.webp 1x, /i/{number}-{w}@2x.webp 2x">'
        for w in (320, 640, 1024, 1280)
    )
    return (
        f'<figure class="media media--image"><picture>{sources}<img src="/i/{number}.jpg" alt="{_sentence(draw, 6)}" '
        f'loading="lazy"></picture><figcaption>{_sentence(draw, 12)} <span class="credit">Photo: Agency</span></figcaption></figure>'
    )


def _body(draw: random.Random) -> Iterator[str]:
    for n in range(draw.randint(14, 30)):
        yield (
            f'<p class="paragraph vossi-paragraph" data-uri="cms/{n}" data-editable="text">{_paragraph(draw)} '
            f'<a href="https://bench.example/t/{n}" target="_blank" rel="noopener">{_sentence(draw, 2)}</a> '
            f"“{_sentence(draw, 8)}” <strong>{_sentence(draw, 2)}</strong></p>"
        )
        if n % 4 == 1:
            yield (
                f'<div class="ad ad--inline" data-ad=\'{{"slot":"{n}"}}\'><div class="ad__label">Advertisement</div>'
                f'<div id="gpt-{n}"><script>googletag.cmd.push(function(){{googletag.display("gpt-{n}")}})</script></div></div>'
            )
        if n % 6 == 2:
            yield _picture(draw, n)
        if n % 7 == 3:
            yield f'<h2 class="subheader">{_sentence(draw, 4).rstrip(".")}</h2>'
        if n % 9 == 4:
            teasers = "".join(f'<li><a href="/a/{i}">{_sentence(draw, 7)}</a></li>' for i in range(3))
            yield f'<aside class="related-inline"><h3>Read more</h3><ul>{teasers}</ul></aside>'


def page(number: int) -> bytes:
    """The page of an article."""
    draw = random.Random(1000 + number)  # noqa: S311 - made-up words need no secrecy
    size = _SIZES[number % len(_SIZES)]

    def many(of: int) -> int:
        return int(of * size)

    title = _sentence(draw, 9).rstrip(".")
    icons = "".join(
        f'<symbol id="i-{w}" viewBox="0 0 24 24"><path d="M{draw.random() * 24:.3f} 2z{_PATH}"/><path d="{_PATH}"/></symbol>'
        for w in _words(draw, many(40))
    )
    state = json.dumps({"props": {w: _paragraph(draw) for w in _words(draw, many(60))}})
    preloads = "".join(
        f'<link rel="preload" as="script" href="/s/{w}.js"><link rel="stylesheet" href="/c/{w}.css">'
        for w in _words(draw, 20)
    )
    share = "".join(
        f'<li><button aria-label="{s}"><svg><use href="#i-{s}"/></svg><span class="vh">Share on {s}</span></button></li>'
        for s in ("facebook", "x", "mail", "whatsapp")
    )
    comments = "".join(
        f'<div class="comment" id="c{n}"><!-- comment {n} --><b>{_sentence(draw, 2)}</b><p>{_sentence(draw, 18)}</p></div>'
        for n in range(many(20))
    )
    zones = "".join(
        f'<section class="zone zone--{n}"><div class="zone__inner"><h2 class="zone__title">{_sentence(draw, 2)}</h2>'
        f'<div class="zone__grid">{_cards(draw, many(12))}</div></div></section>\n'
        for n in range(4)
    )
    stated_body = " ".join(_paragraph(draw) for _ in range(8)) if number % 3 == 0 else None
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title} | The Bench</title><meta name="viewport" content="width=device-width">
<link rel="canonical" href="https://bench.example/article/{number}.html">{preloads}
<meta property="og:title" content="{title}"><meta property="og:type" content="article"><meta property="og:site_name" content="The Bench">
<meta property="og:description" content="{_sentence(draw, 18)}"><meta property="og:image" content="https://bench.example/i.jpg">
<meta name="author" content="Ann Lee">{_linked_data(draw, title, stated_body)}
<style>{"".join(f".{w}{{margin:0 auto;padding:4px}}" for w in _words(draw, many(300)))}</style>{_script(draw, many(200))}</head>
<body class="article-page"><svg style="display:none">{icons}</svg><div id="app"><div class="layout">
<header class="site-header"><nav>{_links(draw, many(40), "menu")}</nav></header><main id="main"><article class="article">
<header class="article__header"><div class="crumb"><a href="/news">News</a></div><h1 class="headline">{title}</h1>
<p class="article__standfirst">{_sentence(draw, 18)}</p><div class="byline">By <a rel="author" href="/a/ann-lee">Ann Lee</a></div>
<time datetime="2024-12-04T10:00:00+02:00">4 December 2024</time><ul class="share">{share}</ul></header>
<div class="article__content">{chr(10).join(_body(draw))}</div></article>
<aside class="rail">{_cards(draw, many(10))}{_links(draw, 20, "mostread")}</aside></main>{zones}
<section id="comments">{comments}</section><footer>{_links(draw, many(50), "footer")}</footer></div></div>
<script id="__NEXT_DATA__" type="application/json">{state}</script>{_script(draw, many(150))}{_script(draw, 100)}</body></html>""".encode()


def pages(number: int) -> Iterator[bytes]:
    """The first so many pages."""
    return map(page, range(number))
