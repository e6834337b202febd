"""How a text is held against what it should be: by tokens, and by lines where a line is to be blamed."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_TOKEN = re.compile(r"\w+")


def tokens(text: str) -> list[str]:
    """The words of a text: NFKC, without case; marks between them count for nothing."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())


def key(line: str) -> str:
    """A line as two spellings of it compare: the marks of lists and tables, quotes and dashes count for nothing."""
    return " ".join(tokens(line))


def f1(got: str, gold: str, *, neutral: str = "") -> float:
    """The harmonic mean of precision and recall over the tokens of two texts, as bags; their order is not measured.

    `neutral` is a line that may be there or not (a standfirst): where the text has it and the gold text has not, it is
    counted for neither.
    """
    found, wanted = _found(got, neutral), Counter(tokens(gold))
    shared = (found & wanted).total()
    return 2 * shared / (found.total() + wanted.total()) if shared else 0.0


def excess(got: str, gold: str, *, neutral: str = "") -> int:
    """How many tokens a text has that the gold text has not; `neutral` as in `f1`."""
    return (_found(got, neutral) - Counter(tokens(gold))).total()


def _found(got: str, neutral: str) -> Counter[str]:
    found = Counter(tokens(got))
    if neutral and key(neutral) in {key(line) for line in got.splitlines()}:
        found -= Counter(tokens(neutral))
    return found


@dataclass(frozen=True)
class Blame:
    """Lines that are in the text and should not be, and lines that should be and are not."""

    left: tuple[str, ...]
    lost: tuple[str, ...]


NO_BLAME = Blame((), ())


def blame(got: str, gold: Iterable[str], *, neutral: str = "") -> Blame:
    """Compare line by line, as bags."""
    wanted = Counter(key(line) for line in gold)
    left = []
    for line in got.splitlines():
        if wanted[key(line)] > 0:
            wanted[key(line)] -= 1
        elif key(line) and key(line) != key(neutral):
            left.append(line)
    lost = [line for line in gold if key(line) and wanted[key(line)] > 0]
    return Blame(tuple(left), tuple(dict.fromkeys(lost)))


def false_removals(removed: Iterable[str], got: str, gold: Iterable[str]) -> list[str]:
    """The removed lines that are the article: those of the gold text that the text now has too seldom.

    A piece cut from the end of a line is false where a line of the gold text ends in it.
    """
    missing = Counter(key(line) for line in gold) - Counter(key(line) for line in got.splitlines())
    false = []
    for line in removed:
        if missing[key(line)] > 0:
            missing[key(line)] -= 1
            false.append(line)
        elif key(line) and any(
            lost.endswith(f" {key(line)}") and count > 0 for lost, count in missing.items()
        ):
            false.append(line)
    return false
