"""The hosts by name, and what is the same on all of them."""

from collections.abc import Callable

from tests.site.hosts import agency, archive, insight, institute, many, monitor, syndicator, trouble, wire
from tests.site.layouts import document
from tests.site.reply import Ask, Reply, page


def shut(_: Ask) -> Reply:
    """The Evening Ferry has closed; only archive.test remembers it."""
    return page(
        document("Gone", "<p>The Evening Ferry has ceased publication.</p>"), etags="none", status=410
    )


HOSTS: dict[str, Callable[[Ask], Reply | None]] = {
    "agency.test": agency.answer,
    "archive.test": archive.answer,
    "insight.test": insight.answer,
    "institute.test": institute.answer,
    "m.wire.test": wire.answer,
    "monitor.test": monitor.answer,
    "shut.test": shut,
    "syndicator.test": syndicator.answer,
    "trouble.test": trouble.answer,
    "wire.test": wire.answer,
    "many.test": many.answer,
}

ROBOTS = {
    "agency.test": "User-agent: *\nDisallow: /search\n",
    "insight.test": "User-agent: *\nAllow: /\n\nSitemap: {here}/news-sitemap.xml\n",
    "institute.test": "User-agent: *\nCrawl-delay: 1\nDisallow: /intranet/\n",
    "m.wire.test": "User-agent: *\nDisallow: /private/\n",
    "monitor.test": "User-agent: *\nDisallow: /wp-admin/\n\nSitemap: {here}/sitemap.xml\n",
    "syndicator.test": "User-agent: badbot\nDisallow: /\n\nUser-agent: *\nDisallow:\n",
    "trouble.test": "User-agent: *\nDisallow:\n",
    "wire.test": "User-agent: *\nDisallow: /private/\nDisallow: /*?replytocom=\n",
}


def answer(ask: Ask) -> Reply:
    """The reply of the host that was asked for; `*.many.test` and `*.trouble.test` are as many hosts as a test wants,
    `*.robots.test` those whose robots.txt is trouble."""
    host = next((name for name in ("many.test", "trouble.test") if ask.host.endswith(f".{name}")), ask.host)
    if host.endswith(".robots.test"):
        return trouble.robots.answer(ask)
    if host not in HOSTS:
        return page(document("No such site", "<p>No such site.</p>"), etags="none", status=421)
    if ask.path == "/robots.txt" and host in ROBOTS:
        return Reply(ROBOTS[host].replace("{here}", ask.here("")).encode(), kind="text/plain; charset=utf-8")
    return HOSTS[host](ask) or not_found()


def not_found() -> Reply:
    """An honest 404."""
    return page(
        document("Not found", "<h1>Not found</h1><p>There is no such page.</p>"), etags="none", status=404
    )
