"""The letters of many scripts, folded to those that every way of writing a word has in common; for hashing only.

A fold may be wider than a language needs: "value" loses an e on both sides, which costs nothing. What matters is
that a word is the same with and without what writers and agencies leave out: accents on capitals, vowel points,
stress marks, the dots of a capital I.
"""

import re
import unicodedata

APOSTROPHES = "'\u2019\u02bc\u2018\u02bb`\u00b4\uff07"
DROP_APOSTROPHES = str.maketrans("", "", APOSTROPHES)

_HAN_AND_KANA = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
SOUNDS = (
    "\u0e00-\u0e30\u0e32-\u0e33\u0e40-\u0e46"  # Thai
    "\u0e80-\u0eb0\u0eb2-\u0eb3\u0ebd-\u0ec6\u0edc-\u0edf"  # Lao
    "\u1000-\u102a\u103f\u1050-\u1055"  # Burmese
    "\u1780-\u17b3\u17d7\u17dc"  # Khmer
)
"""For a character class: the letters of alphabets that put no spaces between words."""
UNSPACED = _HAN_AND_KANA + SOUNDS
"""For a character class: the characters of all scripts that put no spaces between words."""


def _marks() -> str:
    """Return what stands on or beside a letter and is none itself: combining marks, joiners, soft hyphens."""
    ranges: list[list[int]] = []
    for point in range(0x300, 0x2000):
        if unicodedata.category(chr(point))[0] == "M":
            if ranges and ranges[-1][1] == point - 1:
                ranges[-1][1] = point
            else:
                ranges.append([point, point])
    spelt = "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)
    return (
        spelt
        + "\u00ad\u061c\u180e\u200b-\u200f\u2060\u20d0-\u20f0\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f\ufeff"
    )


MARKS = _marks()
"""For a character class: what belongs to the letter before it. Python's `\\w` has none of these."""

_INVISIBLE = re.compile("[\u00ad\u061c\u0640\u180e\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]")
# Marks are dropped where writing leaves them out; in Indian and other scripts they are vowels.
_DROPPED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0730-\u074a\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]"
)
# й and ї are letters of their own, though Unicode takes them for letters with marks.
_KEPT_WHOLE = re.compile("[\u0400-\u052f]")
_SINGLE = str.maketrans(
    {
        "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "a", "œ": "o", "ħ": "h", "ŧ": "t",
        "ё": "е",
        "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ٱ": "ا",
        "״": None, "׳": None,
    }
)  # fmt: skip
# "Müller" is "Mueller" where a keyboard or a wire had no umlauts, and "Muller" where nobody cared.
_DIGRAPH = re.compile("([aou])e")


def fold_letters(word: str) -> str:
    """Return a casefolded word in NFKC with its letters folded.

    Without accents, points, stress and other marks that writing leaves out; German umlauts and their two-letter
    spellings alike; one i; one alef, yeh, kaf and teh; no tatweel; decimal digits of any script as 0 to 9.
    """
    if not word.isascii():
        word = _INVISIBLE.sub("", word)
        plain = "".join(_plain(letter) for letter in word)
        word = _DROPPED.sub("", plain).translate(_SINGLE)
    return _DIGRAPH.sub(r"\1", word)


def _plain(letter: str) -> str:
    if letter < "\x80":
        return letter
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    return letter if _KEPT_WHOLE.match(letter) else unicodedata.normalize("NFD", letter)
