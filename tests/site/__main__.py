"""Run the site by itself: `python -m tests.site --port 8099`, until Ctrl-C."""

import argparse
import signal
import threading

from tests.site import truth
from tests.site.hosts import HOSTS
from tests.site.hosts.trouble import TROUBLE
from tests.site.server import Site


def main() -> None:
    """Serve, and say what is where."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.site", description="A local web site for crawlers."
    )
    parser.add_argument("--port", type=int, default=8099, help="the loopback port (0: any that is free)")
    with Site(parser.parse_args().port) as site:
        lines = [f"Listening on 127.0.0.1:{site.port}; the hosts go by name:"]
        lines += [f"  {site.url(host)}" for host in HOSTS]
        lines += ["", "Articles:"]
        lines += [f"  {a.address(site.port)}  ({a.relevance}; {a.how})" for a in truth.articles()]
        lines += ["", "Trouble:"]
        lines += [f"  {site.url('trouble.test', path)}  {plays}" for path, plays in TROUBLE.items()]
        host = f"agency.test:{site.port}"
        lines += [
            "",
            f"Try: curl --resolve {host}:127.0.0.1 http://{host}/news/2024-12-04/",
            "Ctrl-C ends it.",
        ]
        print("\n".join(lines), flush=True)  # noqa: T201 -- this is a command
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):  # a shell's background jobs ignore the first
            signal.signal(number, lambda *_: stop.set())
        stop.wait()


if __name__ == "__main__":
    main()
