"""Redirects without an end, and to where a crawler must not go."""

from tests.site.hosts.trouble.registry import story, trouble
from tests.site.reply import Ask, Reply, moved, page


@trouble("/loop", "redirects to itself")
def _loop(ask: Ask) -> Reply:
    return moved(ask.here("/loop"), 302)


@trouble("/loop/a", "redirects to /loop/b, which redirects back")
def _loop_a(ask: Ask) -> Reply:
    return moved(ask.here("/loop/b"), 302)


@trouble("/loop/b", "redirects to /loop/a, which redirects back")
def _loop_b(ask: Ask) -> Reply:
    return moved(ask.here("/loop/a"), 302)


@trouble("/loop/endless", "redirects for ever, each time to a new address")
def _endless(ask: Ask) -> Reply:
    return moved(ask.here(f"/loop/endless?n={int(ask.query.get('n', '0')) + 1}"), 302)


@trouble("/redirect/nowhere", "a redirect without a Location")
def _nowhere(_: Ask) -> Reply:
    return Reply(b"", 302)


@trouble("/redirect/refresh", "a sound article that reloads another one by meta refresh, at once")
def _refresh(ask: Ask) -> Reply:
    html = story().replace(
        "</head>", f'<meta http-equiv="refresh" content="0; url={ask.here("/fine")}"></head>'
    )
    return page(html, etags="none")


PRIVATE = {
    "/redirect/private-10": "http://10.0.0.1/",
    "/redirect/metadata": "http://169.254.169.254/latest/meta-data/",
    "/redirect/v6-loopback": "http://[::1]:1/",
    "/redirect/v6-mapped": "http://[::ffff:127.0.0.1]:1/",
    "/redirect/loopback": "http://127.0.0.1:1/",
    "/redirect/loopback-decimal": "http://2130706433:1/",
    "/redirect/loopback-short": "http://127.1:1/",
    "/redirect/zero": "http://0.0.0.0:1/",
    "/redirect/localhost": "http://localhost:1/",
    "/redirect/file": "file:///etc/passwd",
    "/redirect/data": "data:text/html,<p>The Northern Compact met in Merrowhaven.</p>",
    "/redirect/ftp": "ftp://127.0.0.1:1/a.html",
}
for _path, _target in PRIVATE.items():
    trouble(_path, f"redirects to {_target}")(lambda _, target=_target: moved(target, 302))  # type: ignore[misc]
