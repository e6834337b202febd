"""What answers, and the lack of them, mean."""

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from pipeline.crawl.answers import HostBlocked, Step, Trouble, challenged, trouble_of_answer, trouble_of_error
from pipeline.crawl.politeness import CrawlEnding
from pipeline.errors import Quarantine, Retry

ASKED = "https://example.org/news/1"


def _answer(
    status: int,
    *,
    wait: float | None = None,
    final: str = ASKED,
    body: bytes = b"<p>Text.</p>",
    asked: str = ASKED,
) -> Trouble | None:
    return trouble_of_answer(asked, final, status, {}, body, wait)


@pytest.mark.parametrize("status", [200, 203, 206, 304])
def test_an_answer_that_can_be_read_is_no_trouble(status: int) -> None:
    assert _answer(status) is None


@pytest.mark.parametrize(
    ("status", "wait", "reason", "step", "at_once"),
    [
        (404, None, "gone", "gone", False),
        (410, None, "gone", "gone", False),
        (401, None, "forbidden", "turned-away", False),
        (402, None, "forbidden", "turned-away", False),
        (403, None, "forbidden", "turned-away", False),
        (407, None, "forbidden", "turned-away", False),
        (451, None, "forbidden", "turned-away", False),
        (429, None, "asked-to-wait", "turned-away", True),
        (429, 600.0, "asked-to-wait", "turned-away", True),
        (503, 600.0, "asked-to-wait", "turned-away", True),
        (503, None, "http-503", "later", False),
        (500, None, "http-500", "later", False),
        (500, 600.0, "http-500", "later", False),
        (400, None, "http-400", "later", False),
        (418, None, "http-418", "later", False),
        (999, None, "http-999", "later", False),
        (301, None, "redirect", "later", False),
        (300, None, "redirect", "later", False),
        (100, None, "redirect", "later", False),
    ],
)
def test_each_status_has_its_meaning(
    status: int, wait: float | None, reason: str, step: Step, at_once: bool
) -> None:
    trouble = _answer(status, wait=wait)

    assert trouble is not None
    assert (trouble.reason, trouble.step, trouble.at_once) == (reason, step, at_once)
    assert ASKED in trouble.message
    assert str(status) in trouble.message
    assert trouble.message.endswith(".")
    if step == "turned-away":
        assert trouble.wait == wait


@pytest.mark.parametrize("body", [b"", b" \r\n\t "])
def test_an_answer_with_nothing_in_it_is_tried_again(body: bytes) -> None:
    trouble = _answer(200, body=body)

    assert trouble is not None
    assert (trouble.reason, trouble.step) == ("empty", "later")
    assert _answer(304, body=body) is None


def test_an_article_that_leads_to_the_home_page_is_gone() -> None:
    for final in ("https://example.org/", "https://example.org", "https://www.example.org/#top"):
        trouble = _answer(200, final=final)
        assert trouble is not None
        assert (trouble.reason, trouble.step) == ("gone", "gone")

    assert _answer(200, asked="https://example.org/", final="https://www.example.org/") is None
    assert _answer(200, final="https://example.org/?p=1") is None
    assert _answer(200, final="https://example.org/news/one") is None


def test_a_challenge_is_told_by_its_header_whatever_the_status() -> None:
    for status in (200, 403, 503):
        trouble = trouble_of_answer(ASKED, ASKED, status, {"cf-mitigated": "challenge"}, b"<p>Text.</p>", 60)
        assert trouble is not None
        assert (trouble.reason, trouble.step, trouble.at_once, trouble.wait) == (
            "challenge",
            "turned-away",
            True,
            60,
        )
    assert challenged(ASKED, "Cloudflare challenge").message == (
        f"{ASKED} was answered with a Cloudflare challenge instead of a page."
    )


class _Robots(Quarantine, IgnoreRequest):
    """As the middleware for robots.txt raises it."""


@pytest.mark.parametrize(
    ("error", "reason", "step"),
    [
        (HostBlocked(ASKED, "It answered 403."), "not-reached", "give-back"),
        (CrawlEnding(ASKED), "not-reached", "give-back"),
        (_Robots("robots", "No."), "robots", "skip"),
        (Quarantine("private-address", "No."), "private-address", "never"),
        (Quarantine("too-large", "No."), "too-large", "never"),
        (Retry("robots.txt does not answer."), "robots-unreachable", "later"),
        (DownloadTimeoutError("x"), "timeout", "later"),
        (CannotResolveHostError("x"), "no-such-host", "later"),
        (DownloadConnectionRefusedError("x"), "connection", "later"),
        (ResponseDataLossError("x"), "cut-off", "later"),
        (DownloadFailedError("x"), "connection", "later"),
        (IgnoreRequest("max redirections reached"), "connection", "later"),
        (OSError(28, "No space left on device"), "connection", "later"),
        (ValueError(), "connection", "later"),
    ],
)
def test_each_error_has_its_meaning(error: Exception, reason: str, step: Step) -> None:
    trouble = trouble_of_error(ASKED, error, None)

    assert (trouble.reason, trouble.step, trouble.at_once) == (reason, step, False)
    assert trouble.message
    assert trouble.message.endswith(".")
    assert "\n" not in trouble.message


def test_an_error_without_a_word_is_named_by_its_class() -> None:
    assert trouble_of_error(ASKED, ValueError(), None).message == f"{ASKED} could not be fetched: ValueError."
    said = trouble_of_error(ASKED, ValueError("One.\nTwo."), 5.0)
    assert said.message == f"{ASKED} could not be fetched: One."
    assert said.wait == 5.0
