"""Challenges and block pages are told from articles, even from short ones that speak of nothing else."""

import time

import pytest

from pipeline.crawl.challenge import challenge_reason
from tests.site import truth
from tests.site.client import get
from tests.site.hosts.trouble import STORY
from tests.site.server import Site


def _page(title: str, body: str = "", head: str = "") -> bytes:
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()
    )


CLOUDFLARE = _page(
    "Just a moment...",
    '<noscript><div class="h2">Enable JavaScript and cookies to continue</div></noscript>'
    "<script>(function(){window._cf_chl_opt = {cvId: '3', cZone: 'a.example'};"
    "a.src = '/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1?ray=8a';}());</script>",
    '<meta http-equiv="refresh" content="360">',
)
TRANSLATED = CLOUDFLARE.replace(b"Just a moment...", "Einen Moment, bitte…".encode())
BLOCKED = _page(
    "Attention Required! | Cloudflare",
    "<h1>Sorry, you have been blocked</h1><p>You are unable to access a.example</p>",
)
AKAMAI = (
    b"<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>\n<H1>Access Denied</H1>\n \n"
    b'You don\'t have permission to access "http&#58;&#47;&#47;a&#46;example&#47;" on this server.<P>\n'
    b"Reference&#32;&#35;18&#46;2d5e4317&#46;1733316000&#46;1a2b3c\n<P>"
    b"https&#58;&#47;&#47;errors&#46;edgesuite&#46;net&#47;18&#46;2d5e4317</P>\n</BODY></HTML>"
)
DATADOME = _page(
    "a.example",
    "<p id='cmsg'>Please enable JS and disable any ad blocker</p>"
    "<script>var dd={'rt':'c','cid':'AHrl','hsh':'05','t':'bv','host':'geo.captcha-delivery.com'}</script>"
    '<script src="https://ct.captcha-delivery.com/c.js"></script>',
)
HUMAN = _page(
    "Access to this page has been denied.",
    '<h1>Press &amp; Hold to confirm you are a human</h1><div id="px-captcha"></div>',
    '<meta name="description" content="px-captcha">',
)
IMPERVA = (
    b'<html style="height:100%"><head><META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW"></head><body>'
    b'<iframe id="main-iframe" src="/_Incapsula_Resource?SWUDNSAI=31&xinfo=9-1-0&incident_id=4440-1&edet=12" '
    b'width="100%">Request unsuccessful. Incapsula incident ID: 4440-1</iframe></body></html>'
)
AWS = _page(
    "",
    "<noscript><h1>JavaScript is disabled</h1>In order to continue, we need to verify that you're not a robot.</noscript>"
    "<script>window.gokuProps = {'key':'AQ'}; AwsWafIntegration.checkForceRefresh();"
    "AwsWafIntegration.getToken()</script>",
)
SUCURI = _page(
    "Sucuri WebSite Firewall - Access Denied",
    "<h1>Access Denied - Sucuri Website Firewall</h1><p>Block ID: GEO02</p>",
)
CHECKING = _page(
    "a.example", "<p>Checking your browser before accessing a.example. This takes five seconds.</p>"
)
TURNSTILE = _page(
    "a.example",
    '<p>Verify that you are human</p><form><div class="cf-turnstile" data-sitekey="x"></div></form>',
)
HCAPTCHA = _page("One more step", '<form><div class="box h-captcha" data-sitekey="x"></div></form>')


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (403, CLOUDFLARE, "Cloudflare challenge"),
        (503, CLOUDFLARE, "Cloudflare challenge"),
        (200, CLOUDFLARE, "Cloudflare challenge"),
        (403, TRANSLATED, "Cloudflare challenge"),
        (403, BLOCKED, "Cloudflare block page"),
        (403, AKAMAI, "Akamai block page"),
        (403, DATADOME, "DataDome challenge"),
        (429, DATADOME, "DataDome challenge"),
        (403, HUMAN, "HUMAN challenge"),
        (200, HUMAN, "HUMAN challenge"),
        (200, IMPERVA, "Imperva challenge"),
        (202, AWS, "AWS WAF challenge"),
        (403, SUCURI, "Sucuri block page"),
        (503, CHECKING, "browser check"),
        (403, TURNSTILE, "captcha"),
        (200, HCAPTCHA, "captcha"),
    ],
)
def test_challenges_by_their_bodies(status: int, body: bytes, reason: str) -> None:
    assert challenge_reason(status, {}, body) == reason


def test_a_header_is_enough() -> None:
    assert challenge_reason(403, {"CF-Mitigated": "challenge"}, b"") == "Cloudflare challenge"
    assert challenge_reason(202, {"x-amzn-waf-action": "captcha"}, b"") == "AWS WAF challenge"
    assert challenge_reason(200, {"cf-mitigated": "none", "server": "cloudflare"}, b"<html>") is None


def _article(words: str, extra: str = "") -> bytes:
    return _page("Patrol agreed", f"<h1>Patrol agreed</h1><p>{words}</p>{extra}")


SPOKEN_OF = (
    "Readers of three ministries' sites saw a page that said Just a moment... and Checking your browser before "
    "accessing, with the words Access Denied, Reference #18.2d5e and an Incapsula incident ID below it. A spokesman "
    "blamed Cloudflare, DataDome and an hCaptcha. The block page had been set off by a patrol of geese. "
)
CAPTCHA_FORM = '<form id="comments"><textarea></textarea><div class="h-captcha"></div><div class="g-recaptcha"></div></form>'
ON_ORDINARY_PAGES = (
    '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'
    '<script src="https://js.datadome.co/tags.js"></script><script>window._pxAppId="PX1"</script>'
    '<script src="/_Incapsula_Resource?SWJIYLWA=719d34d31c8e3a6e6fffd425f7e032f3"></script>'
    '<script src="https://x.token.awswaf.com/x/challenge.js"></script>'
)


@pytest.mark.parametrize("status", [200, 403, 429, 503])
@pytest.mark.parametrize(
    "body",
    [
        _article(STORY, CAPTCHA_FORM),
        _article(STORY, ON_ORDINARY_PAGES),
        _article(STORY + SPOKEN_OF),
        _article(SPOKEN_OF * 8, CAPTCHA_FORM + ON_ORDINARY_PAGES),
        _page("Geese", f"<article><p>{SPOKEN_OF}</p></article>", "<script></script>"),
        _page("Just a moment...", f"<p>{STORY * 5}</p>", "<script></script>"),
        _page(
            "Just a moment...",
            f"<p>{STORY}</p>",
            '<meta property="og:type" content="article"><script></script>',
        ),
        _page("Access Denied", f"<p>{STORY}</p>"),
        _page("Forbidden", "<h1>Forbidden</h1>"),
        _page("Not found", "<p>Sorry, we could not find that page.</p>"),
        b'<?xml version="1.0"?><rss><channel><title>Just a moment...</title></channel></rss>',
        b'{"title": "Just a moment..."}',
        b"",
        b"<html>",
        b"\x89PNG\r\n\x1a\n" * 100,
    ],
)
def test_what_is_none(status: int, body: bytes) -> None:
    assert challenge_reason(status, {}, body) is None


def test_no_page_of_the_test_site_is_one_but_those_that_are_made_so(site: Site) -> None:
    for article in truth.articles():
        path = article.address(site.port).partition(f":{site.port}")[2]
        got = get(site, article.host, path)
        assert challenge_reason(got.status, got.headers, got.body) is None, article.path
    for path in ("/challenge-403", "/challenge-200", "/challenge-503"):
        got = get(site, "trouble.test", path)
        assert challenge_reason(got.status, got.headers, got.body) == "browser check"


@pytest.mark.parametrize(
    "piece",
    [
        b"<title>",
        b"<script",
        b"<iframe ",
        b"og:type'",
        b">",
        b"<!--",
        b"class='",
        b"&#32;",
        b"<div>",
        b"\x00",
    ],
)
def test_a_page_made_to_be_slow_is_not(piece: bytes) -> None:
    start = time.process_time()
    challenge_reason(
        403, {}, b"<html><title>Access Denied</title>reference" + piece * (120_000 // len(piece))
    )
    assert time.process_time() - start < 2
