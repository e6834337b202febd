"""What somebody typed into a search box, as terms that PostgreSQL can look for; any string that is no text is taken."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.errors import Refuse

LONGEST_QUERY = 500
"""Characters. What is longer is a text, and no question."""

MOST_TERMS = 32
"""Words, phrases and beginnings, those that `or` joins counted once."""

_TERM = re.compile(r'(?P<minus>-?)(?:["“”„«](?P<phrase>[^"“”„»]*)(?:["“”»]|$)|(?P<word>[^\s"“”„«]+))')
_LETTER = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Term:
    """A word, a phrase (words that stand in a row) or how a word begins; `excluded` where it must not be there."""

    words: str
    kind: str
    excluded: bool = False


def search_terms(query: str) -> list[list[Term]]:
    """Return the terms of a search: each list is of alternatives, one of which must be there.

    As in most search boxes: `"shadow fleet"` is a phrase, `-cable` excludes, `sabot*` is how a word begins, `or`
    between two terms lets either do. Whatever else stands there is not minded.

    Raises:
        Refuse: the search is longer than any question: what was cut off it might exclude what would be found.
    """
    if len(query) > LONGEST_QUERY:
        raise Refuse(
            "search",
            f"The search has {len(query)} characters, and {LONGEST_QUERY} are the most. Look for a few of its words, or "
            "for one sentence of it in quotation marks.",
        )
    plain = "".join(char if char.isprintable() else " " for char in query)
    plain = plain.encode("utf-8", "ignore").decode()
    groups: list[list[Term]] = []
    alternative = False
    for match in _TERM.finditer(plain):
        word = match["word"]
        if word is not None and word.casefold() in {"or", "|"} and not match["minus"]:
            alternative = bool(groups)
            continue
        words = match["phrase"] if word is None else word
        if not _LETTER.search(words):
            continue
        begins = word is not None and word.endswith("*")
        kind = "phrase" if word is None else "beginning" if begins else "word"
        term = Term(words.rstrip("*").strip(), kind, bool(match["minus"]))
        if alternative and not term.excluded and not groups[-1][0].excluded:
            groups[-1].append(term)
        else:
            groups.append([term])
        alternative = False
    if len(groups) > MOST_TERMS:
        raise Refuse(
            "search",
            f"The search has {len(groups)} terms, and {MOST_TERMS} are the most. Leave some of them out.",
        )
    return groups


def tsquery(groups: Sequence[Sequence[Term]], config: str) -> tuple[str, dict[str, Any]]:
    """Return an SQL expression that makes a tsquery of the terms, and its parameters.

    `config` is an expression too. Words without meaning of their own in a language (the, of) are left out by it.
    """
    parameters: dict[str, Any] = {}
    parts = []
    for group in groups:
        pieces = []
        for term in group:
            name = f"term_{len(parameters)}"
            if term.kind == "beginning":
                # What is quoted is one lexeme, whatever stands in it.
                parameters[name] = "'" + term.words.replace("\\", "\\\\").replace("'", "''") + "':*"
                piece = f"to_tsquery({config}, search_words(:{name}))"
            else:
                # Words with hyphens, and characters of a script without spaces, stand in a row.
                parameters[name] = term.words
                piece = f"phraseto_tsquery({config}, search_words(:{name}))"
            pieces.append(f"!!({piece})" if term.excluded else piece)
        parts.append("(" + " || ".join(pieces) + ")")
    return " && ".join(parts) or "''::tsquery", parameters
