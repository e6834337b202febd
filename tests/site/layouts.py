"""What the hosts' pages are made of: blocks as HTML, a document around them, dates as each host writes them."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from itertools import groupby
from zoneinfo import ZoneInfo

from tests.site.reply import Ask
from tests.site.truth import ZONES, Article, Block


def inline(marked: str) -> str:
    """A paragraph's inside: bold type and line breaks."""
    html = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(marked, quote=False))
    return html.replace("\n", "<br>\n")


def block_html(block: Block) -> str:
    """One block."""
    if block.kind == "blockquote":
        return f"<blockquote><p>{inline(block.marked)}</p></blockquote>"
    return f"<{block.kind}>{inline(block.marked)}</{block.kind}>"


def blocks_html(blocks: Sequence[Block]) -> list[str]:
    """The blocks, the items of a list gathered in one."""
    html: list[str] = []
    for is_list, group in groupby(blocks, key=lambda block: block.kind == "li"):
        parts = [block_html(block) for block in group]
        html += [f"<ul>{''.join(parts)}</ul>"] if is_list else parts
    return html


def shown(article: Article, ask: Ask) -> tuple[Block, ...]:
    """The text as it stands now: corrected, once that switch is on."""
    return article.corrected if ask.switches.get("corrected") else article.blocks


def changed(article: Article, ask: Ask) -> datetime:
    """When the page as it stands last changed."""
    return article.modified if ask.switches.get("corrected") else article.moment


def local(article: Article) -> datetime:
    """When it was published, by its host's clock."""
    return article.moment.astimezone(ZoneInfo(ZONES[article.host]))


def restless(ask: Ask) -> str:
    """A counter that changes the page and not the article, while the switch `restless` is on."""
    if not ask.switches.get("restless"):
        return ""
    return f'<div class="counter" aria-hidden="true">{ask.tries} readers now</div>'


def links(entries: Iterable[tuple[str, str]]) -> str:
    """A list of links."""
    return (
        "<ul>"
        + "".join(f'<li><a href="{escape(to)}">{escape(text)}</a></li>' for to, text in entries)
        + "</ul>"
    )


def document(title: str, body: str, head: str = "", language: str = "en") -> str:
    """A whole page."""
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title, quote=False)}</title>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def meta(**properties: str | None) -> str:
    """OpenGraph tags: `og_title="..."`, `article_published_time="..."`."""
    return "\n".join(
        f'<meta property="{name.replace("_", ":", 1)}" content="{escape(content)}">'
        for name, content in properties.items()
        if content
    )


def xml(root: str) -> bytes:
    """An XML document."""
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + root).encode()


def sitemap(entries: Iterable[tuple[str, datetime]]) -> bytes:
    """A sitemap of addresses with their dates."""
    rows = "".join(
        f"<url><loc>{escape(loc)}</loc><lastmod>{moment.isoformat()}</lastmod></url>\n"
        for loc, moment in entries
    )
    return xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n')


def sitemap_index(entries: Iterable[tuple[str, datetime]]) -> bytes:
    """A sitemap of sitemaps."""
    rows = "".join(
        f"<sitemap><loc>{escape(loc)}</loc><lastmod>{moment.isoformat()}</lastmod></sitemap>\n"
        for loc, moment in entries
    )
    return xml(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</sitemapindex>\n')
