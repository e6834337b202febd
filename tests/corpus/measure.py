"""What newsfold makes of a page of the corpus, held against what is on it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache

import trafilatura

from pipeline.errors import Quarantine
from pipeline.items import Claim, DateClaim, Prepared
from pipeline.prepare import prepare
from tests.corpus.lines import NO_BLAME, Blame, blame, excess, f1, false_removals, tokens
from tests.corpus.loading import CorpusPage, pages_of

_SAME_MINUTE = timedelta(minutes=1)


@dataclass
class Measured:
    """One page's figures.

    `facts` maps the name of a question to whether it was answered right; a question that does not arise on the page is
    not in it. `answers` are newsfold's answers in words.
    """

    page: CorpusPage
    f1: float = 0.0
    bare_f1: float = 0.0
    facts: dict[str, bool] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    blame: Blame = NO_BLAME
    removed_tokens: int = 0
    false: list[str] = field(default_factory=list)
    left_tokens: int = 0

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
        result.answers |= dict.fromkeys(("no-article", "reason"), "stored as an article")
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
    result.left_tokens = excess(made.text, "\n".join(wanted), neutral=neutral)
    removed = [line.text for line in made.removed]
    result.removed_tokens = sum(len(tokens(line)) for line in removed)
    result.false = false_removals(removed, made.text, wanted)


def _fields(result: Measured, made: Prepared) -> None:
    gold = result.page.gold
    _fact(result, "title", _value(made.title), gold["title"])
    _fact(result, "language", _value(made.language), gold["language"])
    if gold["standfirst"] and gold["standfirst_shown"]:
        stated = _value(made.standfirst)
        # One that is kept in the text is not lost.
        kept = stated is None and gold["standfirst"] in made.text.splitlines()
        _fact(result, "standfirst", gold["standfirst"] if kept else stated, gold["standfirst"])
    people = [author.name for author in made.authors if author.kind == "person"]
    if gold["authors"]:
        _fact(result, "authors", people, gold["authors"])
    else:
        _fact(result, "nobody", people, [])
    if gold["section"]:
        _fact(result, "section", _value(made.section), gold["section"])
    if gold["credit"]:
        credits_ = [claim.value for claim in made.credits]
        result.facts["credit"] = gold["credit"] in credits_
        result.answers["credit"] = repr(credits_)
    _fact(result, "flags", sorted({flag.value for flag in made.flags}), sorted(gold["flags"]))


def _fact(result: Measured, name: str, got: object, gold: object) -> None:
    result.facts[name] = got == gold
    result.answers[name] = repr(got)


def _value(claim: Claim | None) -> str | None:
    return claim.value if claim else None


def _dates(result: Measured, made: Prepared) -> None:
    """Hold the chosen date against the stated one.

    A guess may be right or wrong about the day and the time, but it is no fact: only what is given as one can be a wrong
    fact, and a page that states nothing may only be answered with none or with a guess.
    """
    gold, chosen = result.page.gold, made.published
    stated, precision = gold["published"], gold["precision"]
    is_fact = chosen is not None and not chosen.is_guess
    result.answers["date"] = f"{chosen.raw!r} by {chosen.origin}" if chosen else "none"
    if precision == "none":
        result.facts["undated"] = not is_fact
        return
    right_day = chosen is not None and chosen.day == date.fromisoformat(stated[:10])
    right_time = chosen is not None and precision != "day" and _same_time(chosen, stated)
    result.facts["day"] = right_day
    if precision != "day":
        result.facts["time"] = right_time
    if is_fact:
        timed = chosen is not None and chosen.local is not None and precision != "day"
        result.facts["fact"] = right_day and (right_time or not timed)
    if gold["modified"]:
        result.facts["modified"] = made.modified is not None and _same_time(made.modified, gold["modified"])


def _same_time(claim: DateClaim, stated: str) -> bool:
    when = datetime.fromisoformat(stated)
    if when.tzinfo is not None:
        return claim.at is not None and abs(claim.at - when) < _SAME_MINUTE
    # Where no zone is known, none may be made up.
    return claim.at is None and claim.local is not None and abs(claim.local - when) < _SAME_MINUTE
