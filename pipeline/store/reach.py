"""Stories in order of reach: how many outlets printed each, in how many copies of which kind, and over what time.

All is counted by the database; only what is shown is read.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, TextClause, text
from sqlalchemy.orm import Session

from pipeline.store.queries import iso

Row = dict[str, Any]

KINDS = ("identical", "near", "contained", "contains", "indirect")
"""How a copy stands to its story's lead; `indirect`: by way of another copy, or by a ruling."""

# A publication is what an article prints now. One document that several articles print is so many publications. A
# round-up is one of its own story, and of each other that it has.
_PRINTED = """
    printed as (
        select printing.story_id, printing.document_id, printing.role, printing.kind, printing.version_id,
               printing.article_id, printing.outlet, printing.published_on, printing.published_at, printing.first_seen_at
        from printing
        where printing.story_id {which}
        union all
        select place.story_id, printing.document_id, place.role, 'digest', printing.version_id,
               printing.article_id, printing.outlet, printing.published_on, printing.published_at, printing.first_seen_at
        from story_document as place
        join printing on printing.document_id = place.document_id
        where place.role = 'digest' and place.story_id {which}
    )
"""

# A day that is stated orders before a moment that is not; what nothing dates counts from its first capture, where
# nothing of the story is dated at all.
_COUNTED = """
    counted as (
        select story_id,
               count(distinct outlet) filter (where role <> 'digest') as outlets,
               array_agg(distinct outlet) filter (where role <> 'digest' and outlet is not null) as names,
               count(*) filter (where role <> 'digest') - 1 as copies,
               count(*) filter (where kind = 'identical') as identical,
               count(*) filter (where kind = 'near') as near,
               count(*) filter (where kind = 'contained') as contained,
               count(*) filter (where kind = 'contains') as contains,
               count(*) filter (where kind = 'indirect') as indirect,
               count(distinct document_id) filter (where role = 'digest') as digests,
               min(published_on) as first_on, max(published_on) as last_on,
               (array_agg(published_at order by published_on, published_at)
                   filter (where published_on is not null))[1] as first_at,
               (array_agg(published_at order by published_on desc, published_at desc nulls last)
                   filter (where published_on is not null))[1] as last_at,
               min(first_seen_at) as first_captured_at, max(first_seen_at) as last_captured_at,
               min(article_id) filter (where kind = 'lead') as lead_article_id
        from printed
        group by story_id
    )
"""

_RANKED = f"""
    with {_PRINTED}, {_COUNTED}
    select counted.*, story.lead_reason, document.content_hash, left(document.text, 90) as opening,
           version.title, lead.outlet, article.address, lead.published_on, lead.published_at
    from counted
    join story on story.id = counted.story_id
    join document on document.id = story.lead_id
    left join printing as lead on lead.article_id = counted.lead_article_id
    left join article on article.id = lead.article_id
    left join version on version.id = lead.version_id
    order by outlets desc, copies desc, content_hash
"""  # noqa: S608 - of our own words alone

# What `_RANKED` orders by alone: the stories of one page are then counted in full. Content hashes decide between
# stories of one reach, and only those of the page's own are read.
_ORDER = text("""
    with counted as materialized (
        select story_id, count(distinct outlet) as outlets, count(*) as publications
        from printing
        where story_id is not null
        group by story_id having count(distinct outlet) >= :outlets
    ), page as materialized (
        select outlets, publications from counted
        order by outlets desc, publications desc
        limit :limit offset :offset
    ), bounds as materialized (
        select max((outlets::bigint << 32) + publications) as most, min((outlets::bigint << 32) + publications) as least
        from page
    )
    select chosen.story_id, (select count(*) from counted) as total
    from (
        select counted.*
        from counted, bounds
        where (outlets::bigint << 32) + publications between bounds.least and bounds.most
    ) as chosen
    join story on story.id = chosen.story_id
    join document on document.id = story.lead_id
    order by outlets desc, publications desc, document.content_hash
    limit :limit
    offset :offset - (
        select count(*) from counted, bounds where (outlets::bigint << 32) + publications > bounds.most
    )
""")


def rank_stories(engine: Engine, *, limit: int | None = None) -> list[Row]:
    """Return stories by reach, the widest first: by outlets, then by copies.

    A row has the story's `id`, its `lead` (hash, title, outlet, address, date), the number of `outlets` and their
    `outlet_names`, the number of `copies` besides the lead and how many there are of each of `kinds`, `digests`,
    `first_seen` and `last_seen` (a day, and the moment where it is stated) and the time `between` them: days, and
    seconds where both moments are known.
    """
    with Session(engine) as session:
        return widest(session, limit=limit)[1]


def widest(
    session: Session, *, offset: int = 0, limit: int | None = None, outlets: int = 0
) -> tuple[int, list[Row]]:
    """Return how many stories at least so many `outlets` printed, and some of them by reach, as `rank_stories` does."""
    if limit is None and not offset and not outlets:
        rows = [_row(row) for row in session.execute(_all_ranked())]
        return len(rows), rows
    order = session.execute(_ORDER, {"offset": offset, "limit": limit, "outlets": outlets}).all()
    return (order[0].total if order else 0), ranked(session, [row.story_id for row in order])


def ranked(session: Session, ids: Sequence[int]) -> list[Row]:
    """Return the stories of these ids, as `rank_stories` does."""
    statement = text(_RANKED.format(which="= any(cast(:ids as bigint[]))"))
    return [_row(row) for row in session.execute(statement, {"ids": list(ids)})] if ids else []


def _all_ranked() -> TextClause:
    return text(_RANKED.format(which="is not null"))


def printed(session: Session, story_id: int) -> Sequence[Any]:
    """Return the publications of a story's documents, the dated ones first, in order of time."""
    query = f"""
        with {_PRINTED.format(which="= :story")}
        select printed.*, story.lead_id, article.address, version.title, document.content_hash, document.word_count
        from printed
        join story on story.id = printed.story_id
        join document on document.id = printed.document_id
        join version on version.id = printed.version_id
        join article on article.id = printed.article_id
        order by printed.published_on nulls last, printed.published_at nulls last, printed.first_seen_at, address
    """  # noqa: S608 - of our own words alone
    return session.execute(text(query), {"story": story_id}).all()


def day_and_moment(on: date | None, at: datetime | None) -> Row | None:
    """Return a date as exactly as it is known, for tables and JSON."""
    return {"on": on.isoformat(), "at": iso(at)} if on else None


def _row(row: Any) -> Row:
    dated = row.first_on is not None
    first_at, last_at = (
        (row.first_at, row.last_at) if dated else (row.first_captured_at, row.last_captured_at)
    )
    first_on, last_on = (row.first_on, row.last_on) if dated else (first_at.date(), last_at.date())
    return {
        "id": row.story_id,
        "lead": {
            "content_hash": row.content_hash,
            "title": row.title,
            "opening": row.opening,
            "outlet": row.outlet,
            "address": row.address,
            "published": day_and_moment(row.published_on, row.published_at),
        },
        "lead_reason": row.lead_reason,
        "outlets": row.outlets,
        "outlet_names": sorted(row.names or ()),
        "copies": row.copies,
        "kinds": {kind: getattr(row, kind) for kind in KINDS},
        "digests": row.digests,
        "first_seen": day_and_moment(first_on, first_at),
        "last_seen": day_and_moment(last_on, last_at),
        "seen_as": "published" if dated else "captured",
        "between": {
            "days": (last_on - first_on).days,
            "seconds": int((last_at - first_at).total_seconds()) if first_at and last_at else None,
        },
    }
