"""Stories: the documents that are one text in circulation, as a pure function of their relations.

The same documents and relations in any order give the same stories and leads.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

Role = Literal["lead", "copy", "digest"]

SAME_TEXT = frozenset({"identical", "near"})
JOINING = frozenset({*SAME_TEXT, "contains"})


@dataclass(frozen=True, slots=True)
class StoryText:
    """What decides a document's place in its story.

    `key` is the document's identity (its SHA-256). `outlets` are the names it was published under,
    `credits` the names it credits with its words; both are compared without case.
    """

    key: bytes
    word_count: int
    published_on: date | None = None
    published_at: datetime | None = None
    outlets: frozenset[str] = frozenset()
    credits: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Link:
    """A relation, by the keys of its shorter and its longer document."""

    shorter: bytes
    longer: bytes
    kind: str


@dataclass(frozen=True, slots=True)
class FoldedStory:
    """A story: each document's role by its key, the lead's key, and why that one leads."""

    lead: bytes
    lead_reason: str
    roles: Mapping[bytes, Role]


def fold(texts: Collection[StoryText], links: Iterable[Link]) -> list[FoldedStory]:
    """Fold documents into stories.

    Near and identical texts join, and a text joins the one that contains it, except for digests: a
    document that contains two texts unrelated to each other is an appearance of both their stories, a
    bridge between neither. Every document has one story of its own; a digest appears in others besides.
    """
    joining = sorted(
        {link for link in links if link.kind in JOINING}, key=lambda link: (link.shorter, link.longer)
    )
    contained: dict[bytes, set[bytes]] = defaultdict(set)
    for link in joining:
        if link.kind == "contains":
            contained[link.longer].add(link.shorter)
    by_key = {text.key: text for text in texts}
    digests: set[bytes] = set()
    # The smaller ones first: inside a larger digest, a smaller one joins nothing either.
    for key in sorted(contained, key=lambda key: (by_key[key].word_count, key)):
        if _is_digest(contained[key], [link for link in joining if link.longer not in digests]):
            digests.add(key)

    groups = _Groups(text.key for text in texts)
    for link in joining:
        if link.kind in SAME_TEXT or link.longer not in digests:
            groups.join(link.shorter, link.longer)

    appearances: dict[bytes, set[bytes]] = defaultdict(set)
    for digest in digests:
        for inner in contained[digest]:
            if groups.find(inner) != groups.find(digest):
                appearances[groups.find(inner)].add(digest)
    stories = []
    for root, keys in groups.members().items():
        lead, reason = choose_lead([by_key[key] for key in keys])
        roles: dict[bytes, Role] = {key: "lead" if key == lead else "copy" for key in sorted(keys)}
        roles.update(dict.fromkeys(sorted(appearances[root]), "digest"))
        stories.append(FoldedStory(lead, reason, roles))
    return sorted(stories, key=lambda story: story.lead)


def choose_lead(texts: Collection[StoryText]) -> tuple[bytes, str]:
    """Return the key of the text that leads a story, and the reason in words.

    In this order: the text whose outlet the others credit; one that credits nobody else; the earliest
    published; the longest; and, so that the choice never depends on order, the smallest key.
    """
    if len(texts) == 1:
        return next(iter(texts)).key, "the only text"

    def is_credited(text: StoryText) -> bool:
        others = {name.casefold() for other in texts if other.key != text.key for name in other.credits}
        return any(outlet.casefold() in others for outlet in text.outlets)

    def owes_credit(text: StoryText) -> bool:
        own = {outlet.casefold() for outlet in text.outlets}
        return any(name.casefold() not in own for name in text.credits)

    criteria = (
        ("its outlet is the one the others credit", lambda text: not is_credited(text)),
        ("it credits nobody else with its words", owes_credit),
        ("it was published first", _published_key),
        ("it is the longest", lambda text: -text.word_count),
        ("its hash is the smallest; nothing else tells them apart", lambda text: text.key),
    )
    left = list(texts)
    for reason, key in criteria:
        best = min(key(text) for text in left)
        kept = [text for text in left if key(text) == best]
        if len(kept) == 1:
            return kept[0].key, reason
        left = kept
    raise ValueError("Two documents of a story have the same key.")


def _published_key(text: StoryText) -> tuple[bool, date, bool, str]:
    """Order by day; within a day, the instants come first, in order; the undated come last."""
    if text.published_on is None:
        return True, date.max, True, ""
    instant = text.published_at.astimezone(UTC).isoformat() if text.published_at else ""
    return False, text.published_on, text.published_at is None, instant


def _is_digest(inner: set[bytes], joining: list[Link]) -> bool:
    """Tell whether a document's contained texts fall into groups that nothing joins."""
    groups = _Groups(inner)
    for link in joining:
        if link.shorter in inner and link.longer in inner:
            groups.join(link.shorter, link.longer)
    return len(groups.members()) > 1


class _Groups:
    """Union-find; the root of a group is its smallest key, so it does not depend on order."""

    def __init__(self, keys: Iterable[bytes]) -> None:
        self._parent = {key: key for key in keys}

    def find(self, key: bytes) -> bytes:
        while self._parent[key] != key:
            self._parent[key] = self._parent[self._parent[key]]
            key = self._parent[key]
        return key

    def join(self, one: bytes, other: bytes) -> None:
        low, high = sorted((self.find(one), self.find(other)))
        self._parent[high] = low

    def members(self) -> dict[bytes, set[bytes]]:
        found: dict[bytes, set[bytes]] = defaultdict(set)
        for key in self._parent:
            found[self.find(key)].add(key)
        return found
