"""The corpus as it lies on disk."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.items import Capture

PAGES = Path(__file__).with_name("pages")
SETS = ("seen", "unseen")


@dataclass(frozen=True, eq=False)
class CorpusPage:
    """A page: its bytes, what is the article on it (`gold.toml`), and how it came (`meta.toml`)."""

    name: str
    html: bytes
    gold: Mapping[str, Any]
    meta: Mapping[str, str]

    @property
    def capture(self) -> Capture:
        """The page as the crawl would have it."""
        return Capture(
            address=self.meta["address"],
            body=self.html,
            media_type="text/html",
            captured_at=datetime.fromisoformat(self.meta["captured_at"]),
            headers={"content-type": self.meta["content_type"]},
            timezone=self.meta["timezone"] or None,
        )

    @property
    def decoded(self) -> str:
        """The page as text, decoded as it was written, for extractors that are handed text."""
        return self.html.decode(self.meta["charset"])


@cache
def corpus() -> tuple[CorpusPage, ...]:
    """All pages, by name."""
    return tuple(
        CorpusPage(
            folder.name,
            (folder / "page.html").read_bytes(),
            tomllib.loads((folder / "gold.toml").read_text("utf-8")),
            tomllib.loads((folder / "meta.toml").read_text("utf-8")),
        )
        for folder in sorted(PAGES.iterdir())
    )


def pages_of(group: str) -> tuple[CorpusPage, ...]:
    """The pages of a set."""
    return tuple(page for page in corpus() if page.meta["set"] == group)


@cache
def corpus_digest() -> str:
    """Twelve hex digits that tell one state of the corpus from another: of all files' names and bytes."""
    digest = hashlib.sha256()
    for path in sorted(PAGES.rglob("*.*")):
        digest.update(path.relative_to(PAGES).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
