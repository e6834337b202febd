"""`newsfold crawl` as people, cron and programs use it: what it shows, what it says at the end, and its exit codes."""

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pipeline.crawl.session import _lock_key
from pipeline.settings import CHECKOUT
from pipeline.store.address import SOURCE_LOCK
from tests.crawl.end_to_end.harness import NEWSFOLD, Desk, event_of, source_of, wait_for
from tests.site.conftest import running, site
from tests.site.server import Site

__all__ = ["running", "site"]  # the fixtures

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

KNOWN = """
[event]
key = "known"
name = "Some pages that are known"
first_day = 2024-12-02
last_day = 2024-12-08

[topic]
least = 1

[topic.any.anything]
en = ["the"]
"""


@pytest.fixture
def desk(database_url: str, tmp_path: Path, site: Site) -> Iterator[Desk]:
    """A database and a home of this test's own."""
    desk = Desk(tmp_path / "home", database_url, site)
    yield desk
    desk.close()


def _known(desk: Desk, *addresses: str) -> Path:
    """Write an event of some addresses and nothing else."""
    known = "".join(f'[[known]]\naddress = "http://{one}"\n' for one in addresses)
    return desk.event(KNOWN + known)


def _crawl(desk: Desk, event: Path, *words: str, **environment: str) -> Any:
    return desk.begin("crawl", "--event", str(event), *words, **environment).end()


def test_a_crawl_sums_up_what_its_ledger_says_and_a_second_finds_nothing_due(desk: Desk) -> None:
    event = desk.event(event_of("agency", "wire", delay=0.05))
    first = _crawl(desk, event, "--json")
    assert first.code == 0, first.stderr
    assert first.stderr == ""
    summary = json.loads(first.stdout)
    ledger = desk.rows(
        "select source.key, outcome, count(*) from ledger join source on source.id = source_id group by 1, 2"
    )
    assert {
        (row["source"], word): row[word]
        for row in summary["sources"]
        for word in desk.outcomes()
        if row[word]
    } == {(key, outcome): number for key, outcome, number in ledger}
    assert summary["outcomes"] == desk.outcomes()
    for row in summary["sources"]:
        asked_for = desk.rows(
            "select count(*) from ledger join source on source.id = source_id "
            "where key = :key and outcome not in ('skipped', 'left')",
            key=row["source"],
        )
        assert [(row["fetched"],)] == asked_for
    assert sum(row["found"] for row in summary["sources"]) == desk.rows("select count(*) from frontier")[0][0]
    [(due,)] = desk.rows("select min(due_at) from frontier where due_at > now()")
    assert summary["next_due_at"] == due.isoformat()
    assert (summary["busy"], summary["fault"], summary["exit_code"]) == ([], None, 0)

    second = _crawl(desk, event, COLUMNS="80")
    assert second.code == 0
    assert "Nothing was due" in second.stdout
    assert "--revisit" in second.stdout
    assert f"{due:%Y-%m-%d %H:%M} UTC" in second.stdout
    assert "`newsfold runs 2`" in second.stdout

    silent = _crawl(desk, event, "--quiet", "--source", "agency,wire", "--revisit")
    assert (silent.code, silent.stdout, silent.stderr) == (0, "", "")
    assert desk.outcomes()["unchanged"] > 10


def test_a_source_that_fails_is_exit_code_2_and_a_sentence_even_when_quiet(desk: Desk) -> None:
    turned_away = source_of("turner", "trouble.test", "http://trouble.test:8099/403")
    gone = source_of("goner", "insight.test", "http://insight.test:8099/gone-for-good")
    ended = _crawl(desk, desk.event(KNOWN + turned_away + gone), "--quiet", COLUMNS="80")
    assert ended.code == 2
    said = " ".join(ended.stdout.split())
    assert f"turner failed: http://trouble.test:{desk.site.port}/403 is not for us" in said
    assert "goner failed" not in said  # a page that is gone is an answer, so its source works
    assert "failed, forbidden: 1." in said
    assert "failed, gone: 1." in said
    assert max(map(len, ended.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("words", "environment", "code", "says"),
    [
        (["--source", "nobody"], {}, 1, "no source 'nobody'"),
        (["--event", "/nowhere.toml"], {}, 1, "/nowhere.toml"),
        ([], {"DATABASE_URL": "postgresql://me:secret@127.0.0.1:1/x"}, 1, "does not answer"),
        (["--url", "not an address"], {}, 1, "not an address"),
        ([], {"NEWSFOLD_PROGRESS_SECONDS": "often"}, 1, "'often'"),
        (["--limit", "0"], {}, 64, "limit"),
        (["--log-level", "loud"], {}, 64, "loud"),
        (["--loud"], {}, 64, "--loud"),
    ],
)
def test_what_cannot_be_begun_is_a_sentence(
    desk: Desk, words: list[str], environment: dict[str, str], code: int, says: str
) -> None:
    event = _known(desk, "trouble.test:8099/fine")
    ended = _crawl(desk, event, *words, **environment)
    assert ended.code == code, ended.stderr
    assert says in " ".join(ended.stderr.split())
    assert "Traceback" not in ended.stderr
    assert "secret" not in ended.stderr


def test_storing_that_fails_is_exit_code_1_and_a_sentence(desk: Desk) -> None:
    with desk.engine.begin() as connection:
        connection.execute(
            text("create function no() returns trigger language plpgsql as $$ begin raise 'no room'; end $$")
        )
        connection.execute(
            text(
                "create trigger no before update on frontier for each row when (new.run_id is not null) execute function no()"
            )
        )
    ended = _crawl(desk, _known(desk, "trouble.test:8099/fine"), "--quiet")
    assert ended.code == 1, ended.stderr
    assert "had to end" in ended.stderr
    assert "no room" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert desk.rows("select status from run") == [("failed",)]


def test_what_another_crawl_is_at_is_exit_code_75_or_named(desk: Desk) -> None:
    event = desk.event(event_of("agency", "insight", delay=0.05))
    with desk.engine.connect() as other:
        other.execute(text("select pg_advisory_lock(:a, :b)"), {"a": SOURCE_LOCK, "b": _lock_key("agency")})
        locked = _crawl(desk, event, "--source", "agency")
        assert locked.code == 75
        assert "Another crawl is at agency" in locked.stderr
        half = _crawl(desk, event)
    assert half.code == 0
    assert "Another crawl is at agency" in half.stdout
    assert set(desk.outcomes()) <= {"new", "read", "rejected"}


def test_sigterm_ends_a_crawl_soon_with_what_was_fetched_stored(desk: Desk) -> None:
    crawl = desk.begin("crawl", "--event", str(desk.event(event_of("agency", "wire", delay=1.5))))
    wait_for(lambda: bool(desk.rows("select 1 from frontier where state = 'read'")), 60)
    begun = time.monotonic()
    crawl.terminate()
    ended = crawl.end()
    assert ended.code == 143, ended.stderr
    assert time.monotonic() - begun < 15
    assert "Traceback" not in ended.stderr
    assert "left for the next run" in ended.stdout
    assert "The run was stopped before it came to it" in ended.stdout
    assert desk.rows("select status from run") == [("interrupted",)]
    assert desk.rows("select 1 from frontier where run_id is not null") == []
    assert desk.rows("select distinct reason from ledger where outcome = 'left'") == [("stopped",)]


def test_a_second_signal_ends_a_crawl_at_once(desk: Desk, site: Site) -> None:
    crawl = desk.begin("crawl", "--event", str(_known(desk, "trouble.test:8099/hang")))
    wait_for(lambda: any(one.path == "/hang" for one in site.requests), 60)
    crawl.terminate()
    time.sleep(1)
    assert crawl.is_running
    begun = time.monotonic()
    crawl.terminate()
    assert crawl.end().code == 143
    assert time.monotonic() - begun < 10  # and not the half minute that the page may take


def test_without_a_terminal_it_writes_lines_of_json_and_none_for_a_short_crawl(desk: Desk) -> None:
    event = desk.event(event_of("agency", delay=0.2))
    ended = _crawl(desk, event, NEWSFOLD_PROGRESS_SECONDS="0.3")
    assert ended.code == 0, ended.stderr
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    assert len(lines) > 3
    names = "ts event run found fetched kept rejected failed left rate reasons"
    assert list(lines[0]) == names.split()
    assert [line["fetched"] for line in lines] == sorted(line["fetched"] for line in lines)
    # What is left is counted down, once the listings have said what there is.
    left = [line["left"] for line in lines]
    assert left[-1] < max(left), left
    assert lines[-1]["rate"] > 0
    assert (lines[-1]["event"], lines[-1]["run"]) == ("northern-compact-2024-12", 1)


def _on_a_terminal(
    words: list[str], desk: Desk, rows: int, columns: int, then: Callable[[int], None]
) -> tuple[str, int]:
    """Run newsfold on a terminal of its own; return all that it wrote there, and its exit code."""
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    given = {
        name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")
    }
    given |= {
        "NEWSFOLD_HOME": str(desk.home),
        "NEWSFOLD_ALLOW_LOOPBACK": "1",
        "DATABASE_URL": str(desk.database_url),
        "TERM": "xterm-256color",
    }
    process = subprocess.Popen(
        [NEWSFOLD, *words],
        stdin=child,
        stdout=child,
        stderr=child,
        env=given,
        start_new_session=True,
        cwd=CHECKOUT,
    )
    os.close(child)
    written = b""
    with suppress(OSError):  # how a terminal says that its last program left
        while chunk := os.read(parent, 65536):
            written += chunk
            then(process.pid)
    os.close(parent)
    return written.decode(), process.wait(30)


def _plain(written: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", written).replace("\r", "\n")


def test_on_a_terminal_a_table_is_kept_up_to_date_and_log_lines_stand_above_it(desk: Desk) -> None:
    event = desk.event(event_of("agency", "insight", delay=0.15))
    words = ["crawl", "--event", str(event), "--log-level", "info"]
    written, code = _on_a_terminal(words, desk, 24, 80, lambda _: None)
    assert code == 0
    before, rest = written.split("\x1b[?25l")  # the cursor is hidden once, and shown again once
    shown, after = rest.split("\x1b[?25h")
    lines = [line.rstrip() for line in _plain(shown).splitlines()]
    assert max(map(len, lines)) <= 80
    assert any(re.fullmatch(r" ?agency +\d+ +\d+ +\d+ +\d+ +\d+", line) for line in lines)
    assert any(re.match(r"\d+\.\d pages a second, \d+ left$", line) for line in lines)
    # A line of the log begins a line, and what stood there is gone.
    assert [line[:2] for line in lines if "Closing spider" in line] == ["20"]
    assert "pages a second" not in before + after
    assert "`newsfold runs 1`" in after
    assert max(map(len, _plain(after).splitlines())) <= 80


def test_ctrl_c_on_a_terminal_reaches_the_whole_group_and_shows_no_traceback(desk: Desk) -> None:
    event = desk.event(event_of("agency", delay=1.5))
    sent = []

    def interrupt(pid: int) -> None:
        if not sent and desk.rows("select 1 from frontier where state = 'read'"):
            os.killpg(pid, signal.SIGINT)
            sent.append(pid)

    written, code = _on_a_terminal(["crawl", "--event", str(event)], desk, 24, 80, interrupt)
    assert sent
    assert code == 130
    assert "Traceback" not in written
    assert "Stopping: what was fetched is stored first" in written
    assert "left for the next run" in written
    assert desk.rows("select status from run") == [("interrupted",)]
