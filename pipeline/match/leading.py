"""Which document of a story leads it, and why, in words."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class StoryText:
    """What decides a document's place in its story.

    `key` is the document's identity (its SHA-256). `outlets` are the names it was published under, `credits` those
    it names as the source of its words, `cites` those it merely refers to in its prose; all are compared without
    case. `superseded_by` holds the keys of the texts that its articles print now, where none of them prints this
    one any more: it is then a revision, and no text in circulation.
    """

    key: bytes
    word_count: int
    published_on: date | None = None
    published_at: datetime | None = None
    outlets: frozenset[str] = frozenset()
    credits: frozenset[str] = frozenset()
    cites: frozenset[str] = frozenset()
    superseded_by: frozenset[bytes] = frozenset()


def choose_lead(texts: Collection[StoryText]) -> tuple[bytes, str]:
    """Return the key of the text that leads a story, and the reason in words.

    In this order: the text whose outlet the others credit with their words; the one whose outlet the others cite;
    one that credits nobody else; the earliest published; the longest; and, so that the choice never depends on
    order, the smallest key.

    Raises:
        ValueError: there is no text, or two have the same key.
    """
    if len(texts) == 1:
        return next(iter(texts)).key, "the only text"
    credited = _namings(texts, lambda text: text.credits)
    cited = _namings(texts, lambda text: text.cites)
    criteria: tuple[tuple[Callable[[StoryText], str], Callable[[StoryText], Any]], ...] = (
        (lambda text: _said(text, credited, "credit"), lambda text: not _named(text, credited)),
        (lambda text: _said(text, cited, "cite"), lambda text: not _named(text, cited)),
        (lambda _: "it credits nobody else with its words", _owes_credit),
        (lambda _: "it was published first", _published_key),
        (lambda _: "it is the longest", lambda text: -text.word_count),
        (lambda _: "its hash is the smallest; nothing else tells them apart", lambda text: text.key),
    )
    left = list(texts)
    for reason, key in criteria:
        best = min(key(text) for text in left)
        kept = [text for text in left if key(text) == best]
        if len(kept) == 1:
            return kept[0].key, reason(kept[0])
        left = kept
    raise ValueError("Two documents of a story have the same key.")


_Names = tuple[Counter[str], Callable[[StoryText], frozenset[str]]]


def _namings(texts: Collection[StoryText], names_of: Callable[[StoryText], frozenset[str]]) -> _Names:
    """Count how many texts name each name, so that a story of thousands is read once."""
    return Counter(name for text in texts for name in _folded(names_of(text))), names_of


def _folded(names: frozenset[str]) -> set[str]:
    return {name.casefold() for name in names}


def _named(text: StoryText, names: _Names) -> dict[str, int]:
    """Return the names of a text's outlets that other texts name, and how many do."""
    counts, names_of = names
    own = _folded(names_of(text))
    found = {name: counts[name.casefold()] - (name.casefold() in own) for name in text.outlets}
    return {name: times for name, times in found.items() if times > 0}


def _said(text: StoryText, names: _Names, verb: str) -> str:
    found = _named(text, names)
    # Of several names of one outlet, the one that is written like a name.
    name = max(found, key=lambda name: (found[name], name != name.casefold(), name))
    others = "one other" if found[name] == 1 else f"{found[name]} others"
    return f"its outlet, {name}, is the one the others {verb} ({others} of the story)"


def _owes_credit(text: StoryText) -> bool:
    return bool(_folded(text.credits) - _folded(text.outlets))


def _published_key(text: StoryText) -> tuple[bool, date, bool, str]:
    """Order by day; within a day, the instants come first, in order; the undated come last."""
    if text.published_on is None:
        return True, date.max, True, ""
    instant = text.published_at.astimezone(UTC).isoformat() if text.published_at else ""
    return False, text.published_on, text.published_at is None, instant
