"""Pages through the whole pipeline, from an archive file to committed and matched rows: `make bench-pipeline`.

The pages are made up, and written into WARC files as warcio writes them. `newsfold ingest` takes each file into an empty
database; beside it, on the same pages, trafilatura alone, newspaper4k, and news-please alone and with its own
storage. Seconds are of processors: the command's, its workers', and, for what stores, the database server's.
"""

import argparse
import ctypes
import io
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import create_engine, text
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benchmarks.newspages import page
from benchmarks.pipeline_report import Peer, Round, write_report
from pipeline.settings import Settings
from pipeline.store.address import database_address, embedded_server

_PR_SET_CHILD_SUBREAPER = 36
_TABLES = ("document", "fingerprint", "content_hash", "article", "version", "capture", "ledger", "removed_line", "stated_date",
           "author", "credit", "relation", "story", "story_document")  # fmt: skip


def write_archive(path: Path, number: int) -> None:
    """Write the first so many pages as a crawler would, a gzip member a record."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for index in range(number):
            head = StatusAndHeaders(
                "200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1"
            )
            record = writer.create_warc_record(
                f"https://bench.example/article/{index}.html",
                "response",
                payload=io.BytesIO(page(index)),
                http_headers=head,
                warc_headers_dict={"WARC-Date": "2024-12-04T12:00:00Z"},
            )
            writer.write_record(record)


def _run(command: list[str], home: Path, server: psutil.Process | None = None) -> tuple[float, float, float]:
    """Run a command; return its processor seconds with those of all it started, the server's, and the clock's."""
    own = psutil.Process()
    before, server_before, begun = own.cpu_times(), _server_seconds(server), time.perf_counter()
    environment = os.environ | {"NEWSFOLD_HOME": str(home)}
    environment.pop("DATABASE_URL", None)
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    clock = time.perf_counter() - begun
    # What it left running has become our child, and is counted once it has ended.
    while left := [child for child in own.children() if server is None or child.pid != server.pid]:
        psutil.wait_procs(left, timeout=10)
        if server is None:
            break
    after = own.cpu_times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return used, _server_seconds(server) - server_before, clock


def _stop(home: Path, server: psutil.Process) -> None:
    """Stop a server; it is our child, and gone only when we have looked."""
    command = [sys.executable, "-m", "pipeline", "db", "stop"]
    with subprocess.Popen(
        command, env=os.environ | {"NEWSFOLD_HOME": str(home)}, stdout=subprocess.DEVNULL
    ) as ending:
        while ending.poll() is None:
            psutil.wait_procs([server], timeout=0.2)


def _server_seconds(server: psutil.Process | None) -> float:
    if server is None:
        return 0.0
    times = server.cpu_times()
    total = times.user + times.system + times.children_user + times.children_system
    for child in server.children(recursive=True):
        try:
            used = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += used.user + used.system
    return float(total)


def _ingest(number: int, folder: Path) -> Round:
    home, archive = folder / f"home-{number}", folder / f"{number}.warc.gz"
    write_archive(archive, number)
    newsfold = [sys.executable, "-m", "pipeline"]
    _run([*newsfold, "db", "upgrade", "--quiet"], home)
    settings = Settings(home, None)
    server = psutil.Process(embedded_server(settings).pid())
    try:
        workers = len(os.sched_getaffinity(0))
        used, served, clock = _run(
            [*newsfold, "ingest", str(archive), "--quiet", f"--workers={workers}"], home, server
        )
        engine = create_engine(database_address(settings))
        with engine.connect() as connection:
            stored = int(
                connection.scalar(
                    text("select count(*) from document where relations_checked_at is not null")
                )
                or 0
            )
            sizes = {
                name: int(
                    connection.scalar(
                        text("select pg_total_relation_size(to_regclass(:name))"), {"name": name}
                    )
                    or 0
                )
                for name in _TABLES
            }
            rows = {
                name: int(connection.scalar(text(f"select count(*) from {name}")) or 0)  # noqa: S608 - of ours
                for name in _TABLES
                if sizes[name]
            }
        engine.dispose()
        kept = sum(file.stat().st_size for file in settings.archive.rglob("*") if file.is_file())
        return Round(number, stored, used, served, clock, sizes, rows, kept, archive.stat().st_size)
    finally:
        _stop(home, server)
        archive.unlink()


def _peer(name: str, number: int, python: str, folder: Path) -> Peer:
    """Run a peer; one that stores gets an empty database on a server of its own."""
    command = [python, "-m", "benchmarks.pipeline_peers", name, f"--pages={number}"]
    server, home = None, folder / "home-peer"
    if name.endswith("stored"):
        _run([sys.executable, "-m", "pipeline", "db", "upgrade", "--quiet"], home)
        settings = Settings(home, None)
        server = psutil.Process(embedded_server(settings).pid())
        url = database_address(settings)
        host, port = url.host or url.query["host"], url.port or url.query["port"]
        command += [
            f"--host={host}",
            f"--port={port}",
            f"--user={url.username}",
            f"--database={url.database}",
        ]
    environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
    served = _server_seconds(server)
    try:
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return Peer(
            name, number, answer["cpu"], _server_seconds(server) - served, answer["clock"],
            answer["errors"], answer["blocked"],
        )  # fmt: skip
    finally:
        if server is not None:
            _stop(home, server)


def main() -> None:
    """Measure, and write the table and the plot."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pipeline", description=__doc__)
    parser.add_argument(
        "--pages", type=int, nargs="+", default=[500, 1000, 2000], help="sizes of the archives"
    )
    parser.add_argument("--peer-pages", type=int, default=200, help="pages that each peer gets")
    parser.add_argument("--peers", metavar="PYTHON", help="the interpreter that has the peers")
    parser.add_argument("--output", type=Path, default=Path("docs/benchmarks"))
    options = parser.parse_args()
    # What our commands leave running becomes our child, so that it is counted when it ends.
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    facts = {
        "command": " ".join(["python -m benchmarks.pipeline", *sys.argv[1:]]),
        "cores": str(len(os.sched_getaffinity(0))),
        "python": platform.python_version(),
        **{
            name: version(name)
            for name in ("newsfold", "trafilatura", "lxml", "sqlalchemy", "psycopg", "pebble")
        },
        **_peer_versions(options.peers),
    }
    with tempfile.TemporaryDirectory(prefix="newsfold-bench-") as name:
        folder = Path(name)
        # Before and after: a machine is not the same all the time.
        peers = [_peer("trafilatura", options.peer_pages, sys.executable, folder)]
        rounds = []
        for number in sorted(options.pages):
            rounds.append(_ingest(number, folder))
            print(rounds[-1].line(), flush=True)
        peers.append(_peer("trafilatura", options.peer_pages, sys.executable, folder))
        if options.peers:
            peers += [
                _peer(peer, options.peer_pages, options.peers, folder)
                for peer in ("newspaper4k", "news-please", "news-please, stored")
            ]
        for peer in peers:
            print(peer.line(), flush=True)
    write_report(options.output, rounds, peers, facts)


def _peer_versions(python: str | None) -> dict[str, str]:
    if python is None:
        return {}
    ask = (
        "from importlib.metadata import version as v; print(*(v(n) for n in ('newspaper4k', 'news-please')))"
    )
    said = subprocess.run([python, "-c", ask], check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    return dict(zip(("newspaper4k", "news-please"), said, strict=True))


if __name__ == "__main__":
    main()
