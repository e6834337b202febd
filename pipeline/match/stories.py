"""Stories: the documents that are one text in circulation, as a pure function of relations and rulings.

The same documents, relations and rulings in any order give the same stories and leads.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from pipeline.match.groups import Groups
from pipeline.match.leading import StoryText, choose_lead
from pipeline.match.links import JOINING, SAME_TEXT, Link
from pipeline.match.roundups import find_loose

__all__ = ["JOINING", "FoldedStory", "Link", "Role", "Ruling", "StoryText", "choose_lead", "fold"]

Role = Literal["lead", "copy", "digest", "revision"]

_STRONGEST_FIRST = ("identical", "near", "contains")


@dataclass(frozen=True, slots=True)
class Ruling:
    """An analyst's word on two documents: they are one story (`merge`), or they are not (`split`).

    The higher `number` is the later word, and prevails where two contradict each other.
    """

    number: int
    kind: Literal["merge", "split"]
    one: bytes
    other: bytes


@dataclass(frozen=True, slots=True)
class FoldedStory:
    """A story: each document's role by its key, the lead's key, and why that one leads."""

    lead: bytes
    lead_reason: str
    roles: Mapping[bytes, Role]


def fold(
    texts: Collection[StoryText], links: Iterable[Link], rulings: Iterable[Ruling] = ()
) -> list[FoldedStory]:
    """Fold documents into stories.

    Near and identical texts join, and a text joins the one that contains it, except for digests: a
    document that contains two texts unrelated to each other is an appearance of both their stories, a
    bridge between neither, and so are its copies together: see `pipeline.match.roundups`. Every document in
    circulation has one story of its own; a digest appears in others besides. A text that its articles no longer print joins nothing: it is a revision in the stories of the texts
    that took its place, and what was ruled of it holds for those.

    What a merge names is in one story, digests too. What a split names is not: its other documents go with the
    one to which they are linked more closely, and no digest of the one's story appears in the other's. Links and rulings of unknown documents are left out.
    """
    by_key = {text.key: text for text in texts}
    current = {key for key, text in by_key.items() if not text.superseded_by}
    groups = Groups(current)
    merged = _apply(groups, rulings, by_key, current)

    joining = sorted(
        {
            link
            for link in links
            if link.kind in JOINING and link.shorter in current and link.longer in current
        },
        key=lambda link: (_STRONGEST_FIRST.index(link.kind), -link.strength, link.shorter, link.longer),
    )
    same_text = Groups(current)
    for link in joining:
        if link.kind in SAME_TEXT and groups.join(link.shorter, link.longer):
            same_text.join(link.shorter, link.longer)
    contains = [link for link in joining if link.kind == "contains"]
    loose = find_loose(contains, merged, same_text, groups)
    for link in contains:
        if link not in loose:
            groups.join(link.shorter, link.longer)

    extras: dict[bytes, dict[bytes, Role]] = defaultdict(dict)
    for link in sorted(loose, key=lambda link: link.longer):
        # What a split parts does not meet as a digest either, nor do copies of it.
        if groups.may_join(link.shorter, link.longer):
            root = groups.find(link.shorter)
            if root != groups.find(link.longer):
                extras[root][link.longer] = "digest"
    for key in sorted(by_key.keys() - current):
        for root in {groups.find(successor) for successor in by_key[key].superseded_by & current}:
            extras[root][key] = "revision"
    stories = []
    for root, keys in groups.members().items():
        lead, reason = choose_lead([by_key[key] for key in keys])
        roles: dict[bytes, Role] = {key: "lead" if key == lead else "copy" for key in sorted(keys)}
        stories.append(FoldedStory(lead, reason, {**roles, **extras[root]}))
    return sorted(stories, key=lambda story: story.lead)


def _apply(
    groups: Groups, rulings: Iterable[Ruling], by_key: Mapping[bytes, StoryText], current: AbstractSet[bytes]
) -> list[tuple[bytes, bytes]]:
    """Apply rulings, the latest first, so that an older one gives way; return the pairs that were merged."""
    merged = []
    for ruling in sorted(rulings, key=lambda ruling: ruling.number, reverse=True):
        ends = [
            sorted({key} if key in current else by_key[key].superseded_by & current)
            for key in (ruling.one, ruling.other)
            if key in by_key
        ]
        if len(ends) < 2:
            continue
        for one in ends[0]:
            for other in ends[1]:
                if ruling.kind == "split":
                    groups.part(one, other)
                elif groups.join(one, other):
                    merged.append((one, other))
    return merged
