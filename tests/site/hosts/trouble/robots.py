"""Hosts with a sound article at every address, and trouble in robots.txt: `500.robots.test` and so on."""

from collections.abc import Callable

from tests.site.hosts import bombs
from tests.site.hosts.trouble.registry import story
from tests.site.reply import Ask, Reply, Wire, moved, page


def _text(rules: str, status: int = 200, *headers: tuple[str, str]) -> Reply:
    return Reply(rules.encode(), status, "text/plain; charset=utf-8", headers=list(headers), etags="none")


def _hang(wire: Wire) -> None:
    wire.wait(None)


_LINE = "# The harbour office likes its comments long, and there are a great many of them in this file.\n"
NAMED = "User-agent: newsfold\nDisallow: /no\n\nUser-agent: *\nDisallow: /\n"

ROBOTS: dict[str, Callable[[Ask], Reply]] = {
    "404": lambda _: _text("No such file.", 404),
    "403": lambda _: _text("Go away.", 403),
    "500": lambda _: _text("Oh dear.", 500),
    "429": lambda _: _text("Later.", 429, ("Retry-After", "300")),
    "hang": lambda _: Reply(raw=_hang),
    "bomb": lambda _: Reply(bombs.gzip_bomb(), headers=[("Content-Encoding", "gzip")], etags="none"),
    "named": lambda _: _text(NAMED),
    "moved": lambda ask: moved(ask.at("named.robots.test", "/robots.txt")),
    "loop": lambda ask: moved(ask.here("/robots.txt")),
    "private": lambda _: moved("http://10.0.0.1/robots.txt"),
    "html": lambda _: page(story()),
    "delay": lambda _: _text("User-agent: *\nCrawl-delay: 0.5\n"),
    "year": lambda _: _text("User-agent: *\nCrawl-delay: 31536000\n"),
    "large": lambda _: _text(f"User-agent: *\nDisallow: /early\n{_LINE * 6000}Disallow: /late\n"),
}


def answer(ask: Ask) -> Reply:
    """The host's robots.txt, a redirect (`/to/HOST/PATH`), or the article."""
    if ask.path == "/robots.txt":
        play = ROBOTS.get(ask.host.removesuffix(".robots.test"), ROBOTS["404"])
        return play(ask)
    if ask.path.startswith("/to/"):
        host, _, path = ask.path.removeprefix("/to/").partition("/")
        return moved(ask.at(host, f"/{path}"))
    return page(story(), etags="none")
