"""What an answer, or the lack of one, means for the address that was asked for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from pipeline.crawl.challenge import challenge_reason
from pipeline.crawl.politeness import CrawlEnding
from pipeline.crawl.retry import is_tls_failure
from pipeline.errors import Quarantine, Retry

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")

Step = Literal["later", "gone", "never", "turned-away", "skip", "give-back"]

_TURNED_AWAY = frozenset({401, 402, 403, 407, 451})
_ASKED_TO_WAIT = frozenset({429, 503})
_PASSING: tuple[tuple[type[Exception], str, str], ...] = (
    (DownloadTimeoutError, "timeout", "did not answer in time"),
    (CannotResolveHostError, "no-such-host", "has a host whose name is not known"),
    (DownloadConnectionRefusedError, "connection", "has a host that refuses connections"),
    (ResponseDataLossError, "cut-off", "was cut off before its end"),
    (DownloadFailedError, "connection", "could not be fetched: the connection broke"),
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing came of a visit: a word for the ledger, a sentence, and what is to be done with the address.

    `later`: try again, later each time. `gone`: it is not there any more. `never`: it stays as it is; look again
    only as rarely as anything is looked at. `turned-away`: the host does not want us; `at_once` where one such
    answer is enough to leave it alone, `wait` seconds being what it asked for. `skip`: we must not ask.
    `give-back`: it was not asked for at all; the next run will.
    """

    reason: str
    message: str
    step: Step
    at_once: bool = False
    wait: float | None = None

    def __post_init__(self) -> None:
        """Take control characters out of the sentence: strangers' words are in it, and terminals obey them."""
        object.__setattr__(self, "message", _CONTROL.sub(" ", self.message))


class HostBlocked(Retry, IgnoreRequest):
    """A request was not sent, because its host turned us away meanwhile."""

    def __init__(self, url: str, why: str) -> None:
        """Say which request this is, and why its host is left alone."""
        super().__init__(f"{url} was left for later: {why}")
        self.why = why


def trouble_of_answer(
    asked: str, final: str, status: int, headers: Mapping[str, str], body: bytes, wait: float | None
) -> Trouble | None:
    """Return what is wrong with an answer; None where there is something to read, or 304 says it is known.

    `wait` is what the server asked for in Retry-After, in seconds, where nobody waited for it.
    """
    # A page that came with 200 is looked at where it is read, off the event loop.
    challenge = challenge_reason(status, headers, body if status >= 400 else b"")
    if challenge:
        return challenged(asked, challenge, wait)
    if status == 304:
        return None
    if status >= 400:
        return _trouble_of_refusal(asked, status, wait)
    if not 200 <= status < 300:
        return Trouble("redirect", f"{asked} redirects (status {status}), and says to nowhere.", "later")
    if not body.strip():
        return Trouble("empty", f"{asked} was answered with nothing.", "later")
    if _is_home(final) and not _is_home(asked):
        return Trouble("gone", f"{asked} is not there any more: it leads to the home page, {final}.", "gone")
    return None


def challenged(asked: str, challenge: str, wait: float | None = None) -> Trouble:
    """Return the trouble of an address that was answered with a challenge, by the challenge's name."""
    said = f"{asked} was answered with a {challenge} instead of a page."
    return Trouble("challenge", said, "turned-away", at_once=True, wait=wait)


def _trouble_of_refusal(asked: str, status: int, wait: float | None) -> Trouble:
    if status in (404, 410):
        return Trouble("gone", f"{asked} is not there: its server answered {status}.", "gone")
    if status in _TURNED_AWAY:
        said = f"{asked} is not for us: its server answered {status}."
        return Trouble("forbidden", said, "turned-away", wait=wait)
    if status == 429 or (status in _ASKED_TO_WAIT and wait is not None):
        said = f"{asked} was refused for now: its server answered {status}, and asks us to come more rarely."
        return Trouble("asked-to-wait", said, "turned-away", at_once=True, wait=wait)
    return Trouble(f"http-{status}", f"{asked} failed: its server answered {status}.", "later")


def trouble_of_error(asked: str, error: BaseException, wait: float | None) -> Trouble:
    """Return what an error of the download means."""
    if isinstance(error, HostBlocked | CrawlEnding):
        return Trouble("not-reached", str(error), "give-back")
    if isinstance(error, Quarantine):
        step: Step = "skip" if error.reason == "robots" else "never"
        return Trouble(error.reason, str(error), step, wait=wait)
    if isinstance(error, Retry):
        return Trouble("robots-unreachable", str(error), "later", wait=wait)
    if is_tls_failure(error):
        return Trouble(
            "tls", f"{asked} has a certificate or an encryption that is not sound: {_said(error)}.", "later"
        )
    for kind, reason, clause in _PASSING:
        if isinstance(error, kind):
            return Trouble(reason, f"{asked} {clause}.", "later", wait=wait)
    return Trouble("connection", f"{asked} could not be fetched: {_said(error)}.", "later", wait=wait)


def _said(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0].strip().rstrip(".") or type(error).__name__


def _is_home(address: str) -> bool:
    parts = urlsplit(address)
    return parts.path in ("", "/") and not parts.query
