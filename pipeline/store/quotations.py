"""The sentences that travel: listed by how far they went, or those of one document with everybody who carries them."""

from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from pipeline.store.lookup import resolve
from pipeline.store.reach import day_and_moment

Row = dict[str, Any]

# The sentences are chosen by documents before the articles are read: a hundred thousand documents have many.
_WIDEST = """
    select sentence_id from carrier
    {among}
    group by sentence_id
    having count(*) > 1
    order by count(*) desc, sentence_id
    limit :limit
"""

_OF_ONE = "where sentence_id in (select sentence_id from carrier where document_id = :document)"

_CARRIERS = """
    select quote_carriers.*
    from quote_carriers
    where quote_id = any(cast(:ids as bigint[]))
    order by quote_id, published_on nulls last, credits_others, published_at nulls last, captured_at, address
"""


def list_quotes(engine: Engine, document: str | None = None, *, limit: int | None = 50) -> list[Row]:
    """Return sentences that more than one document has: the widest travelled first, or one document's in its order.

    A row has the `quote`, its `words`, how many `outlets` carry it, and its `carriers` in order of time: those
    that state no date come last, and of a day's those that credit somebody with their words (`credits_others`) after the
    others. A carrier has the words that it `carried` as they stand in it, the `share` of the sentence that they are, and
    whether they are `quoted` there.

    Raises:
        NotFound: no document, or more than one, has a content hash that begins so.
    """
    with Session(engine) as session:
        # Some may have lost carriers that nobody prints any more: those are left out, and others take their places.
        values: Row = {"limit": None if limit is None else 2 * limit}
        shown = None
        if document is not None:
            values["document"] = resolve(session, document)
            shown = session.scalar(
                text("select content_hash from document where id = :document"),
                {"document": values["document"]},
            )
        query = _WIDEST.format(among=_OF_ONE if document is not None else "")
        ids = list(session.scalars(text(query), values))
        found: dict[int, Row] = {}
        for row in session.execute(text(_CARRIERS), {"ids": ids}):
            quote = found.setdefault(
                row.quote_id,
                {
                    "id": row.quote_id,
                    "quote": row.quote,
                    "words": row.quote_words,
                    "outlets": 0,
                    "carriers": [],
                },
            )
            quote["carriers"].append(
                {
                    "outlet": row.outlet,
                    "source": row.source,
                    "address": row.address,
                    "content_hash": row.content_hash,
                    "published": day_and_moment(row.published_on, row.published_at),
                    "carried": row.carried,
                    "share": row.share,
                    "place": row.place,
                    "quoted": row.is_quoted,
                    "credits_others": row.credits_others,
                }
            )
    for quote in found.values():
        quote["outlets"] = len({carrier["outlet"] for carrier in quote["carriers"]})
    rows = [found[number] for number in ids if number in found and _travels(found[number])][:limit]
    if shown is not None:
        rows.sort(
            key=lambda row: min(
                (one["place"] for one in row["carriers"] if one["content_hash"] == shown), default=0
            )
        )
    return rows


def _travels(quote: Row) -> bool:
    """Tell whether more than one text that is printed now has it."""
    return len({carrier["content_hash"] for carrier in quote["carriers"]}) > 1
