"""One rule of the residue catalogue: what it looks for, where, and the evidence that it asks for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pipeline.clean.page import Page
from pipeline.clean.signs import SIGNS, Sign
from pipeline.clean.structure import bare_line
from pipeline.items import RuleClass

Where = Literal["head", "tail", "edges", "anywhere", "label", "line-end"]
Informs = Literal["title", "date", "credit", "author"]

LONGEST_RESIDUE = 400
"""Characters. No longer line is residue, and no pattern gets to backtrack over one."""

USUAL_LONGEST = 200
"""Characters; most rules look at no longer line."""
_EVIDENCE = frozenset(
    ["edge", "repeated", "neighbour", "company", "links", "copies", "heading", "time", "address", "label", "figure", "aside", "footer",
     "header", "nav", "form", "button", "quote", "table", "list", "link-list", "consent", "share", "related",
     "newsletter", "comments", "author-box", "paywall", "embed", "caption", "meta"]
)  # fmt: skip
_KEYS = frozenset(
    ["name", "where", "class", "pattern", "sign", "longest", "within", "needs", "evidence", "informs", "said", "reason", "removes",
     "spares", "cases"]
)  # fmt: skip
_MARKED = ("- ", "| ")
# A comma or a dash, some words, and a verb of speech: the line is what somebody said, and not what the site says.
_SPEECH = re.compile(
    r"[,—–]\s+(?:[\w’'-]+\s+){0,4}?(?:said|says|told|tells|asked|urged|wrote|writes|shouted|begged|pleaded|warned|insisted|replied"
    r"|sagt?e?|bat|bittet|forderte|rief|schrieb|appellierte|erklärte|mahnte|warnte"
    r"|a (?:dit|lancé|imploré|déclaré|demandé|affirmé|exhorté|plaidé|insisté|ajouté|écrit)|dit|déclare|lance|implore"
    r"|ha (?:detto|chiesto|dichiarato|affermato|implorato|esortato|aggiunto|scritto)|disse|chiese|dice|esorta"
    r"|dijo|pidió|pide|afirmó|declaró|imploró|rogó|reclamó|aseguró|añadió|señaló|exclamó|zei|zegt|vroeg|riep|smeekte|schreef|aldus"
    r"|(?:powiedzia|mówi|(?:po)?prosi|(?:za)?apelowa|doda|napisa|wezwa|stwierdzi)ła?|mówi|prosi|apeluje|dedi|diyor|söyledi"
    r"|сказа(?:в|ла|л)|каже|заклика(?:в|ла)|(?:по)?проси(?:в|ла|л)|заяви(?:в|ла|л)|дода(?:в|ла)|добавила?|написа(?:в|ла|л)"
    r"|призвала?|говорит|говорила?|говори(?:в|ть|ла))\b",
    re.IGNORECASE,
)
_FIRST_SIGN, _FURTHER_SIGN, _MOST_TOLD, _OPTIONAL = 0.7, 0.1, 0.9, 0.5


@dataclass(frozen=True, slots=True)
class Case:
    """A whole text, or the blocks of a page, the title known from elsewhere, and the lines that a rule removes."""

    text: str
    removed: tuple[str, ...]
    title: str | None = None
    html: str | None = None
    stated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One kind of residue; `residue.toml` explains the fields."""

    name: str
    where: Where
    reason: str
    rule_class: RuleClass = "safe"
    pattern: re.Pattern[str] | None = None
    sign: Sign | None = None
    longest: int = USUAL_LONGEST
    within: frozenset[str] = frozenset()
    needs_links: float = 0.0
    evidence: frozenset[str] = frozenset()
    informs: Informs | None = None
    takes_speech: bool = True
    removes: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()
    host: str | None = None

    def may_fit(self, line: str) -> bool:
        """Tell, by its words alone, whether a line may be what the rule looks for; a sign sees more than words."""
        return len(line) <= self.longest and (self.pattern is None or self._matched(line) is not None)

    def reads(self, page: Page, index: int) -> str | None:
        """Return what the rule takes from a line, the part that informs; None where it does not fit."""
        line = page.lines[index]
        if len(line) > self.longest:
            return None
        if self.pattern is None:
            told = self.sign(page, index) if self.sign is not None else None
        else:
            told = self._matched(line)
        if told is None:
            return None
        if not self._is_borne_out(page, index):
            page.suspects.add(index)
            return None
        return told

    def _matched(self, line: str) -> str | None:
        if self.pattern is None or not line:
            return None
        match = self.pattern.fullmatch(line)
        if match is None and line[:2] in _MARKED:
            match = self.pattern.fullmatch(bare_line(line))
        if match is None or (not self.takes_speech and _SPEECH.search(line)):
            return None
        return match["value"] if "value" in self.pattern.groupindex and match["value"] else match[0]

    def _is_borne_out(self, page: Page, index: int) -> bool:
        """Tell whether the evidence that the rule asks for is there; what needs a page has none without."""
        if self.within or self.needs_links:
            place = page.place(index)
            if (
                place is None
                or place.links < self.needs_links
                or (self.within and not self.within & place.within)
            ):
                return False
        return not self.evidence or bool(self.evidence & page.evidence(index))

    def confidence(self, page: Page, index: int) -> float:
        """Return how much speaks for a line that the rule fits (see `RemovedLine`)."""
        if self.rule_class == "safe":
            return 1.0
        if self.rule_class == "optional":
            return _OPTIONAL
        further = len(self.evidence & page.evidence(index)) - 1
        return round(min(_MOST_TOLD, _FIRST_SIGN + _FURTHER_SIGN * max(0, further)), 2)


def rule_from(entry: Mapping[str, Any], host: str | None = None) -> Rule:
    """Return the rule that an entry of a TOML file describes; `host` is set for one of a host's own.

    Raises:
        ValueError: the entry is malformed; the message names the rule.
    """
    name = entry.get("name")
    if not isinstance(name, str) or not name:
        raise ValueError("A residue rule has no name.")
    for key in ("where", "reason"):
        if not entry.get(key):
            raise ValueError(f"The residue rule {name!r} has no {key}.")
    unknown = entry.keys() - _KEYS
    if unknown:
        raise ValueError(f"The residue rule {name!r} has unknown keys: {', '.join(sorted(unknown))}.")
    if entry["where"] not in get_args(Where):
        raise ValueError(f"The residue rule {name!r} looks in {entry['where']!r}, which is no place.")
    if ("pattern" in entry) == ("sign" in entry):
        raise ValueError(f"The residue rule {name!r} needs either a pattern or a sign.")
    if "sign" in entry and entry["sign"] not in SIGNS:
        raise ValueError(f"The residue rule {name!r} names the sign {entry['sign']!r}, which there is not.")
    rule_class = entry.get("class", "safe")
    if rule_class not in ("safe", "judged", "optional"):
        raise ValueError(f"The residue rule {name!r} has the class {rule_class!r}, which there is not.")
    if entry.get("said", True) not in (True, False):
        raise ValueError(f"The residue rule {name!r} answers `said` with something other than true or false.")
    evidence = frozenset(entry.get("evidence", ()))
    within = frozenset(entry.get("within", ()))
    needs = entry.get("needs", {})
    strange = (evidence | within) - _EVIDENCE | (needs.keys() - {"links"})
    if strange:
        raise ValueError(
            f"The residue rule {name!r} asks for evidence that there is not: {', '.join(sorted(strange))}."
        )
    if rule_class == "judged" and not (evidence or within or needs or "sign" in entry):
        raise ValueError(f"The residue rule {name!r} is judged, and says by no evidence.")
    try:
        pattern = re.compile(entry["pattern"]) if "pattern" in entry else None
    except re.error as error:
        raise ValueError(f"The residue rule {name!r} has no sound pattern: {error}.") from error
    return Rule(
        name=name,
        where=entry["where"],
        reason=entry["reason"],
        rule_class=rule_class,
        pattern=pattern,
        sign=SIGNS[entry["sign"]] if "sign" in entry else None,
        longest=min(entry.get("longest", USUAL_LONGEST), LONGEST_RESIDUE),
        within=within,
        needs_links=needs.get("links", 0.0),
        evidence=evidence,
        informs=entry.get("informs"),
        takes_speech=entry.get("said", True),
        removes=tuple(entry.get("removes", ())),
        spares=tuple(entry.get("spares", ())),
        cases=tuple(
            Case(
                case.get("text", ""),
                tuple(case["removed"]),
                case.get("title"),
                case.get("html"),
                tuple(case.get("stated", ())),
            )
            for case in entry.get("cases", ())
        ),
        host=host,
    )
