"""The socket of the reading room, bound before anything is said of it, and the server that has patience with nobody for ever."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from pipeline.errors import SetupError

ASK_SECONDS = 10.0
"""How long somebody who is connected may take to ask."""

READ_SECONDS = 60.0
"""How long an answer may wait to be read on."""

_CONNECTIONS = 500  # half of the files that a process may have open, as a rule


class PatientProtocol(H11Protocol):
    """HTTP with an end to waiting: uvicorn's own limits count connections, and those that never ask keep out those who do."""

    _asking: asyncio.TimerHandle | None = None
    _reading: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a question."""
        super().connection_made(transport)
        if len(self.connections) > _CONNECTIONS:
            transport.abort()
        self._asking = self.loop.call_later(ASK_SECONDS, transport.abort)

    def data_received(self, data: bytes) -> None:
        """Take a piece of a question; pieces do not lengthen the time for the whole of it."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            _cancel(self._asking)
            self._asking = None
        elif self._asking is None:
            self._asking = self.loop.call_later(ASK_SECONDS, self.transport.abort)

    def pause_writing(self) -> None:
        """Begin to wait for an answer to be read on."""
        super().pause_writing()
        self._reading = self.loop.call_later(READ_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on."""
        _cancel(self._reading)
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        _cancel(self._asking)
        _cancel(self._reading)
        super().connection_lost(exc)


def server_of(app: ASGIApp) -> uvicorn.Server:
    """Return a server that is yet to be run, on sockets that listen."""
    config: Any = uvicorn.Config(
        app,
        http=PatientProtocol,
        log_level="warning",
        server_header=False,
        timeout_keep_alive=5,
        lifespan="off",
    )
    return uvicorn.Server(config)


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Give a socket that listens at a host and a port (0: a free one); it is closed in the end.

    Raises:
        SetupError: the host is not this machine's, or the port is taken.
    """
    try:
        [(family, _, _, _, address), *_] = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        sock = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise SetupError(f"{host!r} is no address to listen at: {error.strerror}.") from error
    with sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind(address)
            sock.listen(128)
        except OSError as error:
            raise SetupError(
                f"Nothing can listen at {host}, port {port}: {error.strerror}. Choose another with --host or --port."
            ) from error
        yield sock


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
