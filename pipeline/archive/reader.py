"""Reading captures back: one record by its location, or all of a file in order."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline.archive.fields import Fields, first_of
from pipeline.archive.files import Location, open_either
from pipeline.archive.payload import check_digests, is_http, payload_of
from pipeline.archive.scan import Broken, Damage, Raw, raw_at, scan
from pipeline.errors import Quarantine

_KINDS = frozenset(["response", "resource", "revisit", "conversion"])
_HTTP_KINDS = frozenset(["response", "revisit"])


@dataclass(frozen=True, slots=True)
class Record:
    """One capture as the archive has it.

    `kind` is `response`, `resource`, `revisit` or `conversion`; `at` is aware. `status` and `headers` are those
    of the HTTP answer (None and empty where there was none), `media_type` its bare type, and `body` the bytes with
    chunking and content encoding undone. `facts` are those of the metadata record that follows.
    """

    location: Location
    kind: str
    address: str
    at: datetime
    status: int | None
    headers: Fields
    media_type: str
    body: bytes
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def __repr__(self) -> str:
        return f"Record({self.kind}, {self.address!r}, {len(self.body)} bytes)"


def read_record(folder: Path, location: Location, sha256: bytes) -> bytes:
    """Return the body of one record with its content encoding undone, checked against its digest.

    `sha256` is that of the body as Scrapy handed it on, or of the file as it was read. The body takes at most
    `LARGEST` bytes, however much it would unpack to.

    Raises:
        Quarantine: the file is missing, or what it holds there is not what was written.
    """
    path = folder / location.file
    fault = f"The archive file {path} does not hold, at byte {location.offset}, what was written there."
    try:
        with open_either(path) as file:
            payload = payload_of(raw_at(file, location.file, location.offset))
        body = payload.unpacked()
    except OSError as error:
        raise Quarantine(
            "archive-missing", f"The archive file {path} cannot be read: {error.strerror}."
        ) from error
    except Broken as error:
        raise Quarantine("archive-damaged", f"{fault} The record {error}.") from error
    if hashlib.sha256(body).digest() != sha256:
        raise Quarantine("archive-damaged", fault)
    return body


def read_file(path: Path) -> Iterator[Record | Damage]:
    """Give every capture of one WARC file in order, in one pass, holding two records at a time.

    Each `response`, `resource`, `revisit` and `conversion` record is joined with the facts of the `metadata`
    record right behind it that names it; all other records are passed over. Where a record is cut off, corrupt,
    not what its digest says, or too large to be unpacked, there is one `Damage`, and reading goes on as
    `scan` says. The file may be one that is still written to.

    Raises:
        Quarantine: the file cannot be read.
    """
    try:
        yield from _joined(path)
    except OSError as error:
        raise Quarantine(
            "archive-missing", f"The archive file {path} cannot be read: {error.strerror}."
        ) from error


def read_at(folder: Path, file: str, offset: int) -> Record:
    """Return the capture that begins at a byte of a file of the archive, with its facts.

    Raises:
        Quarantine: the file cannot be read, or there is no whole record with a capture.
    """
    path = folder / file
    try:
        with open_either(path) as stream:
            raw = raw_at(stream, file, offset)
            check_digests(raw)
            record = _record(raw)
            beside: Raw | None
            try:
                beside = raw_at(stream, file, offset + raw.location.length)
            except Broken:
                beside = None  # It is the last one.
            own_id = first_of(raw.fields, "WARC-Record-ID")
            is_about_it = beside is not None and first_of(beside.fields, "WARC-Concurrent-To") == own_id
            if record and beside and beside.kind == "metadata" and is_about_it:
                record = replace(record, facts=_facts(beside))
    except OSError as error:
        raise Quarantine(
            "archive-missing", f"The archive file {path} cannot be read: {error.strerror}."
        ) from error
    except Broken as error:
        raise Quarantine("archive-damaged", f"The record at byte {offset} of {path} {error}.") from error
    if record is None:
        raise Quarantine("archive-damaged", f"The record at byte {offset} of {path} holds no capture.")
    return record


def _joined(path: Path) -> Iterator[Record | Damage]:
    held: Record | None = None
    held_id: str | None = None
    for raw in scan(path):
        found: Record | Damage | None
        if isinstance(raw, Damage):
            found = raw
        else:
            try:
                check_digests(raw)
                if held and raw.kind == "metadata" and first_of(raw.fields, "WARC-Concurrent-To") == held_id:
                    held = replace(held, facts=_facts(raw))
                    continue
                found = _record(raw)
            except Broken as error:
                offset = raw.location.offset
                found = Damage(raw.location.file, offset, f"The record at byte {offset} of {path} {error}.")
        if held:
            yield held
            held = None
        if isinstance(found, Damage):
            yield found
        elif found and isinstance(raw, Raw):
            held, held_id = found, first_of(raw.fields, "WARC-Record-ID")
    if held:
        yield held


def _record(raw: Raw) -> Record | None:
    """Return what a record says, or None where it is of a kind that holds no capture."""
    if raw.kind not in _KINDS or (raw.kind in _HTTP_KINDS and not is_http(raw)):
        return None
    payload = payload_of(raw)
    return Record(
        location=raw.location,
        kind=raw.kind,
        # WARC 1.0 put it in angle brackets, against its own grammar.
        address=(first_of(raw.fields, "WARC-Target-URI") or "").strip("<>"),
        at=_moment(first_of(raw.fields, "WARC-Date") or ""),
        status=payload.status,
        headers=payload.headers,
        media_type=payload.media_type,
        body=payload.unpacked() if raw.kind != "revisit" else b"",
    )


def _facts(raw: Raw) -> Mapping[str, Any]:
    """Return the facts of a metadata record; somebody else's is in another format, and states none of ours."""
    if first_of(raw.fields, "Content-Type") != "application/json":
        return {}
    try:
        facts = json.loads(raw.block)
    except ValueError as error:
        raise Broken("holds facts that are not JSON") from error
    if not isinstance(facts, dict):
        raise Broken("holds facts that are not JSON")
    return facts


def _moment(stated: str) -> datetime:
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError as error:
        raise Broken("has no date that can be read") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
