"""What a record carries: an HTTP answer or a file, checked against its digests, with its encodings undone."""

import base64
import hashlib
import io
import re
from dataclasses import dataclass

from warcio.bufferedreaders import ChunkedDataReader

from pipeline.archive.encodings import CannotDecode, decode
from pipeline.archive.fields import Fields, all_of, first_of, read_fields
from pipeline.archive.files import LARGEST
from pipeline.archive.scan import Broken, Raw

_STATUS_LINE = re.compile(rb"HTTP/[0-9.]+ +([0-9]{3})(?: |\r|\n|$)")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Payload:
    """A record's body as it was sent, and what an HTTP head said of it; `status` is None where there is no head."""

    media_type: str
    packed: bytes
    status: int | None = None
    headers: Fields = ()

    def unpacked(self) -> bytes:
        """Return the body with its content encodings undone.

        Raises:
            Broken: it cannot be unpacked, or not within `LARGEST` bytes.
        """
        try:
            return decode(self.packed, all_of(self.headers, "Content-Encoding"), LARGEST)
        except CannotDecode as error:
            raise Broken(str(error)) from error


def is_http(raw: Raw) -> bool:
    """Tell whether a record holds an HTTP message, head and all."""
    return (first_of(raw.fields, "Content-Type") or "").lower().startswith("application/http")


def payload_of(raw: Raw) -> Payload:
    """Split an HTTP answer into head and body, with chunking undone; any other block is all body.

    Raises:
        Broken: the block is no HTTP answer, where it says that it is.
    """
    if not is_http(raw):
        return Payload(first_of(raw.fields, "Content-Type") or "application/octet-stream", raw.block)
    head, body = _split(raw.block)
    status = _STATUS_LINE.match(head)
    if not status:
        raise Broken("holds no HTTP answer")
    headers = read_fields(head, "latin-1")
    if (first_of(headers, "Transfer-Encoding") or "").lower() == "chunked":  # other archivers leave it on
        body = ChunkedDataReader(io.BytesIO(body)).read()
    stated = (first_of(headers, "Content-Type") or "").partition(";")[0].strip().lower()
    return Payload(stated or "application/octet-stream", body, int(status[1]), headers)


def check_digests(raw: Raw) -> None:
    """Compare a record with the digests that it states; one in an algorithm that is not known says nothing.

    Raises:
        Broken: one does not fit.
    """
    if not fits(first_of(raw.fields, "WARC-Block-Digest"), raw.block):
        raise Broken("is not what was written: its digest is another")
    # That of a revisit is of the answer that it refers to.
    stated = first_of(raw.fields, "WARC-Payload-Digest") if raw.kind != "revisit" else None
    payload = _split(raw.block)[1] if stated and is_http(raw) else raw.block
    if not fits(stated, payload):
        raise Broken("is not what was written: the digest of its body is another")


def _split(block: bytes) -> tuple[bytes, bytes]:
    found = _BLANK_LINE.search(block)
    return (block[: found.start()], block[found.end() :]) if found else (block, b"")


def fits(stated: str | None, data: bytes) -> bool:
    """Compare data with a digest such as `sha1:BASE32`; it may be written in base 16, 32 or 64 (RFC 4648)."""
    name, _, value = (stated or "").partition(":")
    name = name.lower().replace("-", "")
    if not value or name not in ("md5", "sha1", "sha256", "sha512"):
        return True
    digest = hashlib.new(name, data, usedforsecurity=False).digest()
    spellings = (
        base64.b32encode(digest).decode().rstrip("="),
        digest.hex(),
        base64.b64encode(digest).decode().rstrip("="),
        base64.urlsafe_b64encode(digest).decode().rstrip("="),
    )
    bare = value.rstrip("=")
    return bare in spellings or bare.lower() == digest.hex()
