"""Learning the furniture of the hosts that are stored: from the texts, with the way in the page from the archive."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from pipeline.clean.canonical import tidy_line
from pipeline.clean.extract import extract
from pipeline.clean.furniture import fold_line
from pipeline.clean.learning import LearnedBlock, learn
from pipeline.errors import Quarantine
from pipeline.settings import Settings
from pipeline.store import furniture
from pipeline.store.archived import captures_of

_SAMPLES = 6  # pages of a host that are read again, for the ways of the lines in them
_SURE = 3  # of them must agree


@dataclass(frozen=True, slots=True)
class HostLearned:
    """What one host was found to repeat: how many texts and distinct stories were looked at, and the blocks."""

    host: str
    texts: int
    stories: int
    blocks: tuple[LearnedBlock, ...]
    new: int


def learn_furniture(
    engine: Engine, settings: Settings, sources: Collection[str] = ()
) -> Iterator[HostLearned]:
    """Learn anew the furniture of each host, of all sources or of some, and store it; yield what was found.

    Nothing is cleaned again by this: new pages are cleaned with it, and stored ones when they are prepared again.
    """
    for host in furniture.hosts_with_texts(engine, sources):
        texts = furniture.read_texts(engine, host)
        blocks = learn(texts)
        paths = _paths(engine, settings.archive, blocks) if blocks else {}
        new = furniture.save(engine, host, blocks, paths)
        yield HostLearned(host, len(texts), len({text.story for text in texts}), tuple(blocks), new)


def _paths(
    engine: Engine, archive: Path, blocks: list[LearnedBlock]
) -> dict[tuple[str, tuple[str, ...]], str]:
    """Return the way of each block's first line, where pages that have it agree on one."""
    documents = Counter(document for block in blocks for document in block.document_ids)
    chosen = [document for document, _ in documents.most_common(_SAMPLES)]
    ways: dict[str, Counter[str | None]] = {}
    for capture in captures_of(engine, archive, chosen):
        try:
            page = extract(
                capture.body,
                content_type=capture.headers.get("content-type"),
                timezone=capture.timezone,
                address=capture.address,
            )
        except Quarantine:
            continue
        for line, place in zip(page.lines, page.places, strict=False):
            ways.setdefault(fold_line(tidy_line(line)), Counter())[place.path if place else None] += 1
    agreed: dict[tuple[str, tuple[str, ...]], str] = {}
    for block in blocks:
        found = ways.get(block.lines[0], Counter[str | None]())
        path = next(iter(found)) if len(found) == 1 else None
        if path is not None and found[path] >= _SURE:
            agreed[block.region, block.lines] = path
    return agreed
