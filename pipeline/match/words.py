"""A text's words as matching sees them, and which of them stand inside quotation marks."""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xxhash

from pipeline.match.spelling import fold_spelling

WORDS_VERSION = "words-1"
"""Named in the recipe; raise it whenever the words of any text would change."""

# Chinese and Japanese put no spaces between words, so there each character stands for itself.
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
APOSTROPHES = "'\u2019\u02bc\u2018\u02bb`\u00b4\uff07"
_WORD = rf"[{_CJK}]|[^\W_{_CJK}]+(?:[{APOSTROPHES}][^\W_{_CJK}]+)*"
WORDS = re.compile(_WORD)
_WORDS_AND_MARKS = re.compile(rf"(?P<word>{_WORD})|(?P<mark>[\"“”„‟«»‹›\n])")
DROP_APOSTROPHES = str.maketrans("", "", APOSTROPHES)
_OPENS_AFTER = frozenset(" \n\t([{—–-/:,")

_CACHE_LIMIT = 200_000
_hash_of_word: dict[str, int] = {}


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The hashed words of a text, shape (n,), uint64, and a mask of those inside quotation marks."""

    hashes: npt.NDArray[np.uint64]
    quoted: npt.NDArray[np.bool_]


def fold_text(text: str) -> str:
    """Return a text in NFKC and without case: what words are read from."""
    return unicodedata.normalize("NFKC", text).casefold()


def _hash_word(word: str) -> int:
    if len(_hash_of_word) >= _CACHE_LIMIT:
        _hash_of_word.clear()
    folded = fold_spelling(word.translate(DROP_APOSTROPHES))
    value = xxhash.xxh3_64_intdigest(folded.encode())
    _hash_of_word[word] = value
    return value


def _hash_all(words: list[str]) -> npt.NDArray[np.uint64]:
    known = _hash_of_word
    return np.array([known[w] if w in known else _hash_word(w) for w in words], dtype=np.uint64)


def hash_words(text: str) -> npt.NDArray[np.uint64]:
    """Return one 64-bit hash a word, shape (n,), in order.

    The words are those of the text after NFKC and casefolding, without the apostrophes inside them,
    in American spelling; punctuation and quotation marks count for nothing.
    """
    return _hash_all(WORDS.findall(fold_text(text)))


def hash_words_with_quotes(text: str) -> Words:
    """As `hash_words`, with the words inside quotation marks told from the prose around them.

    A quotation ends with its closing mark or with its line, whichever comes first: a missing mark
    then costs one paragraph. Single quotes are taken for apostrophes.
    """
    folded = fold_text(text)
    words: list[str] = []
    quoted: list[bool] = []
    inside = False
    for match in _WORDS_AND_MARKS.finditer(folded):
        if match.lastgroup == "word":
            words.append(match.group())
            quoted.append(inside)
        elif match.group() == "\n" or inside:
            inside = False
        else:
            start, end = match.span()
            follows_gap = start == 0 or folded[start - 1] in _OPENS_AFTER
            inside = follows_gap and end < len(folded) and not folded[end].isspace()
    return Words(_hash_all(words), np.array(quoted, dtype=np.bool_))
