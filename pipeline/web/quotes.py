"""The pages about sentences that travel: all of them by how far they went, and one with everybody who carried it."""

from collections.abc import Iterable
from typing import Any

from pipeline.store.quotepage import page_quotes, show_quote
from pipeline.store.sourcepage import list_outlets
from pipeline.web.answering import Asked, Page, Paging, Room
from pipeline.web.travels import first_of, later, told_apart

Row = dict[str, Any]

QUOTES = 20
CARRIERS = 100
_LOOKED_THROUGH = 24  # sentences, to find a few that are not the same words


def quotes(room: Room, asked: Asked) -> Page:
    """The sentences that more than one text has, those in most texts first."""
    number = asked.page()
    filters = {name: asked.get(name).replace("\0", "")[:200] for name in ("source", "story", "document")}
    quoted = asked.get("quoted") == "1"
    total, rows = page_quotes(
        room.engine,
        offset=(number - 1) * QUOTES,
        limit=QUOTES,
        source=filters["source"] or None,
        story=filters["story"] or None,
        document=filters["document"] or None,
        quoted=quoted,
    )
    facts = {
        "quotes": [with_standing(row) for row in rows],
        "filters": {**filters, "quoted": quoted},
        "sources": [{"key": row["key"], "name": row["name"]} for row in list_outlets(room.engine)],
        "paging": Paging(number, QUOTES, total).as_row(rows),
    }
    return Page("quotes.html", "Quotes", facts, rows=list(_carrier_rows(rows)))


def quote(room: Room, asked: Asked) -> Page:
    """One sentence: who carried it first, who after, in what words and when."""
    number = asked.page()
    found = with_standing(show_quote(room.engine, asked.words["word"]))
    paging = Paging(number, CARRIERS, len(found["carriers"]))
    shown = found["carriers"][paging.offset : paging.offset + CARRIERS]
    facts = {
        "quote": found,
        "marks": [{**one, "kind": _kind(one)} for one in found["carriers"]],
        "carriers": shown,
        "paging": paging.as_row(shown),
    }
    words = " ".join(found["quote"].split())
    title = words if len(words) <= 60 else words[:60].rsplit(" ", 1)[0] + " …"
    return Page("quote.html", f"“{title}”", facts, rows=list(_carrier_rows([found])))


def widest(room: Room, *, story: str | None = None, most: int = 3) -> list[Row]:
    """Return a few of the sentences that travelled widest, none of them a part of another; those of a story alone."""
    _, rows = page_quotes(room.engine, limit=_LOOKED_THROUGH, story=story)
    return [with_standing(row) for row in told_apart(rows, most)]


def with_standing(row: Row) -> Row:
    """Return a sentence with who was `first`, and each carrier with how much `later` it was."""
    first = first_of(row["carriers"])
    carriers = [{**one, "later": later(one, first)} for one in row["carriers"]]
    return {**row, "first": first, "carriers": carriers}


def _kind(carrier: Row) -> str:
    return "whole" if carrier["share"] >= 1 else "part"


def _carrier_rows(rows: Iterable[Row]) -> Iterable[Row]:
    for row in rows:
        for place, one in enumerate(row["carriers"], 1):
            yield {
                "quote": row["handle"],
                "sentence": row["quote"],
                "words": row["words"],
                "texts": row["texts"],
                "outlets": row["outlets"],
                "carrier": place,
                "outlet": one["outlet"],
                "source": one["source"],
                "title": one["title"],
                "address": one["address"],
                "content_hash": one["content_hash"],
                "published_on": one["published"]["on"] if one["published"] else None,
                "published_at": one["published"]["at"] if one["published"] else None,
                "carried": one["carried"],
                "share": one["share"],
                "quoted": one["quoted"],
            }
