"""Content encodings of HTTP undone, with a bound on what comes out.

Damaged bodies come out as Scrapy's decoding middleware gives them, since the digests of captures are taken
from what it hands on: of a body that is cut off, what can be had.
"""

import gzip
import io
import struct
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd  # Scrapy brings it along, and so offers the encoding to servers

_CHUNK = 64 * 1024


class CannotDecode(Exception):
    """A body cannot be unpacked; `str(error)` is a clause that says why."""


def decode(body: bytes, encodings: Iterable[str], limit: int) -> bytes:
    """Undo content encodings (gzip, deflate, br, zstd), the last one first (RFC 9110, 8.4).

    `encodings` are the values of `Content-Encoding`. From an encoding that is not known on, the body is left
    as it is. No step gives more than `limit` bytes.

    Raises:
        CannotDecode: nothing can be had from the body, or too much.
    """
    names = [name.strip().lower() for value in encodings for name in value.split(",")]
    while body and names and (decoder := _DECODERS.get(names[-1])):
        name = names.pop()
        try:
            body = _bounded(decoder(body), limit)
        except (OSError, EOFError, struct.error, zlib.error, brotli.error, zstd.ZstdError) as error:
            raise CannotDecode(f"has a body that is not in the encoding {name}, as it claims") from error
    return body


def _bounded(chunks: Iterator[bytes], limit: int) -> bytes:
    whole = bytearray()
    for chunk in chunks:
        whole += chunk
        if len(whole) > limit:
            raise CannotDecode(f"unpacks to more than {limit} bytes, which is more than is read")
    return bytes(whole)


def _gunzip(body: bytes) -> Iterator[bytes]:
    stream = gzip.GzipFile(fileobj=io.BytesIO(body))
    chunk = b""
    while True:
        before = chunk
        try:
            chunk = stream.read1(_CHUNK)
        except (OSError, EOFError, struct.error):
            if not before:
                raise
            return
        if not chunk:
            return
        yield chunk


def _inflate(body: bytes) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    try:
        chunk = unpacker.decompress(body, _CHUNK)
    except zlib.error:  # some servers send it raw
        unpacker = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
        chunk = unpacker.decompress(body, _CHUNK)
    yield chunk
    while unpacker.unconsumed_tail and not unpacker.eof:
        yield unpacker.decompress(unpacker.unconsumed_tail, _CHUNK)


def _unbrotli(body: bytes) -> Iterator[bytes]:
    unpacker = brotli.Decompressor()
    chunk = unpacker.process(body, output_buffer_limit=_CHUNK)
    while chunk:
        yield chunk
        if unpacker.is_finished():
            return
        chunk = unpacker.process(b"", output_buffer_limit=_CHUNK)


def _unzstd(body: bytes) -> Iterator[bytes]:
    stream = zstd.ZstdFile(io.BytesIO(body))
    while True:
        try:
            chunk = stream.read(_CHUNK)
        except EOFError:
            return
        if not chunk:
            return
        yield chunk


_DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
