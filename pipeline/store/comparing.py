"""Two stored documents beside each other, and an article's versions one after the other."""

from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, aliased

from pipeline.match.difference import Difference, Segment, Side, tell_apart
from pipeline.store.brief import brief
from pipeline.store.lookup import resolve
from pipeline.store.models import Article, Document, Version
from pipeline.store.queries import read_documents

Row = dict[str, Any]


def compare_documents(engine: Engine, one: str, other: str) -> Row:
    """Return two documents, named by hash or address, line by line, with the passages that they share.

    `rows` are pairs of lines, each a list of segments (`text`, `words`, `passage`: the number of the shared passage or
    None, `moved`, `quoted`), None where a line has none beside it.

    Raises:
        NotFound: a word names no document, or several.
    """
    with Session(engine) as session:
        ids = [resolve(session, word) for word in (one, other)]
        facts, texts = [], []
        for document_id in ids:
            [row] = read_documents(session, Document.id == document_id)
            facts.append(brief(row))
            texts.append(session.scalars(select(Document.text).where(Document.id == document_id)).one())
    found = tell_apart(texts[0], texts[1])
    return {
        "one": {**facts[0], **_shares(found.one)},
        "other": {**facts[1], **_shares(found.other)},
        "passages": [
            {
                "number": passage.number + 1,
                "start_one": passage.start_one,
                "start_other": passage.start_other,
                "words": passage.words,
                "moved": passage.moved,
                "text": _text_of(found, passage.start_one, passage.words),
            }
            for passage in found.passages
        ],
        "rows": [[_line(line) for line in row] for row in found.rows()],
    }


def list_versions(engine: Engine, word: str) -> list[Row]:
    """Return the versions of each article that printed a document, oldest first, with what each changed.

    Raises:
        NotFound: the word names no document, or several.
    """
    stated = aliased(Version)
    with Session(engine) as session:
        document_id = resolve(session, word)
        articles = select(stated.article_id).where(stated.document_id == document_id)
        rows = session.execute(
            select(Version, Article.address, Document.content_hash, Document.word_count, Document.text)
            .join(Article, Article.id == Version.article_id)
            .join(Document, Document.id == Version.document_id)
            .where(Version.article_id.in_(articles))
            .order_by(Article.address, Version.number)
        ).all()
    history: list[Row] = []
    before: Any = None
    for row in rows:
        if history and history[-1]["address"] != row.address:
            before = None
        if before is not None:
            history[-1]["is_current"] = False
        found = tell_apart(before.text, row.text) if before is not None else None
        history.append(
            {
                "address": row.address,
                "version": row.Version.number,
                "content_hash": row.content_hash,
                "words": row.word_count,
                "title": row.Version.title,
                "first_seen_at": row.Version.first_seen_at.isoformat(),
                "is_current": True,
                "added_words": sum(one.words for one in found.other.own()) if found else None,
                "cut_words": sum(one.words for one in found.one.own()) if found else None,
            }
        )
        before = row
    return history


def _shares(side: Side) -> Row:
    return {"shared": round(side.shared, 4), "shared_prose": round(side.shared_prose, 4)}


def _text_of(found: Difference, start: int, words: int) -> str:
    places = found.one.words
    return found.one.text[places[start][0] : places[start + words - 1][1]]


def _line(line: list[Segment] | None) -> list[Row] | None:
    if line is None:
        return None
    return [
        {
            "text": part.text,
            "words": part.words,
            "passage": part.passage + 1 if part.passage is not None else None,
            "moved": part.moved,
            "quoted": part.quoted,
        }
        for part in line
    ]
