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
from pipeline.store.quotations import CHOSEN, OF_DOCUMENT, read_quotes

Row = dict[str, Any]

_NUMBER = re.compile(r"q([0-9]{1,18})")
_HANDLE = re.compile(r"[0-9a-f]{16}")

_AMONG = {
    "document": OF_DOCUMENT,
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
            join printing on printing.document_id = its.document_id
            join source on source.id = printing.source_id
            where source.key = :source
        )
    """,
}


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
        The number of all that were asked for, and rows as `list_quotes` has them.

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
        query = CHOSEN.format(
            among=" and ".join(["true", *(_AMONG[name] for name in _AMONG if name in values)]),
            having="bool_or(is_quoted)" if quoted else "true",
        )
        chosen = session.execute(text(query), values).all()
        return (chosen[0].total if chosen else 0), read_quotes(session, [row.sentence_id for row in chosen])


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
        found = read_quotes(session, [number])
    if not found:
        raise NotFound(f"No text carries a sentence {word}. The page of the quotes lists those there are.")
    return found[0]
