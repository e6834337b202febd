"""Writing stories: the fold of what is stored, over the part of it that changed."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Engine, delete, insert, select, text, update
from sqlalchemy.orm import Session, aliased

from pipeline.match.identity import Retired, identify
from pipeline.match.stories import FoldedStory, fold
from pipeline.store.address import STORY_LOCK
from pipeline.store.models import Document, Story, StoryDocument
from pipeline.store.parts import read_part
from pipeline.store.retrying import retry_passing
from pipeline.store.story_models import StoryForward

_REVIVE = text("""
    insert into story (id, lead_id, lead_reason) overriding system value values (:id, :lead_id, :lead_reason)
""")

_REMOVE = text("""
    delete from story_document
    using unnest(cast(:stories as bigint[]), cast(:documents as bigint[])) as gone(story_id, document_id)
    where story_document.story_id = gone.story_id and story_document.document_id = gone.document_id
""")

# Triggers see what their own transaction sees. What another one wrote at the same moment, the fold that follows it sees.
_REFRESH = text("select refresh_printings(cast(:ids as bigint[]))")

_STALE = text("select stale_printings()")

Place = tuple[int, int]
"""A story's id and a document's."""


@retry_passing
def refold(engine: Engine, document_ids: Collection[int]) -> None:
    """Fold anew the stories that these documents belong to, or may now belong to."""
    with Session(engine) as session, session.begin():
        refold_in(session, document_ids)


def refold_in(session: Session, document_ids: Collection[int]) -> None:
    """As `refold`, in a transaction that is under way; no other one writes stories until it ends."""
    _lock(session)
    part = read_part(session, document_ids)
    written = _write(session, fold(part.texts, part.links, part.rulings), part.ids, part.story_ids)
    session.execute(_REFRESH, {"ids": sorted({*part.ids.values(), *document_ids} - written)})


@retry_passing
def refresh_stale(engine: Engine) -> int:
    """Bring the printings up to date that a race of two transactions left wrong; return of how many documents they were.

    All are looked at, in one statement.
    """
    with Session(engine) as session, session.begin():
        stale = sorted(session.scalars(_STALE))
        if stale:
            _lock(session)
            session.execute(_REFRESH, {"ids": stale})
        return len(stale)


def _lock(session: Session) -> None:
    """Wait for whoever folds, and have others wait until the transaction ends."""
    # Two folds of overlapping parts must not write at once. The lock is on a table that only who may write can lock so:
    # an advisory lock is for anybody's taking. VACUUM and ANALYZE take it as well, for a moment: the table has one row.
    session.execute(text(f"lock table {STORY_LOCK} in share update exclusive mode"))


def _write(
    session: Session, folded: Sequence[FoldedStory], ids: Mapping[bytes, int], story_ids: Collection[int]
) -> set[int]:
    """Put the folded stories in the place of those that are stored; only what differs is written.

    Returns the documents that were given another place.
    """
    old = {
        row.id: row
        for row in session.execute(
            select(Story.id, Story.lead_id, Story.lead_reason, Document.sha256)
            .join(Document, Document.id == Story.lead_id)
            .where(Story.id.in_(story_ids))
        )
    }
    lead, kept = aliased(Document), aliased(Document)
    retired = {
        row.old_id: Retired(row.story_id, row.lead, row.kept)
        for row in session.execute(
            select(
                StoryForward.old_id,
                StoryForward.story_id,
                lead.sha256.label("lead"),
                kept.sha256.label("kept"),
            )
            .join(lead, lead.id == StoryForward.lead_id)
            .join(kept, kept.id == StoryForward.kept_lead_id)
            .where(StoryForward.story_id.in_(old))
        )
    }
    found = identify(folded, {row.id: row.sha256 for row in old.values()}, retired)
    before = {
        (row.story_id, row.document_id): row.role
        for row in session.execute(
            select(StoryDocument.story_id, StoryDocument.document_id, StoryDocument.role).where(
                StoryDocument.story_id.in_(old)
            )
        )
    }
    new = {story.lead: story for story in folded if story.lead not in found.ids}
    for story in folded:
        story_id = found.ids.get(story.lead)
        led = {"lead_id": ids[story.lead], "lead_reason": story.lead_reason}
        if story_id in found.revived:
            session.execute(_REVIVE, {"id": story_id, **led})
            session.execute(delete(StoryForward).where(StoryForward.old_id == story_id))
        elif story_id is not None and (old[story_id].lead_id, old[story_id].lead_reason) != tuple(
            led.values()
        ):
            session.execute(update(Story).where(Story.id == story_id).values(**led))
    numbers = found.ids | _insert(session, new, ids)
    after: dict[Place, str] = {
        (numbers[story.lead], ids[key]): role for story in folded for key, role in story.roles.items()
    }
    # First out, then in: a document has one story of its own at any moment.
    gone = [place for place, role in before.items() if after.get(place) != role]
    if gone:
        session.execute(_REMOVE, {"stories": [one for one, _ in gone], "documents": [two for _, two in gone]})
    _retire(session, {story_id: row.lead_id for story_id, row in old.items()}, found.forwards, numbers)
    come = [place for place, role in after.items() if before.get(place) != role]
    if come:
        session.execute(
            insert(StoryDocument),
            [{"story_id": one, "document_id": two, "role": after[one, two]} for one, two in come],
        )
    return {document_id for _, document_id in come}


def _insert(session: Session, new: Mapping[bytes, FoldedStory], ids: Mapping[bytes, int]) -> dict[bytes, int]:
    """Insert stories; return their ids by the keys of their leads."""
    if not new:
        return {}
    keys = {ids[lead]: lead for lead in new}
    rows = [{"lead_id": ids[lead], "lead_reason": story.lead_reason} for lead, story in new.items()]
    inserted = session.execute(insert(Story).returning(Story.id, Story.lead_id), rows)
    return {keys[row.lead_id]: row.id for row in inserted}


def _retire(
    session: Session, leads: Mapping[int, int], forwards: Mapping[int, int], numbers: Mapping[bytes, int]
) -> None:
    """Give up ids, and leave word where each leads; what led to them leads there at once."""
    for old_id, story_id in forwards.items():
        session.execute(update(StoryForward).where(StoryForward.story_id == old_id).values(story_id=story_id))
        session.add(
            StoryForward(
                old_id=old_id, story_id=story_id, lead_id=leads[old_id], kept_lead_id=leads[story_id]
            )
        )
    session.flush()
    gone = leads.keys() - set(numbers.values())
    if gone:
        session.execute(delete(Story).where(Story.id.in_(gone)))
