"""The HTTP server: routes by Host header, keeps a log of every request, and closes without waiting for anyone."""

import contextlib
import http.client
import select
import socket
import struct
import threading
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.site.hosts import answer
from tests.site.reply import Ask, Reply, http_date, not_modified

DEFAULT_SWITCHES = {
    "corrected": False,  # syndicator.test serves the corrected text of one article
    "restless": False,  # every article page carries a counter that changes with each request, as shares do
    "down": False,  # every host answers 503
}


@dataclass
class Record:
    """One request; the status is 0 until the answer begins."""

    host: str
    path: str  # with its query
    method: str
    time: float  # time.monotonic() when the request had been read
    headers: dict[str, str]  # by lower-case name
    status: int = 0


class Site:
    """The site, running on a loopback port while it is open."""

    def __init__(self, port: int = 0) -> None:
        self.switches: dict[str, bool] = dict(DEFAULT_SWITCHES)
        self.requests: list[Record] = []
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._tries: Counter[tuple[str, str]] = Counter()
        self._server = _Server(("127.0.0.1", port), _Handler, self)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._server.drop_connections()
        self._thread.join(5)

    def url(self, host: str, path: str = "/") -> str:
        """An address on the site."""
        return f"http://{host}:{self.port}{path}"

    def reset(self) -> None:
        """Forget the requests and the tries, and set the switches back."""
        with self._lock:
            self.requests.clear()
            self._tries.clear()
            self.switches.update(DEFAULT_SWITCHES)

    def of(self, host: str) -> list[Record]:
        """The requests to a host, in their order."""
        with self._lock:
            return [record for record in self.requests if record.host == host]

    def gaps(self, host: str) -> list[float]:
        """The seconds between one request to a host and the next."""
        times = sorted(record.time for record in self.of(host))
        return [later - earlier for earlier, later in pairwise(times)]

    def log(self, record: Record) -> int:
        """Keep a request; gives how often its address was asked for."""
        with self._lock:
            self.requests.append(record)
            self._tries[record.host, record.path] += 1
            return self._tries[record.host, record.path]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], handler: Any, site: Site) -> None:
        self.site = site
        self._open: set[socket.socket] = set()
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: crawlers hang up, and that is what some pages are for."""

    def drop_connections(self) -> None:
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for it


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "TestSite/1"
    disable_nagle_algorithm = True
    timeout = 120
    server: _Server

    def do_GET(self) -> None:
        site = self.server.site
        headers = {name.lower(): value for name, value in self.headers.items()}
        target = self.path
        host, _, port = headers.get("host", "").rpartition(":")
        if not host or not port.isdigit():
            host, port = headers.get("host", ""), ""
        if not target.startswith("/"):  # a client that takes us for a proxy
            parts = urlsplit(target)
            host, port = parts.hostname or "", str(parts.port or "")
            target = parts._replace(scheme="", netloc="").geturl() or "/"
        record = Record(host.lower(), target, self.command, time.monotonic(), headers)
        tries = site.log(record)
        path, _, query = target.partition("?")
        ask = Ask(
            host=record.host,
            path=unquote(path) or "/",
            query=dict(parse_qsl(query, keep_blank_values=True)),
            headers=headers,
            port=f":{port}" if port else "",
            switches=site.switches,
            tries=tries,
        )
        reply = Reply(b"Down.", 503, "text/plain") if site.switches["down"] else answer(ask)
        record.status = 304 if not_modified(ask, reply) else reply.status
        self._send(reply, record.status)

    do_HEAD = do_GET  # noqa: N815 -- the base class's name

    def _send(self, reply: Reply, status: int) -> None:
        if reply.raw:
            self.close_connection = True
            reply.raw(self)
            return
        body = b"" if status in {204, 304} else reply.body
        lines = [("Server", self.server_version), ("Date", http_date(datetime.now(UTC)))]
        if reply.modified:
            lines.append(("Last-Modified", http_date(reply.modified)))
        if reply.etag:
            lines.append(("ETag", reply.etag))
        lines += reply.headers
        if status not in {204, 304}:
            lines += [("Content-Type", reply.kind), ("Content-Length", str(len(body)))]
        first = f"HTTP/1.1 {status} {http.client.responses.get(status, 'Odd')}\r\n"
        head = (first + "".join(f"{name}: {value}\r\n" for name, value in lines) + "\r\n").encode("latin-1")
        self.wfile.write(head if self.command == "HEAD" else head + body)

    def send(self, data: bytes) -> None:
        """Part of `Wire`: send at once."""
        self.wfile.write(data)

    def wait(self, seconds: float | None) -> bool:
        """Part of `Wire`: sleep until the time is over, the site closes, or the client has hung up."""
        end = None if seconds is None else time.monotonic() + seconds
        while end is None or time.monotonic() < end:
            left = 0.25 if end is None else max(0.0, min(0.25, end - time.monotonic()))
            if self.server.site.closing.wait(left) or self._hung_up():
                return True
        return False

    def reset(self) -> None:
        """Part of `Wire`: hang up with a reset instead of a goodbye."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _hung_up(self) -> bool:
        poll = select.poll()
        poll.register(self.connection, select.POLLIN)
        if not poll.poll(0):
            return False
        try:
            seen: bytes = self.connection.recv(1, socket.MSG_PEEK)
        except OSError:
            return True
        return seen == b""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the base class's name
        """Say nothing: the log is `Site.requests`."""
