"""A page's bytes to characters: by its byte order mark, by what it declares, and by what the bytes themselves say."""

import re
from dataclasses import dataclass

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from pipeline.clean.language import detected_language

_LEGACY = ["cp1252", "cp1251", "koi8_r", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256"]
_MULTIBYTE = frozenset(
    [
        "gb18030",
        "gbk",
        "gb2312",
        "big5",
        "big5hkscs",
        "shift_jis",
        "cp932",
        "euc_jp",
        "euc_kr",
        "cp949",
        "iso2022_jp",
    ]
)
_WIDE = ("utf-16", "utf-32", "utf_16", "utf_32")
_TAG = re.compile(rb"<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_SAMPLE = 20_000  # bytes that are looked at where an encoding is guessed
_CENTRAL = frozenset(["pl", "cs", "sk", "hu", "ro", "hr", "sl", "bs", "sq"])
_LATIN = ("cp1252", "iso8859-1", "iso8859-2", "iso8859-15", "cp1250", "latin-1")
# UTF-8 that was read as Windows-1252 or Windows-1251: a lead byte's letter, and what a continuation byte becomes.
_TWICE = re.compile(
    "[ÂÃÄÅÐÑâвРС](?:(?<=[ÂÃÄÅÐÑâ])[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013-\u2026\u2030\u2039\u203a\u20ac\u2122]|(?<=в)\u0402|(?<=[РС])[\u0080-\u00bf\u0402-\u040f\u0452-\u045f"
    "\u2013-\u2026\u2030\u2039\u203a\u20ac\u2116\u2122])"
)
# Of those the commonest: to search for a few words is far cheaper than to search for a pattern.
_HINTS = (
    "â€", "Ã©", "Ã¨", "Ã¼", "Ã¶", "Ã¤", "Ã±", "Ã³", "Ã¡", "Ã§", "Ã£", "Â\u00a0", "Â«", "Â»", "Ð¾", "Ð°", "Ðµ", "Ñ‚",
    "Å‚", "Å¼", "ÄŸ", "ÅŸ", "вЂ", "Р°", "Рµ", "Рѕ",
)  # fmt: skip
_ASCII = bytes(range(0x80))
_PASSAGE = re.compile(r'[^<>\n"]+')
_CERTAIN = 3  # places: one may be a page's own words about broken letters


@dataclass(frozen=True, slots=True)
class DecodedPage:
    """The characters of a page, and a sentence for each thing that was not as the page declared it."""

    text: str
    notes: tuple[str, ...] = ()


def decode_page(body: bytes, content_type: str | None) -> DecodedPage:
    """Decode a page.

    The order: its byte order mark; UTF-8, where the bytes are that and not ASCII alone, whatever is declared; what
    the HTTP header or the page declares, where the bytes fit it and do not read as another script's; what they look
    like. Text that was encoded in UTF-8 twice is put right where that is certain. Never raises: what fits nothing
    is UTF-8 with U+FFFD in it.
    """
    text, notes = _decode(body, content_type)
    mended, passages = without_double_encoding(text)
    if passages:
        notes = (*notes, f"Double-encoded UTF-8 was put right in {passages} passages of the page.")
    return DecodedPage(mended, notes)


def _decode(body: bytes, content_type: str | None) -> tuple[str, tuple[str, ...]]:
    marked, mark = read_bom(body)
    if marked:
        return body[len(mark or b"") :].decode(marked, "replace"), ()
    declared = http_content_type_encoding(content_type) or html_body_declared_encoding(body[:8192])
    if declared in _MULTIBYTE or (declared or "").startswith("iso2022"):
        pass
    elif body.isascii():
        return body.decode("ascii"), ()
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(body, declared)
    said = declared is not None and declared not in {"utf-8", "ascii"} and not declared.startswith(_WIDE)
    return text, (f"The page declares {declared}, and is UTF-8.",) if said else ()


def _not_utf8(body: bytes, declared: str | None) -> tuple[str, tuple[str, ...]]:
    if declared and declared != "utf-8" and not declared.startswith(_WIDE):
        try:
            text = body.decode(declared)
        except (UnicodeDecodeError, LookupError):
            pass
        else:
            other = _other_script(body) if declared in _LATIN else None
            if other is None:
                return text, ()
            return body.decode(other, "replace"), (f"The page declares {declared}, and reads as {other}.",)
    lenient = body.decode("utf-8", "replace")
    broken = lenient.count("\ufffd")
    if sum(1 for char in lenient if char > "\x7f") - broken > 2 * broken:
        return lenient, (f"{broken} bytes of the page did not fit UTF-8.",)
    guessed = _guess(body)
    if guessed is None:
        return lenient, (f"{broken} bytes of the page did not fit UTF-8.",)
    said = f"declares {declared}, and its bytes do not fit that" if declared else "states no encoding"
    return body.decode(guessed, "replace"), (f"The page {said}; {guessed} was assumed.",)


def _sample(body: bytes) -> bytes:
    """Return the page's text without its tags, as far as it is not ASCII: that is all that tells encodings apart."""
    lines = _TAG.sub(b"\n", body).split(b"\n")
    return b"\n".join(line for line in lines if not line.isascii())[:_SAMPLE]


def _guess(body: bytes) -> str | None:
    sample = _sample(body) or body[:_SAMPLE]
    best = from_bytes(sample, cp_isolation=_LEGACY).best()
    if best is None:
        return None
    # Windows-1250 and Windows-1252 differ in a few letters, which only the language tells apart.
    if best.encoding == "cp1250" and detected_language(sample.decode("cp1250", "replace")) not in _CENTRAL:
        return "cp1252"
    return best.encoding


def _other_script(body: bytes) -> str | None:
    """Return a Cyrillic encoding for bytes that are declared Latin, where most of their letters lie above ASCII."""
    sample = _sample(body)
    high = sum(byte > 0x7F for byte in sample)
    low = sum(bytes([byte]).isalpha() for byte in sample if byte < 0x80)
    if high < 50 or high < 2 * low:
        return None
    best = from_bytes(sample, cp_isolation=["cp1251", "koi8_r"]).best()
    return best.encoding if best else None


def without_double_encoding(text: str) -> tuple[str, int]:
    """Return a text with UTF-8 that was encoded twice (`â€™`, `Ã©`) put right, and in how many passages it was.

    Only where such sequences stand in three places or more, and ftfy finds a passage explained by them.
    """
    # Most pages hold none of these, and are not searched.
    if text.isascii() or not _is_hinted(text):
        return text, 0
    found = _TWICE.finditer(text)
    if sum(1 for _, _ in zip(range(_CERTAIN), found, strict=False)) < _CERTAIN:
        return text, 0
    # To import it takes as long as to clean a few pages, and hardly any page needs it.
    from ftfy import fix_encoding  # noqa: PLC0415

    mended = 0

    def mend(passage: re.Match[str]) -> str:
        nonlocal mended
        if not _TWICE.search(passage[0]):
            return passage[0]
        fixed = fix_encoding(passage[0])
        mended += fixed != passage[0]
        return fixed

    return _PASSAGE.sub(mend, text), mended


def _is_hinted(text: str) -> bool:
    """Tell whether one of the commonest sequences is in a text; they are looked for in what is not ASCII alone."""
    others = text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")
    # What stands apart in the text may meet here: that is only looked at again.
    return any(hint in others for hint in _HINTS)
