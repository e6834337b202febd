"""What of an archive is wanted, told as cheaply as each thing can be: from heads first, from the page's text last."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from html import unescape

from babel.core import get_global

from pipeline.address import host_of
from pipeline.clean.language import detected_language
from pipeline.events import Event
from pipeline.match.topic import Topic, score

HTML = ("text/html", "application/xhtml+xml")
TEXT = "text/plain"

_SAMPLE = 64 * 1024
_TAG_WITHIN_WORD = re.compile(
    r"</?(?:a|abbr|b|em|font|i|mark|small|span|strong|sub|sup|u|wbr)\b[^>]*>", re.IGNORECASE
)
_UNSEEN = re.compile(r"<(script|style|noscript)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL)
_LANG = re.compile(r"""<html\b[^>]*?\b(?:xml:)?lang\s*=\s*["']?([A-Za-z]{2,3})\b""", re.IGNORECASE)
_PRIMARY = re.compile(r"\s*([A-Za-z]{2,3})\b")


@dataclass(frozen=True, slots=True)
class Filters:
    """What is taken in; an empty field asks for nothing.

    `hosts` stand for their subdomains too; `since` and `until` are days in UTC, both included, of the capture;
    `languages` are ISO 639-1 codes; `statuses` bind HTTP answers; `types` are bare media types of answers.
    """

    hosts: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    languages: frozenset[str] = frozenset()
    statuses: frozenset[int] = frozenset([200])
    types: frozenset[str] = field(default_factory=lambda: frozenset(HTML))
    event: Event | None = None

    def of_address(self, address: str) -> str | None:
        """Return the reason for passing an address over; None where it is wanted."""
        host = host_of(address)
        if not address.lower().startswith(("http://", "https://")) or not host:
            return "no-web-address"
        if self.hosts and not any(host == one or host.endswith(f".{one}") for one in self.hosts):
            return "host"
        return None

    def of_moment(self, at: datetime) -> str | None:
        """Return the reason for passing a capture's time over; None where it is wanted."""
        if self.since is not None and at.date() < self.since:
            return "before-since"
        if self.until is not None and at.date() > self.until:
            return "after-until"
        return None

    def of_answer(self, status: int, media_type: str, start: bytes) -> str | None:
        """Return the reason for passing an HTTP answer over by its head; None where it is wanted."""
        if status not in self.statuses:
            return f"status-{status}"
        # What has no type is told by how it begins, as browsers do.
        told = media_type or ("text/html" if start.lstrip()[:1] == b"<" else "")
        return None if told in self.types else "media-type"

    def of_languages(self, stated: str | None) -> str | None:
        """Return the reason for passing over what states its languages (`en-GB, de`); None where it may be wanted."""
        codes = languages_in(stated)
        return "language" if self.languages and codes and codes.isdisjoint(self.languages) else None

    def of_text(self, text: str, stated: str | None) -> str | None:
        """Return the reason for passing over a page's characters, markup and all; None where it may be wanted.

        `stated` is what a head said of its languages: where it said nothing the page's own markup does, else a
        sample of its words. By topic a page is passed over only where it could not be on the topic however it
        were cleaned: all of its words are counted, as title and as text, and no term excludes it.
        """
        if self.languages and not languages_in(stated) and not self._is_in_language(text):
            return "language"
        if self.event is not None:
            words = unescape(_TAG_WITHIN_WORD.sub("", text))
            if not score(words, words, _lenient(self.event.topic)).relevant:
                return "off-topic"
        return None

    def _is_in_language(self, text: str) -> bool:
        stated = _LANG.search(text[:_SAMPLE])
        code = _two_letters(stated[1]) if stated else None
        code = code or detected_language(" ".join(unescape(_UNSEEN.sub(" ", text[:_SAMPLE])).split()))
        return code is None or code in self.languages


def languages_in(stated: str | None) -> frozenset[str]:
    """Return the ISO 639-1 codes in a list of languages, whether it has two letters a language or three."""
    found = (_PRIMARY.match(one) for one in (stated or "").split(","))
    return frozenset(_two_letters(one[1]) for one in found if one)


def header_languages(fields: Mapping[str, str], head: Mapping[str, str]) -> str | None:
    """Return what the head of a record, or of the answer in it, says of its languages."""
    return fields.get("warc-identified-content-language") or head.get("content-language")


def _two_letters(code: str) -> str:
    aliases: Mapping[str, str] = get_global("language_aliases")
    return aliases.get(code.lower(), code.lower())


@lru_cache(maxsize=4)
def _lenient(topic: Topic) -> Topic:
    return replace(topic, excluded=())
