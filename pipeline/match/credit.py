"""Whose words a text says they are: datelines, tags, notes, and what its prose refers to.

What the residue rules removed is read elsewhere; this looks at the text that stays. A `source` is whose report this
is (`BRUSSELS (AP) —`, `/ТАСС/`); what is `cited` is only referred to (`as reported by Ukrinform`). Only a name at a place
made for one counts: in brackets behind a place, in a tag at the end, beside a verb of reporting near the beginning or the end.
"""

import re
from collections.abc import Iterator

from pipeline.items import Claim, Credit, CreditKind, CreditPlace, Source
from pipeline.match.agencies import agencies, agency_name, fold_name

CREDITS_VERSION = "credits-1"
"""Named in the recipe; raise it whenever the credits of any page would change."""

_HEAD = 1200  # characters of a text that are read for what its prose refers to
_TAIL = 500
_LONGEST_LEAD = 140
_LONGEST_TAIL = 160
_LONGEST_EVIDENCE = 120

# A bracket, a dash or a slash within the first words: no other line can be a dateline.
_DASH = r"(?:[-–—]{1,2}|\.-|\.)"
_DATELINE = re.compile(
    rf"""
    (?P<place>[^()\n/]{{0,60}}?)                               # BRUSSELS, Dec 4
    (?: \((?P<brackets>[^()\n]{{2,40}})\)\s?{_DASH}            # (Reuters) -
      | \((?P<bare>[^()\n]{{2,40}})\)(?=\s+[^\W\da-zа-яіїєґß-öø-ÿ]) # BRÜSSEL (dpa) Die ...
      | /(?P<slashes>[^/\n]{{2,40}})/(?:\s?[-–—.]{{1,2}}|\.)   # /ТАСС/.
    )
    """,
    re.VERBOSE,
)
_STOPPED = re.compile(
    # КИЇВ. 4 грудня. УНН. — and: AFP — or: Київ. Укрінформ -
    r"(?P<place>[^\W\d_][^.\n]{1,30}\.\s(?:\d{1,2}\s[^\W\d_]{3,10}(?:\s\d{4}(?:\sр(?:оку|\.)?)?)?\.\s)?)(?P<name>[^.()\n–—]{2,40}?)(?:\.\s|\s[-–—]\s)"
    r"|(?P<alone>[^\W\d_][^.()\n–—,]{1,30}?)\s?[–—]\s"
)
_TAIL_TAG = re.compile(
    r"""
    (?: \((?P<brackets>[^()\n]{2,60})\)
      | \[(?P<square>[^\[\]\n]{2,60})\]
      | /(?P<slashes>[^/\n]{2,40})/
      | [–—]\s?(?P<dash>[^–—.()\n]{2,40})
      | (?:©|\(c\))\s?(?:\d{4}\s)?(?P<rights>[^.()\n]{2,40})
      | (?:Source|Quelle|Fonte|Fuente|Джерело|Источник|Źródło|Bron|Kaynak)\s?[:–—-]\s?(?P<source>[^.:\n]{2,60})
    )\.?\s*$
    """,
    re.VERBOSE,
)
_INPUTS = re.compile(
    r"(?:with (?:additional )?(?:inputs?|reporting|material|files|contributions?) (?:from|by)"
    r"|mit (?:material|informationen) (?:von|der)|avec|con información de|за матеріалами|по материалам)\s+"
    r"(?P<names>[^().\n]{2,60})",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\s*(?:/|,|&|\+|;)\s*|\s+(?:and|und|et|e|y|та|і|и)\s+", re.IGNORECASE)

# Words of reporting before a name, and behind one. Each is searched for as it is written, hence the lower case.
_BEFORE = (
    "reported by|according to|quoted by|cited by|reports|writes|told|citing|referring to|via|laut|nach angaben von|berichtet"
    "|berichten|meldet|selon|d['’]après|rapporte|secondo|riporta|según|informa|повідомляє|повідомляють|передає|пише|інформує"
    "|з посиланням на|посилаючись на|за даними|за інформацією|сообщает|передает|передаёт|пишет|со ссылкой на|по данным"
    "|według|podaje|informuje|volgens|meldt|Laut|Nach Angaben von|According to|Selon|D['’]après|Secondo|Según|За даними"
    "|За інформацією|По данным|Według|Volgens"
)
_BEHIND = (
    "reported|reports|reporting|writes|wrote|said|says|berichtet|berichtete|meldet|meldete|rapporte|indique|riferisce"
    "|повідомляє|повідомив|повідомило|передає|пише|сообщает|сообщил|передает|пишет|podaje|podała|meldt"
)
_VERB = re.compile(rf"(?<!\w)(?:(?P<before>{_BEFORE})|(?P<behind>{_BEHIND}))(?!\w)")
_BEHIND_WORDS = frozenset(_BEHIND.split("|"))
_WORD = re.compile(r"[^\s,;:()«»“”„\"!?]+")
_ARTICLES = frozenset(
    [
        "the",
        "die",
        "der",
        "das",
        "den",
        "dem",
        "la",
        "le",
        "les",
        "l",
        "il",
        "lo",
        "el",
        "news",
        "agency",
        "nachrichtenagentur",
        "agence",
        "agenzia",
        "agencia",
        "agencję",
        "agencja",
        "агентство",
        "агентству",
        "агентства",
        "інформагентство",
        "видання",
        "издание",
        "газета",
        "outlet",
        "newspaper",
    ]
)


def credits_in(text: str) -> tuple[Credit, ...]:
    """Return whom a clean text credits or cites, each with the words that say so; no name twice in one place."""
    lines = text.split("\n")
    found = [*_dateline(lines[0]), *_tail(lines), *_prose(text)]
    unique: dict[tuple[str, str], Credit] = {}
    for credit in found:
        unique.setdefault((credit.value, credit.origin), credit)
    return tuple(unique.values())


def name_credits(
    names: str, origin: str, place: CreditPlace, kind: CreditKind, evidence: str
) -> Iterator[Credit]:
    """Yield a credit for each agency in a tag that may name several (`dpa/AFP`, `AP, Reuters`); the others are left out."""
    known = agencies().tagged
    evidence = evidence.strip()[:_LONGEST_EVIDENCE]
    whole = known.get(fold_name(names))
    if whole is not None:
        yield Credit(whole, origin, place, kind, evidence)
        return
    for part in _SEVERAL.split(names):
        name = known.get(fold_name(part))
        if name is not None:
            yield Credit(name, origin, place, kind, evidence)


def publisher_credits(publisher: Claim | None, outlet: Source | None) -> Iterator[Credit]:
    """Yield the credit to a publisher that the markup states, where that is an agency and not the outlet itself."""
    if publisher is None or (outlet is not None and agency_name(publisher.value) == agency_name(outlet.name)):
        return
    yield from name_credits(publisher.value, publisher.origin, "markup", "source", publisher.value)


def _dateline(line: str) -> Iterator[Credit]:
    lead = line[:_LONGEST_LEAD]
    if "(" in lead or "/" in lead:
        match = _DATELINE.match(lead)
        name = match and (match["brackets"] or match["bare"] or match["slashes"])
        if match and name:
            yield from name_credits(name, "dateline", "dateline", "source", match.group())
            return
    match = _STOPPED.match(lead)
    if match:
        yield from name_credits(
            match["name"] or match["alone"], "dateline", "dateline", "source", match.group()
        )


def _tail(lines: list[str]) -> Iterator[Credit]:
    for line in lines[-2:]:
        end = line[-_LONGEST_TAIL:]
        match = _INPUTS.search(end)
        if match:
            yield from name_credits(match["names"], "tail", "tail", "source", match.group())
        match = _TAIL_TAG.search(end)
        if match:
            [name] = [value for value in match.groupdict().values() if value]
            yield from name_credits(name, "tail", "tail", "source", match.group())


def _prose(text: str) -> Iterator[Credit]:
    """Yield what is referred to beside a verb of reporting, near the beginning and the end of a text."""
    parts = [text] if len(text) <= _HEAD + _TAIL else [text[:_HEAD], text[-_TAIL:]]
    for part in parts:
        for match in _VERB.finditer(part):
            name = _name_behind(part, match.end())
            if name is None and match.group() in _BEHIND_WORDS:
                name = _name_before(part, match.start())
            if name is not None:
                start, end = min(match.start(), name[1]), max(match.end(), name[2])
                yield Credit(name[0], "prose", "prose", "cited", part[start:end][:_LONGEST_EVIDENCE])


def _name_behind(text: str, at: int) -> tuple[str, int, int] | None:
    """Return the name that begins behind a verb, past an article, with where it begins and ends."""
    known = agencies()
    words: list[tuple[str, int]] = []
    for word in _WORD.finditer(text, at, at + 80):
        # `l'AFP`: the article is part of the word.
        shown = re.sub(r"^[ld]['’]", "", word.group(), flags=re.IGNORECASE)
        if not words and fold_name(shown) in _ARTICLES:
            continue
        words.append((shown, word.end()))
        if len(words) == known.most_words:
            break
    if not words or fold_name(words[0][0]) not in known.firsts:
        return None
    for count in range(len(words), 0, -1):
        shown = " ".join(word for word, _ in words[:count])
        name = _name_of(shown)
        if name is not None:
            return name, at, words[count - 1][1]
    return None


def _name_before(text: str, at: int) -> tuple[str, int, int] | None:
    """Return the name that ends before a verb, with where it begins and ends."""
    known = agencies()
    words = [(word.group(), word.start()) for word in _WORD.finditer(text, max(0, at - 60), at)]
    for count in range(min(known.most_words, len(words)), 0, -1):
        shown = " ".join(word for word, _ in words[-count:])
        name = _name_of(shown)
        if name is not None:
            return name, words[-count][1], at
    return None


def _name_of(shown: str) -> str | None:
    """Return the agency that words name; in prose a name is a capital's, unless it is written small (`dpa`)."""
    bare = shown.strip("«»“”„\"'’‘.")
    name = agencies().in_prose.get(fold_name(bare))
    return name if name is not None and (bare[0].isupper() or name == bare) else None
