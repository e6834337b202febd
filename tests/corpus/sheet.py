"""A page in the making: what the templates write with, and the record of what on the page is not the article."""

import json
import random
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from babel.dates import format_datetime

from tests.corpus.writing import Article, Block

WORDS = Path(__file__).with_name("words")
_RIGHT_TO_LEFT = {"ar", "he"}


@dataclass(frozen=True)
class Place:
    """Where and how an article is published: the layout, the site, the dates and how the page states them.

    `dates` names where the page states them (`ld`, `og`, `time`, `text`, `dateline`), `form` how: `offset`, `z`, `bare`
    (no zone), `day`. `zone` is the source's IANA zone where newsfold is told it. `only` cuts the text after as many
    blocks; `reason` is why the page has no article, and empty where it has one. `also` are words to the template:
    `og-site` puts the site's name into og:title, `entities` writes marks in the JSON-LD as HTML would, `joined` states
    all authors as one, `only-updated` states nothing but when the page last changed; others are the template's own.
    """

    slug: str
    template: Callable[["Sheet"], str]
    article: str
    site: str
    host: str
    path: str = ""
    published: str = "2024-12-04T16:28:00+00:00"
    modified: str = ""
    zone: str = ""
    dates: str = "ld og"
    form: str = "offset"
    captured: str = "2024-12-05T09:12:44+00:00"
    content_type: str = "text/html; charset=utf-8"
    charset: str = "utf-8"
    only: int = 0
    reason: str = ""
    also: str = ""


@cache
def words(group: str) -> Mapping[str, Mapping[str, Any]]:
    """The standing words of a set's pages, by language."""
    return tomllib.loads((WORDS / f"{group}.toml").read_text("utf-8"))


@dataclass
class Sheet:
    """One page in the making; `residue` collects the lines on it that are not the article."""

    group: str
    article: Article
    place: Place
    residue: list[str] = field(default_factory=list)
    credit: str = ""
    shows_standfirst: bool = False
    states_authors: bool = False
    states_section: bool = False

    @property
    def address(self) -> str:
        """Where the page lies."""
        return f"https://{self.place.host}{self.place.path or '/' + self.place.slug}"

    @property
    def direction(self) -> str:
        """The direction of its writing."""
        return "rtl" if self.article.language in _RIGHT_TO_LEFT else "ltr"

    @property
    def published(self) -> datetime:
        """When it was published, by the site's clock."""
        return datetime.fromisoformat(self.place.published)

    @property
    def modified(self) -> datetime:
        """When it was last changed, by the site's clock."""
        return datetime.fromisoformat(self.place.modified or self.place.published)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks that the page has."""
        return self.article.blocks[: self.place.only or None]

    def states(self, where: str) -> bool:
        """Tell whether the page states its date there."""
        return where in self.place.dates.split()

    def has(self, word: str) -> bool:
        """Tell whether the plan asks for something more."""
        return word in self.place.also.split()

    def words(self, key: str, *values: object) -> str:
        """A standing text in the page's language, where it can never be taken for the article."""
        return escape(str(words(self.group)[self.article.language][key]).format(*values), quote=False)

    def listed(self, key: str) -> list[str]:
        """A list of standing texts."""
        return [escape(word, quote=False) for word in words(self.group)[self.article.language][key]]

    def gone(self, text: str) -> str:
        """A text that stands near the article and is none of it."""
        self.residue.append(text)
        return escape(text, quote=False)

    def word(self, key: str, *values: object) -> str:
        """A standing text that stands near the article."""
        return self.gone(str(words(self.group)[self.article.language][key]).format(*values))

    def related(self, first: int, number: int = 1) -> list[str]:
        """Headlines of other articles, near this one."""
        headlines = words(self.group)[self.article.language]["related"]
        return [self.gone(headlines[(first + n) % len(headlines)]) for n in range(number)]

    def standfirst(self) -> str:
        """The standfirst, shown."""
        self.shows_standfirst = bool(self.article.standfirst)
        return escape(self.article.standfirst, quote=False)

    def byline(self) -> str:
        """The byline, where there are authors."""
        if not self.article.signed:
            return ""
        self.states_authors = True
        return self.word("by", ", ".join(self.article.signed))

    def source(self) -> str:
        """The line that credits the agency."""
        self.credit = self.article.agency
        return self.word("source", self.article.agency) if self.article.agency else ""

    def section(self) -> str:
        """The section's name above the headline."""
        return self.gone(self.article.section)

    def caption(self) -> str:
        """The picture's caption with its credit."""
        return self.gone(self.caption_text())

    def caption_text(self) -> str:
        """The caption as plain text."""
        credit = str(words(self.group)[self.article.language]["photo"]).format(self.article.photographer)
        return f"{self.article.caption} {credit}"

    def shown(self, pattern: str, moment: datetime | None = None) -> str:
        """A date in the page's language (a CLDR pattern)."""
        return str(format_datetime(moment or self.published, pattern, locale=self.article.language))

    def stamp(self, moment: datetime) -> str:
        """A date for machines, in the form that the plan asks for."""
        if self.place.form == "z":
            return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if self.place.form == "bare":
            return moment.strftime("%Y-%m-%dT%H:%M:%S")
        return moment.date().isoformat() if self.place.form == "day" else moment.isoformat()

    def title(self, separator: str) -> str:
        """What the page's title element says."""
        return escape(f"{self.article.title}{separator}{self.place.site}", quote=False)

    def body(self, *, paragraph: str = "<p>{}</p>", verse: bool = False) -> list[str]:
        """The blocks as HTML; the items of a list and the rows of a table come as one."""
        made: list[str] = []
        for kind, run in groupby(self.blocks, key=lambda block: (block.kind, verse and block.stays)):
            gathered = list(run)
            texts = [escape(block.text, quote=False) for block in gathered]
            match kind:
                case ("li", _):
                    made.append("<ul>" + "".join(f"<li>{text}</li>" for text in texts) + "</ul>")
                case ("tr", _):
                    made.append(_table(gathered))
                case ("p", True):
                    made.append(paragraph.format("<br>\n".join(texts)))
                case ("h2", _):
                    made += [f"<h2>{text}</h2>" for text in texts]
                case _:
                    made += [paragraph.format(text) for text in texts]
        return made

    def head(self, *, og_site: bool = True, canonical: bool = True, description: bool = True) -> str:
        """The meta elements that most sites have."""
        text = self.article
        title = f"{text.title} | {self.place.site}" if self.has("og-site") else text.title
        rows = [_meta("og:type", "article"), _meta("og:title", title), _meta("og:url", self.address)]
        if self.has("only-updated"):
            rows.append(_meta("og:updated_time", "2024-12-05T06:30:00+00:00"))
        rows += [_meta("og:site_name", self.place.site)] if og_site else []
        rows += [_meta("og:image", f"https://{self.place.host}/media/{text.key}-1200.jpg")]
        if description:
            about = text.standfirst or f"{text.blocks[0].text[:110]}..."
            rows += [f'<meta name="description" content="{escape(about)}">', _meta("og:description", about)]
        if self.states("og"):
            self.states_section = True
            rows.append(_meta("article:section", text.section))
            rows.append(_meta("article:published_time", self.stamp(self.published)))
            rows += [_meta("article:modified_time", self.stamp(self.modified))] if self.place.modified else []
        rows += [f'<link rel="canonical" href="{self.address}">'] if canonical else []
        return "\n".join(rows)

    def bulk(self, kilobytes: int) -> str:
        """Script as pages carry it, the same in every build."""
        draw = random.Random(self.place.slug)  # noqa: S311 - made-up settings need no secrecy
        rows = (
            f'"{draw.choice(_NAMES)}{n}":{{"id":{draw.randrange(10**6)},"on":{draw.choice(("true", "false"))}}}'
            for n in range(kilobytes * 25)
        )
        return f"<script>window.__cfg={{{','.join(rows)}}};</script>"

    def gold_dates(self) -> dict[str, str]:
        """What the page states of its dates."""
        if not self.place.dates or self.place.reason:
            return {"published": "", "precision": "none", "modified": ""}
        form = self.place.form
        precision = "day" if form == "day" else "zone" if form != "bare" or self.place.zone else "minute"
        modified = ""
        if self.place.modified and (self.states("ld") or self.states("og")):
            modified = _gold(self.modified, precision)
        return {
            "published": _gold(self.published, precision),
            "precision": precision,
            "modified": modified,
        }


_NAMES = ("slot", "abTest", "consent", "video", "feature", "tracking", "teaser", "breakpoint")


def _gold(moment: datetime, precision: str) -> str:
    if precision == "day":
        return date.isoformat(moment.date())
    return moment.isoformat() if precision == "zone" else moment.replace(tzinfo=None).isoformat()


def _meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{escape(content)}">'


def _table(rows: list[Block]) -> str:
    tags = ["th"] + ["td"] * (len(rows) - 1)
    made = (
        "<tr>" + "".join(f"<{tag}>{escape(cell, quote=False)}</{tag}>" for cell in row.cells) + "</tr>"
        for tag, row in zip(tags, rows, strict=True)
    )
    return f"<table>{''.join(made)}</table>"


def weave(blocks: list[str], inserts: Mapping[int, str]) -> str:
    """Join blocks, with what a page sets between them: after the block of that number."""
    return "\n".join(block + inserts.get(number, "") for number, block in enumerate(blocks, 1))


def links(texts: list[str], *, row: str = '<li><a href="/{}">{}</a></li>') -> str:
    """Links with addresses made of their texts."""
    return "".join(row.format(re.sub(r"\W+", "-", text.lower()), text) for text in texts)


def script(node: object) -> str:
    """A JSON-LD script."""
    return f'<script type="application/ld+json">{json.dumps(node, ensure_ascii=False)}</script>'
