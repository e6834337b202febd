"""The socket of the reading room, bound before anything is said of it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import SetupError


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
