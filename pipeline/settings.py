"""Every setting of newsfold, where it comes from, and why it is what it is."""

import os
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent

MAX_FILE_BYTES = 10 * 1024 * 1024
"""A larger file is no article; it is skipped unread, as a larger download is."""

LONGEST_ADDRESS = 2000
"""Bytes. PostgreSQL indexes no more than 2,700 of a value, and no server takes a longer address."""

BATCH = 64
"""Captures stored in one transaction: enough to share its cost, few enough to lose little at a kill."""

CANDIDATES_PER_HASH = 50
"""How many of the newest documents with a hash are looked at; a hash in this many is site furniture."""

MIN_SHARED_HASHES = 3
"""Fewer shared fingerprint hashes than this are chance, unless one of the two texts is short."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment decides.

    `home` holds the embedded database with its log, and the archive; `database_url` names a PostgreSQL server
    to be used instead of the embedded one.
    """

    home: Path
    database_url: str | None

    @property
    def archive(self) -> Path:
        """The folder of the WARC files."""
        return self.home / "archive"

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read `NEWSFOLD_HOME` (default: `.newsfold` in the checkout) and `DATABASE_URL`."""
        home = os.environ.get("NEWSFOLD_HOME")
        return cls(
            home=Path(home).expanduser().absolute() if home else CHECKOUT / ".newsfold",
            database_url=os.environ.get("DATABASE_URL") or None,
        )
