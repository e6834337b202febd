"""Finding a document by its content hash, whole or in part, present or former, or by its article's address."""

import re
from collections.abc import Collection

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from pipeline.errors import NotFound
from pipeline.store.models import Article, ContentHash, Story, StoryDocument, Version
from pipeline.store.story_models import StoryForward

_STORY = re.compile(r"(?P<named>story:)?(?P<number>[0-9]{1,18})")


def resolve(session: Session, prefix: str) -> int:
    """Return the id of the one document whose content hash, present or former, begins with a prefix.

    An article's address (`https://...`) stands for the document that it prints now.

    Raises:
        NotFound: there is none, or there are several.
    """
    wanted = prefix.strip().lower()
    if ":" in wanted:
        return _printed_at(session, prefix.strip())
    if not wanted or not all(char in "0123456789abcdef" for char in wanted):
        raise NotFound(
            f"{prefix!r} is no content hash: those are 16 hex digits, of which the first few are enough. "
            "`newsfold documents` lists them."
        )
    rows = session.execute(
        select(ContentHash.hash, ContentHash.document_id)
        .where(ContentHash.hash.startswith(wanted))
        .order_by(ContentHash.hash)
        .limit(11)
    ).all()
    found: set[int] = {row.document_id for row in rows}
    if not found:
        raise NotFound(f"No document's content hash begins with {prefix}. `newsfold documents` lists them.")
    if len(found) > 1:
        listed = ", ".join(row.hash for row in rows[:10]) + (" and more" if len(rows) > 10 else "")
        raise NotFound(f"Several content hashes begin with {prefix}: {listed}. Give more digits.")
    return found.pop()


def resolve_story(session: Session, word: str) -> int:
    """Return the id of the story that a word names: its number, a retired one too, or a document of it.

    A number may be written `story:12`, which no content hash begins with.

    Raises:
        NotFound: the word names no story, or both a story and a document of another one.
    """
    matched = _STORY.fullmatch(word.strip())
    numbered = _numbered(session, int(matched["number"])) if matched else None
    if matched and matched["named"]:
        if numbered is None:
            raise NotFound(
                f"There is no story {matched['number']}; `newsfold stories` lists those there are."
            )
        return numbered
    try:
        document_id = resolve(session, word)
    except NotFound:
        if numbered is None:
            raise
        return numbered
    query = (
        select(StoryDocument.story_id)
        .where(StoryDocument.document_id == document_id)
        .order_by(StoryDocument.role.in_(("digest", "revision")), StoryDocument.story_id)
    )
    home = session.scalars(query.limit(1)).first()
    if numbered is not None and numbered != home:
        raise NotFound(
            f"{word} is the number of a story, and a document's content hash begins with it: write story:{word} "
            "for the one, or more digits for the other."
        )
    if home is None:
        raise NotFound(
            f"The document {word} is in no story yet: its relations are looked for at the next run."
        )
    return home


def _numbered(session: Session, number: int) -> int | None:
    known = session.scalar(select(Story.id).where(Story.id == number))
    if known is not None:
        return known
    return session.scalar(select(StoryForward.story_id).where(StoryForward.old_id == number))


def _printed_at(session: Session, address: str) -> int:
    found = session.scalar(
        select(Version.document_id)
        .join(Article, Article.id == Version.article_id)
        .where(Article.address == address)
        .order_by(Version.number.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound(f"No article has the address {address}. `newsfold documents --json` lists them.")
    return found


def find_sources(asked: Session | Connection, keys: Collection[str]) -> list[int]:
    """Return the numbers of the sources with these keys.

    Raises:
        NotFound: the database has no source of one of them; the message names those it has.
    """
    if not keys:
        return []
    known = {row.key: row.id for row in asked.execute(text("select key, id from source order by key"))}
    for key in keys:
        if key not in known:
            said = f"it has {', '.join(known)}" if known else "it has none yet"
            raise NotFound(f"The database has no source {key!r}; {said}.")
    return [known[key] for key in keys]
