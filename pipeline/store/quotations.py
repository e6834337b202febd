"""The sentences that travel: listed by how far they went, or those of one document with everybody who carries them."""

from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from pipeline.store.lookup import resolve
from pipeline.store.reach import day_and_moment

Row = dict[str, Any]

CHOSEN = """
    select sentence_id, count(*) over () as total
    from carrier
    where document_id in (select document_id from printing) and {among}
    group by sentence_id
    having count(*) > 1 and {having}
    order by count(*) desc, sentence_id
    limit :limit offset :offset
"""
"""Numbers of sentences that more than one text has which is printed now, those of most texts first, and how many there are.

The sentences are chosen by documents before the articles are read: a hundred thousand documents have many.
"""

OF_DOCUMENT = "sentence_id in (select sentence_id from carrier where document_id = :document)"
"""Of them those that a document has."""

_CARRIERS = text("""
    select quote_carriers.*, lpad(to_hex(sentence.key), 16, '0') as handle
    from quote_carriers
    join sentence on sentence.id = quote_id
    where quote_id = any(cast(:ids as bigint[]))
    order by quote_id, published_on nulls last, credits_others, published_at nulls last, captured_at, address
""")


def list_quotes(engine: Engine, document: str | None = None, *, limit: int | None = 50) -> list[Row]:
    """Return sentences that more than one document has: the widest travelled first, or one document's in its order.

    A row has the `quote` and its `handle` for addresses, its `words`, how many `texts` have it, how many `outlets` carry
    it, and its `carriers` in order of time: those that state no date come last, and of a day's those that credit somebody
    with their words (`credits_others`) after the others. A carrier has its `title`, the words that it `carried` as they
    stand in it, the `share` of the sentence that they are, and whether they are `quoted` there. Texts that nobody prints
    any more do not count.

    Raises:
        NotFound: no document, or more than one, has a content hash that begins so.
    """
    with Session(engine) as session:
        values: Row = {"limit": limit, "offset": 0}
        shown = None
        if document is not None:
            values["document"] = resolve(session, document)
            shown = session.scalar(
                text("select content_hash from document where id = :document"),
                {"document": values["document"]},
            )
        query = CHOSEN.format(among=OF_DOCUMENT if document is not None else "true", having="true")
        rows = read_quotes(session, [row.sentence_id for row in session.execute(text(query), values)])
    if shown is not None:
        rows.sort(
            key=lambda row: min(
                (one["place"] for one in row["carriers"] if one["content_hash"] == shown), default=0
            )
        )
    return rows


def read_quotes(session: Session, ids: list[int]) -> list[Row]:
    """Return the sentences of these numbers, in their order, as `list_quotes` has them; one that nobody prints is left out."""
    if not ids:
        return []
    found: dict[int, Row] = {}
    for row in session.execute(_CARRIERS, {"ids": ids}):
        quote = found.setdefault(
            row.quote_id,
            {
                "handle": row.handle,
                "id": row.quote_id,
                "quote": row.quote,
                "words": row.quote_words,
                "outlets": 0,
                "texts": 0,
                "carriers": [],
            },
        )
        quote["carriers"].append(
            {
                "outlet": row.outlet,
                "source": row.source,
                "address": row.address,
                "title": row.title,
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
        quote["texts"] = len({carrier["content_hash"] for carrier in quote["carriers"]})
        quote["outlets"] = len({carrier["outlet"] for carrier in quote["carriers"]})
    return [found[number] for number in ids if number in found]
