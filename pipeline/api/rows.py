"""A row of each table, as a value with typed fields.

The tables are the database's views, and the fields their columns; a test holds the two together. What each column means is
in the database's own comments, which `Table.columns` and `newsfold export` show.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it stands now."""

    article_id: int
    source: str | None
    outlet: str | None
    country: str | None
    address: str
    title: str | None
    published_on: date | None
    published_at: datetime | None
    published_origin: str | None
    published_is_guess: bool
    modified_on: date | None
    modified_at: datetime | None
    captured_at: datetime
    section: str | None
    version: int
    content_hash: str
    language: str | None
    words: int
    story_id: int | None
    role: str | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story: its lead, and who prints it how."""

    story_id: int
    lead_hash: str
    lead_outlet: str | None
    lead_source: str | None
    title: str | None
    lead_address: str | None
    lead_reason: str
    language: str | None
    words: int
    outlets: int
    articles: int
    copies: int
    identical: int
    near: int
    contained: int
    contains: int
    indirect: int
    digests: int
    first_published_on: date | None
    last_published_on: date | None
    first_published_at: datetime | None
    last_published_at: datetime | None
    first_captured_at: datetime


@dataclass(frozen=True, slots=True)
class Copy:
    """An article that prints a story beside the one that leads it."""

    story_id: int
    kind: str
    lead_hash: str
    lead_outlet: str | None
    lead_source: str | None
    lead_address: str | None
    lead_published_on: date | None
    lead_published_at: datetime | None
    copy_hash: str
    copy_outlet: str | None
    copy_source: str | None
    copy_address: str
    copy_title: str | None
    copy_published_on: date | None
    copy_published_at: datetime | None
    days_later: int | None
    hours_later: float | None
    share_of_lead: float | None
    share_of_copy: float | None
    lead_words: int
    copy_words: int
    credits: list[str]
    lead_title: str | None
    credits_lead: bool


@dataclass(frozen=True, slots=True)
class RemovedLine:
    """A line that was removed from an article's present text."""

    source: str | None
    outlet: str | None
    address: str
    content_hash: str
    line: int
    text: str
    rule: str
    rule_class: str
    position: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Text:
    """A clean text."""

    content_hash: str
    language: str | None
    language_origin: str | None
    words: int
    text: str
    sha256: str
    hash_origin: str
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class Relation:
    """How two texts are related, with the measured evidence."""

    shorter_hash: str
    longer_hash: str
    kind: str
    containment: float
    containment_longer: float
    jaccard: float
    longest_run: int
    unquoted: float
    shared_shingles: int


@dataclass(frozen=True, slots=True)
class CreditGiven:
    """Whom an article credits with its words, or cites."""

    source: str | None
    outlet: str | None
    address: str
    content_hash: str
    credited: str
    kind: str
    place: str
    origin: str
    evidence: str | None


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote an article, as it states it."""

    source: str | None
    outlet: str | None
    address: str
    content_hash: str
    author: str
    kind: str
    position: int
    origin: str


@dataclass(frozen=True, slots=True)
class Revision:
    """A version of an article that has had more than one."""

    source: str | None
    outlet: str | None
    address: str
    version: int
    content_hash: str
    title: str | None
    captured_at: datetime
    modified_at: datetime | None
    words: int
    words_more: int | None
    previous_hash: str | None
    is_current: bool
    superseded_run_id: int | None


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence that travels."""

    quote_id: int
    quote: str
    quote_words: int
    texts: int
    articles: int
    outlets: int
    first_outlet: str | None
    first_hash: str
    first_published_on: date | None
    first_published_at: datetime | None
    then_outlets: list[str | None]
    is_quoted: bool
    first_is_sure: bool


@dataclass(frozen=True, slots=True)
class QuoteCarrier:
    """An article that carries a sentence that travels."""

    quote_id: int
    quote: str
    quote_words: int
    source: str | None
    outlet: str | None
    address: str
    title: str | None
    content_hash: str
    published_on: date | None
    published_at: datetime | None
    captured_at: datetime
    carried: str
    share: float
    place: int
    is_quoted: bool
    credits_others: bool


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two outlets have in common."""

    outlet: str
    other_outlet: str
    stories_in_common: int
    outlet_stories: int
    other_stories: int
    share_of_outlet: float
    share_of_other: float
    outlet_first: int
    other_first: int


@dataclass(frozen=True, slots=True)
class Hour:
    """The articles of an outlet and a story in an hour."""

    day: date | None
    hour: datetime | None
    source: str | None
    outlet: str | None
    story_id: int | None
    articles: int
    of_leads: int
    of_copies: int
