"""Stories in order of reach: how many outlets printed each, in how many copies of which kind, and over what time.

All is counted by the database; only what is shown is read.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from pipeline.match.agencies import agency_name
from pipeline.store.queries import iso

Row = dict[str, Any]

KINDS = ("identical", "near", "contained", "contains", "indirect")
"""How a copy stands to its story's lead; `indirect`: by way of another copy, or by a ruling."""

# A publication is an article's newest version. One document that several articles print is so many publications.
_PRINTED = r"""
    printed as (
        select place.story_id, place.document_id, place.role, story.lead_id, version.id as version_id, article.address,
               coalesce(source.name, regexp_replace(substring(article.address from '^https?://([^/:]+)'), '^www\.', '')) as outlet,
               version.title, version.published_on, version.published_at, version.first_seen_at,
               case
                   when place.role = 'digest' then 'digest'
                   when place.document_id = story.lead_id then 'identical'
                   when longer.kind in ('identical', 'near') then longer.kind
                   when shorter.kind in ('identical', 'near') then shorter.kind
                   when shorter.kind = 'contains' then 'contained'
                   when longer.kind = 'contains' then 'contains'
                   else 'indirect'
               end as kind
        from story_document as place
        join story on story.id = place.story_id
        join version on version.document_id = place.document_id
        join article on article.id = version.article_id
        left join source on source.id = article.source_id
        left join relation as shorter
            on shorter.shorter_id = place.document_id and shorter.longer_id = story.lead_id
        left join relation as longer
            on longer.longer_id = place.document_id and longer.shorter_id = story.lead_id
        where place.role <> 'revision' and {which} and not exists (
            select from version as newer
            where newer.article_id = version.article_id and newer.number > version.number
        )
    )
"""

# A day that is stated orders before a moment that is not; what nothing dates counts from its first capture, where
# nothing of the story is dated at all.
_COUNTED = """
    counted as (
        select story_id, lead_id,
               count(distinct outlet) filter (where role <> 'digest') as outlets,
               array_agg(distinct outlet) filter (where role <> 'digest' and outlet is not null) as names,
               count(*) filter (where role <> 'digest') - 1 as copies,
               count(*) filter (where kind = 'identical') - 1 as identical,
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
               min(first_seen_at) as first_captured_at, max(first_seen_at) as last_captured_at
        from printed
        group by story_id, lead_id
    )
"""

_RANKED = f"""
    with {_PRINTED}, {_COUNTED}
    select counted.*, story.lead_reason, document.content_hash, left(document.text, 90) as opening
    from counted
    join story on story.id = counted.story_id
    join document on document.id = counted.lead_id
    order by outlets desc, copies desc, content_hash
    limit :limit
"""  # noqa: S608 - of our own words alone

# Of several articles that print the lead's text one stands for it: the one that the others credit, else the earliest.
_LEADS = r"""
    select version.document_id, version.title, version.published_on, version.published_at, article.address,
           coalesce(
               source.name, regexp_replace(substring(article.address from '^https?://([^/:]+)'), '^www\.', '')
           ) as outlet,
           array(select name from credit where version_id = version.id and kind = 'source') as credits
    from version
    join article on article.id = version.article_id
    left join source on source.id = article.source_id
    where version.document_id = any(cast(:ids as bigint[])) and not exists (
        select from version as newer
        where newer.article_id = version.article_id and newer.number > version.number
    )
    order by version.published_on nulls last, version.published_at nulls last, article.address
"""


def rank_stories(engine: Engine, *, limit: int | None = None) -> list[Row]:
    """Return stories by reach, the widest first: by outlets, then by copies.

    A row has the story's `id`, its `lead` (hash, title, outlet, address, date), the number of `outlets` and their
    `outlet_names`, the number of `copies` besides the lead and how many there are of each of `kinds`, `digests`,
    `first_seen` and `last_seen` (a day, and the moment where it is stated) and the time `between` them: days, and
    seconds where both moments are known.
    """
    with Session(engine) as session:
        return ranked(session, "true", {"limit": limit})


def ranked(session: Session, which: str, parameters: dict[str, Any]) -> list[Row]:
    """Return the stories that a condition on `place` and `story` chooses, as `rank_stories` does."""
    found = session.execute(text(_RANKED.format(which=which)), parameters).all()
    leads: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(text(_LEADS), {"ids": [row.lead_id for row in found]}):
        leads[row.document_id].append(row)
    return [_row(row, _leading(leads[row.lead_id])) for row in found]


def printed(session: Session, story_id: int) -> Iterable[Any]:
    """Return the publications of a story's documents, the dated ones first, in order of time."""
    query = f"""
        with {_PRINTED.format(which="place.story_id = :story")}
        select printed.*, document.content_hash, document.word_count
        from printed join document on document.id = printed.document_id
        order by published_on nulls last, published_at nulls last, first_seen_at, address
    """  # noqa: S608 - of our own words alone
    return session.execute(text(query), {"story": story_id}).all()


def _leading(publications: Sequence[Any]) -> Any:
    """Return which of the publications of one text stands for it; they come in order of time."""

    def rank(row: Any) -> tuple[bool, bool]:
        own = agency_name(row.outlet or "").casefold()
        credited = {agency_name(name).casefold() for other in publications for name in other.credits}
        owes = any(agency_name(name).casefold() != own for name in row.credits)
        return own not in credited, owes

    return min(publications, key=rank, default=None)


def day_and_moment(on: date | None, at: datetime | None) -> Row | None:
    """Return a date as exactly as it is known, for tables and JSON."""
    return {"on": on.isoformat(), "at": iso(at)} if on else None


def _row(row: Any, lead: Any) -> Row:
    dated = row.first_on is not None
    first_at, last_at = (
        (row.first_at, row.last_at) if dated else (row.first_captured_at, row.last_captured_at)
    )
    first_on, last_on = (row.first_on, row.last_on) if dated else (first_at.date(), last_at.date())
    return {
        "id": row.story_id,
        "lead": {
            "content_hash": row.content_hash,
            "title": lead.title if lead else None,
            "opening": row.opening,
            "outlet": lead.outlet if lead else None,
            "address": lead.address if lead else None,
            "published": day_and_moment(lead.published_on, lead.published_at) if lead else None,
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
