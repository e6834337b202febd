"""Reading a folder of seed documents: texts and pages in files, with what is known of them in a sidecar."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.errors import SetupError
from pipeline.items import Capture, Declared, Source
from pipeline.settings import MAX_FILE_BYTES
from pipeline.store.ingest import Arrival, Rejection
from pipeline.store.runs import Outcome
from pipeline.store.versions import SEED_ADDRESS

SIDECAR = "seeds.toml"

_MEDIA_TYPES = {".txt": "text/plain", ".html": "text/html", ".htm": "text/html"}
_HASH = re.compile(r"(?:\d+_)?([0-9a-f]{16})")
# What looks like a hash and is none: hex digits in the wrong case or number, or sixteen signs, not all hex.
_LIKE_HASH = re.compile(r"\d+_(?=\w*[^\W\d_])(?:[0-9a-fA-F]{8,}|[0-9a-zA-Z]{16})")

_SOURCE_KEYS = {"name", "hosts", "country", "language", "timezone"}
_SEED_KEYS = {"source", "address", "title", "published", "language"}


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What `seeds.toml` says: the outlets by key, and each seed's facts by content hash or file name."""

    sources: Mapping[str, Source]
    seeds: Mapping[str, Mapping[str, Any]]


def read_folder(folder: Path, now: datetime) -> Iterator[Arrival | Rejection]:
    """Yield every file of a folder as a capture, or as a rejection with its reason; sorted by name.

    Args:
        folder: the folder; it is not searched below its first level.
        now: the moment of the import, recorded as each capture's time.

    Raises:
        SetupError: there is no such folder, no seed in it, or its sidecar is wrong.
    """
    try:
        files = sorted(item for item in folder.iterdir() if not item.name.startswith("."))
    except OSError as error:
        raise SetupError(f"The folder {folder} cannot be read: {error.strerror}.") from error
    if not any(item.suffix.lower() in _MEDIA_TYPES for item in files):
        raise SetupError(
            f"The folder {folder} has no seed documents: it needs files that end in "
            f"{', '.join(sorted(_MEDIA_TYPES))}."
        )
    sidecar = read_sidecar(folder / SIDECAR)
    return (_read_file(item, sidecar, now) for item in files if item.suffix.lower() != ".toml")


def read_sidecar(path: Path) -> Sidecar:
    """Read `seeds.toml`; a folder without one has an empty sidecar.

    Raises:
        SetupError: it is not TOML, or says something that newsfold does not understand.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Sidecar({}, {})
    except OSError as error:
        raise SetupError(f"The sidecar {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise SetupError(f"The sidecar {path} is not valid TOML: {error}.") from error
    _only_known(path, "the file", table, {"source", "seed"})
    sources = {key: _source(path, key, entry) for key, entry in table.get("source", {}).items()}
    seeds = table.get("seed", {})
    for name, entry in seeds.items():
        _only_known(path, f"seed.{name}", entry, _SEED_KEYS)
        if "source" in entry and entry["source"] not in sources:
            raise SetupError(
                f"In {path}, seed.{name} names the source {entry['source']!r}, which has no entry."
            )
        if not isinstance(entry.get("published", date.min), date):
            raise SetupError(f"In {path}, seed.{name}.published is not a date such as 2024-12-04.")
    return Sidecar(sources, seeds)


def _source(path: Path, key: str, entry: Mapping[str, Any]) -> Source:
    _only_known(path, f"source.{key}", entry, _SOURCE_KEYS)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key):
        raise SetupError(
            f"In {path}, the source key {key!r} is not made of small letters, digits and hyphens."
        )
    if "name" not in entry:
        raise SetupError(f"In {path}, source.{key} has no name.")
    timezone = entry.get("timezone")
    try:
        ZoneInfo(timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SetupError(
            f"In {path}, source.{key}.timezone is {timezone!r}, which is no time zone; write it as Europe/Kyiv."
        ) from error
    return Source(
        key=key,
        name=entry["name"],
        hosts=tuple(entry.get("hosts", ())),
        country=entry.get("country"),
        language=entry.get("language"),
        timezone=timezone,
    )


def _only_known(path: Path, where: str, entry: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(entry.keys() - known)
    if unknown:
        raise SetupError(
            f"In {path}, {where} has the key {unknown[0]!r}, which newsfold does not know; it knows "
            f"{', '.join(sorted(known))}."
        )


def _read_file(path: Path, sidecar: Sidecar, now: datetime) -> Arrival | Rejection:
    address = path.absolute().as_uri()
    media_type = _MEDIA_TYPES.get(path.suffix.lower())
    if media_type is None:
        return _rejected(address, "skipped", "not-a-seed", f"{path} is neither a text nor an HTML file.")
    stem = path.stem
    match = _HASH.fullmatch(stem)
    if match is None and _LIKE_HASH.fullmatch(stem):
        said = stem.split("_", 1)[1]
        return _rejected(
            address, "refused", "malformed-hash",
            f"{path} seems to declare a content hash, but {said!r} is not 16 lowercase hex digits; rename it.",
        )  # fmt: skip
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            return _rejected(
                address, "failed", "too-large",
                f"{path} has {size / 1e6:.0f} MB; no article is over {MAX_FILE_BYTES / 1e6:.0f} MB. "
                "Split it, or cut it to the article.",
            )  # fmt: skip
        if not path.is_file():
            return _rejected(address, "skipped", "not-a-file", f"{path} is a folder or a device, not a file.")
        body = _read_bytes(path)
    except OSError as error:
        return _rejected(address, "failed", "unreadable", f"{path} cannot be read: {error.strerror}.")
    declared_hash = match[1] if match else None
    known = sidecar.seeds.get(declared_hash or "", sidecar.seeds.get(path.name, {}))
    source = sidecar.sources.get(known.get("source", ""))
    fallback = SEED_ADDRESS + declared_hash if declared_hash else address
    capture = Capture(
        address=known.get("address", fallback),
        body=body,
        media_type=media_type,
        captured_at=now,
        source=source,
        timezone=source.timezone if source else None,
        declared=Declared(
            content_hash=declared_hash,
            title=known.get("title"),
            published=known.get("published"),
            language=known.get("language"),
        ),
    )
    return Arrival(address, capture)


def _read_bytes(path: Path) -> bytes:
    """Read a file without following it into a pipe or a device that was put in its place."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as stream:
        return stream.read(MAX_FILE_BYTES + 1)


def _rejected(address: str, outcome: str, reason: str, message: str) -> Rejection:
    return Rejection(Outcome(address, outcome, reason, message))


def utc_now() -> datetime:
    """Return the present moment; the import's only clock."""
    return datetime.now(UTC)
