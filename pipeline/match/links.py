"""The relations that stories are made of."""

from dataclasses import dataclass

SAME_TEXT = frozenset({"identical", "near"})
JOINING = frozenset({*SAME_TEXT, "contains"})


@dataclass(frozen=True, slots=True)
class Link:
    """A relation, by the keys of its shorter and its longer document.

    `strength` (0 to 1) tells which of two links of a kind is the closer one, where a ruling makes a text choose.
    """

    shorter: bytes
    longer: bytes
    kind: str
    strength: float = 0.0
