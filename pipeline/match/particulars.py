"""The figures and names of a text: what one report has for its own, and a form that desks fill in does not.

A market note, a forecast or a set of results keeps its sentences from day to day and changes its particulars. A
copy keeps nearly all of them, whatever else an editor does to it.
"""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.match.letters import fold_letters
from pipeline.match.words import hash_single_words

# "6-7/16", "1,550.3", "12:30": one figure each, though matching takes their parts for words. A single digit is
# none: one desk writes 5, another five.
_FIGURE = re.compile(r"\d[\d.,:/-]*\d")
_POINTS = str.maketrans("", "", ".,")
# What begins after a space that no sentence ended before, with a letter that is no small one of ASCII.
_MAYBE_NAME = re.compile(r"""(?<=[^\s.!?:;”»"')])[ ]([^\W\d_a-z]\w*)""")
# A headline in capitals, or a text of them, tells no names.
_NAMES_AT_MOST = 0.4


@dataclass(frozen=True, slots=True)
class Particulars:
    """Figures without points and commas, and the hashes of words that begin with a capital inside a sentence.

    `words` are the hashes of all words: a name that another text prints in capitals is no other name.
    """

    figures: frozenset[str]
    names: frozenset[int]
    words: frozenset[int]


def particulars(text: str, words: npt.NDArray[np.uint64]) -> Particulars:
    """Return a text's figures and names; `words` are the hashes of its single words."""
    names = [name for name in _MAYBE_NAME.findall(text) if name[0].isupper()]
    if len(names) > _NAMES_AT_MOST * len(words):
        names = []
    return Particulars(
        frozenset(map(_folded, _FIGURE.findall(text))),
        frozenset(hash_single_words(" ".join(dict.fromkeys(names))).tolist()),
        frozenset(words.tolist()),
    )


def _folded(figure: str) -> str:
    figure = figure.translate(_POINTS)
    return figure if figure.isascii() else unicodedata.normalize("NFKC", fold_letters(figure))
