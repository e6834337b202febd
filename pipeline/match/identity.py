"""Which folded story is which of the stories that were there before: ids that outlast growth, merges and splits."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.match.stories import FoldedStory


@dataclass(frozen=True, slots=True)
class Identities:
    """The ids of folded stories, by the keys of their leads; a story that has none is new.

    `forwards` leads from the ids that are given up to those of the stories that took theirs in; `revived` holds
    the ids that were given up in an earlier fold and are used again.
    """

    ids: dict[bytes, int] = field(default_factory=dict)
    forwards: dict[int, int] = field(default_factory=dict)
    revived: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Retired:
    """A story that another one took in: the story it leads to, and the keys of both leads just before."""

    into: int
    lead: bytes
    kept_lead: bytes


def identify(
    folded: Sequence[FoldedStory], before: Mapping[int, bytes], retired: Mapping[int, Retired]
) -> Identities:
    """Say which id each folded story has.

    `before` holds the lead's key of each story that is folded anew, `retired` the stories that were merged into
    one of those. A story's id goes with its lead: to the story that the lead is in now, or that has the lead as a
    revision. Of several ids the smallest stays, and the others lead to it. Where the leads of two stories that were
    merged are apart again, each goes on under the id it had.
    """
    homes = _homes(folded)
    claims: dict[bytes, list[int]] = defaultdict(list)
    for story_id, lead in sorted(before.items()):
        if lead in homes:
            claims[homes[lead]].append(story_id)
    revived: set[int] = set()
    for story_id, story in sorted(retired.items()):
        home, kept_home = homes.get(story.lead), homes.get(story.kept_lead)
        if home is None or kept_home is None or home == kept_home:
            continue
        if claims.get(home) == [story.into] and not claims.get(kept_home):
            claims[kept_home] = [story.into]
        elif claims.get(home):
            continue
        claims[home] = [story_id]
        revived.add(story_id)
    found = Identities({lead: min(claimed) for lead, claimed in claims.items()}, {}, frozenset(revived))
    for claimed in claims.values():
        found.forwards.update(dict.fromkeys(sorted(claimed)[1:], min(claimed)))
    return found


def _homes(folded: Sequence[FoldedStory]) -> dict[bytes, bytes]:
    """Return the lead of the story that each text is in; of several that it is a revision in, the first."""
    homes: dict[bytes, bytes] = {}
    for story in folded:
        for key, role in story.roles.items():
            if role == "revision":
                homes.setdefault(key, story.lead)
    for story in folded:
        homes.update((key, story.lead) for key, role in story.roles.items() if role in {"lead", "copy"})
    return homes
