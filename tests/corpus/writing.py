"""The articles that the corpus is made of: texts of our own, as data.

A file has a head of `key: value` lines, `---`, and a block a line: `## ` heads, `- ` lists, `| ` is a table's row, all
else a paragraph. A block that begins with `!` looks like residue and is the article.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

ARTICLES = Path(__file__).with_name("articles")

Kind = Literal["p", "h2", "li", "tr"]
_MARKS: dict[str, Kind] = {"## ": "h2", "- ": "li", "| ": "tr"}


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, list item or row; `stays` where it looks like residue."""

    kind: Kind
    text: str
    stays: bool = False

    @property
    def cells(self) -> list[str]:
        """A row's cells."""
        return [cell.strip() for cell in self.text.strip("| ").split("|")]

    @property
    def line(self) -> str:
        """The block as a line of plain text."""
        return " | ".join(self.cells) if self.kind == "tr" else self.text


@dataclass(frozen=True)
class Article:
    """A text and what is known of it; `desk` is who signs it where no person does."""

    key: str
    language: str
    title: str
    standfirst: str
    authors: tuple[str, ...]
    desk: str
    section: str
    agency: str
    caption: str
    photographer: str
    tags: tuple[str, ...]
    live: bool
    blocks: tuple[Block, ...]

    @property
    def signed(self) -> tuple[str, ...]:
        """The names that the page puts to it."""
        return self.authors or ((self.desk,) if self.desk else ())


@cache
def article(group: str, key: str) -> Article:
    """Read an article of a set (`seen`, `unseen`)."""
    head, _, body = (ARTICLES / group / f"{key}.txt").read_text("utf-8").partition("\n---\n")
    facts = {name: value.strip() for name, _, value in (line.partition(":") for line in head.splitlines())}
    caption, _, photographer = (part.strip() for part in facts.get("photo", "").partition("|"))
    return Article(
        key=key,
        language=facts["language"],
        title=facts["title"],
        standfirst=facts["standfirst"],
        authors=tuple(name for name in facts["authors"].split("; ") if name),
        desk=facts.get("desk", ""),
        section=facts["section"],
        agency=facts.get("agency", ""),
        caption=caption,
        photographer=photographer,
        tags=tuple(tag for tag in facts["tags"].split("; ") if tag),
        live=facts.get("live") == "yes",
        blocks=tuple(_block(line) for line in body.splitlines() if line),
    )


def _block(line: str) -> Block:
    stays = line.startswith("!")
    line = line.removeprefix("!")
    for mark, kind in _MARKS.items():
        if line.startswith(mark):
            return Block(kind, line if kind == "tr" else line.removeprefix(mark), stays)
    return Block("p", line, stays)
