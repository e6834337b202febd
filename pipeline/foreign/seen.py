"""Whether an address came before in a run, in memory that does not grow with the run."""

from xxhash import xxh3_128_intdigest

_BITS = 1 << 27  # 16 MB: ten million addresses leave one in 200 taken for a repeat
_MASK = _BITS - 1
_HASHES = 4


class Seen:
    """A Bloom filter (Bloom 1970): it may take an address for a repeat that is none, and never the other way round."""

    def __init__(self) -> None:
        self._bits = bytearray(_BITS // 8)

    def add(self, address: str) -> bool:
        """Note an address; tell whether it was, or may have been, noted before."""
        digest = xxh3_128_intdigest(address.encode("utf-8", "surrogatepass"))
        is_repeat = True
        for turn in range(_HASHES):
            bit = (digest >> (27 * turn)) & _MASK
            if not self._bits[bit >> 3] & (1 << (bit & 7)):
                is_repeat = False
                self._bits[bit >> 3] |= 1 << (bit & 7)
        return is_repeat
