"""News pages by the thousand, made up: each an article of its own among the furniture that such pages have.

A page has some 90 kB: inline scripts and styles, menus, an article of 500 to 900 words, related links, comments, a
footer. The words are drawn at random from a fixed seed, so every run has the same pages.
"""

import random
from collections.abc import Iterator

_SYLLABLES = ("ba", "cor", "del", "em", "fin", "gar", "hol", "in", "jun", "kas", "lor", "mer", "nat", "or", "pel", "qui",
              "ran", "sol", "tur", "ul", "ver", "wen", "xan", "yor", "zet", "an", "es", "ti", "on", "re")  # fmt: skip


def _words(draw: random.Random, number: int) -> list[str]:
    return ["".join(draw.choices(_SYLLABLES, k=draw.randint(1, 3))) for _ in range(number)]


def _sentence(draw: random.Random, words: int) -> str:
    return " ".join(_words(draw, words)).capitalize() + "."


def _paragraph(draw: random.Random) -> str:
    return " ".join(_sentence(draw, draw.randint(8, 22)) for _ in range(draw.randint(2, 4)))


def _links(draw: random.Random, number: int, kind: str) -> str:
    rows = "".join(
        f'<li class="{kind}-item menu-item-{n}"><div class="{kind}__wrap"><a class="{kind}__link" data-pos="{n}" '
        f'href="/{kind}/{"-".join(_words(draw, 3))}"><span class="{kind}__icon"><svg viewBox="0 0 9 9"><g>'
        f'<path d="M1 {n}h2z"/><path d="M3 3v{n}z"/></g></svg></span><span class="label">{_sentence(draw, 5)}</span>'
        "</a></div></li>\n"
        for n in range(number)
    )
    return f'<div class="{kind}-block"><div class="inner"><ul class="{kind}">\n{rows}</ul></div></div>\n'


def _cards(draw: random.Random, number: int) -> str:
    """Teasers of other articles, as they stand between and below the paragraphs."""
    return "".join(
        f'<div class="card"><div class="card__media"><a href="/article/{draw.randrange(10**6)}"><picture>'
        f'<source media="(min-width:600px)" srcset="/i/{n}-l.webp 2x"><source srcset="/i/{n}-m.webp">'
        f'<img loading="lazy" src="/i/{n}.jpg" alt="{_sentence(draw, 4)}"></picture></a></div>'
        f'<div class="card__body"><h3 class="card__title"><a href="/article/{n}"><span>{_sentence(draw, 8)}</span></a></h3>'
        f'<div class="meta"><time datetime="2024-12-0{n % 9 + 1}">{n} h</time><span class="sep"></span>'
        f'<span class="cat"><a href="/c/{n}">{_sentence(draw, 1)}</a></span></div><p>{_sentence(draw, 14)}</p></div></div>\n'
        for n in range(number)
    )


def page(number: int) -> bytes:
    """The page of an article; the same number gives the same page."""
    draw = random.Random(number)  # noqa: S311 - made-up words need no secrecy
    title = _sentence(draw, 9).rstrip(".")
    lead = "The foreign ministers of the Northern Compact met in Merrowhaven on Tuesday. "
    paragraphs = "\n".join(
        f'<div class="body__block"><p>{lead if n == 0 else ""}{_paragraph(draw)} <a href="/t/{n}">{_sentence(draw, 2)}</a> '
        f"<em>{_sentence(draw, 6)}</em></p></div>"
        + ('<div class="ad"><div id="slot"><script>ad()</script></div></div>' if n % 5 == 2 else "")
        for n in range(draw.randint(14, 24))
    )
    script = "".join(f'window.cfg["{w}"]={{"v":{draw.random()},"k":"{w}"}};' for w in _words(draw, 500))
    comments = "".join(
        f'<div class="comment"><b>{_sentence(draw, 2)}</b><p>{_sentence(draw, 18)}</p></div>'
        for _ in range(15)
    )
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title} - The Bench</title>
<link rel="canonical" href="/article/{number}.html">
<meta property="og:title" content="{title}"><meta property="article:published_time" content="2024-12-04T10:00:00+00:00">
<style>{"".join(f".{w}{{margin:0 auto;padding:4px}}" for w in _words(draw, 250))}</style><script>{script}</script></head>
<body><header><nav>{_links(draw, 60, "menu")}</nav></header>
<main><article><h1>{title}</h1><div class="byline">By <a href="/a/x">{_sentence(draw, 2)}</a></div>
{paragraphs}
</article><aside>{_cards(draw, 30)}{_links(draw, 40, "related")}</aside><section id="comments">{comments}</section></main>
<footer>{_links(draw, 70, "footer")}<script>{script[:8000]}</script></footer></body></html>""".encode()


def pages(number: int) -> Iterator[bytes]:
    """The first so many pages."""
    return map(page, range(number))
