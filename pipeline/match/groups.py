"""Union-find over document keys, with pairs that must stay apart."""

from collections import defaultdict
from collections.abc import Iterable


class Groups:
    """Disjoint groups of keys. The root of a group is its smallest key, so it does not depend on order."""

    def __init__(self, keys: Iterable[bytes]) -> None:
        self._parent = {key: key for key in keys}
        self._apart: dict[bytes, set[bytes]] = defaultdict(set)

    def find(self, key: bytes) -> bytes:
        """Return the root of a key's group."""
        while self._parent[key] != key:
            self._parent[key] = self._parent[self._parent[key]]
            key = self._parent[key]
        return key

    def may_join(self, one: bytes, other: bytes) -> bool:
        """Tell whether nothing keeps the two keys' groups apart."""
        one, other = self.find(one), self.find(other)
        return not any(self.find(key) == other for key in self._apart.get(one, ()))

    def join(self, one: bytes, other: bytes) -> bool:
        """Make one group of two keys' groups, unless they are kept apart; return whether they are one now."""
        low, high = sorted((self.find(one), self.find(other)))
        if low == high:
            return True
        if not self.may_join(low, high):
            return False
        self._parent[high] = low
        if high in self._apart:
            self._apart[low] |= self._apart.pop(high)
        return True

    def part(self, one: bytes, other: bytes) -> bool:
        """Keep two keys' groups apart from now on, unless they are one already; return whether they are apart."""
        first, second = self.find(one), self.find(other)
        if first == second:
            return False
        self._apart[first].add(other)
        self._apart[second].add(one)
        return True

    def members(self) -> dict[bytes, set[bytes]]:
        """Return the keys of each group, by its root."""
        found: dict[bytes, set[bytes]] = defaultdict(set)
        for key in self._parent:
            found[self.find(key)].add(key)
        return found
