"""Digests: which texts contain others without joining them.

An outlet that trims a round-up drops reports of it, each outlet others. Whether a text is a digest is therefore
decided for all its copies at once: one that kept a single report would else join that one, and the copies bridge
the reports that the round-up only listed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from pipeline.match.groups import Groups
from pipeline.match.links import Link

# Of a report's hundreds of copies, one may carry a stray text in its margin. The report goes on joining what so many
# times more of its copies contain.
_PREVAILING = 10


def find_loose(
    contains: Sequence[Link], merged: Iterable[tuple[bytes, bytes]], same_text: Groups, groups: Groups
) -> AbstractSet[Link]:
    """Return the links of kind `contains` whose longer text only appears in the story of the shorter one.

    `same_text` has the documents in classes that near and identical texts make; `groups` says besides what was ruled
    to be apart, and `merged` holds the pairs that were ruled to be one story. A class is a digest when what its
    members contain does not hang together by links outside the class.
    """
    inner: dict[bytes, list[Link]] = defaultdict(list)
    for link in contains:
        if same_text.find(link.shorter) != same_text.find(link.longer):
            inner[same_text.find(link.longer)].append(link)
    ruled: dict[bytes, set[bytes]] = defaultdict(set)
    for pair in merged:
        one, other = map(same_text.find, pair)
        ruled[one].add(other)
        ruled[other].add(one)
    loose: set[Link] = set()
    # In rounds: inside a larger digest, a smaller one joins nothing either, so each that is found may make another.
    # What is loose stays so, and the outcome depends on no order.
    waiting = {
        root for root, links in inner.items() if len({same_text.find(link.shorter) for link in links}) > 1
    }
    while waiting:
        neighbours = _neighbours(contains, loose, ruled, same_text, groups)
        found = {link for root in waiting for link in _apart(inner[root], neighbours, same_text)} - loose
        if not found:
            break
        loose |= found
    return loose


def _neighbours(
    contains: Iterable[Link],
    loose: AbstractSet[Link],
    ruled: Mapping[bytes, AbstractSet[bytes]],
    same_text: Groups,
    groups: Groups,
) -> dict[bytes, set[bytes]]:
    """Return the classes that each class is joined to by links that are not loose, or by rulings."""
    found: dict[bytes, set[bytes]] = defaultdict(set, {root: set(others) for root, others in ruled.items()})
    for link in contains:
        if link not in loose and groups.may_join(link.shorter, link.longer):
            one, other = same_text.find(link.shorter), same_text.find(link.longer)
            found[one].add(other)
            found[other].add(one)
    return found


def _apart(
    links: Sequence[Link], neighbours: Mapping[bytes, AbstractSet[bytes]], same_text: Groups
) -> set[Link]:
    """Return the links of a class to what it does not join: all, or all but those to the part that prevails."""
    part_of = _parts({same_text.find(link.shorter) for link in links}, neighbours)
    members: dict[bytes, set[bytes]] = defaultdict(set)
    for link in links:
        members[part_of[same_text.find(link.shorter)]].add(link.longer)
    if len(members) < 2:
        return set()
    (first, most), (_, next_most), *_ = Counter({part: len(of) for part, of in members.items()}).most_common(
        2
    )
    own = first if most >= _PREVAILING * next_most else None
    return {link for link in links if part_of[same_text.find(link.shorter)] != own}


def _parts(roots: AbstractSet[bytes], neighbours: Mapping[bytes, AbstractSet[bytes]]) -> dict[bytes, bytes]:
    """Return the part that each class is of; a part hangs together by links among the classes themselves."""
    parts: dict[bytes, bytes] = {}
    for root in sorted(roots):
        if root in parts:
            continue
        parts[root], waiting = root, [root]
        while waiting:
            for near in neighbours.get(waiting.pop(), frozenset()) & roots:
                if near not in parts:
                    parts[near] = root
                    waiting.append(near)
    return parts
