"""Bytes to characters, for text files; what a file does not say is guessed only where a guess is safe."""

import codecs
from dataclasses import dataclass

from charset_normalizer import from_bytes

from pipeline.errors import Quarantine

DECODE_VERSION = "decode-1"
"""Named in the recipe; raise it whenever other characters would be read from any bytes."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = ["cp1252", "cp1251", "koi8_r", "cp1250", "cp1253", "cp1254"]


@dataclass(frozen=True, slots=True)
class Decoded:
    """The characters of a text file, the encoding they were in, and a sentence where that is a guess."""

    text: str
    encoding: str
    doubt: str | None = None


def decode_text(body: bytes) -> Decoded:
    """Decode a text file: by its byte order mark, else as UTF-8, else by a guess that is recorded.

    Raises:
        Quarantine: the file is empty, holds NUL characters or other binary data, or is UTF-8 with
            damaged bytes in it.
    """
    if not body.strip():
        raise Quarantine("empty", "The file is empty.")
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            try:
                return Decoded(_without_nul(body.decode(encoding)), encoding)
            except UnicodeDecodeError as error:
                raise Quarantine(
                    "bad-encoding",
                    f"The file begins as {encoding.upper()} but byte {error.start} does not fit it; "
                    "save it again as UTF-8.",
                ) from error
    try:
        return Decoded(_without_wide_nul(body), "utf-8")
    except UnicodeDecodeError as error:
        return _guess(body, error)


def _without_wide_nul(body: bytes) -> str:
    """Decode UTF-8; a file half of whose bytes are zero is UTF-16 or UTF-32 without its mark."""
    if body.count(0) * 4 > len(body):
        return _decode_wide(body)
    return _without_nul(body.decode("utf-8"))


def _decode_wide(body: bytes) -> str:
    best = from_bytes(body, cp_isolation=["utf_16_le", "utf_16_be", "utf_32_le", "utf_32_be"]).best()
    if best is None:
        raise Quarantine("not-text", "The file is not text: most of its bytes are zero.")
    return _without_nul(str(best))


def _without_nul(text: str) -> str:
    at = text.find("\0")
    if at >= 0:
        raise Quarantine("not-text", f"The file is not text: character {at} is NUL.")
    return text


def _guess(body: bytes, error: UnicodeDecodeError) -> Decoded:
    if b"\0" in body:
        raise Quarantine(
            "not-text", f"The file is not text: byte {body.index(0)} is zero, and it is not UTF-8 either."
        ) from error
    good, bad = _utf8_sequences(body)
    if good >= bad:
        raise Quarantine(
            "bad-encoding",
            f"The file is UTF-8 but for byte {error.start} (hex {body[error.start]:02x}), which does not "
            "belong there; save it again as UTF-8.",
        ) from error
    best = from_bytes(body, cp_isolation=_LEGACY).best()
    if best is None:
        raise Quarantine(
            "not-text", "The file is not text in any encoding that newsfold knows; save it as UTF-8."
        ) from error
    encoding = best.encoding
    text = str(best)
    # Windows-1250 and Windows-1252 share every letter and mark that Western texts use.
    if encoding != "cp1252" and _same(body, "cp1252", text):
        encoding = "cp1252"
    return Decoded(_without_nul(text), encoding, f"The file states no encoding; {encoding} was assumed.")


def _utf8_sequences(body: bytes) -> tuple[int, int]:
    """Count the multi-byte characters that are valid UTF-8, and the bytes that are not."""
    text = body.decode("utf-8", errors="surrogateescape")
    good = sum(1 for char in text if ord(char) > 0x7F and not 0xDC80 <= ord(char) <= 0xDCFF)
    bad = sum(1 for char in text if 0xDC80 <= ord(char) <= 0xDCFF)
    return good, bad


def _same(body: bytes, encoding: str, text: str) -> bool:
    try:
        return body.decode(encoding) == text
    except UnicodeDecodeError:
        return False
