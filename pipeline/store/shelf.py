"""What the reading room lists, a page at a time: stories by reach, a source's articles, and what there is of all."""

from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from pipeline.store.lookup import resolve
from pipeline.store.models import Document
from pipeline.store.queries import iso
from pipeline.store.reach import day_and_moment, printed, widest

Row = dict[str, Any]

# A source is looked up in the index of articles; all articles need not be read for it.
_TOTALS = text("""
    select (select count(*) from document) as documents, (select count(*) from article) as articles,
           (select count(*) from story) as stories,
           (select count(*) from source where exists (select from article where source_id = source.id)) as sources,
           min(published_on) as first_on, max(published_on) as last_on
    from printing
""")

_OF_SOURCE = text("""
    select article.address, version.title, version.published_on, version.published_at, version.first_seen_at,
           document.content_hash, document.word_count, left(document.text, 90) as opening, place.role,
           lead.content_hash as story,
           (select count(*) from removed_line where version_id = version.id) as removed,
           count(*) over () as total
    from article
    join source on source.id = article.source_id and source.key = :key
    join lateral (
        select * from version where version.article_id = article.id order by number desc limit 1
    ) as version on true
    join document on document.id = version.document_id
    left join story_document as place on place.document_id = document.id and place.role in ('lead', 'copy')
    left join story on story.id = place.story_id
    left join document as lead on lead.id = story.lead_id
    order by version.published_on desc nulls last, version.published_at desc nulls last, article.address
    limit :limit offset :offset
""")

_WORDS = text("""
    select sum(word_count) from document
    where id in (select document_id from content_hash where hash = any(:hashes))
""")

_LED_TO = text("""
    select ledger.address, document.content_hash
    from ledger
    join version on version.id = ledger.version_id
    join document on document.id = version.document_id
    where ledger.run_id = :run and ledger.address = any(:addresses)
""")


def count_all(engine: Engine) -> Row:
    """Return how many documents, articles, stories and sources there are, and the days that they are dated from and to."""
    with Session(engine) as session:
        row = session.execute(_TOTALS).one()
    return {
        "documents": row.documents,
        "articles": row.articles,
        "stories": row.stories,
        "sources": row.sources,
        "first_on": row.first_on.isoformat() if row.first_on else None,
        "last_on": row.last_on.isoformat() if row.last_on else None,
    }


def page_stories(
    engine: Engine, *, offset: int = 0, limit: int = 50, outlets: int = 0
) -> tuple[int, list[Row]]:
    """Return how many stories at least so many `outlets` printed, and some of them by reach, as `rank_stories` does."""
    with Session(engine) as session:
        return widest(session, offset=offset, limit=limit, outlets=outlets)


def publications_of(engine: Engine, story: Row) -> list[Row]:
    """Return every publication of a story of `rank_stories` with its time: the dated ones first, in order of time."""
    lead = story["lead"]["content_hash"], story["lead"]["address"]
    with Session(engine) as session:
        return [
            {
                "content_hash": row.content_hash,
                "outlet": row.outlet,
                "address": row.address,
                "title": row.title,
                "kind": "lead" if (row.content_hash, row.address) == lead else row.kind,
                "published": day_and_moment(row.published_on, row.published_at),
                "captured_at": iso(row.first_seen_at),
            }
            for row in printed(session, story["id"])
        ]


def page_articles(engine: Engine, source: str, *, offset: int = 0, limit: int = 50) -> tuple[int, list[Row]]:
    """Return how many articles a source has, and some of them as they are now, the latest first."""
    with Session(engine) as session:
        rows = session.execute(_OF_SOURCE, {"key": source, "offset": offset, "limit": limit}).all()
    return (rows[0].total if rows else 0), [
        {
            "address": row.address,
            "content_hash": row.content_hash,
            "title": row.title,
            "opening": row.opening,
            "published": day_and_moment(row.published_on, row.published_at),
            "captured_at": iso(row.first_seen_at),
            "words": row.word_count,
            "removed_lines": row.removed,
            "story": row.story,
            "role": row.role,
        }
        for row in rows
    ]


def led_to(engine: Engine, run: int, addresses: list[str]) -> dict[str, str]:
    """Return the content hash of the document that each of a run's addresses led to, of those that led to one."""
    with Session(engine) as session:
        rows = session.execute(_LED_TO, {"run": run, "addresses": addresses})
        return {row.address: row.content_hash for row in rows}


def count_words(engine: Engine, hashes: list[str]) -> int:
    """Return how many words the documents with these content hashes have together."""
    with Session(engine) as session:
        return session.scalar(_WORDS, {"hashes": hashes}) or 0


def full_hash(engine: Engine, word: str) -> str:
    """Return the content hash that a document has now, of how one begins, a former one, or an article's address.

    Raises:
        NotFound: there is none, or there are several.
    """
    with Session(engine) as session:
        return session.get_one(Document, resolve(session, word)).content_hash
