"""The demonstration: the local site is crawled with the real `newsfold crawl`, and what came of it is shown.

`make demo` runs it. The home is made anew each time, since the site is at another port then, and stays afterwards to
be looked at; the site and the database's server are stopped at the end.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.site.server import Site

CHECKOUT = Path(__file__).resolve().parent.parent.parent
NEWSFOLD = Path(sys.executable).parent / "newsfold"
HOME = CHECKOUT / ".newsfold-demo"
EVENT = Path(__file__).parent / "event.toml"

MARK = "made-by-the-demonstration"
"""A file that says whose the home is: nothing else is ever removed."""

_SHOWN = 30  # lines of a long table
_ROW = re.compile(r"(\x1b\[[\d;]*m| |\d+(?= ))*[0-9a-f]{8,16}\b|$")  # where a long table may be cut


class Demo:
    """A home with an event file, and the commands that are run on it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.width = min(shutil.get_terminal_size((100, 24)).columns, 160)
        colour = {"FORCE_COLOR": "1"} if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else {}
        own = {"NEWSFOLD_HOME": str(home), "NEWSFOLD_ALLOW_LOOPBACK": "1", "COLUMNS": str(self.width)}
        given = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.environment = given | own
        self.piped = given | own | colour

    @property
    def event(self) -> Path:
        """The event file, with the site's port."""
        return self.home / "event.toml"

    def say(self, *paragraphs: str) -> None:
        """Print prose."""
        for paragraph in paragraphs:
            print(textwrap.fill(paragraph, min(self.width, 100)), end="\n\n", flush=True)  # noqa: T201

    def title(self, words: Sequence[str]) -> None:
        """Print a command as one would type it."""
        home = str(self.home)
        shown = " ".join(word.replace(home, _short(self.home)) for word in words)
        print(f"$ newsfold {shown}", flush=True)  # noqa: T201

    def run(self, *words: str) -> int:
        """Run a command on this terminal; return its exit code."""
        self.title(words)
        done = subprocess.run([NEWSFOLD, *words], env=self.environment, check=False)
        print(flush=True)  # noqa: T201
        return done.returncode

    def begin_of(self, *words: str) -> None:
        """Run a command, and show how its output begins."""
        self.title(words)
        done = subprocess.run(
            [NEWSFOLD, *words], env=self.piped, stdout=subprocess.PIPE, text=True, check=True
        )
        lines = done.stdout.rstrip().splitlines()
        most = len(lines) if len(lines) <= _SHOWN else _SHOWN
        while 0 < most < len(lines) and not _ROW.match(lines[most]):
            most -= 1
        print("\n".join(lines[:most]))  # noqa: T201
        if most < len(lines):
            print(f"\n... and {len(lines) - most} more lines.")  # noqa: T201
        print(flush=True)  # noqa: T201

    def facts(self, *words: str) -> Any:
        """Return what a command says as JSON."""
        done = subprocess.run(
            [NEWSFOLD, *words, "--json"], env=self.environment, stdout=subprocess.PIPE, check=True
        )
        return json.loads(done.stdout)

    def stop(self) -> None:
        """Stop the database's server, if it runs."""
        subprocess.run([NEWSFOLD, "db", "stop"], env=self.environment, stdout=subprocess.DEVNULL, check=False)

    def begin_anew(self) -> None:
        """Make the home, in place of one that an earlier demonstration left."""
        if self.home.exists() and not (self.home / MARK).exists():
            sys.exit(f"{self.home} is there, and no demonstration made it; name another folder with --home.")
        if self.home.exists():
            self.stop()
            shutil.rmtree(self.home)
        self.home.mkdir(parents=True)
        (self.home / MARK).touch()


def show(demo: Demo, site: Site) -> int:
    """Crawl the site and show what came of it; return the crawl's exit code."""
    demo.event.write_text(EVENT.read_text().replace("8099", str(site.port)))
    demo.say(
        f"A small web is served on this machine, at port {site.port}: seven made-up outlets that covered a made-up "
        "meeting of foreign ministers, and print each other's texts. The event file says what is wanted: "
        f"the outlets, the days, the topic. It is {_short(demo.event)}.",
        "First the crawl: the real one, as `newsfold crawl` crawls the web, into an empty database.",
    )
    code = demo.run("crawl", "--event", str(demo.event))
    if code != 0:
        demo.say(f"The crawl ended with exit code {code}, which it should not have here.")
        return code
    demo.say("How each outlet went, and when something of it is due again:")
    demo.begin_of("sources", "--event", str(demo.event))
    demo.say("What was fetched and not wanted, with the reason; it is kept in the archive:")
    demo.begin_of("rejected", "--event", str(demo.event), "--limit", "4")
    demo.begin_of("runs")
    demo.say("The clean texts, each once, however many outlets printed it:")
    demo.begin_of("documents")
    demo.say("And what this is for: which texts are one text in circulation, and whose words they were.")
    demo.begin_of("stories")
    demo.say("One of them in full: why its lead is the one, and what each copy took of it, added and cut.")
    demo.begin_of("story", demo.facts("stories")[0]["lead"]["content_hash"])
    _sum_up(demo)
    return 0


def _sum_up(demo: Demo) -> None:
    documents = demo.facts("documents")
    articles = [article for document in documents for article in document["articles"]]
    outlets = {article["source"]["key"] for article in articles}
    removed = sum(article["removed_lines"] for article in articles)
    stories: dict[str, list[Any]] = {}
    for document in documents:
        for place in document["stories"]:
            stories.setdefault(place["lead"], []).append(document)
    shared = [lead for lead, members in stories.items() if len(members) > 1]
    lead, largest = max(stories.items(), key=lambda story: len(story[1]))
    [title] = [one["articles"][0]["title"]["value"] for one in largest if one["content_hash"] == lead]
    printed_by = sorted({article["source"]["name"] for one in largest for article in one["articles"]})
    demo.say(
        f"What you saw: {len(articles)} articles of {len(outlets)} outlets came down to {len(documents)} different "
        f"texts in {len(stories)} stories, {len(shared)} of which circulate in more than one text; {removed} lines "
        "that were not the article were removed. "
        f"The largest story is {title!r}: {len(largest)} texts, by {', '.join(printed_by)}.",
        f"What to try next, with everything still in {_short(demo.home)}:",
    )
    unset = "  unset DATABASE_URL\n" if "DATABASE_URL" in os.environ else ""
    print(  # noqa: T201
        f"  export NEWSFOLD_HOME={demo.home} PATH={NEWSFOLD.parent}:$PATH\n{unset}"
        f"  newsfold show {lead[:8]}         # one text: its facts, and the lines removed\n"
        f"  newsfold relations {lead[:8]}    # what it shares with others, measured\n"
        "  newsfold serve                 # all of it as pages in a browser; newsfold report makes one file of it\n"
        '  newsfold search "cable*"       # and newsfold quotes, newsfold timeline, newsfold export\n'
        "  newsfold rejected              # what was not wanted, and why\n"
        "  newsfold runs 1                # what became of each address\n"
        "  newsfold sql                   # all of it, in SQL\n"
        "  newsfold db stop               # when you are done\n"
    )
    demo.say(
        "docs/crawling.md explains what you saw, and how to write an event file for outlets of your own; "
        "docs/scheduling.md, how to have it crawled every few hours."
    )


def _short(path: Path) -> str:
    """Return a path as one would type it here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def main() -> None:
    """Run the demonstration."""
    parser = argparse.ArgumentParser(prog="python -m tests.site.demo", description="Crawl the local site.")
    parser.add_argument("--home", type=Path, default=HOME, help="where the data go; made anew each time")
    demo = Demo(parser.parse_args().home.absolute())
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    demo.begin_anew()
    try:
        with Site() as site:
            code = show(demo, site)
    except KeyboardInterrupt:
        code = 130
    finally:
        demo.stop()
    sys.exit(code)


if __name__ == "__main__":
    main()
