"""A text's words as matching sees them, and which of them stand inside quotation marks."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import xxhash

from pipeline.match.letters import APOSTROPHES, DROP_APOSTROPHES, MARKS, SOUNDS, UNSPACED, fold_letters
from pipeline.match.quotations import quotations
from pipeline.match.spelling import fold_spelling

__all__ = ["APOSTROPHES", "DROP_APOSTROPHES", "GRAM", "WORDS", "WORDS_VERSION", "Words", "fold_text",
           "hash_single_words", "hash_words", "hash_words_with_quotes", "spans"]  # fmt: skip

WORDS_VERSION = "words-2"
"""Named in the recipe; raise it whenever the words of any text would change."""

# Marks belong to the letter before them, and an apostrophe between letters to both.
_SPACED = rf"[^\W_]+(?:[{MARKS}]+[^\W_]*|[{APOSTROPHES}][^\W_]+)*"
# Where no spaces stand between words, each character with its marks stands for itself.
_LETTER = rf"[^\W_{UNSPACED}]"
_ANY = rf"[{UNSPACED}][{MARKS}]*|{_LETTER}+(?:[{MARKS}]+{_LETTER}*|[{APOSTROPHES}]{_LETTER}+)*"
WORDS = re.compile(_ANY)
"""Finds the words of a text that `fold_text` folded."""

_UNSPACED = re.compile(rf"[{UNSPACED}]")
_SOUND = re.compile(rf"[{SOUNDS}]")
# About so many characters are written for what a word says where words have spaces.
_CHARACTERS_A_WORD = 2
_SOUNDS_A_WORD = 3
# Looking for the characters of many scripts in every place takes half as long again; most texts have none.
_SPACED_WORDS = re.compile(_SPACED)

# Four characters of Chinese say about as much as two and a half words do; as words of one character, five of
# them are no more than a phrase that any two texts may share.
GRAM = 4
"""So many characters of a script without spaces does one hash take in."""

_GRAM_FACTORS = np.array([0x9FB21C651E98DF25, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB], dtype=np.uint64)

_CACHE_LIMIT = 200_000

# Most texts are ASCII but for these, and ASCII is split many times faster.
_TYPESET = (
    ("\u2019", "'"),
    ("\u2018", "'"),
    ("\u201c", '"'),
    ("\u201d", '"'),
    ("\u2013", "-"),
    ("\u2014", "-"),
)
_IN_WORD = re.compile("(?<=[a-z0-9])['`](?=[a-z0-9])")
_TO_SPACES = "".join(chr(point) if chr(point).isalnum() else " " for point in range(128))


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The hashed words of a text, shape (n,), uint64, and masks of the same shape.

    `quoted` marks those inside quotation marks, `unspaced` those of a script without spaces: characters, whose
    hashes take in up to three that follow. `single` are the hashes without what follows. `scale` is how many of
    the words, 1 to 3 on average, say as much as one word of a script with spaces.
    """

    hashes: npt.NDArray[np.uint64]
    single: npt.NDArray[np.uint64]
    quoted: npt.NDArray[np.bool_]
    unspaced: npt.NDArray[np.bool_]
    scale: float


def fold_text(text: str) -> str:
    """Return a text in NFKC and without case: what words are read from."""
    return unicodedata.normalize("NFKC", text).casefold()


class _Hashes(dict[str, int]):
    """The hash of each word that was met; forgotten when they are many."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _CACHE_LIMIT:
            self.clear()
        folded = fold_letters(fold_spelling(word.translate(DROP_APOSTROPHES)))
        value = self[word] = xxhash.xxh3_64_intdigest(folded.encode())
        return value


_hashes = _Hashes()


def _hash_all(words: list[str]) -> npt.NDArray[np.uint64]:
    return np.array(list(map(_hashes.__getitem__, words)), dtype=np.uint64)


def _plain(folded: str) -> str:
    """Return a folded text with the marks of typesetters as ASCII has them."""
    if not folded.isascii():
        for mark, plain in _TYPESET:
            folded = folded.replace(mark, plain)
    return folded


def _find_words(folded: str) -> list[str]:
    """Return the words of a text, or of a stretch of one, that has no script without spaces."""
    if not folded.isascii():
        return _SPACED_WORDS.findall(folded)
    if "'" in folded or "`" in folded:
        folded = _IN_WORD.sub("", folded)
    return folded.translate(_TO_SPACES).split()


def _has_unspaced(text: str) -> bool:
    return not text.isascii() and _UNSPACED.search(text) is not None


def _unspaced(words: list[str]) -> npt.NDArray[np.bool_]:
    return np.array([_UNSPACED.match(word) is not None for word in words], dtype=np.bool_)


def _join_unspaced(hashes: npt.NDArray[np.uint64], unspaced: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint64]:
    """Let each character's hash take in the characters after it, until a word that is none."""
    joined = hashes.copy()
    goes_on = unspaced
    for ahead in range(1, min(GRAM, len(hashes))):
        goes_on = goes_on[:-1] & unspaced[ahead:]
        joined[:-ahead][goes_on] += hashes[ahead:][goes_on] * _GRAM_FACTORS[ahead - 1]
    return joined


def hash_words(text: str) -> npt.NDArray[np.uint64]:
    """Return one 64-bit hash a word, shape (n,), in order.

    The words are those of the text after NFKC and casefolding, without the apostrophes inside them, in
    American spelling and plain letters; punctuation and quotation marks count for nothing. Where a script
    has no spaces, a character is a word, and its hash takes in up to three characters after it.
    """
    folded = _plain(fold_text(text))
    if not _has_unspaced(folded):
        return _hash_all(_find_words(folded))
    words = WORDS.findall(folded)
    return _join_unspaced(_hash_all(words), _unspaced(words))


def hash_single_words(text: str) -> npt.NDArray[np.uint64]:
    """Return one hash a word, shape (n,), as `hash_words` does, with each character by itself."""
    folded = _plain(fold_text(text))
    return _hash_all(WORDS.findall(folded) if _has_unspaced(folded) else _find_words(folded))


def hash_words_with_quotes(text: str) -> Words:
    """As `hash_words`, with the words inside quotation marks told from the prose around them.

    A quotation ends with its closing mark or with its paragraph, whichever comes first: a missing mark
    then costs one paragraph. Single quotes are taken for apostrophes.
    """
    folded = fold_text(text)
    has_unspaced = _has_unspaced(folded)
    words: list[str] = []
    counts: list[int] = []
    stretches = list(quotations(folded))
    for first, last, _ in stretches:
        found = (
            WORDS.findall(folded, first, last) if has_unspaced else _find_words(_plain(folded[first:last]))
        )
        words += found
        counts.append(len(found))
    quoted = np.repeat(np.array([inside for _, _, inside in stretches], dtype=np.bool_), counts)
    hashes = _hash_all(words)
    if not has_unspaced:
        return Words(hashes, hashes, quoted, np.zeros(len(words), dtype=np.bool_), 1.0)
    unspaced = _unspaced(words)
    sounds = sum(_SOUND.match(word) is not None for word in words)
    characters = int(np.count_nonzero(unspaced)) - sounds
    extra = characters * (_CHARACTERS_A_WORD - 1) + sounds * (_SOUNDS_A_WORD - 1)
    return Words(_join_unspaced(hashes, unspaced), hashes, quoted, unspaced, 1.0 + extra / max(1, len(words)))


def spans(text: str) -> list[tuple[int, int]]:
    """Return where each word of `hash_words` stands in the text as it is written: (first, past the last character).

    Folding changes the length of what is folded ("½" becomes "1⁄2"), so each character of the folded text is
    traced to the characters that it was made from.
    """
    origins: list[tuple[int, int]] = []
    folded: list[str] = []
    for first, last in _clusters(text):
        part = fold_text(text[first:last])
        folded.append(part)
        origins += [(first, last)] * len(part)
    return [
        (origins[word.start()][0], origins[word.end() - 1][1]) for word in WORDS.finditer("".join(folded))
    ]


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Yield the smallest stretches of a text that can be folded one by one."""
    first = 0
    for place in range(1, len(text)):
        # Nothing composes with an ASCII character that follows it.
        if text[place] < "\x80" or not _composes(text[first:place], text[place]):
            yield first, place
            first = place
    if text:
        yield first, len(text)


@lru_cache(maxsize=_CACHE_LIMIT)
def _composes(cluster: str, character: str) -> bool:
    return fold_text(cluster + character) != fold_text(cluster) + fold_text(character) or bool(
        unicodedata.combining(unicodedata.normalize("NFKD", character)[0])
    )
