"""What is told of one document, one story, and two texts beside each other: dictionaries with typed keys.

They are what `newsfold show`, `story` and `diff` print with `--json`: times are ISO 8601, in UTC.
"""

from typing import TypedDict


class Stated(TypedDict):
    """A fact with where it was stated."""

    value: str
    origin: str


class Moment(TypedDict):
    """A day, and the instant where it is known."""

    on: str
    at: str | None


class Modified(Moment):
    """When a text was last changed, as it states."""

    origin: str


class Published(Modified):
    """When a text was published, as it states, and why that date was chosen."""

    is_guess: bool
    reason: str | None


class SourceName(TypedDict):
    """An outlet."""

    key: str
    name: str


class Named(TypedDict):
    """A flag of a text, such as `paywall`."""

    name: str
    origin: str


class AuthorName(Named):
    """Who wrote a text; `kind` is person or organization."""

    kind: str


class Credited(Named):
    """Whom a text credits (`source`) or cites (`cited`), and what says so."""

    place: str
    kind: str
    evidence: str | None


class DateStated(TypedDict):
    """A date that a text states, as exactly as it states it."""

    kind: str
    origin: str
    raw: str
    day: str
    time: str | None
    at: str | None
    zone: str | None
    precision: str
    is_guess: bool


class Picture(TypedDict):
    """The lead picture."""

    address: str
    caption: str | None
    origin: str


class Languages(TypedDict):
    """What a page declares, and what its text tells."""

    declared: Stated | None
    detected: str | None


# `class` is a word of Python's, so that the other way of writing a TypedDict is needed.
Removed = TypedDict(
    "Removed", {"line": int, "text": str, "rule": str, "position": str, "class": str, "confidence": float}
)
"""A line that was removed, and the rule that did."""


class Line(TypedDict):
    """A line in its place on the page; `rule` is what removed it, None where it was kept."""

    line: int
    text: str
    rule: str | None


class Printing(TypedDict):
    """A version of an article that prints a document, with all that the page states."""

    address: str
    source: SourceName | None
    version: int
    first_seen_at: str
    title: Stated | None
    published: Published | None
    removed_lines: int
    modified: Modified | None
    standfirst: Stated | None
    section: Stated | None
    publisher: Stated | None
    picture: Picture | None
    languages: Languages
    markdown: str | None
    authors: list[AuthorName]
    flags: list[Named]
    dates: list[DateStated]
    credits: list[Credited]
    removed: list[Removed]
    lines: list[Line]


class Place(TypedDict):
    """A document's place in a story, which its lead's hash names."""

    lead: str
    role: str


class DocumentPage(TypedDict):
    """All that is known of one document."""

    content_hash: str
    hash_origin: str
    sha256: str
    language: Stated | None
    words: int
    opening: str
    articles: list[Printing]
    stories: list[Place]
    also_known_as: list[str]
    text: str


class Lead(TypedDict):
    """The document that leads a story, as the article that stands for it prints it."""

    content_hash: str
    title: str | None
    opening: str
    outlet: str | None
    address: str | None
    published: Moment | None


class Kinds(TypedDict):
    """How many copies stand how to the lead."""

    identical: int
    near: int
    contained: int
    contains: int
    indirect: int


class Between(TypedDict):
    """The time from first to last; the seconds where both instants are known."""

    days: int
    seconds: int | None


class Passage(TypedDict):
    """A stretch of a text, by its words and how it begins."""

    words: int
    begins: str


class Change(TypedDict):
    """What one text has that the other has not: words in all, and the longest passages."""

    words: int
    passages: list[Passage]


class Publication(TypedDict):
    """An article that prints a story."""

    content_hash: str
    outlet: str | None
    address: str
    title: str | None
    published: Moment | None
    words: int
    kind: str
    credits: list[Credited]


class CopyInFull(Publication):
    """A copy with what it took of the lead (shares from 0 to 1), what it added and what it cut."""

    taken: float
    of_lead: float
    added: Change
    cut: Change


class FormerText(TypedDict):
    """A text that an article of the story printed before."""

    content_hash: str
    words: int
    address: str
    version: int
    title: str | None
    first_seen_at: str


class TakenBack(TypedDict):
    """Who took a ruling back, when and why."""

    by: str
    at: str
    because: str


class RulingMade(TypedDict):
    """What an analyst ruled of two documents, whether it is in force, and the stories each of the two is in."""

    number: int
    kind: str
    one: str
    other: str
    by: str
    at: str
    because: str
    state: str
    stories: list[list[int]]
    taken_back: TakenBack | None


class StoryPage(TypedDict):
    """One story in full."""

    id: int
    lead: Lead
    lead_reason: str
    outlets: int
    outlet_names: list[str]
    copies: int
    kinds: Kinds
    digests: int
    first_seen: Moment
    last_seen: Moment
    seen_as: str
    between: Between
    why: list[str]
    copies_in_full: list[CopyInFull]
    more: int
    digests_in_full: list[Publication]
    revisions: list[FormerText]
    rulings: list[RulingMade]


class Compared(TypedDict):
    """One of two texts that are compared; the shares are of its words, and of its prose, from 0 to 1."""

    content_hash: str
    title: str | None
    opening: str
    sources: list[str]
    published: Published | None
    words: int
    shared: float
    shared_prose: float


class SharedPassage(TypedDict):
    """A passage that both texts have, with the number of its first word in each."""

    number: int
    start_one: int
    start_other: int
    words: int
    moved: bool
    text: str


class Segment(TypedDict):
    """A piece of a line; `passage` is the number of the shared one it is of."""

    text: str
    words: int
    passage: int | None
    moved: bool
    quoted: bool


class Comparison(TypedDict):
    """Two texts beside each other; a row has a line of each, None where the one has none beside the other's."""

    one: Compared
    other: Compared
    passages: list[SharedPassage]
    rows: list[list[list[Segment] | None]]


class Marked(TypedDict):
    """A piece of a text; `hit` where it is what was looked for."""

    text: str
    hit: bool


class Hit(TypedDict):
    """What a search found: a document, as the article that prints it; `others_of_story` were found as well."""

    content_hash: str
    title: str | None
    marked_title: list[Marked]
    snippet: list[Marked]
    outlet: str | None
    source: str | None
    address: str
    published: Moment | None
    language: str | None
    words: int
    story: int | None
    kind: str | None
    others_of_story: int
    rank: float


class Found(TypedDict):
    """What a search found, the best first; `more` where more documents have the words than were ranked."""

    query: str
    hits: list[Hit]
    found: int
    more: bool
    note: str | None
