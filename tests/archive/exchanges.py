"""Makers of HTTP answers, and of their encodings, for the archive's tests."""

import gzip
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import brotli

from pipeline.archive.encodings import zstd
from pipeline.archive.warc import ArchiveWriter, Damage, Location, Record, read_file
from pipeline.items import Exchange

AT = datetime(2024, 12, 4, 14, 28, 5, 123456, tzinfo=UTC)
FACTS: dict[str, Any] = {"title": "Зустріч міністрів", "source": {"key": "example"}}
PAGE = "<html><p>The allies met. Союзники зустрілися.</p></html>".encode() * 40


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": partial(brotli.compress, quality=2),
    "zstd": zstd.compress,
}


def exchange(
    name: str = "a",
    body: bytes = PAGE,
    *headers: tuple[str, str],
    status: int = 200,
    phrase: str = "OK",
    server_ip: str | None = "192.0.2.7",
) -> Exchange:
    """Return an answer from example.org; a `Content-Type` comes before the headers that are given."""
    return Exchange(
        f"https://example.org/{name}",
        status,
        (("Content-Type", "text/html; charset=utf-8"), *headers),
        body,
        AT,
        phrase,
        server_ip,
    )


def write(folder: Path, *exchanges: Exchange, facts: dict[str, Any] | None = None) -> list[Location]:
    """Append answers to one new file, and close it."""
    with ArchiveWriter(folder, "test") as writer:
        return [writer.append_exchange(one, facts or {}) for one in exchanges]


def records(path: Path) -> list[Record]:
    """Read a file in which nothing is damaged."""
    found = list(read_file(path))
    assert not [one for one in found if isinstance(one, Damage)]
    return [one for one in found if isinstance(one, Record)]
