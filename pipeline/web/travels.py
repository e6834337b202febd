"""What a travelled sentence's page says of its carriers: who was first, in what words, how much later. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import quote as percent_encoded

Row = dict[str, Any]

_WORD = re.compile(r"\S+")
_LONGEST = 400  # words of a sentence that are compared one by one
_ENDS = 5  # words at either end of a passage that an address points to


def first_of(carriers: Sequence[Row]) -> Row:
    """Return who carried a sentence `first`, as far as their dates tell.

    `first` are those that nothing is earlier than in the order of `list_quotes`; `perhaps` are outlets that may have been
    earlier on the same day, since one of the two states the day alone; `undated` is how many state no date. Who credits
    somebody with the words is neither, where others printed them on that day.
    """
    dated = [one for one in carriers if one["published"]]
    lead = dated[0] if dated else None
    of_day = [one for one in dated if lead and _day(one) == _day(lead)]
    first = [one for one in of_day if lead and one["published"] == lead["published"]]
    perhaps = [one for one in of_day if lead and not (one["published"]["at"] and lead["published"]["at"])]
    return {
        "outlets": _names(first),
        "published": lead["published"] if lead else None,
        "perhaps": [name for name in _names(perhaps) if name not in _names(first)],
        "undated": len(carriers) - len(dated),
    }


def _day(carrier: Row) -> tuple[str, bool]:
    return carrier["published"]["on"], carrier["credits_others"]


def later(carrier: Row, first: Row) -> str | None:
    """Return how much later than the first a carrier was, in words; None where its or the first's moment is not known."""
    if not (carrier["published"] and first["published"]):
        return None
    ours, theirs = carrier["published"]["at"], first["published"]["at"]
    if not (ours and theirs):
        return None
    minutes = round((datetime.fromisoformat(ours) - datetime.fromisoformat(theirs)).total_seconds() / 60)
    if minutes <= 0:
        return None
    hours = minutes / 60
    if minutes < 90:
        return f"{minutes}\u00a0min later"
    return f"{hours:.0f}\u00a0h later" if hours < 48 else f"{hours / 24:.0f}\u00a0days later"


def marked_words(sentence: str, carried: str) -> list[Row]:
    """Return the carried words in parts, each with `text` and whether it `differs` from the sentence.

    Letters' case and the punctuation around a word do not make it another.
    """
    own, theirs = _WORD.findall(carried), _WORD.findall(sentence)
    if len(own) > _LONGEST or len(theirs) > _LONGEST:
        return [{"text": carried, "differs": False}]
    matcher = SequenceMatcher(
        None, [_bare(word) for word in theirs], [_bare(word) for word in own], autojunk=False
    )
    parts: list[Row] = []
    for operation, _, _, begin, end in matcher.get_opcodes():
        if begin < end:
            parts.append({"text": " ".join(own[begin:end]), "differs": operation != "equal"})
    return parts


def told_apart(rows: Iterable[Row], most: int) -> list[Row]:
    """Return the first few sentences of which none stands where another one does: the same words cut elsewhere."""
    taken: dict[str, list[tuple[int, int]]] = {}
    chosen: list[Row] = []
    for row in rows:
        places = [
            (one["content_hash"], one["place"], one["place"] + len(one["carried"])) for one in row["carriers"]
        ]
        if any(
            begin < last and first < end for key, begin, end in places for first, last in taken.get(key, ())
        ):
            continue
        chosen.append(row)
        if len(chosen) == most:
            break
        for key, begin, end in places:
            taken.setdefault(key, []).append((begin, end))
    return chosen


def pointing_at(passage: str) -> str:
    """Return what follows an address to have the browser show a passage: a text fragment, which others pass over."""
    words = _WORD.findall(passage.split("\n", maxsplit=1)[0])
    if not words:
        return ""
    ends = (
        [" ".join(words)] if len(words) <= 2 * _ENDS else [" ".join(words[:_ENDS]), " ".join(words[-_ENDS:])]
    )
    return "#:~:text=" + ",".join(percent_encoded(end, safe="").replace("-", "%2D") for end in ends)


def _names(carriers: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(one["outlet"] or "an outlet without a name" for one in carriers))


def _bare(word: str) -> str:
    return "".join(char for char in word.casefold() if char.isalnum()) or word
