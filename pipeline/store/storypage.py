"""One story in full: each copy with what it took of the lead, what it added and cut, and whom it credits."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from pipeline.match.agencies import agency_name
from pipeline.match.difference import Stretch, tell_apart
from pipeline.match.relation import ALIGNED_RUN
from pipeline.store.lookup import resolve_story
from pipeline.store.models import Article, Credit, Document, StoryDocument, Version
from pipeline.store.reach import day_and_moment, printed, ranked
from pipeline.store.rulings import list_rulings

Row = dict[str, Any]

_PASSAGES = 5
_BEGINS = 12  # words
_SAID = 10  # copies that say whose text it is


def show_story(engine: Engine, word: str, *, limit: int | None = None, offset: int = 0) -> Row:
    """Return a story, named by its number, a former one too, or by a document of it.

    Beside what `rank_stories` says of it: `why` its lead leads, in sentences; its `copies_in_full`, one entry for each
    publication, in order of time, at most `limit` from `offset` on, with `more` telling how many come after them; its `digests_in_full`,
    `revisions` and `rulings`.

    Raises:
        NotFound: the word names no story, or more than one.
    """
    with Session(engine) as session:
        story_id = resolve_story(session, word)
        [story] = ranked(session, [story_id])
        publications = printed(session, story_id)
        lead = story["lead"]
        own = [row for row in publications if row.role != "digest" and not _is_lead(row, lead)]
        shown = own[offset : offset + limit] if limit is not None else own[offset:]
        credits_ = _credits(session, [row.version_id for row in publications])
        texts = _texts(session, {row.document_id for row in shown} | {row.lead_id for row in publications})
        [lead_text] = {texts[row.lead_id] for row in publications}
        differences: dict[int, Row] = {}
        copies = []
        for row in shown:
            if row.document_id not in differences:
                differences[row.document_id] = _difference(lead_text, texts[row.document_id])
            copies.append({**_publication(row, credits_), **differences[row.document_id]})
        story["why"] = _why(story, publications, credits_)
        story["copies_in_full"] = copies
        story["more"] = max(0, len(own) - offset - len(shown))
        story["digests_in_full"] = [
            _publication(row, credits_) for row in publications if row.role == "digest"
        ]
        story["revisions"] = _revisions(session, story_id)
        hashes = {row.content_hash for row in publications} | {
            one["content_hash"] for one in story["revisions"]
        }
    story["rulings"] = [
        ruling for ruling in list_rulings(engine) if ruling["one"] in hashes or ruling["other"] in hashes
    ]
    return story


def _is_lead(row: Any, lead: Row) -> bool:
    return (row.content_hash, row.address) == (lead["content_hash"], lead["address"])


def _publication(row: Any, credits_: dict[int, list[Row]]) -> Row:
    return {
        "content_hash": row.content_hash,
        "outlet": row.outlet,
        "address": row.address,
        "title": row.title,
        "published": day_and_moment(row.published_on, row.published_at),
        "words": row.word_count,
        "kind": row.kind,
        "credits": credits_[row.version_id],
    }


def _credits(session: Session, version_ids: Collection[int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    query = select(Credit).where(Credit.version_id.in_(version_ids)).order_by(Credit.name, Credit.origin)
    for credit in session.scalars(query):
        found[credit.version_id].append(
            {
                "name": credit.name,
                "kind": credit.kind,
                "place": credit.place,
                "origin": credit.origin,
                "evidence": credit.evidence,
            }
        )
    return found


def _texts(session: Session, document_ids: Collection[int]) -> dict[int, str]:
    query = select(Document.id, Document.text).where(Document.id.in_(document_ids))
    return {row.id: row.text for row in session.execute(query)}


def _difference(lead: str, copy: str) -> Row:
    """Say how much of a copy is the lead's, how much of the lead it took, what it added and what it cut."""
    if lead == copy:
        nothing: Row = {"words": 0, "passages": []}
        return {"taken": 1.0, "of_lead": 1.0, "added": nothing, "cut": nothing}
    found = tell_apart(lead, copy, ALIGNED_RUN)
    return {
        "taken": round(found.other.shared, 4),
        "of_lead": round(found.one.shared, 4),
        "added": _stretches(found.other.own()),
        "cut": _stretches(found.one.own()),
    }


def _stretches(stretches: Sequence[Stretch]) -> Row:
    longest = sorted(sorted(stretches, key=lambda one: -one.words)[:_PASSAGES], key=lambda one: one.start)
    return {
        "words": sum(one.words for one in stretches),
        "passages": [{"words": one.words, "begins": " ".join(one.text.split()[:_BEGINS])} for one in longest],
    }


def _why(story: Row, publications: Iterable[Any], credits_: dict[int, list[Row]]) -> list[str]:
    """Say why the lead leads, and who says so."""
    said: list[str] = []
    leading = {
        agency_name(row.outlet).casefold()
        for row in publications
        if row.outlet and row.document_id == row.lead_id
    }
    for row in publications:
        for credit in credits_[row.version_id] if not _is_lead(row, story["lead"]) else ():
            if agency_name(credit["name"]).casefold() in leading:
                verb = "cites" if credit["kind"] == "cited" else "credits"
                evidence = f": “{credit['evidence']}”" if credit["evidence"] else ""
                said.append(f"{row.outlet or row.content_hash} {verb} {credit['name']}{evidence}.")
    more = [f"And {len(said) - _SAID} more say so."] if len(said) > _SAID else []
    return [f"It leads: {story['lead_reason']}.", *said[:_SAID], *more]


def _revisions(session: Session, story_id: int) -> list[Row]:
    """Return the texts that articles of the story printed before, with where and since when."""
    query = (
        select(
            Document.content_hash,
            Document.word_count,
            Article.address,
            Version.number,
            Version.first_seen_at,
            Version.title,
        )
        .join(StoryDocument, StoryDocument.document_id == Document.id)
        .join(Version, Version.document_id == Document.id)
        .join(Article, Article.id == Version.article_id)
        .where(StoryDocument.story_id == story_id, StoryDocument.role == "revision")
        .order_by(Article.address, Version.number)
    )
    return [
        {
            "content_hash": row.content_hash,
            "words": row.word_count,
            "address": row.address,
            "version": row.number,
            "title": row.title,
            "first_seen_at": row.first_seen_at.isoformat(),
        }
        for row in session.execute(query)
    ]
