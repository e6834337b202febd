"""How much a crawl takes beyond extracting the same pages: `make bench-crawl`.

A site of made-up news pages is served on loopback by a process of its own. The same pages are extracted by trafilatura
alone, in a pool of as many processes as there are cores, before and after; the crawl is the real `newsfold crawl`,
into an empty database of the embedded server, which has been started before. Both run on the same cores.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

import trafilatura

from benchmarks.newspages import page, pages

_EVENT = """
[event]
key = "bench"
name = "The bench"
first_day = 2024-12-01
last_day = 2024-12-08
[topic.required.compact]
en = ["Northern Compact"]
[source.bench]
name = "The Bench"
hosts = ["bench.test"]
delay = 0.0
max_pages = 1000000
[[source.bench.way]]
way = "sitemap"
addresses = ["http://bench.test:{port}/sitemap.xml"]
"""


def _serve(number: int, report: Callable[[int], None]) -> None:
    made = list(pages(number))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            name = self.path.rpartition("/")[2].partition(".")[0]
            kind, status = "text/html; charset=utf-8", 200
            if self.path == "/sitemap.xml":
                host = self.headers["Host"]
                rows = "".join(f"<url><loc>http://{host}/article/{n}.html</loc></url>" for n in range(number))
                body = f"<urlset>{rows}</urlset>".encode()
                kind = "application/xml"
            elif name.isdecimal():
                body = made[int(name)]
            else:
                body, status = b"not here", 404
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    report(server.server_address[1])
    server.serve_forever()


def _extract(number: int) -> int:
    return len(trafilatura.extract(_PAGES[number], include_comments=False) or "")


_PAGES: list[str] = []


def _load(number: int) -> None:
    _PAGES.extend(one.decode() for one in pages(number))


def _alone(number: int) -> float:
    """Seconds that trafilatura takes for the pages, in a pool that is warm."""
    cores = len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(cores, initializer=_load, initargs=(number,)) as pool:
        list(pool.map(_extract, range(min(number, 40))))
        begun = time.perf_counter()
        list(pool.map(_extract, range(number), chunksize=4))
        return time.perf_counter() - begun


def _crawl(home: Path, event: Path) -> float:
    environment = os.environ | {"NEWSFOLD_HOME": str(home), "NEWSFOLD_ALLOW_LOOPBACK": "1"}
    command = [sys.executable, "-m", "pipeline", "crawl", "--event", str(event)]
    begun = time.perf_counter()
    subprocess.run(command, env=environment, check=True)
    return time.perf_counter() - begun


def main() -> None:
    """Measure, and print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crawl", description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    server = context.Process(target=_serve, args=(options.pages, sender.send), daemon=True)
    server.start()
    port = receiver.recv()
    names = ("newsfold", "scrapy", "trafilatura", "lxml", "pebble", "sqlalchemy", "psycopg")
    print(
        "versions:",
        ", ".join(f"{name} {version(name)}" for name in names),
        f"Python {platform.python_version()}",
    )
    print(
        f"data: {options.pages} made-up pages, {len(page(0)) // 1000} kB the first; {len(os.sched_getaffinity(0))} cores"
    )
    print("command: python", " ".join(["-m benchmarks.crawl", *sys.argv[1:]]))
    for number in range(options.rounds):
        with tempfile.TemporaryDirectory(prefix="newsfold-bench-") as folder:
            home = Path(folder)
            event = home / "event.toml"
            event.write_text(_EVENT.replace("{port}", str(port)))
            environment = os.environ | {"NEWSFOLD_HOME": folder}
            newsfold = [sys.executable, "-m", "pipeline"]
            subprocess.run([*newsfold, "db", "upgrade", "--quiet"], env=environment, check=True)
            alone = _alone(options.pages)
            crawl = _crawl(home, event)
            again = _alone(options.pages)
            subprocess.run([*newsfold, "db", "stop"], env=environment, check=True, stdout=subprocess.DEVNULL)
        both = (alone + again) / 2
        print(
            f"round {number + 1}: trafilatura alone {alone:.1f} s and {again:.1f} s; "
            f"crawl, stored and folded {crawl:.1f} s; ratio {crawl / both:.2f}"
        )
    server.terminate()


if __name__ == "__main__":
    main()
