"""Bytes that are not what they are said to be."""

from html import escape

from tests.site.hosts.trouble.registry import CYRILLIC, story, trouble
from tests.site.layouts import document
from tests.site.reply import Ask, Reply, page


def _cyrillic(declared: str) -> str:
    html = document(
        "Патрулювання затоки", f"<article><h1>Патрулювання затоки</h1><p>{CYRILLIC}</p></article>"
    )
    return html.replace('<meta charset="utf-8">', f'<meta charset="{declared}">' if declared else "")


@trouble(
    "/charset/three-stories", "the header says utf-8, the meta tag iso-8859-2, and the bytes are windows-1251"
)
def _three_stories(_: Ask) -> Reply:
    return Reply(_cyrillic("iso-8859-2").encode("cp1251"))


@trouble("/charset/meta-only", "windows-1251, and only the meta tag says so")
def _meta_only(_: Ask) -> Reply:
    return Reply(_cyrillic("windows-1251").encode("cp1251"), kind="text/html")


@trouble("/charset/unsaid", "windows-1251, and nothing says so")
def _unsaid(_: Ask) -> Reply:
    return Reply(_cyrillic("").encode("cp1251"), kind="text/html")


@trouble("/charset/invented", "utf-8, and the header names a charset that does not exist")
def _invented(_: Ask) -> Reply:
    return Reply(_cyrillic("").encode(), kind="text/html; charset=merrow-9")


@trouble("/not-html", "a picture under the type text/html")
def _not_html(_: Ask) -> Reply:
    return Reply(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)


@trouble("/nul", "an article with NUL bytes, a lone surrogate's bytes and control characters in it")
def _nul(_: Ask) -> Reply:
    return Reply(story().encode().replace(b"Merrowhaven", b"Merrow\x00haven\xed\xa0\x80\x0b"))


@trouble("/empty", "200 with no body at all")
def _empty(_: Ask) -> Reply:
    return Reply(b"")


@trouble("/soft-404", "200 whose page says that the page was not found")
def _soft_404(_: Ask) -> Reply:
    return page(
        document("Page not found", "<h1>Page not found</h1><p>Sorry, we could not find that page.</p>")
    )


_CHALLENGE = document(
    "Just a moment...",
    "<h1>trouble.test</h1><p>Checking your browser before accessing trouble.test. This takes a few seconds. "
    "Please enable JavaScript and cookies to continue.</p><script>challenge()</script>",
)


@trouble("/challenge-403", "a browser check, with 403")
def _challenge_403(_: Ask) -> Reply:
    return page(_CHALLENGE, status=403)


@trouble("/challenge-503", "the same browser check, with 503")
def _challenge_503(_: Ask) -> Reply:
    return page(_CHALLENGE, status=503)


@trouble("/challenge-200", "the same browser check, with 200")
def _challenge_200(_: Ask) -> Reply:
    return page(_CHALLENGE, etags="none")


@trouble("/cookie", "sets a session cookie and one for the whole of .test; its text says which came back")
def _cookie(ask: Ask) -> Reply:
    reply = page(
        document("Cookie", f"<p>Your cookies: {escape(ask.headers.get('cookie', 'none'))}</p>"), etags="none"
    )
    reply.headers += [("Set-Cookie", "session=abc; Path=/"), ("Set-Cookie", "all=1; Domain=.test; Path=/")]
    return reply
