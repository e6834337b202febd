"""The canonical form of a clean text: what is stored, and what its identity is computed from."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

CANONICAL_VERSION = "text-2"
"""Named in the recipe; raise it whenever the canonical form of any text would change."""

# Marks that show nothing: soft hyphen, zero-width space, word joiner, byte order mark, and the
# marks and isolates of the bidirectional algorithm. Joiners (U+200C, U+200D) change what is read.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
# What typesetting makes of two or three letters; a reader, and a search, wants the letters.
_LIGATURES = str.maketrans({"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st",
                            "\ufb06": "st"})  # fmt: skip
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
# Not str.splitlines(): that also breaks at form feeds and separators, which are spaces here.
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def split_lines(text: str) -> list[str]:
    """Split a text at every kind of line break; the lines are otherwise as they were."""
    return _LINE_BREAK.split(text)


def tidy_line(line: str) -> str:
    """Return a line in NFC with its white space folded, without marks that show nothing, and ligatures as letters.

    Lone surrogates, which no database can store, become U+FFFD.
    """
    if line.isprintable():
        # Most lines of a page, at a tenth of the cost: nothing in them that shows nothing, and no space but the usual.
        line = " ".join(line.split())
        if line.isascii():
            return line
        return unicodedata.normalize("NFC", line.translate(_LIGATURES) if _LIGATURE.search(line) else line)
    line = _CONTROL.sub("", _INVISIBLE.sub("", line))
    line = _SPACE.sub(" ", _SURROGATE.sub("\ufffd", line)).strip()
    return unicodedata.normalize("NFC", line.translate(_LIGATURES))


_QUOTES_AND_DASHES = str.maketrans("‘’‛`´“”„«»‐‑‒–—―", "'''''\"\"\"\"\"------")


@lru_cache(maxsize=2048)
def fold_title(line: str) -> str:
    """Return a headline as two spellings of it compare: without case, or kinds of quotes and dashes."""
    return tidy_line(line).casefold().translate(_QUOTES_AND_DASHES).rstrip(".")


def join_lines(tidy_lines: Iterable[str]) -> str:
    """Join tidy lines into a canonical text: one paragraph a line, no empty lines."""
    return "\n".join(line for line in tidy_lines if line)


def digest(canonical_text: str) -> bytes:
    """Return the SHA-256 of a canonical text in UTF-8, 32 bytes (FIPS 180-4)."""
    return hashlib.sha256(canonical_text.encode()).digest()
