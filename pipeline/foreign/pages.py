"""Loose pages: files of HTML or text, with the address that their name makes with a base."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urljoin

from pipeline.archive.fields import tidy_address
from pipeline.errors import Quarantine
from pipeline.foreign.references import Reference
from pipeline.items import Capture
from pipeline.settings import MAX_FILE_BYTES

MEDIA_TYPES = {".html": "text/html", ".htm": "text/html", ".xhtml": "text/html", ".txt": "text/plain"}


def address_of_page(path: Path, base: str | None) -> str:
    """Return the address of a page: its name behind the base, else the file's own address."""
    name = quote(path.name.encode("utf-8", "surrogateescape"))
    return tidy_address(urljoin(base, name)) if base else path.absolute().as_uri()


def moment_of(path: Path, captured_at: datetime | None) -> datetime:
    """Return when a file was captured: what was told, else when it was last changed.

    Raises:
        OSError: it is not there.
    """
    return captured_at or datetime.fromtimestamp(path.stat().st_mtime, UTC)


def read_page(reference: Reference, base: str | None, captured_at: datetime | None) -> Capture:
    """Read a page that is a file of its own.

    Raises:
        OSError: it cannot be read.
        Quarantine: it is too large to be an article, or empty.
    """
    path = Path(reference.path)
    with path.open("rb") as file:
        body = file.read(MAX_FILE_BYTES + 1)
    if len(body) > MAX_FILE_BYTES:
        raise Quarantine("too-large", f"{path} has over {MAX_FILE_BYTES / 1e6:.0f} MB; no article has.")
    if not body.strip():
        raise Quarantine("empty", f"{path} is empty.")
    source = reference.source
    return Capture(
        address=address_of_page(path, base),
        body=body,
        media_type=MEDIA_TYPES.get(path.suffix.lower(), "text/html"),
        captured_at=moment_of(path, captured_at),
        source=source,
        timezone=source.timezone if source else None,
    )
