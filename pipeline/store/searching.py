"""Full-text search: ranked, a row a story, with what was found marked in the title and in a snippet."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from pipeline.store.lookup import resolve_story
from pipeline.store.reach import day_and_moment
from pipeline.store.searchwords import search_terms, tsquery

Row = dict[str, Any]

MOST_RANKED = 500
"""Of more documents than this that have the words, the newest so many are ranked: ranking reads each one's words."""

KINDS = ("lead", "identical", "near", "contained", "contains", "indirect")
"""How an article stands to its story's lead, as the view `coverage` says it."""

# What a text has of these is taken out before; all but the first two are of the SQL function `search_words`.
_START, _STOP, _GAP = "\ue000", "\ue001", "\x02"
_SIGNS = dict(
    zip("\x01\x03\x04\x05\x06\x07\x08\x0e\x0f\x10\x11\x12\x13\x14\x15", "<“”„«»‹›–—…’‘‚ʼ", strict=True)
)
_AS_WRITTEN = str.maketrans({**_SIGNS, _GAP: ""})
_MARKED = re.compile(f"{_START}([^{_STOP}]*){_STOP}?|([^{_START}]+)")

# One index entry a step: a hundred thousand rows have a handful of languages.
_CONFIGS = """
    with recursive known as (
        (select config from search order by config limit 1)
        union all
        select (select config from search where config > known.config order by config limit 1)
        from known where known.config is not null
    )
    select asked::text as asked, array_agg(config) as configs
    from known cross join lateral (select {asked} as asked) as parsed
    where config is not null
    group by asked::text
"""

_NEWEST = """
    version.superseded_run_id is null and not exists (
        select from version as newer
        where newer.article_id = version.article_id and newer.number > version.number
          and newer.superseded_run_id is null
    )
"""

_OUTLET = r"coalesce(source.name, regexp_replace(substring(article.address from '^https?://([^/:]+)'), '^www\.', ''))"

_FOUND = f"""
    with matched as materialized (
        select search.document_id from search
        where ({{matches}}) and {{wanted}}
        order by search.document_id desc
        limit :most
    ), ranked as materialized (
        select search.document_id, ts_rank_cd(search.vector, {{asked}}, 1) as rank
        from matched join search using (document_id)
    ), printed as (
        select distinct on (ranked.document_id) ranked.document_id, ranked.rank, version.id as version_id,
               version.title, version.published_on, version.published_at, article.address,
               source.key as source, {_OUTLET} as outlet
        from ranked
        join version on version.document_id = ranked.document_id
        join article on article.id = version.article_id
        left join source on source.id = article.source_id
        where {_NEWEST} and {{stated}}
        order by ranked.document_id, version.published_on nulls last, version.published_at nulls last, article.address
    ), placed as (
        select printed.*, place.story_id, place.role,
               row_number() over story as nth,
               count(*) over (partition by {{grouped}}) - 1 as others
        from printed
        left join story_document as place
            on place.document_id = printed.document_id and place.role in ('lead', 'copy')
        window story as (
            partition by {{grouped}}
            order by rank desc, place.role = 'lead' desc nulls last, published_on nulls last, address
        )
    )
    select placed.*, (select count(*) from matched) as matched, count(*) over () as rows
    from placed
    where nth = 1
    order by rank desc, published_on desc nulls last, published_at desc nulls last, document_id
    limit :limit offset :offset
"""  # noqa: S608 - of our own words alone

_SHOWN = """
    select document.id, document.content_hash, document.language, document.word_count,
           ts_headline(search.config::regconfig, search_words(translate(coalesce(hit.title, ''), :marks, '')),
                       {asked}, 'HighlightAll=true, ' || :selected) as title,
           ts_headline(search.config::regconfig, search_words(translate(left(document.text, 100000), :marks, '')),
                       {asked}, 'MaxFragments=2, MaxWords=30, MinWords=12, FragmentDelimiter=" … ", ' || :selected)
               as snippet,
           coverage.kind
    from unnest(cast(:ids as bigint[]), cast(:titles as text[]), cast(:addresses as text[])) as hit (id, title, address)
    join document on document.id = hit.id
    join search on search.document_id = hit.id
    left join coverage on coverage.address = hit.address
"""


def search(
    engine: Engine,
    query: str,
    *,
    sources: Collection[str] = (),
    since: date | None = None,
    until: date | None = None,
    story: str | None = None,
    kinds: Collection[str] = (),
    language: str | None = None,
    every: bool = False,
    limit: int = 20,
    offset: int = 0,
) -> Row:
    """Look for words, and return what was found, the best first: a row a story, or with `every` a row a document.

    Args:
        engine: the database; `open_reading` gives one that stops at a time limit.
        query: as `pipeline.store.searchwords` reads it; one that is too long is refused.
        sources: keys of sources, one of which prints it.
        since: the first day of publication; what states no date is left out then.
        until: the last one, included.
        story: a story's number, or a document's hash.
        kinds: of `KINDS`, one of which it is.
        language: a language's code.
        every: whether each document has a row of its own.
        limit: rows at most.
        offset: rows to skip.

    Returns:
        `hits`; how many were `found`, and whether those are `more` than were ranked; a `note` where nothing was.
        A hit's `marked_title` and `snippet` are lists of {"text", "hit"}: text as it was captured, not HTML.

    Raises:
        NotFound: there is no such story.
    """
    groups = search_terms(query)
    nothing: Row = {"query": query, "hits": [], "found": 0, "more": False, "note": None}
    if not any(not term.excluded for group in groups for term in group):
        said = "only says what must not be there" if groups else "has no word in it"
        return {
            **nothing,
            "note": f"The search {said}. Give a word to look for, or a phrase in quotation marks.",
        }
    with Session(engine) as session:
        expression, parameters = tsquery(groups, "config::regconfig")
        parsed = session.execute(text(_CONFIGS.format(asked=expression)), parameters).all()
        parsed = [row for row in parsed if row.asked]
        if not parsed:
            return {**nothing, "note": _empty(session)}
        asked: Row = {"most": MOST_RANKED + 1, "limit": limit, "offset": offset}
        matches, choose = _matches(parsed, asked)
        wanted, stated = _conditions(session, asked, sources, since, until, story, kinds, language)
        statement = _FOUND.format(
            matches=matches, asked=choose, wanted=wanted, stated=stated,
            grouped="printed.document_id" if every else "coalesce(place.story_id, -printed.document_id)",
        )  # fmt: skip
        rows = session.execute(text(statement), asked).all()
        shown = _shown(session, rows, choose, asked)
    if not rows:
        return {**nothing, "note": _no_hit(offset)}
    return {
        "query": query,
        "hits": [_hit(row, shown[row.document_id]) for row in rows],
        "found": rows[0].rows,
        "more": rows[0].matched > MOST_RANKED,
        "note": None,
    }


def plain(segments: Sequence[Mapping[str, Any]]) -> str:
    """Return the text of a snippet without its marks."""
    return "".join(segment["text"] for segment in segments)


def _matches(parsed: Sequence[Any], asked: Row) -> tuple[str, str]:
    """Return a condition on a row of `search`, and an expression for the tsquery that its language makes.

    Each language's words are looked for among its own documents: one's stem is another's word.
    """
    conditions, cases = [], []
    for number, row in enumerate(parsed):
        asked[f"asked_{number}"], asked[f"configs_{number}"] = row.asked, list(row.configs)
        among = f"search.config = any(cast(:configs_{number} as text[]))"
        conditions.append(f"({among} and search.vector @@ cast(:asked_{number} as tsquery))")
        cases.append(f"when {among} then cast(:asked_{number} as tsquery)")
    return " or ".join(conditions), f"case {' '.join(cases)} end"


def _conditions(
    session: Session,
    asked: Row,
    sources: Collection[str],
    since: date | None,
    until: date | None,
    story: str | None,
    kinds: Collection[str],
    language: str | None,
) -> tuple[str, str]:
    """Return conditions on a document (of `search`) and on its publication, which say what is asked for."""
    stated, wanted = ["true"], ["true"]
    if sources:
        stated.append("source.key = any(cast(:sources as text[]))")
        asked["sources"] = list(sources)
    if since:
        stated.append("version.published_on >= :since")
        asked["since"] = since
    if until:
        stated.append("version.published_on <= :until")
        asked["until"] = until
    if len(stated) > 1:
        wanted.append(
            "exists (select from version join article on article.id = version.article_id"
            " left join source on source.id = article.source_id"
            f" where version.document_id = search.document_id and {_NEWEST} and {' and '.join(stated)})"
        )
    if story:
        wanted.append(
            "search.document_id in (select document_id from story_document"
            " where story_id = :story and role in ('lead', 'copy'))"
        )
        asked["story"] = resolve_story(session, story)
    if language:
        wanted.append(
            "exists (select from document where document.id = search.document_id"
            " and (document.language = :language or document.language like :dialects))"
        )
        asked["language"], asked["dialects"] = (
            language.lower(),
            re.sub(r"[%_\\]", "", language.lower()) + "-%",
        )
    if kinds:
        # The role is cheap to ask of all that match; the kind is worked out for those that are ranked, one by one.
        wanted.append(
            "exists (select from story_document as place where place.document_id = search.document_id"
            " and place.role = any(cast(:roles as text[])))"
        )
        stated.append(
            "(select coverage.kind from coverage where coverage.address = article.address)"
            " = any(cast(:kinds as text[]))"
        )
        asked["kinds"] = list(kinds)
        asked["roles"] = sorted({"lead" if kind in {"lead", "identical"} else "copy" for kind in kinds})
    return " and ".join(wanted), " and ".join(stated)


def _shown(session: Session, rows: Sequence[Any], choose: str, asked: Row) -> dict[int, Any]:
    if not rows:
        return {}
    values = {key: value for key, value in asked.items() if key.startswith(("asked_", "configs_"))}
    found = session.execute(
        text(_SHOWN.format(asked=choose)),
        {
            **values,
            "ids": [row.document_id for row in rows],
            "titles": [row.title for row in rows],
            "addresses": [row.address for row in rows],
            "marks": _START + _STOP + _GAP + "".join(_SIGNS),
            "selected": f"StartSel={_START}, StopSel={_STOP}",
        },
    )
    return {row.id: row for row in found}


def _hit(row: Any, shown: Any) -> Row:
    return {
        "content_hash": shown.content_hash,
        "title": row.title,
        "marked_title": _segments(shown.title) if row.title else [],
        "snippet": _segments(shown.snippet),
        "outlet": row.outlet,
        "source": row.source,
        "address": row.address,
        "published": day_and_moment(row.published_on, row.published_at),
        "language": shown.language,
        "words": shown.word_count,
        "story": row.story_id,
        "kind": shown.kind,
        "others_of_story": row.others,
        "rank": round(float(row.rank), 4),
    }


def _segments(marked: str) -> list[Row]:
    """Part a headline of PostgreSQL's at its marks; marked characters that stand side by side are one hit."""
    shown = marked.replace(_GAP, "").replace(_STOP + _START, "").translate(_AS_WRITTEN)
    return [
        {"text": match[1] or match[2] or "", "hit": match[1] is not None} for match in _MARKED.finditer(shown)
    ]


def _empty(session: Session) -> str:
    if session.scalar(text("select true from search limit 1")) is None:
        return "There is no document in the database yet: `newsfold seeds` imports a folder of texts."
    return "The search has only words that nearly every text has. Give one that tells texts apart."


def _no_hit(offset: int) -> str:
    if offset:
        return "There are no further hits."
    return (
        "Nothing was found. Words are looked for in every form that their language gives them; fewer of them, "
        "the beginning of one (sabot*), or no filters find more."
    )
