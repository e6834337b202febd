"""One extractor as a process: pages come as lines of JSON on the standard input, answers go out in the same way.

It is run by the interpreter that has the extractor, so it imports nothing of the project but what newsfold itself needs.
Nothing it does reaches a network: connections and look-ups of names fail, and are counted.
"""

# ruff: noqa: PLC0415, D103 - each process imports its own extractor alone; EXTRACTORS names what each function runs

import base64
import contextlib
import json
import logging
import signal
import socket
import sys
import time
from collections.abc import Callable
from datetime import datetime
from types import FrameType
from typing import Any, NoReturn

Answer = tuple[str | None, str | None, str | None]
"""The text, the title, and the publication date (its first ten characters are the day); None where there is none."""

Page = dict[str, str]
Run = Callable[[], Answer]
"""One extraction, with its input ready: only this is timed."""


def newsfold(page: Page) -> Run:
    from pipeline.errors import Quarantine
    from pipeline.items import Capture
    from pipeline.prepare import prepare

    capture = Capture(
        page["address"],
        base64.b64decode(page["body"]),
        "text/html",
        datetime.fromisoformat(page["captured_at"]),
        {"content-type": page["content_type"]},
        timezone=page["timezone"] or None,
    )

    def run() -> Answer:
        try:
            made = prepare(capture)
        except Quarantine:
            return None, None, None
        fact = made.published if made.published and not made.published.is_guess else None
        return made.text, made.title and made.title.value, fact and fact.day.isoformat()

    return run


def trafilatura(page: Page) -> Run:
    import trafilatura

    return lambda: (trafilatura.extract(page["text"], include_comments=False), None, None)


def trafilatura_with_metadata(page: Page) -> Run:
    import trafilatura

    def run() -> Answer:
        made = trafilatura.bare_extraction(page["text"], include_comments=False, with_metadata=True)
        return (made.text, made.title, made.date) if made else (None, None, None)

    return run


def readability(page: Page) -> Run:
    from lxml.html import fromstring
    from readability import Document

    def run() -> Answer:
        document = Document(page["text"])
        tree = fromstring(document.summary(html_partial=True))
        text = "\n".join(part.strip() for part in tree.itertext() if part.strip())
        return text, document.short_title(), None

    return run


def newspaper4k(page: Page) -> Run:
    import newspaper

    def run() -> Answer:
        made = newspaper.Article(page["address"], fetch_images=False)
        made.download(input_html=page["text"])
        made.parse()
        return made.text, made.title, made.publish_date and made.publish_date.isoformat()

    return run


def news_please(page: Page) -> Run:
    from newsplease import NewsPlease

    def run() -> Answer:
        made = NewsPlease.from_html(page["text"], url=page["address"])
        return made.maintext, made.title, made.date_publish and made.date_publish.isoformat()

    return run


def goose3(page: Page) -> Run:
    from goose3 import Goose

    goose = Goose({"enable_image_fetching": False})

    def run() -> Answer:
        made = goose.extract(url=page["address"], raw_html=page["text"])
        return made.cleaned_text, made.title, made.publish_date

    return run


EXTRACTORS: dict[str, Callable[[Page], Run]] = {
    "newsfold": newsfold,
    "trafilatura": trafilatura,
    "trafilatura with metadata": trafilatura_with_metadata,
    "newspaper4k": newspaper4k,
    "readability-lxml": readability,
    "news-please": news_please,
    "goose3": goose3,
}


class _TimeIsUp(BaseException):
    """Not an Exception: an extractor that swallows errors must not swallow it."""


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise _TimeIsUp


def _block_the_network() -> list[str]:
    tried: list[str] = []

    def refuse(*wanted: Any, **_: Any) -> NoReturn:
        tried.append(repr(wanted))
        raise OSError("The benchmark reaches no network.")

    socket.socket.connect = refuse  # type: ignore[method-assign]
    socket.socket.connect_ex = refuse  # type: ignore[method-assign]
    socket.getaddrinfo = refuse
    return tried


def main() -> None:
    """Answer every page until the input ends."""
    name, limit = sys.argv[1], float(sys.argv[2])
    tried = _block_the_network()
    logging.disable(logging.CRITICAL)
    answers, sys.stdout = sys.stdout, sys.stderr
    signal.signal(signal.SIGALRM, _stop)
    for line in sys.stdin:
        page = json.loads(line)
        tried.clear()
        answer: dict[str, object] = {"text": None, "title": None, "date": None, "error": ""}
        begun = time.process_time()
        try:
            with contextlib.redirect_stdout(sys.stderr):
                signal.setitimer(signal.ITIMER_REAL, limit)
                run = EXTRACTORS[name](page)
                begun = time.process_time()
                answer["text"], answer["title"], answer["date"] = run()
        except _TimeIsUp:
            answer["error"] = f"more than {limit:.0f} s"
        except Exception as error:  # noqa: BLE001 - whatever a peer raises is its answer
            answer["error"] = f"{type(error).__name__}: {error}"[:200]
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        answer |= {"cpu": time.process_time() - begun, "blocked": len(tried)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
