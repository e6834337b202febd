"""Full-text search: ranked, a row a story, with what was found marked in the title and in a snippet."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from pipeline.store.lookup import find_sources, resolve_story
from pipeline.store.reach import day_and_moment
from pipeline.store.searchwords import search_terms, tsquery

Row = dict[str, Any]

MOST_RANKED = 500
"""Of more documents than this that have the words, the newest so many are ranked: ranking reads each one's words."""

KINDS = ("lead", "identical", "near", "contained", "contains", "indirect")
"""How an article stands to its story's lead, as the view `coverage` says it."""

_LONGEST_TITLE = 500
"""Characters: a page may state a title without an end, and each word that is marked in it is read by somebody."""

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

# Where what is asked for stands in so many of the newest documents, the older ones need not be looked at. PostgreSQL
# cannot know how often words stand in a row: it would walk all documents for a phrase that few of them have.
_RECENT = 10_000

_MATCHED = """
    matched as materialized (
        select search.document_id from search
        where ({matches}) and {wanted}
        order by search.document_id desc
        limit :most
    )
"""

_PHRASE_MATCHED = f"""
    recent as materialized (
        select search.document_id from search
        where search.document_id > (select max(document_id) from search) - {_RECENT} and ({{matches}}) and {{wanted}}
        order by search.document_id desc
        limit :most
    ), matched as materialized (
        select document_id from recent where (select count(*) from recent) = :most
        union all
        (select search.document_id from search
         where (select count(*) from recent) < :most and ({{matches}}) and {{wanted}}
         order by search.document_id + 0 desc -- an order that no index has
         limit :most)
    )
"""  # noqa: S608 - of our own words alone

_FOUND = """
    with {matched}, ranked as materialized (
        select search.document_id, ts_rank_cd(search.vector, {asked}, 1) as rank
        from matched join search using (document_id)
    ), placed as materialized (
        select distinct on (ranked.document_id) ranked.document_id, ranked.rank, printing.article_id,
               printing.version_id, printing.source_id, printing.outlet, printing.published_on, printing.published_at,
               printing.story_id, printing.role, printing.kind, article.address
        from ranked
        join printing on printing.document_id = ranked.document_id
        join article on article.id = printing.article_id
        where {stated}
        order by ranked.document_id, printing.published_on nulls last, printing.published_at nulls last, article.address
    ), grouped as (
        select placed.*, row_number() over story as nth, count(*) over (partition by {grouped}) - 1 as others
        from placed
        window story as (
            partition by {grouped}
            order by rank desc, role = 'lead' desc nulls last, published_on nulls last, address
        )
    ), page as materialized (
        select grouped.*, (select count(*) from matched) as matched, count(*) over () as rows
        from grouped
        where nth = 1
        order by rank desc, published_on desc nulls last, published_at desc nulls last, document_id
        limit :limit offset :offset
    )
    select page.*, version.title, source.key as source
    from page
    join version on version.id = page.version_id
    left join source on source.id = page.source_id
    order by rank desc, published_on desc nulls last, published_at desc nulls last, document_id
"""

_SHOWN = """
    select document.id, document.content_hash, document.language, document.word_count,
           ts_headline(search.config::regconfig, search_words(translate(coalesce(hit.title, ''), :marks, '')),
                       {asked}, 'HighlightAll=true, ' || :selected) as title,
           ts_headline(search.config::regconfig, search_words(translate(left(document.text, 100000), :marks, '')),
                       {asked}, 'MaxFragments=2, MaxWords=30, MinWords=12, FragmentDelimiter=" … ", ' || :selected)
               as snippet
    from unnest(cast(:ids as bigint[]), cast(:titles as text[])) as hit (id, title)
    join document on document.id = hit.id
    join search on search.document_id = hit.id
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
        NotFound: there is no such story or source.
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
        matched = _PHRASE_MATCHED if any("<" in row.asked for row in parsed) else _MATCHED

        def found(since: date | None, until: date | None, *, undated: bool) -> Sequence[Any]:
            wanted, stated = _conditions(
                session, asked, sources, since, until, story, kinds, language, undated=undated
            )
            statement = _FOUND.format(
                matched=matched.format(matches=matches, wanted=wanted),
                asked=choose,
                stated=stated,
                grouped="document_id" if every else "coalesce(story_id, -document_id)",
            )
            return session.execute(text(statement), asked).all()

        rows = found(since, until, undated=False)
        if not rows:
            undated = found(None, None, undated=True) if (since or until) and not offset else ()
            return {**nothing, "note": _no_hit(offset, undated[0].rows if undated else 0)}
        shown = _shown(session, rows, choose, asked)
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
    *,
    undated: bool,
) -> tuple[str, str]:
    """Return conditions on a document (of `search`) and on its publication, which say what is asked for."""
    stated: list[str] = []
    wanted = ["true"]
    if sources:
        stated.append("printing.source_id = any(cast(:sources as bigint[]))")
        asked["sources"] = find_sources(session, sources)
    if since:
        stated.append("printing.published_on >= :since")
        asked["since"] = since
    if until:
        stated.append("printing.published_on <= :until")
        asked["until"] = until
    if undated:
        stated.append("printing.published_on is null")
    if kinds:
        stated.append("printing.kind = any(cast(:kinds as text[]))")
        asked["kinds"] = list(kinds)
    if stated:
        conditions = " and ".join(stated)
        wanted.append(f"search.document_id in (select document_id from printing where {conditions})")  # noqa: S608
    if story:
        wanted.append("search.document_id in (select document_id from printing where story_id = :story)")
        asked["story"] = resolve_story(session, story)
    if language:
        # Documents of one language have one configuration: that says nearly all without reading them.
        wanted.append(
            "search.config = search_config(:language)"
            " and (select document.language = :language or document.language like :dialects"
            " from document where document.id = search.document_id)"
        )
        asked["language"] = language.lower()
        asked["dialects"] = re.sub(r"[%_\\]", "", language.lower()) + "-%"
    return " and ".join(wanted), " and ".join(stated) or "true"


def _shown(session: Session, rows: Sequence[Any], choose: str, asked: Row) -> dict[int, Any]:
    if not rows:
        return {}
    values = {key: value for key, value in asked.items() if key.startswith(("asked_", "configs_"))}
    found = session.execute(
        text(_SHOWN.format(asked=choose)),
        {
            **values,
            "ids": [row.document_id for row in rows],
            "titles": [row.title and row.title[:_LONGEST_TITLE] for row in rows],
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
        "kind": row.kind,
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


def _no_hit(offset: int, undated: int) -> str:
    if offset:
        return "There are no further hits."
    if undated:
        return (
            f"Nothing of those days was found. {undated} {'result states' if undated == 1 else 'results state'} no date: "
            "search without days to see."
        )
    return (
        "Nothing was found. Words are looked for in every form that their language gives them; fewer of them, "
        "the beginning of one (sabot*), or no filters find more."
    )
