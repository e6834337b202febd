"""Archive files as other tools write them, and as they end up."""

import base64
import gzip
import hashlib
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from backports import zstd
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.builders import prose

HTML = "text/html; charset=utf-8"
AT = "2024-12-04T10:00:00Z"


def page(number: int, *, lang: str = "en", words: str | None = None) -> bytes:
    """Return a page whose text no other number has."""
    lines = "".join(f"<p>{line}</p>" for line in (words or prose(number)).split("\n"))
    head = f'<html lang="{lang}"><head><title>Day {number}</title></head>'
    return f"{head}<body><article><h1>Day {number}</h1>{lines}</article></body></html>".encode()


def response(
    writer: WARCWriter,
    address: str,
    body: bytes,
    *,
    status: str = "200 OK",
    headers: Mapping[str, str] | None = None,
    at: str = AT,
    **fields: str,
) -> None:
    """Write an answer with warcio; `fields` are further ones of the record, with _ for -."""
    given = {"Content-Type": HTML} if headers is None else headers
    head = StatusAndHeaders(status, list(given.items()), protocol="HTTP/1.1")
    named = {"WARC-Date": at, **{name.replace("_", "-"): value for name, value in fields.items()}}
    writer.write_record(
        writer.create_warc_record(
            address, "response", payload=io.BytesIO(body), http_headers=head, warc_headers_dict=named
        )
    )


def warc(numbers: Iterable[int], host: str = "gazette.test", *, packed: bool = True) -> bytes:
    """Return a file of warcio's with a `warcinfo` record and a page a number."""
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=packed, warc_version="1.1")
    writer.write_record(writer.create_warcinfo_record("x.warc.gz", {"software": "maker 1.0"}))
    for number in numbers:
        response(writer, f"http://{host}/{number}", page(number))
    return file.getvalue()


def records(plain: bytes) -> list[bytes]:
    """Part a plain file into its records."""
    parts = plain.split(b"\r\n\r\nWARC/")
    whole = [parts[0], *(b"WARC/" + part for part in parts[1:])]
    return [part + b"\r\n\r\n" for part in whole[:-1]] + [whole[-1]]


def zst(numbers: Iterable[int], *, dictionary: bool = False, packs_dictionary: bool = False) -> bytes:
    """Return a file with a zstd frame a record, and with a dictionary before them as the draft has it."""
    plain = records(warc(numbers, packed=False))
    if not dictionary:
        return b"".join(zstd.compress(part) for part in plain)
    trained = zstd.train_dict([page(number) for number in range(200)], 4096)
    content = zstd.compress(trained.dict_content) if packs_dictionary else trained.dict_content
    frame = b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content
    return frame + b"".join(zstd.compress(part, zstd_dict=trained) for part in plain)


def arc(numbers: Iterable[int], *, packed: bool) -> bytes:
    """Return an ARC file of version 1, written by hand: nobody writes them any more."""
    about = b"1 0 tester\nURL IP-address Archive-date Content-type Archive-length\n"
    parts = [b"filedesc://x.arc 0.0.0.0 20241204100000 text/plain %d\n%s\n" % (len(about), about)]
    for number in numbers:
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page(number)
        head = b"http://gazette.test/%d 192.0.2.1 20241204100000 text/html %d\n" % (number, len(block))
        parts.append(head + block + b"\n")
    return b"".join(gzip.compress(part) for part in parts) if packed else b"".join(parts)


def raw_record(fields: Mapping[str, str], block: bytes, *, length: int | None = None) -> bytes:
    """Return a record as it is told, right or wrong."""
    named = {"Content-Length": str(len(block) if length is None else length), **fields}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"WARC/1.0\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def answer(address: str, body: bytes, head: bytes = b"Content-Type: text/html\r\n", **fields: str) -> bytes:
    """Return a response record written by hand, plain."""
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    return raw_record(
        {
            "WARC-Type": "response",
            "WARC-Target-URI": address,
            "WARC-Date": AT,
            "Content-Type": "application/http; msgtype=response",
            **named,
        },
        b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + body,
    )


def sha1(data: bytes) -> str:
    """Return a digest as WARC files have it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def write(folder: Path, name: str, data: bytes) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(data)
    return path
