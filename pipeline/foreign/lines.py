"""Lines of JSON, one article each: `url`, `html` or `text`, `date`, `title`, `language`, and what others call them.

The other names are those of news-please, of CC-News as it is spread, and of Media Cloud's dumps.
"""

import codecs
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from pipeline.archive.fields import tidy_address
from pipeline.errors import Quarantine
from pipeline.foreign.opening import cursor
from pipeline.foreign.pages import moment_of
from pipeline.foreign.references import Reference
from pipeline.items import Capture, Declared
from pipeline.settings import LONGEST_ADDRESS, MAX_FILE_BYTES

LONGEST_LINE = 4 * MAX_FILE_BYTES
"""Bytes; a page of the largest size, with every sign of it escaped."""

_NAMES = {
    "url": ("url", "source_url", "link", "canonical_url", "requested_url", "uri"),
    "html": ("html", "raw_html", "page_html"),
    "text": ("text", "maintext", "body", "content", "article_text", "plain_text"),
    "date": ("date", "published", "date_publish", "publish_date", "published_at", "publication_date", "pub_date"),
    "title": ("title", "headline"),
    "language": ("language", "lang"),
    "captured": ("captured_at", "date_download", "date_crawled", "crawl_date", "fetched_at", "indexed_date"),
}  # fmt: skip
# Whoever wrote the line decoded the page: what its own head says of its encoding is void, and a mark goes before that.
_BOM = codecs.BOM_UTF8
_SHORTEST_DATE = len("2024-12-04")
_MILLISECONDS = 1e11  # a number of seconds this large lies in the year 5138


@dataclass(frozen=True, slots=True)
class Line:
    """A line as a capture, and sentences about what of it was not understood."""

    capture: Capture
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fields:
    """What a line says, under newsfold's names."""

    url: str | None
    html: str | None
    text: str | None
    title: str | None
    language: str | None
    published: date | datetime | None
    captured: datetime | None
    notes: tuple[str, ...] = ()


def fields_of(raw: bytes, place: str) -> Fields:
    """Read a line.

    Raises:
        Quarantine: it is no JSON object, or has no text; the sentence begins with `place`.
    """
    if len(raw) >= LONGEST_LINE:
        raise Quarantine("too-large", f"{place} has over {LONGEST_LINE} bytes; no article has.")
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Quarantine("broken-line", f"{place} is not JSON: {error}.") from error
    if not isinstance(said, dict):
        raise Quarantine("broken-line", f"{place} is JSON, but no object with a url and a text.")
    html, text = _string(said, "html"), _string(said, "text")
    if not html and not text:
        raise Quarantine(
            "no-text",
            f"{place} has neither html nor text (nor maintext, body or content, as others call it).",
        )
    notes: list[str] = []
    published = _moment(_first(said, "date"), "date", notes)
    captured = _moment(_first(said, "captured"), "time of capture", notes)
    return Fields(
        url=_string(said, "url"),
        html=html,
        text=text,
        title=_string(said, "title"),
        language=(_string(said, "language") or "").replace("_", "-").partition("-")[0].lower() or None,
        published=published,
        captured=_aware(captured),
        notes=tuple(notes),
    )


def read_line(reference: Reference, base: str | None, captured_at: datetime | None) -> Line:
    """Read the line of a reference as a capture.

    Raises:
        OSError: its file cannot be read.
        Broken: its file cannot be unpacked up to it.
        Quarantine: it is broken.
    """
    place = reference.place
    found = fields_of(raw_line(reference), place)
    address = address_of_line(found, base, place)
    source = reference.source
    capture = Capture(
        address=address,
        body=_BOM + found.html.encode("utf-8", "replace")
        if found.html
        else (found.text or "").encode("utf-8", "replace"),
        media_type="text/html" if found.html else "text/plain",
        captured_at=found.captured or moment_of(Path(reference.path), captured_at),
        source=source,
        timezone=source.timezone if source else None,
        declared=Declared(title=found.title, published=found.published, language=found.language),
    )
    return Line(capture, found.notes)


def raw_line(reference: Reference) -> bytes:
    """Return the bytes of a line; of a file that is one JSON document, all of them."""
    reader = cursor().at(reference)
    return reader.readline(LONGEST_LINE) if reference.line else reader.read(LONGEST_LINE)


def address_of_line(found: Fields, base: str | None, place: str) -> str:
    """Return a line's address; one that is none of its own is completed by the base.

    Raises:
        Quarantine: it has none, one that no base completes, or one that is too long.
    """
    stated = (found.url or "").strip()
    if "://" not in stated and base and stated:
        try:
            stated = urljoin(base, stated)
        except ValueError as error:
            raise Quarantine(
                "no-address", f"{place} has a url that makes no address with {base}: {error}."
            ) from error
    if not stated:
        raise Quarantine("no-address", f"{place} has no url.")
    address = tidy_address(stated)
    if len(address.encode()) > LONGEST_ADDRESS:
        raise Quarantine("address-too-long", f"{place} has a url of over {LONGEST_ADDRESS} bytes.")
    return address


def _first(said: Mapping[str, Any], name: str) -> Any:
    return next((said[key] for key in _NAMES[name] if said.get(key) not in (None, "", [])), None)


def _string(said: Mapping[str, Any], name: str) -> str | None:
    value = next(
        (said[key] for key in _NAMES[name] if isinstance(said.get(key), str) and said[key].strip()), None
    )
    # Half a character, which JSON can write and nothing can store, is a question mark here as in a page's bytes.
    return value.replace("\0", "").encode("utf-8", "replace").decode() if value else None


def _moment(value: Any, what: str, notes: list[str]) -> date | datetime | None:
    """Return a stated moment; a day where no time is stated, an instant where a zone is."""
    if value is None:
        return None
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000 if value > _MILLISECONDS else value, UTC)
        stated = str(value).strip()
        if len(stated) == _SHORTEST_DATE:
            return date.fromisoformat(stated)
        return _instant(stated)
    except (ValueError, TypeError, OverflowError, OSError):
        notes.append(f"The {what} {str(value)[:80]!r} was not understood.")
        return None


def _instant(stated: str) -> datetime:
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError:
        moment = parsedate_to_datetime(stated)
    _aware(moment)  # fails at the ends of the calendar, where an instant has no UTC
    return moment


def _aware(moment: date | datetime | None) -> datetime | None:
    """Return a moment in UTC, which days are counted in; one without a zone is taken for UTC."""
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
