"""Analysts' rulings: made, listed and taken back. They refer to documents and outlive every recomputation.

A ruling is a row that nothing changes; taking one back is a row too. What was ruled of a text holds for the one that
takes its place: see `pipeline.match.stories.fold`.
"""

from typing import Any

from sqlalchemy import Engine, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from pipeline.errors import NotFound, Refuse
from pipeline.store.lookup import resolve
from pipeline.store.models import Document, Story, StoryDocument
from pipeline.store.queries import iso
from pipeline.store.retrying import retry_passing
from pipeline.store.stories import refold_in
from pipeline.store.story_models import Ruling

Row = dict[str, Any]

_STORIES = text("""
    select ruling.id, one.story_id as one, other.story_id as other
    from ruling
    left join story_document as one on one.document_id = ruling.one_id and one.role <> 'digest'
    left join story_document as other on other.document_id = ruling.other_id and other.role <> 'digest'
    where ruling.kind <> 'undo'
""")


@retry_passing
def merge(engine: Engine, one: str, other: str, *, because: str, by: str) -> Row:
    """Rule that two documents are one story; return the ruling, as `list_rulings` does.

    Raises:
        NotFound: a word names no document, or several.
        Refuse: both words name one document, or no reason is given.
    """
    with Session(engine) as session, session.begin():
        subject = resolve(session, one), resolve(session, other)
        number = _rule(session, "merge", subject, because, by)
        return _rows(session, number)[0]


@retry_passing
def split(engine: Engine, one: str, other: str | None, *, because: str, by: str) -> Row:
    """Rule that a document is not of one story with another; without another, with the lead of its story.

    Raises:
        NotFound: a word names no document, or several.
        Refuse: both words name one document, it leads its story itself, or no reason is given.
    """
    with Session(engine) as session, session.begin():
        one_id = resolve(session, one)
        other_id = resolve(session, other) if other is not None else _lead_of(session, one_id, one)
        number = _rule(session, "split", (one_id, other_id), because, by)
        return _rows(session, number)[0]


@retry_passing
def undo(engine: Engine, number: int, *, because: str, by: str) -> Row:
    """Take a ruling back; return it as it is listed now.

    Raises:
        NotFound: there is no ruling of that number.
        Refuse: it was taken back before, or takes one back itself.
    """
    with Session(engine) as session, session.begin():
        row = session.get(Ruling, number)
        if row is None:
            raise NotFound(f"There is no ruling number {number}; `newsfold rulings` lists those there are.")
        if row.kind == "undo":
            raise Refuse(
                "ruling",
                f"Number {number} takes ruling {row.undoes_id} back; to have that again, rule anew.",
            )
        _require(because, by)
        statement = insert(Ruling).values(kind="undo", undoes_id=number, because=because.strip(), ruled_by=by)
        made = session.scalar(
            statement.on_conflict_do_nothing(index_elements=["undoes_id"]).returning(Ruling.id)
        )
        if made is None:
            raise Refuse("ruling", f"Ruling {number} was taken back before; nothing was done.")
        refold_in(session, [document for document in (row.one_id, row.other_id) if document is not None])
        return _rows(session, number)[0]


def list_rulings(engine: Engine) -> list[Row]:
    """Return every ruling, the latest first: its documents, who made it, when and why, and what became of it.

    `state` is `in force`, `taken back` or `overruled`: a later ruling says otherwise, maybe by way of a third text.
    """
    with Session(engine) as session:
        return _rows(session)


def _rule(session: Session, kind: str, subject: tuple[int, int], because: str, by: str) -> int:
    _require(because, by)
    if subject[0] == subject[1]:
        raise Refuse("ruling", "Both name the same document, and one document is always one story.")
    row = Ruling(
        kind=kind, one_id=subject[0], other_id=subject[1], because=because.strip(), ruled_by=by.strip()
    )
    session.add(row)
    session.flush()
    refold_in(session, subject)
    return row.id


def _require(because: str, by: str) -> None:
    if not because.strip() or not by.strip():
        raise Refuse("ruling", "A ruling says why, and who makes it: give --because and --by some words.")


def _lead_of(session: Session, document_id: int, word: str) -> int:
    lead = session.scalar(
        select(Story.lead_id)
        .join(StoryDocument, StoryDocument.story_id == Story.id)
        .where(StoryDocument.document_id == document_id, StoryDocument.role != "digest")
        .order_by(Story.id)
        .limit(1)
    )
    if lead is None or lead == document_id:
        raise Refuse(
            "ruling",
            f"{word} leads its story, so say what it is to be split from: `newsfold split {word} HASH`.",
        )
    return lead


def _rows(session: Session, number: int | None = None) -> list[Row]:
    one, other, undone = aliased(Document), aliased(Document), aliased(Ruling)
    query = (
        select(Ruling, one.content_hash.label("one"), other.content_hash.label("other"), undone)
        .join(one, one.id == Ruling.one_id)
        .join(other, other.id == Ruling.other_id)
        .outerjoin(undone, undone.undoes_id == Ruling.id)
        .order_by(Ruling.id.desc())
    )
    if number is not None:
        query = query.where(Ruling.id == number)
    places: dict[int, tuple[set[int], set[int]]] = {}
    for row in session.execute(_STORIES):
        ends = places.setdefault(row.id, (set(), set()))
        for end, story_id in zip(ends, (row.one, row.other), strict=True):
            end.update([story_id] if story_id is not None else [])
    rows = []
    for ruling, first, second, back in session.execute(query):
        ends = places.get(ruling.id, (set(), set()))
        holds = bool(ends[0] & ends[1]) == (ruling.kind == "merge")
        rows.append(
            {
                "number": ruling.id,
                "kind": ruling.kind,
                "one": first,
                "other": second,
                "by": ruling.ruled_by,
                "because": ruling.because,
                "at": iso(ruling.ruled_at),
                "state": "taken back" if back else "in force" if holds else "overruled",
                "stories": [sorted(end) for end in ends],
                "taken_back": {"by": back.ruled_by, "because": back.because, "at": iso(back.ruled_at)}
                if back
                else None,
            }
        )
    return rows
