"""Whether a text is about the event: its words against groups of terms, in any of the event's languages."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from pipeline.match.spelling import fold_spelling
from pipeline.match.words import APOSTROPHES, DROP_APOSTROPHES, WORDS, fold_text

LEAD_WORDS = 100
"""News says first what it is about: a group found within so many words counts in full, later by half."""
SHORTEST_STEM = 3
"""Letters a term needs before its `*`; a shorter stem would begin a word of any text."""

_TITLE_COUNTS = 2
# "l'OTAN" and "NATO's" are the word between: French elision before it, the English genitive after it.
_ELISION = re.compile(rf"(?:[cdjlmnst]|(?:jus|lors|puis)?qu)[{APOSTROPHES}]")
_GENITIVE = re.compile(rf"[{APOSTROPHES}]s$")

_CACHE_LIMIT = 100_000

_Forms = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """Terms that stand for one thing, and how many times it must be named; a title's hit counts twice."""

    name: str
    terms: tuple[str, ...]
    times: int = 1


@dataclass(frozen=True, slots=True)
class Topic:
    """What a text must say: each required group, `least` of the any-of groups, and no excluded term.

    A term is a word or a phrase. Case, punctuation, accents' encoding and British spelling make no
    difference; a word that ends in `*` stands for every word that so begins (`міністр* закордонних справ`).
    """

    required: tuple[Group, ...] = ()
    any_of: tuple[Group, ...] = ()
    least: int = 1
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicScore:
    """Whether a text is on the topic, how much so, why (a sentence), and the terms that were found.

    `score` is a share from 0 to 1: each group, required or any-of, gives 1 when it is found in the title
    or the lead, one half when it is found only later, and nothing when it is not found often enough; the
    sum is divided by the number of groups. It ranks texts; `relevant` is decided by the topic's rules.
    """

    relevant: bool
    score: float
    reason: str
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """One word of a term: whole, or the stem of any word that begins with it."""

    letters: str
    stem: bool

    def fits(self, forms: _Forms) -> bool:
        # A stem is tried on both spellings: the fold changes whole words, and may change one past its stem.
        if self.stem:
            return forms[0].startswith(self.letters) or forms[1].startswith(self.letters)
        return forms[1] == self.letters


_Parts = tuple[_Part, ...]
_Hits = dict[_Parts, set[int]]


class _Index:
    """A topic's terms by their first word, so that most words of a text cost one look-up."""

    def __init__(self, topic: Topic) -> None:
        groups = topic.required + topic.any_of
        self.groups = {group: frozenset(map(term_parts, group.terms)) for group in groups}
        self.excluded = frozenset(map(term_parts, topic.excluded))
        # Two languages may share a term: it is shown as the first of them writes it.
        self.names: dict[_Parts, str] = {}
        for term in [*(term for group in groups for term in group.terms), *topic.excluded]:
            self.names.setdefault(term_parts(term), term)
        self._whole: defaultdict[str, list[_Parts]] = defaultdict(list)
        self._stems: defaultdict[str, list[_Parts]] = defaultdict(list)
        for parts in self.names:
            (self._stems if parts[0].stem else self._whole)[parts[0].letters].append(parts)
        self._lengths = sorted({len(stem) for stem in self._stems})
        self._known: dict[str, tuple[_Parts, ...]] = {}

    def hits(self, text: str) -> _Hits:
        """Return where each term begins, counted in words."""
        words = WORDS.findall(fold_text(text))
        known = self._known
        found: _Hits = {}
        for place, word in enumerate(words):
            for parts in known[word] if word in known else self._look_up(word):
                following = words[place + 1 : place + len(parts)]
                rest = parts[1:]
                if len(following) == len(rest) and all(map(_Part.fits, rest, map(_forms, following))):
                    found.setdefault(parts, set()).add(place)
        return found

    def _look_up(self, word: str) -> tuple[_Parts, ...]:
        """Return the terms whose first word this is, and keep the answer."""
        plain, folded = _forms(word)
        begun = list(self._whole.get(folded, ()))
        for length in self._lengths:
            for stem in {plain[:length], folded[:length]}:
                begun += self._stems.get(stem, ())
        if len(self._known) >= _CACHE_LIMIT:
            self._known.clear()
        return self._known.setdefault(word, tuple(dict.fromkeys(begun)))


def term_parts(term: str) -> _Parts:
    """Return the words of a term as they are matched.

    Raises:
        ValueError: the term has no word, a `*` that ends none, or too short a stem; the message says which.
    """
    parts: list[_Part] = []
    for chunk in fold_text(term).split():
        words = [_forms(word) for word in WORDS.findall(chunk)]
        stem = chunk.endswith("*")
        if "*" in chunk[:-1] or (stem and not words):
            raise ValueError(f"the term {term!r} has a * that is not at the end of a word")
        if stem and len(words[-1][0]) < SHORTEST_STEM:
            raise ValueError(f"the term {term!r} needs {SHORTEST_STEM} letters or more before its *")
        parts += [_Part(folded, stem=False) for _, folded in words]
        if stem:
            parts[-1] = _Part(words[-1][0], stem=True)
    if not parts:
        raise ValueError(f"the term {term!r} has no word")
    return tuple(parts)


def score(title: str | None, text: str, topic: Topic) -> TopicScore:
    """Judge a text, with its title when it has one, by a topic.

    Raises:
        ValueError: a term of the topic is none; `term_parts` says what a term is.
    """
    index = _index(topic)
    in_title, in_text = index.hits(title or ""), index.hits(text)
    times: dict[Group, int] = {}
    marks: list[float] = []
    for group, terms in index.groups.items():
        heads, places = _places(terms, in_title), _places(terms, in_text)
        times[group] = _TITLE_COUNTS * len(heads) + len(places)
        early = bool(heads) or min(places, default=LEAD_WORDS) < LEAD_WORDS
        marks.append(0.0 if times[group] < group.times else 1.0 if early else 0.5)
    found = {parts: name for parts, name in index.names.items() if parts in in_title or parts in in_text}
    against = [found[parts] for parts in found if parts in index.excluded]
    reason = f"The excluded term {against[0]!r} was found." if against else _missing(topic, times)
    return TopicScore(
        relevant=reason is None,
        score=round(sum(marks) / len(marks), 3) if marks else 1.0,
        reason=reason or f"Every required group and {_shares(topic, times)} any-of groups were found.",
        found=tuple(found.values()),
    )


def _places(terms: frozenset[_Parts], hits: _Hits) -> set[int]:
    """Two terms of a group that begin at one word ("NATO", "NATO allies") name it once."""
    return set().union(*(hits[parts] for parts in terms if parts in hits))


def _named(topic: Topic, times: dict[Group, int]) -> list[str]:
    return [group.name for group in topic.any_of if times[group] >= group.times]


def _shares(topic: Topic, times: dict[Group, int]) -> str:
    return f"{len(_named(topic, times))} of {len(topic.any_of)}"


def _missing(topic: Topic, times: dict[Group, int]) -> str | None:
    for group in topic.required:
        if not times[group]:
            return f"Nothing of the required group {group.name!r} was found."
        if times[group] < group.times:
            return f"The required group {group.name!r} was found {times[group]} of {group.times} times."
    named = _named(topic, times)
    least = min(topic.least, len(topic.any_of))
    if len(named) < least:
        which = f" ({', '.join(named)})" if named else ""
        return f"Only {_shares(topic, times)} any-of groups were found{which}, and {least} are needed."
    return None


@lru_cache(maxsize=16)
def _index(topic: Topic) -> _Index:
    return _Index(topic)


@lru_cache(maxsize=_CACHE_LIMIT)
def _forms(word: str) -> _Forms:
    """Return a casefolded word as it is spelt and as the fold spells it, both without apostrophes."""
    elided = _ELISION.match(word)
    bare = _GENITIVE.sub("", word[elided.end() :] if elided else word)
    bare = bare.translate(DROP_APOSTROPHES)
    return bare, fold_spelling(bare)
