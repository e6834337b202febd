"""The articles of the site, and what is true of each: what a crawler ought to find, and where.

The files in `articles/` hold a text each, and below it the places that printed it: the first is where it
is from (`how = "original"`), the others copy it in a stated way. Nothing here knows how a page looks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Literal

How = Literal["original", "identical", "near", "wrapped", "trimmed", "respelled", "digest"]
Relevance = Literal["on", "early", "late", "off"]

HERE = Path(__file__).parent

RELATION: Mapping[How, str] = {
    "identical": "identical",
    "respelled": "identical",  # British spelling is folded to American before texts are compared
    "near": "near",
    "trimmed": "contains",
    "wrapped": "contains",
    "digest": "contains",
}
"""How a copy is related to each text in `Article.copies`, in the words of the design."""

OUTLETS: Mapping[str, str] = {
    "agency.test": "Skarpress",
    "institute.test": "Northern Compact",
    "monitor.test": "Compact Monitor",
    "wire.test": "Harbour Wire",
    "insight.test": "Lodestar Insight",
    "syndicator.test": "Meridian Syndicate",
    "shut.test": "The Evening Ferry",
}
ZONES: Mapping[str, str] = {
    "agency.test": "Europe/Kyiv",
    "syndicator.test": "UTC",
} | dict.fromkeys(
    ("institute.test", "monitor.test", "wire.test", "insight.test", "shut.test"), "Europe/Brussels"
)


@dataclass(frozen=True)
class Event:
    """What a crawl of this site is after."""

    name: str = "The Northern Compact's foreign ministers in Merrowhaven"
    first_day: date = date(2024, 12, 2)
    last_day: date = date(2024, 12, 8)
    terms: tuple[str, ...] = ("Northern Compact", "Merrowhaven", "Varnholt", "Drovic", "Brekkelund")


EVENT = Event()


@dataclass(frozen=True)
class Block:
    """A paragraph, a subheading, a quotation or an item of a list; `**bold**` is the only mark-up within."""

    kind: Literal["p", "h2", "blockquote", "li"]
    marked: str

    @property
    def text(self) -> str:
        """The words alone; a line break within the paragraph stays."""
        return self.marked.replace("**", "")


@dataclass(frozen=True)
class Article:
    """One publication at one canonical address, and everything that is true of it."""

    text_name: str
    host: str
    path: str
    title: str
    blocks: tuple[Block, ...]
    corrected: tuple[Block, ...]  # the text after the correction; the same blocks where there is none
    how: How
    copies: tuple[str, ...]  # the names of the texts it copies
    published: str | None  # ISO: a moment with its offset, or a day
    stated: str | None  # what the page itself says of it: without an offset, or the day alone
    relevance: Relevance
    reason: str
    credit: str | None = None
    credit_line: str | None = None
    caption: str | None = None
    dateline: str | None = None
    also: str | None = None
    author: str | None = None
    minutes: int | None = None
    post_id: int = 0
    corrected_at: str | None = None
    corrected_note: str | None = None
    archived: tuple[str, ...] = ()  # the time stamps of its captures in archive.test

    @property
    def outlet(self) -> str:
        """The outlet's name."""
        return OUTLETS[self.host]

    @property
    def on_topic(self) -> bool:
        """Whether the event wants it: about the meeting, and inside the window."""
        return self.relevance == "on"

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The clean text, a paragraph each; a break within one is a newline."""
        return tuple(block.text for block in self.blocks)

    @property
    def corrected_paragraphs(self) -> tuple[str, ...]:
        """The clean text once `switches["corrected"]` is on."""
        return tuple(block.text for block in self.corrected)

    @property
    def canonical(self) -> str:
        """The canonical address, for a site at port 80; `address(port)` for another."""
        return self.address()

    @property
    def moment(self) -> datetime:
        """When it was published; noon where only the day is known."""
        return parse_moment(self.published or "2024-12-04")

    @property
    def modified(self) -> datetime:
        """When it last changed, the correction included."""
        return parse_moment(self.corrected_at) if self.corrected_at else self.moment

    @property
    def twins(self) -> tuple[str, ...]:
        """Other addresses (host and path) that show the same article and name this one as canonical."""
        if self.host != "wire.test":
            return ()
        return (
            f"wire.test/?p={self.post_id}",
            f"wire.test{self.path}amp/",
            f"m.wire.test{self.path}",
        )

    @property
    def residue(self) -> tuple[str, ...]:
        """Lines that stand in or beside the article on its page and are not the article."""
        lines: list[str | None] = [self.caption, self.dateline, self.also, self.credit_line]
        if self.host == "agency.test":
            stamp = self.moment.strftime("%H:%M %d.%m.%Y")
            lines = [stamp, self.title, f"{self.minutes} min read", "AD", "More about", *lines]
        elif self.host == "monitor.test":
            banner = "Sun. Jan 26th, 2025"
            lines = [banner, *lines, "Further information", "Topics", "Forward to your friends"]
        elif self.host == "wire.test":
            lines = [*lines, "Share this article", "Leave a comment"]
        elif self.host == "syndicator.test":
            lines = [*lines, "Read also: The week in pictures", "Subscribe to our newsletter"]
        return tuple(line for line in lines if line)

    def address(self, port: int | None = None) -> str:
        """The canonical address at a port."""
        return f"http://{self.host}{f':{port}' if port else ''}{self.path}"


def parse_moment(value: str) -> datetime:
    """An ISO moment, or the noon of an ISO day."""
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        moment = datetime.combine(moment.date(), time(12), UTC)
    return moment


@cache
def articles() -> tuple[Article, ...]:
    """Every article of the site, by host and then by address."""
    from tests.site.loading import load  # noqa: PLC0415 -- it makes what this module defines

    return tuple(sorted(load(HERE / "articles"), key=lambda article: (article.host, article.path)))


def of_host(host: str) -> list[Article]:
    """The articles of a host, newest first."""
    return sorted(
        (article for article in articles() if article.host == host), key=lambda a: a.moment, reverse=True
    )


def at(host: str, path: str) -> Article | None:
    """The article at a canonical address."""
    return next((article for article in articles() if (article.host, article.path) == (host, path)), None)


def base(text_name: str) -> Article:
    """The article in which a text was first printed."""
    return next(a for a in articles() if a.text_name == text_name and a.how in {"original", "digest"})
