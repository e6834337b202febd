"""Where the bytes are that a revisit record leaves out: in an earlier answer with the same digest."""

import base64
from collections import OrderedDict

from pipeline.archive.fields import Fields, first_of
from pipeline.foreign.references import Reference

_MOST = 100_000  # answers that are remembered: 35 MB; a file of 1 GB has some 40,000 pages


class Revisits:
    """The answers of a run by the digest of their payload, the latest that fit into the memory."""

    def __init__(self) -> None:
        self._places: OrderedDict[bytes, Reference] = OrderedDict()

    def note(self, fields: Fields, reference: Reference) -> None:
        """Remember an answer by the digest that it states."""
        key = _key(fields)
        if key is not None:
            self._places[key] = reference
            self._places.move_to_end(key)
            if len(self._places) > _MOST:
                self._places.popitem(last=False)

    def resolve(self, fields: Fields) -> Reference | None:
        """Return the answer that a revisit refers to; None where it is not known, or the server only said unchanged."""
        key = _key(fields)
        return self._places.get(key) if key is not None else None


def _key(fields: Fields) -> bytes | None:
    """Return a payload's digest, however it is written (sha1 in base 32, as most do, or in hex)."""
    name, _, value = (first_of(fields, "WARC-Payload-Digest") or "").partition(":")
    if not value:
        return None
    bare = value.rstrip("=")
    try:
        if name.lower() == "sha1" and len(bare) == 32:
            return base64.b32decode(bare.upper())
        return bytes.fromhex(bare)
    except ValueError:
        return value.encode()
