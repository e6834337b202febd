"""Pages that misuse the connection."""

from tests.site.hosts.trouble.registry import story, trouble
from tests.site.reply import Ask, Reply, Wire


def head(length: int | None, kind: str = "text/html; charset=utf-8") -> bytes:
    """The head of an answer that then misbehaves."""
    size = "" if length is None else f"Content-Length: {length}\r\n"
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{size}Connection: close\r\n\r\n".encode()


@trouble("/slow", "sends a sound article in ten pieces, a third of a second apart")
def _slow(_: Ask) -> Reply:
    body = story().encode()

    def play(wire: Wire) -> None:
        wire.send(head(len(body)))
        size = -(-len(body) // 10)
        for start in range(0, len(body), size):
            if wire.wait(0.33):
                return
            wire.send(body[start : start + size])

    return Reply(raw=play)


@trouble("/drip", "sends one byte a second of a page that would take a year")
def _drip(_: Ask) -> Reply:
    def play(wire: Wire) -> None:
        wire.send(head(31_536_000))
        while not wire.wait(1):
            wire.send(b" ")

    return Reply(raw=play)


@trouble("/cut", "promises by Content-Length twice as much as it sends, then hangs up")
def _cut(_: Ask) -> Reply:
    body = story().encode()
    return Reply(raw=lambda wire: wire.send(head(2 * len(body)) + body))


@trouble("/cut-chunked", "a chunked body that ends without its last chunk")
def _cut_chunked(_: Ask) -> Reply:
    body = story().encode()
    top = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
    return Reply(raw=lambda wire: wire.send(top + f"{len(body):x}\r\n".encode() + body + b"\r\n"))


@trouble("/reset", "resets the connection in the middle of the headers")
def _reset(_: Ask) -> Reply:
    def play(wire: Wire) -> None:
        wire.send(b"HTTP/1.1 200 OK\r\nContent-Ty")
        wire.reset()

    return Reply(raw=play)


@trouble("/garbage", "answers with bytes that are not HTTP")
def _garbage(_: Ask) -> Reply:
    return Reply(raw=lambda wire: wire.send(b"\x16\x03\x01\x02\x00 mind the steps\r\n\r\n"))


@trouble("/hang", "takes the request and never answers")
def _hang(_: Ask) -> Reply:
    def play(wire: Wire) -> None:
        wire.wait(None)

    return Reply(raw=play)
