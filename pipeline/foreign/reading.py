"""From a reference to the capture that it stands for: opened again where it is, checked, with its encodings undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from pipeline.archive.encodings import CannotDecode, decode
from pipeline.archive.fields import Fields, all_of, first_of
from pipeline.archive.files import LARGEST, Location
from pipeline.archive.pages import kept_headers
from pipeline.archive.payload import Payload, fits, payload_of
from pipeline.archive.scan import Broken, Raw
from pipeline.errors import Quarantine
from pipeline.foreign.filters import HTML
from pipeline.foreign.heads import LONGEST_HEAD, address_of, bare_type, date_of, kind_of, length_of, read_head
from pipeline.foreign.lines import Line, read_line
from pipeline.foreign.opening import cursor
from pipeline.foreign.pages import read_page
from pipeline.foreign.references import Reference
from pipeline.items import Capture, Exchange
from pipeline.settings import LONGEST_ADDRESS, MAX_FILE_BYTES


class Unwanted(Exception):
    """A record is passed over once it was read; `reason` is a word for counting."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Loose:
    """What is known of all loose pages: the address that names follow, and when they were captured, where that is told."""

    base: str | None = None
    captured_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A capture, the answer that it came in where it came by HTTP, and what a record's head said of its languages.

    `origin` says for the archive where it came from; `notes` are sentences about what could not be understood.
    """

    capture: Capture
    exchange: Exchange | None
    origin: Mapping[str, Any]
    languages: str | None = None
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Read({self.capture!r})"


def read_reference(reference: Reference, loose: Loose) -> Read:
    """Read what a reference stands for.

    Raises:
        Quarantine: the record is damaged, not what its digests say, or its file is gone.
        Unwanted: what is read shows that it is to be passed over.
    """
    try:
        return _read(reference, loose)
    except Broken as error:
        raise Quarantine("damaged", f"The record at {reference.place} {error}.") from error
    except OSError as error:
        raise Quarantine("unreadable", f"{reference.file} cannot be read: {error.strerror}.") from error


def _read(reference: Reference, loose: Loose) -> Read:
    if reference.kind == "page":
        capture = read_page(reference, loose.base, loose.captured_at)
        return Read(capture, None, {"file": reference.file})
    if reference.kind == "line":
        line = _line(reference, loose)
        return Read(line.capture, None, {"file": reference.file, "line": reference.line}, notes=line.notes)
    raw = _raw(reference)
    origin = {"file": reference.file, "offset": reference.offset} | (
        {"inner": reference.inner} if reference.inner else {}
    )
    if reference.software:
        origin["software"] = reference.software
    if truncated := first_of(raw.fields, "WARC-Truncated"):
        origin["truncated"] = truncated
    if raw.kind != "revisit":
        _check(raw)
        return _captured(reference, raw.fields, raw, origin)
    assert reference.body_of is not None  # noqa: S101 - the planner resolved it
    original = _raw(reference.body_of)
    _check(original)
    return _captured(reference, raw.fields, original, {**origin, "same_as": reference.body_of.place})


def _line(reference: Reference, loose: Loose) -> Line:
    try:
        return read_line(reference, loose.base, loose.captured_at)
    except (ValueError, OverflowError) as error:  # whatever a stranger's line holds, it costs itself alone
        raise Quarantine("broken-line", f"{reference.place} cannot be read: {error}.") from error


def _raw(reference: Reference) -> Raw:
    reader = cursor().at(reference)
    fields = read_head(reader, reader.readline(LONGEST_HEAD))
    length = length_of(fields)
    if length > LARGEST:
        raise Unwanted("too-large")
    block = reader.read(length)
    if len(block) < length:
        raise Broken("is cut off")
    return Raw(Location(reference.file, reference.offset, length), fields, block)


def _check(raw: Raw) -> None:
    """Compare a record with its digests; tools disagree on whether a body's chunking or packing counts.

    Raises:
        Broken: one does not fit.
    """
    if not fits(first_of(raw.fields, "WARC-Block-Digest"), raw.block):
        raise Broken("is not what was written: its digest is another")
    stated = first_of(raw.fields, "WARC-Payload-Digest")
    if not stated or first_of(raw.fields, "WARC-Truncated"):
        return
    payload = payload_of(raw)
    fits_as_sent = fits(stated, _as_stood(raw)) or fits(stated, payload.packed)
    if not fits_as_sent and not fits(stated, _unpacked(payload)[0]):
        raise Broken("is not what was written: the digest of its body is another")


def _as_stood(raw: Raw) -> bytes:
    """Return a record's body as it stands: behind the HTTP head, with any chunking still on."""
    if bare_type(first_of(raw.fields, "Content-Type")) != "application/http":
        return raw.block
    ends = [(raw.block.find(mark), len(mark)) for mark in (b"\r\n\r\n", b"\n\n")]
    end, length = min(((at, size) for at, size in ends if at >= 0), default=(len(raw.block), 0))
    return raw.block[end + length :]


def _unpacked(payload: Payload) -> tuple[bytes, bool]:
    """Return a body with its encodings undone, and whether it had them: some tools undo them and leave the header."""
    try:
        body = decode(payload.packed, all_of(payload.headers, "Content-Encoding"), LARGEST)
    except CannotDecode as error:
        if payload.packed.lstrip()[:1] == b"<":
            return payload.packed, False
        raise Broken(str(error)) from error
    return body, True


def _captured(reference: Reference, fields: Fields, raw: Raw, origin: Mapping[str, Any]) -> Read:
    """Return what a record holds; of a revisit, `fields` are its own and `raw` is what it refers to."""
    payload = payload_of(raw)
    body, was_packed = _unpacked(payload)
    if len(body) > MAX_FILE_BYTES:
        raise Unwanted("too-large")
    if not body.strip():
        raise Unwanted("empty")
    address = address_of(fields)
    if len(address.encode()) > LONGEST_ADDRESS:
        raise Unwanted("address-too-long")
    # As the archive gives them back: a NUL would not pass the database either.
    answered = tuple((name, value.replace("\0", " ")) for name, value in payload.headers)
    if not was_packed:
        answered = tuple(one for one in answered if one[0].lower() != "content-encoding")
    named = {name.lower(): value for name, value in answered}
    media_type = bare_type(payload.media_type)
    if media_type in HTML or (not named.get("content-type") and body.lstrip()[:1] == b"<"):
        media_type = "text/html"
    at = date_of(fields)
    source = reference.source
    capture = Capture(
        address=address,
        body=body,
        media_type=media_type,
        captured_at=at,
        headers=kept_headers(named),
        source=source,
        timezone=source.timezone if source else None,
    )
    head = {name.lower(): value for name, value in fields}
    languages = head.get("warc-identified-content-language") or named.get("content-language")
    exchange = None
    if payload.status is not None:
        exchange = Exchange(
            address,
            payload.status,
            answered,
            payload.packed,
            at,
            _phrase(payload.status),
            head.get("warc-ip-address"),
        )
    elif kind_of(fields) == "conversion":
        origin = {**origin, "conversion": True}
    return Read(capture, exchange, origin, languages)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
