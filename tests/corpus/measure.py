"""What newsfold makes of a page of the corpus, held against what is on it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import trafilatura

from pipeline.errors import Quarantine
from pipeline.items import DateClaim, Prepared
from pipeline.prepare import prepare
from tests.corpus.lines import Blame, blame, f1, false_removals, tokens
from tests.corpus.loading import CorpusPage, pages_of

_SAME_MINUTE = timedelta(minutes=1)


@dataclass
class Measured:
    """One page's figures.

    `facts` maps the name of a question to whether it was answered right; a question that does not arise on the page is
    not in it, nor is one that newsfold has no answer to yet (those are in `unanswerable`).
    """

    page: CorpusPage
    f1: float = 0.0
    bare_f1: float = 0.0
    facts: dict[str, bool] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    unanswerable: set[str] = field(default_factory=set)
    blame: Blame = Blame((), ())
    removed_tokens: int = 0
    false: list[str] = field(default_factory=list)
    bare_left_tokens: int = 0

    @property
    def false_tokens(self) -> int:
        """How many tokens of the article were removed as residue."""
        return sum(len(tokens(line)) for line in self.false)


@cache
def measured(group: str) -> tuple[Measured, ...]:
    """Prepare and measure every page of a set."""
    return tuple(measure(page) for page in pages_of(group))


def measure(page: CorpusPage) -> Measured:
    """Prepare a page and measure what came of it."""
    result = Measured(page)
    try:
        made = prepare(page.capture)
    except Quarantine as refusal:
        if page.gold["article"]:
            result.blame = Blame((), tuple(page.gold["text"]))
            result.facts["article"] = False
            result.answers["article"] = refusal.reason
        else:
            result.facts["no-article"] = True
            result.facts["reason"] = refusal.reason == page.gold["reason"]
            result.answers["reason"] = refusal.reason
        return result
    if not page.gold["article"]:
        result.facts |= {"no-article": False, "reason": False}
        result.answers["reason"] = "stored as an article"
        return result
    _text(result, made)
    _fields(result, made)
    _dates(result, made)
    return result


def _text(result: Measured, made: Prepared) -> None:
    gold, page = result.page.gold, result.page
    wanted, neutral = gold["text"], gold["standfirst"]
    bare = trafilatura.extract(page.decoded, include_comments=False) or ""
    result.facts["article"] = True
    result.f1 = f1(made.text, "\n".join(wanted), neutral=neutral)
    result.bare_f1 = f1(bare, "\n".join(wanted), neutral=neutral)
    result.blame = blame(made.text, wanted, neutral=neutral)
    result.bare_left_tokens = blame(bare, wanted, neutral=neutral).left_tokens
    removed = [line.text for line in made.removed]
    result.removed_tokens = sum(len(tokens(line)) for line in removed)
    result.false = false_removals(removed, made.text, wanted)


def _fields(result: Measured, made: Prepared) -> None:
    gold = result.page.gold
    _fact(result, "title", _value(made.title), gold["title"])
    _fact(result, "language", _value(made.language), gold["language"])
    if gold["standfirst_shown"] and gold["standfirst"]:
        _field(result, made, "standfirst", gold["standfirst"])
    if gold["authors"]:
        _field(result, made, "authors", gold["authors"])
    if gold["section"]:
        _field(result, made, "section", gold["section"])
    if gold["credit"]:
        result.facts["credit"] = gold["credit"] in [claim.value for claim in made.credits]
        result.answers["credit"] = repr([claim.value for claim in made.credits])
    for flag, name in (("paywall", "paywall"), ("live", "liveblog")):
        if hasattr(made, name):
            result.facts[flag] = bool(getattr(made, name)) == (flag in gold["flags"])
        else:
            result.unanswerable.add(flag)


def _field(result: Measured, made: Prepared, name: str, gold: object) -> None:
    if not hasattr(made, name):
        result.unanswerable.add(name)
        return
    stated = getattr(made, name)
    _fact(
        result, name, [_value(one) for one in stated] if isinstance(stated, tuple) else _value(stated), gold
    )


def _fact(result: Measured, name: str, got: object, gold: object) -> None:
    result.facts[name] = got == gold
    result.answers[name] = repr(got)


def _value(claim: Any) -> Any:
    return getattr(claim, "value", claim)


def _dates(result: Measured, made: Prepared) -> None:
    """Hold the chosen date against the stated one; a guess is never a fact, and never right."""
    gold, chosen = result.page.gold, made.published
    stated, precision = gold["published"], gold["precision"]
    fact = chosen if chosen is not None and not getattr(chosen, "is_guess", False) else None
    result.answers["date"] = f"{chosen.raw!r} by {chosen.origin}" if chosen else "none"
    if precision == "none":
        result.facts["undated"] = fact is None
        return
    day = date.fromisoformat(stated[:10])
    result.facts["day"] = fact is not None and fact.day == day
    if precision != "day":
        result.facts["time"] = fact is not None and _same_time(fact, stated)
    if fact is not None:
        result.facts["fact"] = fact.day == day and (
            fact.local is None or precision == "day" or _same_time(fact, stated)
        )
    if gold["modified"]:
        changes = [claim for claim in made.dates if claim.kind == "modified"]
        result.facts["modified"] = any(_same_time(claim, gold["modified"]) for claim in changes)


def _same_time(claim: DateClaim, stated: str) -> bool:
    when = datetime.fromisoformat(stated)
    if when.tzinfo is not None:
        return claim.at is not None and abs(claim.at - when) < _SAME_MINUTE
    # Where no zone is known, none may be made up.
    return claim.at is None and claim.local is not None and abs(claim.local - when) < _SAME_MINUTE
