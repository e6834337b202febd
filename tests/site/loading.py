"""Reads `articles/*.toml`: a text, and below it who printed it and what they changed."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from tests.site.truth import Article, Block, How


def load(folder: Path) -> Iterator[Article]:
    """The articles of every file in a folder."""
    files = [tomllib.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.toml"))]
    texts = {entry["name"]: _blocks(entry["text"]) for entry in files if "name" in entry}
    for entry in files:
        for printed in entry.get("printed", []):
            yield _article(entry["name"], printed, texts)
        for brief in entry.get("brief", []):
            yield _brief(brief)


def _article(name: str, printed: Mapping[str, Any], texts: Mapping[str, tuple[Block, ...]]) -> Article:
    how = cast("How", printed["how"])
    blocks = tuple(_edited(texts[name], printed))
    for following in printed.get("then", []):
        blocks += tuple(_parse(line) for line in printed.get("between", ())) + texts[following]
    copied = () if how == "original" else (name,)
    return _with_truth(
        printed,
        text_name=name,
        blocks=blocks,
        corrected=tuple(_replaced(blocks, printed.get("corrected", ()))),
        how=how,
        copies=tuple(printed["then"]) if how == "digest" else copied + tuple(printed.get("then", ())),
        relevance=printed.get("relevance", "on"),
        reason=printed.get("reason", "It reports on the meeting or on a decision of it, inside the window."),
    )


def _brief(printed: Mapping[str, Any]) -> Article:
    blocks = _blocks(printed["text"])
    reason = "A short notice of something else, so that there is something to page through."
    return _with_truth(
        printed,
        text_name=f"brief-{printed['path']}",
        blocks=blocks,
        corrected=blocks,
        how="original",
        copies=(),
        relevance="off",
        reason=reason,
    )


_PLAIN = ("credit", "credit_line", "caption", "dateline", "also", "author", "minutes", "corrected_at")


def _with_truth(printed: Mapping[str, Any], **known: Any) -> Article:
    published = printed.get("published")
    known |= {field: printed.get(field) for field in _PLAIN}
    return Article(
        host=printed["host"],
        path=printed["path"],
        title=printed["title"],
        published=published,
        stated=printed.get("stated", published),
        post_id=printed.get("id", 0),
        corrected_note=printed.get("corrected_note"),
        archived=tuple(printed.get("archived", ())),
        **known,
    )


def _blocks(text: str) -> tuple[Block, ...]:
    return tuple(_parse(part) for line in text.strip().split("\n\n") for part in _items(line))


def _items(paragraph: str) -> list[str]:
    return paragraph.split("\n") if paragraph.startswith("* ") else [paragraph]


def _parse(line: str) -> Block:
    for mark, kind in (("## ", "h2"), ("> ", "blockquote"), ("* ", "li")):
        if line.startswith(mark):
            return Block(cast("Any", kind), line.removeprefix(mark))
    return Block("p", line)


def _edited(blocks: tuple[Block, ...], printed: Mapping[str, Any]) -> Iterator[Block]:
    kept = [block for index, block in enumerate(blocks) if index not in printed.get("drop", ())]
    kept = list(_replaced(kept, printed.get("replace", ())))
    if "respell" in printed:
        kept = [Block(block.kind, _american(block.marked)) for block in kept]
    yield from (_parse(line) for line in printed.get("before", ()))
    yield from kept
    yield from (_parse(line) for line in printed.get("after", ()))


def _replaced(blocks: tuple[Block, ...] | list[Block], pairs: Any) -> Iterator[Block]:
    for old, _ in pairs:
        if not any(old in block.marked for block in blocks):
            raise ValueError(f"No paragraph has the words to replace: {old}")
    for block in blocks:
        marked = block.marked
        for old, new in pairs:
            marked = marked.replace(old, new)
        yield Block(block.kind, marked)


_AMERICAN = (
    ("efence", "efense"),
    ("rogramme", "rogram"),
    ("estabilise", "estabilize"),
    ("rganis", "rganiz"),
    ("tandardis", "tandardiz"),
    ("icence", "icense"),
    ("entre", "enter"),
    ("olour", "olor"),
    ("abour", "abor"),
    ("ilometre", "ilometer"),
)


def _american(text: str) -> str:
    for british, american in _AMERICAN:
        text = re.sub(rf"(?<=\w){british}", american, text)
    return text
