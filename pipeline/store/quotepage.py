"""The sentences that travel as the reading room lists them: a page at a time, chosen by who carries them, or one alone.

A sentence's handle is the hash of its folded words as 16 hex digits: unlike its number it is the same in every database
that holds the sentence, also after a rebuild.
"""

import re
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from pipeline.errors import NotFound
from pipeline.store.lookup import resolve, resolve_story
from pipeline.store.reach import day_and_moment

Row = dict[str, Any]

_NUMBER = re.compile(r"q([0-9]{1,18})")
_HANDLE = re.compile(r"[0-9a-f]{16}")

# As `newsfold quotes` orders them. The sentences are chosen by documents before any article is read.
_CHOSEN = """
    select sentence_id, count(*) over () as total
    from carrier
    where {among}
    group by sentence_id
    having count(*) > 1 and {having}
    order by count(*) desc, sentence_id
    limit :limit offset :offset
"""

_AMONG = {
    "document": "sentence_id in (select sentence_id from carrier where document_id = :document)",
    "story": """
        sentence_id in (
            select its.sentence_id from carrier as its
            join story_document as place on place.document_id = its.document_id
            where place.story_id = :story and place.role <> 'revision'
        )
    """,
    "source": """
        sentence_id in (
            select its.sentence_id from carrier as its
            join version on version.document_id = its.document_id
            join article on article.id = version.article_id
            join source on source.id = article.source_id
            where source.key = :source
        )
    """,
}

_CARRIERS = text("""
    select quote_carriers.*, lpad(to_hex(sentence.key), 16, '0') as handle
    from quote_carriers
    join sentence on sentence.id = quote_id
    where quote_id = any(cast(:ids as bigint[]))
    order by quote_id, published_on nulls last, credits_others, published_at nulls last, captured_at, address
""")


def page_quotes(
    engine: Engine,
    *,
    offset: int = 0,
    limit: int = 25,
    source: str | None = None,
    story: str | None = None,
    document: str | None = None,
    quoted: bool = False,
) -> tuple[int, list[Row]]:
    """Return how many sentences travel, and some of them: those that most texts have first, as `newsfold quotes`.

    Args:
        engine: the database.
        offset: how many of them to pass over.
        limit: how many to return.
        source: only those that a source of this key carries.
        story: only those that a text of this story carries: its number, or a hash.
        document: only those that the text of this hash carries.
        quoted: only those that somebody has in quotation marks.

    Returns:
        The number of all that were asked for; rows as `list_quotes` has them, with a `handle` for addresses, how many
        `texts` have it, and each carrier's `title`.

    Raises:
        NotFound: there is no such source, story or document.
    """
    with Session(engine) as session:
        values: Row = {"offset": offset, "limit": limit}
        if source:
            values["source"] = source
            if not session.scalar(text("select 1 from source where key = :source"), values):
                raise NotFound(
                    f"There is no source {source!r}. The page of the sources lists those there are."
                )
        if story:
            values["story"] = resolve_story(session, story)
        if document:
            values["document"] = resolve(session, document)
        query = _CHOSEN.format(
            among=" and ".join(["true", *(_AMONG[name] for name in _AMONG if name in values)]),
            having="bool_or(is_quoted)" if quoted else "true",
        )
        chosen = session.execute(text(query), values).all()
        return (chosen[0].total if chosen else 0), _read(session, [row.sentence_id for row in chosen])


def show_quote(engine: Engine, word: str) -> Row:
    """Return one sentence, by its handle or by the number that `newsfold quotes` shows (`q74`), with all its carriers.

    Raises:
        NotFound: there is no such sentence.
    """
    numbered, handle = _NUMBER.fullmatch(word), _HANDLE.fullmatch(word)
    if not numbered and not handle:
        raise NotFound(
            f"{word[:40]!r} is no sentence: those are 16 hex digits, or a number such as q12. "
            "The page of the quotes lists them."
        )
    with Session(engine) as session:
        if numbered:
            number = int(numbered[1])
        else:
            key = int.from_bytes(bytes.fromhex(word), "big", signed=True)
            number = session.scalar(text("select id from sentence where key = :key"), {"key": key}) or 0
        found = _read(session, [number])
    if not found:
        raise NotFound(f"No text carries a sentence {word}. The page of the quotes lists those there are.")
    return found[0]


def _read(session: Session, ids: list[int]) -> list[Row]:
    """Return the sentences of these numbers, in their order, with their carriers in order of time."""
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
