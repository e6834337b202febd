"""A visit to an address of the frontier: what was fetched, what was read in it, or what went wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from pipeline.archive.warc import Location
from pipeline.crawl.answers import Trouble
from pipeline.crawl.worker import OfferRead, PageRead
from pipeline.items import Capture
from pipeline.store.frontier import Task

NOT_MODIFIED = 304

Kind = Literal["live", "made-good", "judged-again"]
"""Whether a visit asked the site, or took what an earlier one had fetched out of the archive."""
KNOWN = ("kept", "read")
"""The states of an address whose last answer is known, so that a site may be asked whether it has changed."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit, as far as it came; the item that the spiders yield and the item pipelines fill in.

    `final` is where redirects led to; `headers` are the answer's, by lower-case name; `body` is unpacked;
    `location` is its record in the archive. `status` is None where there was no answer.
    """

    task: Task
    at: datetime
    final: str = ""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    location: Location | None = None
    trouble: Trouble | None = None
    capture: Capture | None = None
    page: PageRead | None = None
    offer: OfferRead | None = None
    kind: Kind = "live"

    def __repr__(self) -> str:
        said = self.trouble.reason if self.trouble else self.status
        return f"Visit({self.task.address!r}, {said}, {len(self.body)} bytes)"

    @property
    def was_answered(self) -> bool:
        """Whether the site answered as one that wants to be read."""
        return self.trouble is None or self.trouble.step in ("gone", "never", "skip")

    def failed(self, trouble: Trouble) -> "Visit":
        """Return the visit as one that came to nothing."""
        return replace(self, trouble=trouble)
