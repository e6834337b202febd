"""Making the records of a WARC file (ISO 28500, WARC 1.1), each a gzip member of its own.

warcio checks what is made here, but does not make it: its writer quotes header values that are not ASCII, so
that they are no longer what came, and always compresses as hard as it can.
"""

import base64
import hashlib
import json
import uuid
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

# Per 100 kB of HTML (40 pages of 80 to 130 kB): level 1 takes 0.40 ms and leaves 14.9 kB, 4 takes 0.59 ms and
# leaves 12.7 kB, 6 takes 0.92 ms and leaves 11.9 kB, 9 takes 1.32 ms and leaves 11.8 kB. A page takes 25 ms to
# extract and is kept for good, so half a millisecond for a fifth of the disk is well spent; for the next
# hundredth it is not. A body that the server sent packed, as most do, takes and leaves much the same at every level.
_LEVEL = 6

HTTP_RESPONSE = "application/http; msgtype=response"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


def new_id() -> str:
    """Return a name for a record that no other record has."""
    return f"<urn:uuid:{uuid.uuid4()}>"


def pack_record(
    kind: str,
    record_id: str,
    at: datetime,
    media_type: str,
    block: bytes,
    fields: Mapping[str, str | None],
    payload: bytes | None = None,
) -> bytes:
    """Return one record as a gzip member.

    `fields` are those beyond what every record has; one without a value is left out. `payload` is what the
    block carries (the body of an HTTP message), and is given a digest of its own.

    Raises:
        ValueError: a value cannot be written as UTF-8.
    """
    all_fields: dict[str, str | None] = {
        "WARC-Type": kind,
        "WARC-Record-ID": record_id,
        "WARC-Date": warc_date(at),
        **fields,
        "WARC-Payload-Digest": None if payload is None else _digest(payload),
        "WARC-Block-Digest": _digest(block),
        "Content-Type": media_type,
        "Content-Length": str(len(block)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in all_fields.items() if value is not None)
    packer = zlib.compressobj(_LEVEL, wbits=31)
    parts = [f"WARC/1.1\r\n{lines}\r\n".encode(), block, b"\r\n\r\n"]
    return b"".join([*(packer.compress(part) for part in parts), packer.flush()])


def json_block(facts: Mapping[str, Any]) -> bytes:
    """Return facts as JSON; what strangers wrote may hold what UTF-8 cannot, and is then escaped."""
    try:
        return json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()
    except UnicodeEncodeError:
        return json.dumps(facts, sort_keys=True).encode()


def warc_date(moment: datetime) -> str:
    """Return a moment as WARC writes it: in UTC, with microseconds where there are any."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _digest(data: bytes) -> str:
    sha1 = hashlib.sha1(data, usedforsecurity=False).digest()  # the one that every WARC tool knows
    return f"sha1:{base64.b32encode(sha1).decode()}"
