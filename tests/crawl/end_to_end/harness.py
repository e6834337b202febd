"""Crawls as a person starts them: `newsfold crawl` in a process of its own, with an event file and a database."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Engine, create_engine, text

from pipeline.archive.reader import Record, read_file
from pipeline.settings import CHECKOUT, Settings
from pipeline.store.address import database_address
from tests.site.server import Site

NEWSFOLD = Path(sys.executable).parent / "newsfold"
SITE_EVENT = (CHECKOUT / "tests" / "site" / "event.toml").read_text()
HEAD, *_SOURCES = re.split(r"(?m)^(?=\[source\.\w[\w-]*\]$)", SITE_EVENT)
SOURCES = {part.partition("]")[0].removeprefix("[source."): part for part in _SOURCES}
"""The parts of the site's event file: what it is after, and each source by its key."""
EVENT_KEY = "northern-compact-2024-12"
MIB = 1024 * 1024


def event_of(*keys: str, delay: float = 0.1, more: str = "") -> str:
    """An event file with some of the site's sources, as far apart as is said, and with further lines."""
    parts = [SOURCES[key].replace("delay = 0.1", f"delay = {delay}") for key in keys]
    return "".join([HEAD, *parts]) + more


def source_of(key: str, host: str, *addresses: str, delay: float = 0.05, more: str = "") -> str:
    """A source that is known by some addresses alone, which are wanted."""
    known = "".join(f'[[known]]\naddress = "{one}"\nsource = "{key}"\n\n' for one in addresses)
    return (
        f'\n[source.{key}]\nname = "{key}"\nhosts = ["{host}"]\nlanguage = "en"\ndelay = {delay}\n{more}\n'
        f'[[source.{key}.way]]\nway = "addresses"\naddresses = ["{addresses[0]}"]\n\n{known}'
    )


@dataclass(frozen=True)
class Ended:
    """How a command ended. `peak` is the most memory, in bytes, that any of its processes ever held."""

    code: int
    stdout: str
    stderr: str
    seconds: float
    peak: int


class Running:
    """A command under way."""

    def __init__(self, words: tuple[str, ...], environment: dict[str, str], folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._stdout, self._stderr = folder / f"{time.time_ns()}.out", folder / f"{time.time_ns()}.err"
        self._begun = time.monotonic()
        with self._stdout.open("wb") as out, self._stderr.open("wb") as err:
            self.process = subprocess.Popen([NEWSFOLD, *words], stdout=out, stderr=err, env=environment)
        self._peak = 0
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self.process.poll() is None

    def said(self) -> str:
        """What it said so far on standard error."""
        return self._stderr.read_text(errors="replace")

    def kill(self) -> None:
        """End it at once, without a word (SIGKILL); its helpers must be gone soon after."""
        helpers = self._helpers()
        self.process.kill()
        self.process.wait()
        assert psutil.wait_procs(helpers, timeout=20)[1] == []

    def terminate(self) -> None:
        """Ask it to end (SIGTERM)."""
        self.process.send_signal(signal.SIGTERM)

    def end(self, timeout: float = 60) -> Ended:
        """Wait for its end."""
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self._watcher.join()
        seconds = time.monotonic() - self._begun
        stdout, stderr = (path.read_text(errors="replace") for path in (self._stdout, self._stderr))
        return Ended(code, stdout, stderr, seconds, self._peak)

    def _helpers(self) -> list[psutil.Process]:
        with contextlib.suppress(psutil.Error):
            return psutil.Process(self.process.pid).children(recursive=True)
        return []

    def _watch(self) -> None:
        # The kernel keeps the high-water mark, so looking now and then misses little.
        while self.process.poll() is None:
            for pid in [self.process.pid, *(helper.pid for helper in self._helpers())]:
                with contextlib.suppress(OSError):
                    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                        if line.startswith("VmHWM:"):
                            self._peak = max(self._peak, int(line.split()[1]) * 1024)
            time.sleep(0.1)


class Desk:
    """A home and a database of their own, and the commands on them."""

    def __init__(self, home: Path, database_url: str | None, site: Site) -> None:
        self.home, self.database_url, self.site = home, database_url, site
        self.home.mkdir(parents=True, exist_ok=True)
        self._engine: Engine | None = None

    def event(self, content: str, name: str = "event") -> Path:
        """Write an event file; port 8099 becomes the site's."""
        path = self.home / f"{name}.toml"
        path.write_text(content.replace("8099", str(self.site.port)))
        return path

    def begin(self, *words: str, **environment: str) -> Running:
        """Start a command."""
        given = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        given |= {
            "NEWSFOLD_HOME": str(self.home),
            "NEWSFOLD_ALLOW_LOOPBACK": "1",
            "PYTHONPATH": str(CHECKOUT),
        }
        if self.database_url is not None:
            given["DATABASE_URL"] = self.database_url
        return Running(words, given | environment, self.home / "logs")

    def crawl(self, event: Path, *words: str, code: int = 0, **environment: str) -> Ended:
        """Run a crawl to its end, which must have that exit code and no traceback."""
        ended = self.begin("crawl", "--event", str(event), *words, **environment).end()
        assert "Traceback" not in ended.stderr, ended.stderr[-4000:]
        assert ended.code == code, (ended.code, ended.stdout[-2000:], ended.stderr[-4000:])
        return ended

    @property
    def engine(self) -> Engine:
        """An engine on the database."""
        if self._engine is None:
            address = database_address(Settings(self.home, self.database_url))
            self._engine = create_engine(address, pool_pre_ping=True)
        return self._engine

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """Run a query."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(statement), values).all())

    def last_run(self) -> int:
        """The number of the newest run."""
        [(number,)] = self.rows("select max(id) from run")
        return int(number)

    def ledger(self, run: int | None = None) -> dict[str, Any]:
        """A run's ledger (the newest one's) by address without the site's port."""
        found = self.rows(
            "select ledger.*, source.key as source from ledger left join source on source.id = source_id "
            "where run_id = :run order by address",
            run=run or self.last_run(),
        )
        assert len({row.address for row in found}) == len(found)
        return {self.bare(row.address): row for row in found}

    def outcomes(self, run: int | None = None) -> dict[str, int]:
        """How often each outcome is in a run's ledger."""
        return dict(Counter(row.outcome for row in self.ledger(run).values()))

    def bare(self, address: str) -> str:
        """An address without scheme and port."""
        return address.removeprefix("http://").replace(f":{self.site.port}", "", 1)

    def archived(self) -> list[str]:
        """The addresses of all answers in the archive, once for each time, without robots.txt."""
        found = []
        for path in sorted((self.home / "archive").rglob("*.warc.gz*")):
            found += [self.bare(one.address) for one in read_file(path) if isinstance(one, Record)]
        return [address for address in found if not address.endswith("/robots.txt")]

    def summary(self) -> dict[str, list[Any]]:
        """What the database holds, without anything that differs from crawl to crawl: for comparing two of them."""
        documents = "select content_hash, text from document order by content_hash"
        articles = """
            select article.address, version.number, content_hash, title, published_on, published_at
            from article join version on version.article_id = article.id
            join document on document.id = version.document_id order by 1, 2
        """
        stories = """
            select lead.content_hash, array_agg(member.content_hash || ' ' || role order by member.content_hash)
            from story join document as lead on lead.id = lead_id
            join story_document on story_id = story.id join document as member on member.id = document_id
            group by story.id, lead.content_hash order by 1, 2
        """
        relations = """
            select shorter.content_hash, longer.content_hash, kind from relation
            join document as shorter on shorter.id = shorter_id join document as longer on longer.id = longer_id
            order by 1, 2
        """
        frontier = "select address, state, reason from frontier order by address"
        asked = {"documents": documents, "articles": articles, "stories": stories, "relations": relations}
        return {
            name: [tuple(row) for row in self.rows(query)]
            for name, query in {**asked, "frontier": frontier}.items()
        }

    def close(self) -> None:
        """Let go of the database."""
        if self._engine is not None:
            self._engine.dispose()


def wait_for(is_so: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "It did not happen in time."
        time.sleep(0.01)


def asked(site: Site, begin: int = 0) -> Counter[str]:
    """How often each address (host and path, with query) was asked for, without robots.txt."""
    seen = list(site.requests)[begin:]
    return Counter(f"{one.host}{one.path}" for one in seen if one.path != "/robots.txt")
