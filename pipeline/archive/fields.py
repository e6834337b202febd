"""Header fields, of WARC records and of HTTP messages, as bytes and back."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

Fields = tuple[tuple[str, str], ...]

# RFC 9110, 5.6.2: what a field's name may be made of.
_NO_TOKEN = re.compile(r"[^!#$%&'*+.^_`|~0-9A-Za-z-]")
# RFC 9110, 5.5: a recipient that goes on replaces each of these within a value with a space.
_BREAKS = re.compile(r"[\r\n\0]")
_NO_ADDRESS = re.compile("[\0-\x20\x7f-\x9f\ud800-\udfff]")


def tidy_address(address: str) -> str:
    """Return an address that can stand in a header: blanks, control characters and lone surrogates are quoted."""
    return _NO_ADDRESS.sub(lambda mark: quote(mark[0], errors="replace"), address)


def http_head(status: int, phrase: str, headers: Iterable[tuple[str, str]], body_bytes: int | None) -> bytes:
    """Return the head of an HTTP answer as it is archived, with the blank line that ends it.

    `Transfer-Encoding` is left out, since it was undone, and a `Content-Length` that is not that of the body
    is corrected; with `body_bytes` None it is let be, as a 304 states the length of what it does not send
    (RFC 9110, 8.6). Values are written as the Latin-1 that HTTP reads them in, else as UTF-8; marks that would
    forge a line become blanks.
    """
    lines = [b"HTTP/1.1 %03d " % status + _value(phrase)]
    length_stated = False
    for name, value in headers:
        kind = name.strip().lower()
        if not kind or kind == "transfer-encoding":
            continue
        if kind == "content-length" and body_bytes is not None:
            if not length_stated:
                lines.append(name.strip().encode() + b": %d" % body_bytes)
            length_stated = True
            continue
        lines.append(_NO_TOKEN.sub("_", name.strip()).encode() + b": " + _value(value))
    return b"\r\n".join(lines) + b"\r\n\r\n"


def read_fields(head: bytes, charset: str) -> Fields:
    """Return the fields of a head, in order, whose first line (the version or the status) is left out.

    A line that begins with a blank continues the one before it; a line without a colon is no field.
    """
    fields: list[tuple[str, str]] = []
    for line in head.split(b"\n")[1:]:
        if line[:1] in (b" ", b"\t") and fields:
            name, value = fields[-1]
            fields[-1] = (name, f"{value} {_text(line, charset)}")
            continue
        name_part, colon, value_part = line.partition(b":")
        if colon:
            fields.append((_text(name_part, charset), _text(value_part, charset)))
    return tuple(fields)


def all_of(fields: Fields, name: str) -> Iterator[str]:
    """Give the values of the fields with this name, in whatever case."""
    return (value for key, value in fields if key.lower() == name.lower())


def first_of(fields: Fields, name: str) -> str | None:
    """Return the value of the first field with this name; None where there is none."""
    return next(all_of(fields, name), None)


def folded(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return fields by lower-case name; the values of one that is repeated are joined (RFC 9110, 5.3)."""
    found: dict[str, str] = {}
    for name, value in fields:
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found


def _value(value: str) -> bytes:
    tidy = _BREAKS.sub(" ", value)
    try:
        return tidy.encode("latin-1")
    except UnicodeEncodeError:
        return tidy.encode(errors="replace")


def _text(raw: bytes, charset: str) -> str:
    return raw.strip(b" \t\r").decode(charset, errors="replace")
