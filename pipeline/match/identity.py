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


def identify(
    folded: Sequence[FoldedStory], before: Mapping[int, bytes], retired: Mapping[int, bytes]
) -> Identities:
    """Say which id each folded story has.

    `before` holds the lead's key of each story that is folded anew, `retired` the one that led each story that was
    merged into one of those. A story's id goes with its lead: to the story that the lead is in now, or that has the
    lead as a revision. Of several ids the smallest stays, and the others lead to it. A story that has none takes up
    the one under which its documents were led before a merge that does not hold any more.
    """
    homes: dict[bytes, bytes] = {}
    for story in folded:  # ordered by lead, so that a revision of several stories goes to the first
        for key, role in story.roles.items():
            if role == "revision":
                homes.setdefault(key, story.lead)
    for story in folded:
        homes.update((key, story.lead) for key, role in story.roles.items() if role in {"lead", "copy"})
    claims: dict[bytes, list[int]] = defaultdict(list)
    for story_id, lead in sorted(before.items()):
        if lead in homes:
            claims[homes[lead]].append(story_id)
    found = Identities({lead: claimed[0] for lead, claimed in claims.items()})
    for claimed in claims.values():
        found.forwards.update(dict.fromkeys(claimed[1:], claimed[0]))
    revived: set[int] = set()
    for story_id, lead in sorted(retired.items()):
        home = homes.get(lead)
        if home is not None and home not in found.ids:
            found.ids[home] = story_id
            revived.add(story_id)
    return Identities(found.ids, found.forwards, frozenset(revived))
