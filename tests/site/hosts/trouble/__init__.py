"""trouble.test: every way in which a page can misbehave, each at its own path; TROUBLE says which is which."""

import re
from html import escape

from tests.site.hosts.trouble import answers, content, feeds, redirects, robots, size, wire
from tests.site.hosts.trouble.redirects import PRIVATE
from tests.site.hosts.trouble.registry import CYRILLIC, LONG_AGO, PLAYS, RETRIES, STORY, TROUBLE
from tests.site.layouts import document
from tests.site.reply import Ask, Reply, page

__all__ = [
    "CYRILLIC",
    "PRIVATE",
    "RETRIES",
    "STORY",
    "TROUBLE",
    "answer",
    "answers",
    "content",
    "feeds",
    "redirects",
    "robots",
    "size",
    "wire",
]


def answer(ask: Ask) -> Reply | None:
    """The page at an address."""
    if ask.path in PLAYS:
        return PLAYS[ask.path](ask)
    if ask.path == "/":
        rows = "".join(f'<li><a href="{p}">{p}</a> {escape(s)}</li>\n' for p, s in sorted(TROUBLE.items()))
        return page(document("Trouble", f"<h1>Trouble</h1><ul>\n{rows}</ul>"))
    if re.fullmatch(r"/calendar/\d{4}-\d\d-\d\d", ask.path):
        return size.calendar(ask)
    if re.fullmatch(r"/page/\d+", ask.path):
        return page(document(f"Entry {ask.path}", f"<p>{STORY}</p>"), LONG_AGO)
    return None
