"""Bodies that are small on the wire and large once unpacked; built when first asked for, then kept."""

import threading
import zlib
from functools import cache

import brotli  # type: ignore[import-untyped]

UNPACKED = 200 * 1024 * 1024
BIG = 20 * 1024 * 1024

_PIECE = b"<p>The Northern Compact met in Merrowhaven.</p>\n".ljust(64) * 16384  # 1 MiB
_lock = threading.Lock()  # two requests at once must not build the same thing twice


def gzip_bomb() -> bytes:
    """200 MiB as gzip."""
    with _lock:
        return _gzip()


def brotli_bomb() -> bytes:
    """200 MiB as brotli."""
    with _lock:
        return _brotli()


@cache
def big_page() -> bytes:
    """A page of 20 MiB."""
    return (b"<!DOCTYPE html><title>Big</title>" + _PIECE * 20)[:BIG]


@cache
def _gzip() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([packer.compress(_PIECE) for _ in range(UNPACKED // len(_PIECE))] + [packer.flush()])


@cache
def _brotli() -> bytes:
    packer = brotli.Compressor(quality=5, lgwin=24)
    packed = b"".join([packer.process(_PIECE) for _ in range(UNPACKED // len(_PIECE))])
    return packed + bytes(packer.finish())
