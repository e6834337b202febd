"""The values that travel through the pipeline; all of them immutable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

import numpy as np
import numpy.typing as npt

Fingerprint = npt.NDArray[np.int64]
HashOrigin = Literal["declared", "computed"]
DateKind = Literal["published", "modified", "page"]
Precision = Literal["day", "minute", "zone"]
AuthorKind = Literal["person", "organization"]
Flag = Literal["paywall", "live-blog"]
Position = Literal["head", "body", "tail"]
RuleClass = Literal["safe", "judged", "optional", "learned"]
CreditKind = Literal["source", "cited"]
CreditPlace = Literal["dateline", "tail", "byline", "prose", "markup", "line"]


@dataclass(frozen=True, slots=True)
class Source:
    """An outlet, as far as a sidecar or an event file describes it."""

    key: str
    name: str
    hosts: tuple[str, ...] = ()
    country: str | None = None
    language: str | None = None
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """What is known of a capture from outside its bytes; every field may be empty."""

    content_hash: str | None = None
    title: str | None = None
    published: date | datetime | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """What the page that led to an address said of it; every field but the first may be empty.

    `origin` is the kind of that page (`feed`, `sitemap`, `news-sitemap`, `wordpress`, `listing`, `section`,
    `wayback`). `published` and `modified` are as they were stated; `..._at` is aware, and set where time and
    zone were both stated; `..._on` is the day as that page states it.
    """

    origin: str
    title: str | None = None
    published: str | None = None
    published_at: datetime | None = None
    published_on: date | None = None
    modified: str | None = None
    modified_at: datetime | None = None
    modified_on: date | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP answer as it came: the head, and the body with its content encoding still on.

    `headers` keep their order and their repetitions; what only concerned the connection (chunking) is undone.
    """

    address: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    at: datetime
    phrase: str = ""
    server_ip: str | None = None

    def __repr__(self) -> str:
        return f"Exchange({self.address!r}, {self.status}, {len(self.body)} bytes)"


@dataclass(frozen=True, slots=True)
class Capture:
    """Bytes as they were fetched or imported, never changed.

    `address` is where they came from; `media_type` says how to read them (`text/plain` and
    `text/html` are understood); `timezone` is the IANA zone in which the source states times.
    `provisional_address` is the one it went by, or would have gone by, before its real one was known.
    """

    address: str
    body: bytes
    media_type: str
    captured_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    source: Source | None = None
    timezone: str | None = None
    declared: Declared = Declared()
    provisional_address: str | None = None
    listed: Listed | None = None

    def __repr__(self) -> str:
        return f"Capture({self.address!r}, {self.media_type}, {len(self.body)} bytes)"


@dataclass(frozen=True, slots=True)
class Claim:
    """A stated fact, and where it was stated (`declared`, `json-ld`, `headline`, `source-line`, ...)."""

    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a text, as it was stated; `kind` is `organization` for a newsroom or an agency."""

    name: str
    origin: str
    kind: AuthorKind = "person"


@dataclass(frozen=True, slots=True)
class Picture:
    """A page's lead picture: its whole address, and the caption it has on the page, if it has one."""

    address: str
    origin: str
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class DateClaim:
    """One date that the capture states, as exactly as it states it and no more.

    `kind` says what it dates: the publication, a modification, or only the page around the text.
    `at` is set when the time of day and the zone are both known; `local` (naive) when the time of
    day is. `raw` is the text that was read, `origin` where it stood. `is_guess`: the place where it stood does not
    say that it is the article's date.
    """

    kind: DateKind
    origin: str
    raw: str
    day: date
    local: datetime | None = None
    at: datetime | None = None
    zone: str | None = None
    is_guess: bool = False

    @property
    def precision(self) -> Precision:
        """How exact it is: the day, the minute on an unknown clock, or the minute in a known zone."""
        return "zone" if self.at is not None else "minute" if self.local is not None else "day"


@dataclass(frozen=True, slots=True)
class RemovedLine:
    """A line of residue: its index among the extractor's lines, its text, and the rule that took it.

    `position` says where it stood: above the first paragraph that was kept, below the last, or between. `rule_class` is
    the rule's; `confidence` (0 to 1) orders removals by their evidence, and is no measured probability: 1 for a safe
    rule, the more the more signs agreed for a judged one, the share of stories for learned furniture.
    """

    number: int
    text: str
    rule: str
    position: Position = "body"
    rule_class: RuleClass = "safe"
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Credit:
    """Whom a text names for its words, with the evidence.

    `value` is the name, `origin` the rule whose line said so, or what of page or text did. `kind` tells whose words
    they are (`source`) from whom the prose refers to (`cited`). `place` is `line` where the line was removed from the text.
    """

    value: str
    origin: str
    place: CreditPlace = "line"
    kind: CreditKind = "source"
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """The versions that decide what a capture becomes."""

    extractor: str
    residue: str
    canonical: str
    fingerprint: str


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """All that is derived from one capture; a pure function of the capture and the recipe.

    `text` is the clean text in canonical form, one paragraph a line; `sha256` is its digest and the
    document's identity; `content_hash` its public handle. `fingerprint` holds sorted unique signed
    64-bit shingle hashes, and `word_count` counts the words as matching sees them. `notes` are
    sentences about doubts (a guessed encoding). `article_address` is the canonical address of the publication,
    where it is another than the capture's own; `twins` are further addresses that the page states of itself.

    `published_reason` says in words why `published` was chosen. `flags` are of `Flag`. `language` is the declared
    one, else the detected one; both are beside it. `markdown` is `text` with marks for headings, lists, quotes and
    tables; None where it has none of them. `line_numbers` tells for each line of `text` which of the extractor's
    lines it was, counting from 0, as `RemovedLine.number` does: both together are all that the extractor gave.
    """

    text: str
    sha256: bytes
    content_hash: str
    hash_origin: HashOrigin
    word_count: int
    fingerprint: Fingerprint
    recipe: Recipe
    title: Claim | None = None
    credits: tuple[Credit, ...] = ()
    dates: tuple[DateClaim, ...] = ()
    published: DateClaim | None = None
    language: Claim | None = None
    removed: tuple[RemovedLine, ...] = ()
    notes: tuple[str, ...] = ()
    article_address: str | None = None
    twins: tuple[str, ...] = ()
    published_reason: str | None = None
    modified: DateClaim | None = None
    standfirst: Claim | None = None
    authors: tuple[Author, ...] = ()
    section: Claim | None = None
    publisher: Claim | None = None
    picture: Picture | None = None
    flags: tuple[Claim, ...] = ()
    declared_language: Claim | None = None
    detected_language: str | None = None
    markdown: str | None = None
    line_numbers: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"Prepared({self.content_hash}, {self.word_count} words, {len(self.removed)} lines removed)"
