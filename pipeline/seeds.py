"""Reading a folder of seed documents: texts and pages in files, with what is known of them in a sidecar."""

import hashlib
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import Quarantine, Refuse, SetupError
from pipeline.items import Capture, Declared
from pipeline.settings import LONGEST_ADDRESS, MAX_FILE_BYTES
from pipeline.sidecar import SeedFacts, Sidecar, read_sidecar
from pipeline.store.ingest import Arrival, Rejection
from pipeline.store.runs import Outcome
from pipeline.store.versions import SEED_ADDRESS

SIDECAR = "seeds.toml"

_MEDIA_TYPES = {".txt": "text/plain", ".html": "text/html", ".htm": "text/html"}
_HASH = re.compile(r"(?:\d+_)?([0-9a-f]{16})")
# What looks like a hash and is none: a number and sixteen signs as the seeds are named, not all of them hex;
# or, anywhere in a name, twelve and more hex signs with letters and digits among them.
_LIKE_HASH = re.compile(
    r"\d{3}_([0-9A-Za-z]{16})"
    r"|.*?(?<![0-9A-Za-z])((?=[0-9A-Fa-f]*\d)(?=[0-9A-Fa-f]*[A-Fa-f])[0-9A-Fa-f]{12,})(?![0-9A-Za-z]).*"
)


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
    return _read_files(files, sidecar, folder / SIDECAR, now)


def _read_files(
    files: list[Path], sidecar: Sidecar, sidecar_path: Path, now: datetime
) -> Iterator[Arrival | Rejection]:
    unused = set(sidecar.seeds)
    for path in files:
        if path.suffix.lower() != ".toml":
            item = _read_file(path, sidecar, now)
            if isinstance(item, Arrival):
                unused -= {path.name, item.capture.declared.content_hash or ""}
            yield item
    for name in sorted(unused):
        yield _rejected(
            f"{sidecar_path.absolute().as_uri()}#{name}", "skipped", "no-such-seed",
            f"{sidecar_path} has an entry for {name!r}, and no file of the folder that was read is named or "
            "declared so; nothing came of the entry.",
        )  # fmt: skip


def _read_file(path: Path, sidecar: Sidecar, now: datetime) -> Arrival | Rejection:
    address = path.absolute().as_uri()
    if len(address) > LONGEST_ADDRESS:
        digest = hashlib.sha256(address.encode()).hexdigest()[:16]
        address = f"{address[: LONGEST_ADDRESS - 20]}...{digest}"
    media_type = _MEDIA_TYPES.get(path.suffix.lower())
    # A name need not be text to the system; it must be to be shown and stored.
    name = os.fsencode(path).decode("utf-8", "replace")
    if media_type is None:
        return _rejected(address, "skipped", "not-a-seed", f"{name} is neither a text nor an HTML file.")
    try:
        declared_hash = _declared_hash(path.stem)
        body = _read_bytes(path)
    except Quarantine as error:
        return _rejected(address, "failed", error.reason, f"{name} {error}")
    except Refuse as error:
        return _rejected(address, "refused", error.reason, f"{name} {error}")
    except OSError as error:
        return _rejected(address, "failed", "unreadable", f"{name} cannot be read: {error.strerror}.")
    if body is None:
        return _rejected(address, "skipped", "not-a-file", f"{name} is a folder or a device, not a file.")
    known = sidecar.seeds.get(declared_hash or "") or sidecar.seeds.get(path.name) or SeedFacts()
    fallback = SEED_ADDRESS + declared_hash if declared_hash else address
    capture = Capture(
        address=known.address or fallback,
        body=body,
        media_type=media_type,
        captured_at=now,
        source=known.source,
        timezone=known.source.timezone if known.source else None,
        declared=Declared(
            content_hash=declared_hash,
            title=known.title,
            published=known.published,
            language=known.language,
        ),
        provisional_address=fallback,
    )
    return Arrival(address, capture)


def _declared_hash(stem: str) -> str | None:
    """Return the content hash that a name declares, None where it declares none.

    Raises:
        Refuse: it looks as if it declared one, and does not.
    """
    match = _HASH.fullmatch(stem)
    if match is not None:
        return match[1]
    alike = _LIKE_HASH.fullmatch(stem)
    if alike is None:
        return None
    raise Refuse(
        "malformed-hash",
        f"seems to declare the content hash {alike[1] or alike[2]!r}, but a name declares one as 003_ and 16 "
        "lowercase hex digits, and nothing else; rename it.",
    )


def _read_bytes(path: Path) -> bytes | None:
    """Return a file's bytes, None for a folder or a device.

    Raises:
        OSError: it cannot be read.
        Quarantine: it is too large to be an article.
    """
    size = path.stat().st_size
    if not path.is_file():
        return None
    if size <= MAX_FILE_BYTES:
        # Opened so that a pipe put in the file's place meanwhile does not hold the import up.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as stream:
            body = stream.read(MAX_FILE_BYTES + 1)
        if len(body) <= MAX_FILE_BYTES:
            return body
        size = len(body)
    raise Quarantine(
        "too-large",
        f"has {size / 1e6:.0f} MB; no article is over {MAX_FILE_BYTES / 1e6:.0f} MB. Split it, or cut it to the "
        "article.",
    )


def _rejected(address: str, outcome: str, reason: str, message: str) -> Rejection:
    return Rejection(Outcome(address, outcome, reason, message))


def utc_now() -> datetime:
    """Return the present moment; the import's only clock."""
    return datetime.now(UTC)
