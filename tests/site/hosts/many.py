"""many.test and any `*.many.test`: a thousand small pages a host, each with words of its own.

/sitemap.xml  /page/0 ... /page/999  (strong ETag and Last-Modified)
"""

import random
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from tests.site.layouts import document, sitemap
from tests.site.reply import Ask, Reply, page

PAGES = 1000
_FIRST = datetime(2024, 12, 2, tzinfo=UTC)
_SYLLABLES = [
    "ba",
    "ce",
    "do",
    "fi",
    "gu",
    "ha",
    "ke",
    "lo",
    "mi",
    "nu",
    "pa",
    "re",
    "so",
    "ti",
    "vu",
    "wa",
    "xe",
    "yo",
    "zi",
    "bru",
    "cle",
    "dro",
    "fli",
    "gra",
]


def answer(ask: Ask) -> Reply | None:
    """The page at an address."""
    if ask.path == "/robots.txt":
        return Reply(b"User-agent: *\nDisallow:\n", kind="text/plain")
    if ask.path == "/sitemap.xml":
        return Reply(
            sitemap((ask.here(f"/page/{n}"), moment(n)) for n in range(PAGES)),
            kind="application/xml; charset=utf-8",
        )
    stated = ask.path.removeprefix("/page/")
    if not ask.path.startswith("/page/") or not stated.isdigit() or int(stated) >= PAGES:
        return None
    number = int(stated)
    body = "\n".join(f"<p>{line}</p>" for line in text(ask.host, number))
    date = f'<meta property="article:published_time" content="{moment(number).isoformat()}">'
    html = document(
        f"Page {number}", f"<article><h1>Page {number} of Merrowhaven</h1>\n{body}</article>", date
    )
    return page(html, moment(number))


def moment(number: int) -> datetime:
    """When a page was published: one every five minutes."""
    return _FIRST + timedelta(minutes=5 * number)


@lru_cache(maxsize=5000)
def text(host: str, number: int) -> tuple[str, ...]:
    """The paragraphs of a page; no two pages share a run of words."""
    chance = random.Random(f"{host}/{number}")  # noqa: S311 -- the same words every time is the point

    def sentence() -> str:
        words = [
            "".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(chance.randint(9, 16))
        ]
        return f"The Northern Compact {' '.join(words)}."

    return tuple(" ".join(sentence() for _ in range(3)) for _ in range(4))
