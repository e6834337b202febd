"""The heads of records in other people's files: WARC of any version, ARC, and the HTTP head within."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from pipeline.archive.fields import Fields, first_of, read_fields, tidy_address
from pipeline.archive.scan import Broken
from pipeline.foreign.unpacking import Unpacked

LONGEST_HEAD = 64 * 1024
LONGEST_LENGTH = 18  # digits

_STATUS_LINE = re.compile(rb"HTTP/[0-9.]+ +([0-9]{3})(?: |\r|\n|$)")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_SOFTWARE = re.compile(rb"^software:([^\r\n\0]{1,1000})", re.MULTILINE | re.IGNORECASE)
_ARC_DATE = re.compile(r"[0-9]{14}")
_ARC_FIELDS = 5

HTTP = "application/http; msgtype=response"


def read_head(reader: Unpacked, line: bytes) -> Fields:
    """Return the fields of the record whose first line was read.

    The one line that an ARC record begins with is given as the fields that a WARC record would have.

    Raises:
        Broken: no record begins so.
    """
    if not line.startswith(b"WARC/"):
        return _arc_fields(line)
    head = line
    while (line := reader.readline(LONGEST_HEAD)) not in (b"\r\n", b"\n"):
        head += line
        if not line.endswith(b"\n") or len(head) > LONGEST_HEAD:
            raise Broken("has a head that does not end")
    return read_fields(head, "utf-8")


def length_of(fields: Fields) -> int:
    """Return how many bytes a record says that its block has.

    Raises:
        Broken: it does not say so.
    """
    stated = first_of(fields, "Content-Length") or ""
    if not re.fullmatch(f"[0-9]{{1,{LONGEST_LENGTH}}}", stated):
        raise Broken("does not say how long it is")
    return int(stated)


def kind_of(fields: Fields) -> str:
    """Return a record's type, in small letters."""
    return (first_of(fields, "WARC-Type") or "").lower()


def address_of(fields: Fields) -> str:
    """Return a record's address; WARC 1.0 and some tools put it in angle brackets, others leave blanks in it."""
    return tidy_address((first_of(fields, "WARC-Target-URI") or "").strip().strip("<>"))


def date_of(fields: Fields) -> datetime:
    """Return when a record was captured.

    Raises:
        Broken: it does not say so.
    """
    stated = first_of(fields, "WARC-Date") or ""
    try:
        if _ARC_DATE.fullmatch(stated):
            return datetime.strptime(stated, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        moment = datetime.fromisoformat(stated)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise Broken("has no date that can be read") from error


def http_head_of(start: bytes) -> tuple[int, Mapping[str, str]] | None:
    """Return the status and the headers, by their names in small letters, of a block that begins so."""
    status = _STATUS_LINE.match(start)
    if not status:
        return None
    end = _BLANK_LINE.search(start)
    head = start[: end.start()] if end else start
    return int(status[1]), {name.lower(): value for name, value in read_fields(head, "latin-1")}


def software_in(start: bytes) -> str | None:
    """Return what a `warcinfo` record says that made its file."""
    found = _SOFTWARE.search(start)
    return found[1].decode("utf-8", "replace").strip()[:200] if found else None


def bare_type(stated: str | None) -> str:
    """Return a media type without its parameters, in small letters."""
    return (stated or "").partition(";")[0].strip().lower()


def _arc_fields(line: bytes) -> Fields:
    parts = line.decode("utf-8", "replace").rstrip("\r\n").rsplit(" ", _ARC_FIELDS - 1)
    if len(parts) != _ARC_FIELDS or not _ARC_DATE.fullmatch(parts[2]) or not parts[4].isdigit():
        raise Broken("begins neither as a WARC record does nor as an ARC record")
    address, ip, date, media_type, length = parts
    is_about_file = address.startswith("filedesc://")
    return (
        ("WARC-Type", "warcinfo" if is_about_file else "response"),
        ("WARC-Target-URI", address),
        ("WARC-Date", date),
        ("WARC-IP-Address", ip),
        ("Content-Type", media_type if is_about_file else HTTP),
        ("Content-Length", length),
    )
