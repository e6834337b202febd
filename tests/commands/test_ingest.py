"""`newsfold ingest` as people use it: on what wget wrote, killed in the middle, and wrongly called."""

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import Engine, text

from pipeline.commands.ingest import _filters
from tests.crawl.end_to_end.harness import Running
from tests.foreign.archives import page, warc, write

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The address of a folder of three pages and a picture, served over HTTP."""
    folder = tmp_path / "served"
    folder.mkdir()
    for number in range(3):
        link = b'<a href="%d.html">on</a><img src="p.png"></body>' % (number + 1)
        write(folder, f"{number}.html", page(number).replace(b"</body>", link))
    write(folder, "p.png", b"\x89PNG")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def _begin(database_url: str, home: Path, *words: str, **more: str) -> Running:
    environment = {**os.environ, "NEWSFOLD_HOME": str(home), "DATABASE_URL": database_url, **more}
    return Running(("ingest", *words), environment, home)


def _rows(database: Engine, query: str) -> list[Any]:
    with database.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


@pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not installed (apt install wget)")
def test_what_wget_wrote_is_taken_in(engine: Engine, database_url: str, tmp_path: Path, served: str) -> None:
    command = ["wget", "-q", "-r", "-p", f"--warc-file={tmp_path}/w", "-P", str(tmp_path), f"{served}0.html"]
    subprocess.run(command, check=False)  # it fails for the page that is missing
    ended = _begin(database_url, tmp_path / "home", str(tmp_path / "w.warc.gz"), "--json").end()
    assert (ended.code, ended.stderr) == (0, "")
    told = {(row["outcome"], row["reason"]): row["records"] for row in json.loads(ended.stdout)["records"]}
    assert told["new", None] == 3
    assert told["passed over", "media-type"] == 1
    assert told["passed over", "status-404"] >= 1
    assert {outcome for outcome, _ in told} == {"new", "passed over"}
    addresses = _rows(engine, "select address from article order by 1")
    assert addresses == [(f"{served}{number}.html",) for number in range(3)]


def test_a_killed_import_loses_nothing_and_doubles_nothing(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    archive = write(tmp_path, "a.warc.gz", warc(range(150)))
    home = tmp_path / "home"
    first = _begin(database_url, home, str(archive), "--workers", "2")
    until = time.monotonic() + 60
    while not _rows(engine, "select 1 from capture limit 1") and time.monotonic() < until:
        time.sleep(0.02)
    first.kill()
    (before,) = _rows(engine, "select count(*) from capture")[0]
    assert 0 < before < 150
    ended = _begin(database_url, home, str(archive), "--workers", "2").end()
    assert ended.code == 0, ended.stderr
    assert ["new", str(150 - before)] in [line.split()[:2] for line in ended.stdout.splitlines()]
    counts = "select count(*), count(distinct address) from capture union all select count(*), count(distinct address) from article"
    assert _rows(engine, counts) == [(150, 150)] * 2
    assert _rows(engine, "select count(*), count(distinct address) from ledger") == [(150, 150)]
    assert _rows(engine, "select status from run order by id") == [("interrupted",), ("finished",)]
    assert not list((home / "archive").glob("*.open"))


@pytest.mark.parametrize(
    ("option", "given"),
    [("since", "yesterday"), ("until", "2024-13-01"), ("status", ["ok"]), ("language", ["english"])],
)
def test_a_wrong_filter_is_said(database_url: str, option: str, given: Any) -> None:
    options = dict.fromkeys(("host", "since", "until", "language", "status", "media_type", "event"))
    with pytest.raises(typer.BadParameter, match="write it"):
        _filters(**{**options, option: given})


def test_damage_has_its_exit_code_and_progress_its_lines(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    archive = write(tmp_path, "a.warc.gz", warc(range(40))[:-50])
    command = _begin(database_url, tmp_path / "home", str(archive), NEWSFOLD_PROGRESS_SECONDS="0.2")
    ended = command.end()
    assert ended.code == 2
    assert "is cut off" in " ".join(ended.stdout.split())
    line = json.loads(ended.stderr.splitlines()[-1])
    assert line["file"] == "a.warc.gz"
    assert 0 < line["share"] <= 1
    assert line["records"] > 1
