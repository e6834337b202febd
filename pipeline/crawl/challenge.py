"""Tells a bot challenge or a block page from an article, so that none is kept as one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree, html

_LARGEST = 128 * 1024  # bytes; what is larger is no challenge, however many scripts it has
_SHORT = 1500  # characters of text; a page with more has something to say
_BARE = 400  # characters of text on a page that is nothing but a captcha
_REFUSALS = (403, 429, 503)
_STATUSES = (200, 202, 405, *_REFUSALS)  # AWS WAF challenges with 202 and 405


@dataclass(frozen=True, slots=True)
class _Page:
    """A page without what no reader sees."""

    source: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class _Sign:
    """What only challenges have: a whole title, something in the source, something in the text; all that are given.

    Vendors put their scripts on ordinary pages too, so the mere presence of one is no sign. Repeats in the
    expressions are bounded, since the pages are strangers'.
    """

    name: str
    title: str | None = None
    source: str | None = None
    text: str | None = None
    statuses: tuple[int, ...] = _STATUSES
    at_most: int = _SHORT

    def fits(self, status: int, page: _Page) -> bool:
        """Whether a page that came with a status has the sign."""
        return (
            status in self.statuses
            and len(page.text) <= self.at_most
            and (self.title is None or re.fullmatch(self.title, page.title, re.IGNORECASE) is not None)
            and (self.source is None or re.search(self.source, page.source, re.IGNORECASE) is not None)
            and (self.text is None or re.search(self.text, page.text, re.IGNORECASE) is not None)
        )


_HEADERS = (
    # the header, what its value says, what that is
    ("cf-mitigated", r"challenge", "Cloudflare challenge"),
    ("x-amzn-waf-action", r"challenge|captcha", "AWS WAF challenge"),
)
_SIGNS = (
    _Sign(
        "Cloudflare challenge", source=r"\b_cf_chl_opt\b|/cdn-cgi/challenge-platform/\w{1,9}/\w/orchestrate"
    ),
    _Sign("Cloudflare block page", title=r"attention required! \| cloudflare"),
    _Sign("Cloudflare block page", title=r"access denied.*", source=r"cf-error-details", statuses=_REFUSALS),
    _Sign(
        "Akamai block page",
        title=r"access denied",
        source=r"errors\.edgesuite\.net|reference(?:\s|&#32;){0,9}(?:#|&#35;)\w",
        statuses=_REFUSALS,
    ),
    _Sign(
        "DataDome challenge",
        source=r"(?:src|host)['\"]?\s?[=:]\s?['\"](?:https?:)?(?://)?[\w.]{0,60}captcha-delivery\.com",
    ),
    _Sign("HUMAN challenge", source=r"(?:id|content)=['\"]px-captcha|captcha\.px-(?:cdn|cloud)\.net"),
    _Sign(
        "Imperva challenge",
        source=r"incapsula incident id|_incapsula_resource[^'\"<>]{0,500}incident_id=",
        text=r"^.{0,300}$",
    ),
    _Sign("AWS WAF challenge", source=r"window\.gokuProps\b|AwsWafIntegration\.\w{1,30}Token"),
    _Sign("Sucuri block page", title=r"sucuri website firewall.*"),
    _Sign("Sucuri challenge", title=r"you are being redirected\.*", source=r"sucuri|<script"),
    _Sign("DDoS-Guard challenge", title=r"ddos-guard"),
    _Sign(
        "browser check",
        title=r"(?:just a moment|one moment,? please|please wait|checking your browser)\W*.{0,40}",
        source=r"<script|<noscript|http-equiv=['\"]?refresh",
        text=r"^.{0,600}$",
    ),
    _Sign("browser check", text=r"^.{0,120}checking your browser before accessing.{0,300}$"),
    _Sign(
        "captcha",
        source=r"class=['\"][^'\"]{0,200}\b(?:h-captcha|g-recaptcha|cf-turnstile)\b"
        r"|<iframe[^>]{1,500}(?:hcaptcha\.com|challenges\.cloudflare\.com)",
        at_most=_BARE,
    ),
)
_IS_HTML = re.compile(r"<(?:!doctype html|html|head|body|script)\b", re.IGNORECASE)
_IS_ARTICLE = re.compile(
    r"<article\b|og:type['\"][^>]{0,200}article|['\"]@type['\"]\s?:\s?\[?\s?['\"]\w{0,40}(?:article|posting)",
    re.IGNORECASE,
)
_UNSEEN = ("script", "style", "noscript", "template", "title")


def challenge_reason(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """Name the challenge or block page that a response is, such as `Cloudflare challenge`; None if it is none.

    `body` is unpacked; headers go by any case. A header that says so is enough. A body must be a page with
    little text, that does not declare itself an article, and have what only such pages have: an article that
    speaks of challenges, or has a captcha in its comment form, is an article.
    """
    named = {name.lower(): value for name, value in headers.items()}
    for header, says, reason in _HEADERS:
        if re.fullmatch(says, named.get(header, "").strip(), re.IGNORECASE):
            return reason
    if status not in _STATUSES or len(body) > _LARGEST:
        return None
    if b"<article" in body:  # nearly every article's page, and told without reading it
        return None
    source = body.decode("utf-8", "replace")
    if not _IS_HTML.search(source) or _IS_ARTICLE.search(source):
        return None
    page = _read(source)
    return next((sign.name for sign in _SIGNS if page and sign.fits(status, page)), None)


def _read(source: str) -> _Page | None:
    try:
        root = html.document_fromstring(source.encode(), html.HTMLParser(encoding="utf-8", recover=True))
    except etree.LxmlError:
        return None
    title = _text(root.xpath("(//title)[1]//text()"))
    etree.strip_elements(root, *_UNSEEN, etree.Comment, with_tail=False)
    return _Page(source, title, _text(root.xpath("//text()")))


def _text(parts: Any) -> str:
    return " ".join("".join(parts).split())
