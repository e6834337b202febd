"""Statuses that refuse, fail, or ask to come back."""

from tests.site.hosts.trouble.registry import LONG_AGO, RETRIES, story, trouble
from tests.site.layouts import document
from tests.site.reply import Ask, Reply, page


@trouble("/304", "answers 304 whatever it is asked, even to a client that has nothing")
def _always_304(_: Ask) -> Reply:
    return Reply(status=304)


@trouble("/fine", "a sound page, for comparison")
def _fine(_: Ask) -> Reply:
    return page(story(), LONG_AGO)


@trouble("/403", "403 for ever")
def _403(_: Ask) -> Reply:
    return page(document("Forbidden", "<h1>Forbidden</h1>"), status=403)


@trouble("/404", "an honest 404")
def _404(_: Ask) -> Reply:
    return page(document("Not found", "<h1>Not found</h1>"), status=404)


@trouble("/410", "410: gone for good")
def _410(_: Ask) -> Reply:
    return page(document("Gone", "<h1>Gone</h1>"), status=410)


def _recovers(ask: Ask, status: int, *headers: tuple[str, str]) -> Reply:
    if ask.tries > RETRIES:
        return page(story(), LONG_AGO)
    reply = page(document("Later", "<p>Come back later.</p>"), status=status)
    reply.headers += headers
    return reply


@trouble("/429", "429 with `Retry-After: 1` twice, then the article")
def _429(ask: Ask) -> Reply:
    return _recovers(ask, 429, ("Retry-After", "1"))


@trouble("/429-date", "429 with Retry-After as an HTTP date of long ago twice, then the article")
def _429_date(ask: Ask) -> Reply:
    return _recovers(ask, 429, ("Retry-After", "Wed, 04 Dec 2024 12:00:00 GMT"))


@trouble("/429-year", "429 with a Retry-After of a year, for ever")
def _429_year(_: Ask) -> Reply:
    return Reply(b"Later.", 429, "text/plain", headers=[("Retry-After", "31536000")])


@trouble("/429-nonsense", "429 with a Retry-After that is not one twice, then the article")
def _429_nonsense(ask: Ask) -> Reply:
    return _recovers(ask, 429, ("Retry-After", "soon"))


@trouble("/500", "500 twice, then the article")
def _500(ask: Ask) -> Reply:
    return _recovers(ask, 500)


@trouble("/503", "503 with `Retry-After: 1` twice, then the article")
def _503(ask: Ask) -> Reply:
    return _recovers(ask, 503, ("Retry-After", "1"))


@trouble("/500-always", "500 for ever")
def _500_always(_: Ask) -> Reply:
    return page(document("Error", "<h1>Error</h1>"), status=500)
