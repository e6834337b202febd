"""A crawl in a process of its own: `python -m tests.crawl.probe`, its plan as JSON on standard input.

The plan: `urls`, asked for in their order; `settings` on top of the project's; `delays`, the gate's, by host, and
`default` for the others. Standard output has one line of JSON a request: what it came to.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.utils.project import get_project_settings
from twisted.python.failure import Failure

from pipeline.settings import CHECKOUT
from tests.crawl.memory_gate import MemoryGate


@dataclass
class Outcome:
    """What a request came to: a response, or an error."""

    url: str
    landed: str | None = None
    status: int | None = None
    body: str = ""
    size: int = 0
    error: str | None = None  # the class's name
    says: str = ""
    reason: str | None = None
    meta: dict[str, Any] = field(default_factory=dict)


@dataclass
class Crawl:
    """A crawl that is over."""

    outcomes: dict[str, Outcome]  # by the address that was asked for
    stats: dict[str, Any]
    log: str
    seconds: float

    def __getitem__(self, url: str) -> Outcome:
        return self.outcomes[url]


def crawl(
    urls: Sequence[str],
    *,
    settings: Mapping[str, Any] | None = None,
    delays: Mapping[str, float] | None = None,
    default: float = 0.0,
    environment: Mapping[str, str] | None = None,
    loopback: bool = True,
    timeout: float = 60,
) -> Crawl:
    """Crawl addresses as the project's settings say; loopback is let through unless it is not to be."""
    plan = {
        "urls": list(urls),
        "settings": {**(settings or {})},
        "delays": dict(delays or {}),
        "default": default,
    }
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("NEWSFOLD_")}
    allowed = {"NEWSFOLD_ALLOW_LOOPBACK": "1"} if loopback else {}
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "tests.crawl.probe"],
        input=json.dumps(plan),
        env={**inherited, **allowed, **(environment or {})},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *lines, last = [json.loads(line) for line in done.stdout.splitlines()]
    return Crawl(
        {line["url"]: Outcome(**line) for line in lines}, last, done.stderr, time.monotonic() - start
    )


class Probe(Spider):
    """Asks for the plan's addresses, and says what each came to."""

    name = "probe"
    plan: dict[str, Any]
    say: Callable[[Outcome], None]

    async def start(self) -> AsyncIterator[Any]:
        for number, url in enumerate(self.plan["urls"]):
            yield Request(
                url,
                callback=self.got,
                errback=self.failed,
                dont_filter=True,
                priority=-number,
                cb_kwargs={"asked": url},
                meta={"asked": url, "handle_httpstatus_all": False},
            )

    def got(self, response: Response, asked: str) -> None:
        self.say(
            Outcome(
                asked,
                response.url,
                response.status,
                response.body[:2000].decode("utf-8", "replace"),
                len(response.body),
                meta=_plain(response.meta),
            )
        )

    def failed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        outcome = Outcome(request.meta["asked"], error=type(error).__name__, says=str(error))
        outcome.reason = getattr(error, "reason", None)
        outcome.meta = _plain(request.meta)
        response = getattr(error, "response", None)
        outcome.status = response.status if response else None
        self.say(outcome)


def _plain(meta: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in meta.items() if isinstance(value, str | int | float | bool)}


def main() -> None:
    plan = json.load(sys.stdin)
    process = AsyncCrawlerProcess(get_project_settings())
    guards = process.settings.getdict("DOWNLOADER_MIDDLEWARES")
    guards.pop(
        "pipeline.crawl.archiving.Archiving", None
    )  # it and the pipelines keep what a real crawl finds
    process.settings.setdict({"ITEM_PIPELINES": {}, "DOWNLOADER_MIDDLEWARES": guards}, priority="cmdline")
    process.settings.setdict(plan["settings"], priority="cmdline")
    crawler = process.create_crawler(Probe)

    def say(outcome: Outcome) -> None:
        print(json.dumps(vars(outcome)), flush=True)  # noqa: T201 -- this is a command

    gate = MemoryGate(plan["default"], plan["delays"])
    process.crawl(crawler, plan=plan, say=say, gate=gate)
    process.start()
    for host, seconds in gate._least.items():
        crawler.stats.set_value(f"probe/least/{host}", int(seconds))
    # Not what getrusage says: that counts what the parent had before this program began.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    crawler.stats.set_value("probe/peak", int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024)  # type: ignore[index]
    stats = {key: value for key, value in crawler.stats.get_stats().items() if isinstance(value, int | str)}
    print(json.dumps(stats))  # noqa: T201 -- this is a command


if __name__ == "__main__":
    main()
