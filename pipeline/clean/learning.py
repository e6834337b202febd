"""Learning a host's furniture: the lines that its distinct stories have in common, where they have them.

Pure: texts in, blocks with their evidence out. What two versions or copies of one story share is the story, so what
counts is distinct stories, never pages. The nearer a line looks to the article (a paragraph, a place between
paragraphs), the more of the host's stories must have it: a wire's background paragraphs recur too.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.clean.furniture import Region, fold_line
from pipeline.clean.page import Page

LEAST_PAGES = 8
"""Distinct stories of a host, below which nothing is learned of it."""

_LEAST_STORIES = 4
_MOST_SHARE = 0.5  # of a host's stories: what looks like the article must be in every second one
_OWN_REGION = 0.7  # of a line's occurrences: one that comes in the body too is a speaker's name, or a heading
_LONGEST_RUN = 4
_ABSORBED = 0.8
_LEAST_WORDS = 3


@dataclass(frozen=True, slots=True)
class StoryLines:
    """One document of a host: the story it belongs to, its lines, and when it was first seen."""

    story: int
    document: int
    lines: Sequence[str]
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class LearnedBlock:
    """A block that recurs, with its evidence; `lines` are folded, `sample` are they as they stood on a page."""

    region: Region
    lines: tuple[str, ...]
    sample: tuple[str, ...]
    stories: int
    documents: int
    pages: int
    first_seen_at: datetime
    document_ids: tuple[int, ...]


@dataclass(slots=True)
class _Seen:
    sample: tuple[str, ...]
    is_prose: bool
    stories: set[int] = field(default_factory=set)
    documents: dict[int, datetime] = field(default_factory=dict)

    def note(self, text: StoryLines) -> None:
        self.stories.add(text.story)
        self.documents[text.document] = text.seen_at


def least_stories(pages: int) -> int:
    """Return how many distinct stories must have a line of the edges, on a host with so many of them."""
    return max(_LEAST_STORIES, math.ceil(math.sqrt(pages)))


def learn(texts: Iterable[StoryLines]) -> list[LearnedBlock]:
    """Return what recurs in a host's texts: lines above and below the prose, runs of up to four lines anywhere."""
    texts = list(texts)
    pages = len({text.story for text in texts})
    if pages < LEAST_PAGES:
        return []
    least, most = least_stories(pages), max(least_stories(pages), math.ceil(_MOST_SHARE * pages))
    recurring = _recurring(texts, least)
    singles: dict[tuple[str, Region], _Seen] = {}
    runs: dict[tuple[str, ...], _Seen] = {}
    for text in texts:
        _note(text, recurring, singles, runs)
    blocks: list[LearnedBlock] = []
    for (line, region), seen in singles.items():
        whole = sum(len(singles[line, where].stories) for where in _REGIONS if (line, where) in singles)
        needed = most if seen.is_prose or region == "anywhere" else least
        is_plain = region == "anywhere" and (seen.is_prose or line.count(" ") + 1 < _LEAST_WORDS)
        if len(seen.stories) >= needed and len(seen.stories) >= _OWN_REGION * whole and not is_plain:
            blocks.append(_block(region, (line,), seen, pages))
    blocks += _runs(runs, least, most, pages, {block.lines[0] for block in blocks})
    return sorted(blocks, key=lambda block: (-block.stories, block.region, block.lines))


_REGIONS: tuple[Region, ...] = ("head", "tail", "anywhere")


def _recurring(texts: Sequence[StoryLines], least: int) -> frozenset[str]:
    stories: dict[str, set[int]] = defaultdict(set)
    for text in texts:
        for line in text.lines:
            stories[fold_line(line)].add(text.story)
    return frozenset(
        line for line, found in stories.items() if len(found) >= least and _may_be_furniture(line)
    )


def _may_be_furniture(folded: str) -> bool:
    """Tell whether a line is words; what stands in brackets is a note on the text, such as `(As delivered)`."""
    return any(map(str.isalpha, folded)) and not (folded[0] in "([" and folded[-1] in ")]")


def _note(
    text: StoryLines,
    recurring: frozenset[str],
    singles: dict[tuple[str, Region], _Seen],
    runs: dict[tuple[str, ...], _Seen],
) -> None:
    """Note where one text has the lines that recur: above all of its own prose, below it, or between."""
    page = Page(list(text.lines))
    shown = [index for index, line in enumerate(page.lines) if line]
    folded = [fold_line(page.lines[index]) for index in shown]
    prose = [page.is_prose(index) for index in shown]
    own = [at for at, line in enumerate(folded) if prose[at] and line not in recurring]
    if not own:
        return  # a text that is nothing but what others have says nothing on where they have it
    for at, line in enumerate(folded):
        if line not in recurring:
            continue
        region: Region = "head" if at < own[0] else "tail" if at > own[-1] else "anywhere"
        singles.setdefault((line, region), _Seen((page.lines[shown[at]],), prose[at])).note(text)
        if region != "anywhere":
            continue
        for size in range(2, _LONGEST_RUN + 1):
            run = tuple(folded[at : at + size])
            if len(run) < size or run[-1] not in recurring:
                break
            sample = tuple(page.lines[index] for index in shown[at : at + size])
            runs.setdefault(run, _Seen(sample, all(prose[at : at + size]))).note(text)


def _runs(
    runs: dict[tuple[str, ...], _Seen], least: int, most: int, pages: int, known: set[str]
) -> list[LearnedBlock]:
    """Return the runs that recur between paragraphs; one that a longer run explains is left out."""
    found: list[LearnedBlock] = []
    for run, seen in sorted(runs.items(), key=lambda pair: (-len(pair[0]), pair[0])):
        if len(seen.stories) < (most if seen.is_prose else least) or set(run) <= known:
            continue
        if " ".join(run).count(" ") + 1 < _LEAST_WORDS:
            continue
        if not any(
            _holds(longer.lines, run) and longer.stories >= _ABSORBED * len(seen.stories) for longer in found
        ):
            found.append(_block("anywhere", run, seen, pages))
    return found


def _holds(longer: tuple[str, ...], run: tuple[str, ...]) -> bool:
    return any(longer[at : at + len(run)] == run for at in range(len(longer) - len(run) + 1))


def _block(region: Region, lines: tuple[str, ...], seen: _Seen, pages: int) -> LearnedBlock:
    return LearnedBlock(
        region=region,
        lines=lines,
        sample=seen.sample,
        stories=len(seen.stories),
        documents=len(seen.documents),
        pages=pages,
        first_seen_at=min(seen.documents.values()),
        document_ids=tuple(seen.documents),
    )
