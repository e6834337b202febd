"""Reading whole tables out, however large, as of one moment: a cursor on the server, some hundred rows at a time.

The tables are the database's views, whose columns and comments are taken as they are found. Rows come in an order
that does not depend on chance, so that what was interrupted can go on.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, text

from pipeline.errors import Refuse
from pipeline.store.columns import Column, columns_of, values_of
from pipeline.store.lookup import find_sources
from pipeline.store.searchwords import search_terms, tsquery

_BATCH = 500
"""Rows that are held at a time: enough to share a round trip, few enough for the longest texts."""

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which articles are wanted; what is empty chooses nothing away.

    `query` is in the language of `newsfold search`; `sources` are keys; `since` and `until` are days of publication,
    both included. An article that states no day is on none.
    """

    query: str | None = None
    sources: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    @property
    def is_all(self) -> bool:
        """Tell whether every article is wanted."""
        return self == Choice()


@dataclass(frozen=True, slots=True)
class _Table:
    order: str
    which: str | None
    """The rows that belong to the chosen articles; None where a row sums up more than those."""
    query: str = ""
    """What to read in the view's place."""
    chosen_query: str = ""
    """What to read in its place once articles are chosen: it counts those alone."""


_CITED = """
    (select coverage.article_id, coverage.address, coverage.source, coverage.outlet, coverage.title,
            coverage.published_on, (coverage.captured_at at time zone 'UTC')::date as captured_on, coverage.language,
            coverage.content_hash, left(document.text, 90) as opening,
            coalesce((select jsonb_agg(jsonb_build_object('name', name, 'kind', kind) order by position)
                      from author where version_id = version.id), '[]') as authors
     from coverage
     join version on version.article_id = coverage.article_id and version.number = coverage.version
     join document on document.id = version.document_id)
"""

_HOURS = """
    (select published_on as day, date_trunc('hour', published_at, 'UTC') as hour, source, outlet, story_id,
            count(*) as articles, count(*) filter (where role = 'lead') as of_leads,
            count(*) filter (where role = 'copy') as of_copies
     from coverage where article_id in (select article_id from chosen)
     group by 1, 2, 3, 4, 5)
"""

_OF_ARTICLE = "address in (select address from chosen)"

TABLES = {
    "coverage": _Table("article_id", "article_id in (select article_id from chosen)"),
    "stories": _Table("story_id", "story_id in (select story_id from chosen)"),
    "copies": _Table(
        "story_id, copy_address",
        "copy_address in (select address from chosen) or lead_address in (select address from chosen)",
    ),
    "removed_lines": _Table("address, line, rule", _OF_ARTICLE),
    "texts": _Table("content_hash", "content_hash in (select content_hash from chosen)"),
    "relations": _Table(
        "shorter_hash, longer_hash",
        "shorter_hash in (select content_hash from chosen) or longer_hash in (select content_hash from chosen)",
    ),
    "credits": _Table("address, credited, origin", _OF_ARTICLE),
    "authors": _Table("address, position", _OF_ARTICLE),
    "revisions": _Table("address, version", _OF_ARTICLE),
    "quotes": _Table(
        "quote_id",
        "quote_id in (select quote_id from quote_carriers where address in (select address from chosen))",
    ),
    "quote_carriers": _Table("quote_id, address", _OF_ARTICLE),
    "sources_overlap": _Table("outlet, other_outlet", None),
    "timeline": _Table("day, hour, source, outlet, story_id", "true", chosen_query=_HOURS),
}
"""The tables that can be read out, by the names of their views."""

CITATIONS = "citations"
"""What a bibliography is made of: an article a row. Not a view, and not offered as a table."""

_ALL = {**TABLES, CITATIONS: _Table("article_id", "article_id in (select article_id from chosen)", _CITED)}

_COMMENTS = text("""
    select attname, col_description(attrelid, attnum) from pg_attribute
    where attrelid = to_regclass(:view) and attnum > 0 and not attisdropped
      and col_description(attrelid, attnum) is not null
""")

# Whatever changes what is read adds a row to one of these, or takes one away.
_STATE = text("""
    select (select max(id) from run), (select count(*) from run where status = 'running'),
           (select count(*) from version), (select count(*) from version where superseded_run_id is not null),
           (select count(*) from relation), (select max(id) from ruling),
           (select count(*) from story_document), (select sum(story_id * document_id % 1000003) from story_document),
           (select count(*) from passage where forgotten_at is null), (select count(*) from removed_line)
""")

_RECIPES = text("""
    select extractor, residue, canonical, fingerprint, count(*) as articles
    from coverage
    join version on version.article_id = coverage.article_id and version.number = coverage.version
    join recipe on recipe.id = version.recipe_id
    group by recipe.id order by count(*) desc, recipe.id
""")

_RUN = text(
    "select id, kind, status, started_at, finished_at from run where status <> 'running' order by id desc limit 1"
)


@dataclass(slots=True)
class Snapshot:
    """The database as it was at one moment, whatever is written meanwhile."""

    connection: Connection
    choice: Choice
    _columns: dict[str, list[Column]] = field(default_factory=dict)

    def columns(self, table: str) -> list[Column]:
        """Return a table's columns, with what the database says of each."""
        if table not in self._columns:
            query, given = self._query(table, "*", "limit 0")
            described = self.connection.execute(text(query), given).cursor.description
            comments = {row[0]: row[1] for row in self.connection.execute(_COMMENTS, {"view": table})}
            self._columns[table] = columns_of(described or (), comments)
        return self._columns[table]

    def count(self, table: str) -> int:
        """Return how many rows of a table are wanted."""
        query, given = self._query(table, "count(*)")
        return int(self.connection.scalar(text(query), given) or 0)

    def rows(self, table: str, *, skip: int = 0, limit: int | None = None) -> Iterator[list[Row]]:
        """Give the wanted rows of a table in order, some hundred at a time, after those that are skipped."""
        columns = self.columns(table)
        names = ", ".join(f'"{column.name}"' for column in columns)
        query, given = self._query(table, names, f"order by {_ALL[table].order} limit :limit offset :skip")
        streaming = text(query).execution_options(stream_results=True, max_row_buffer=_BATCH)
        with self.connection.execute(streaming, {**given, "limit": limit, "skip": skip}) as result:
            for batch in result.partitions(_BATCH):
                yield [values_of(columns, row) for row in batch]

    def undated(self) -> int:
        """Return how many articles the days leave out because they state none."""
        if self.choice.since is None and self.choice.until is None:
            return 0
        dateless = Choice(self.choice.query, self.choice.sources)
        chosen, given = _chosen(dateless)
        query = f"select count(*) from coverage where published_on is null and {chosen}"  # noqa: S608 - our words
        return int(self.connection.scalar(text(query), given) or 0)

    def state(self) -> str:
        """Return a digest that is the same as long as nothing was stored, related, ruled or cleaned anew."""
        row = self.connection.execute(_STATE).one()
        return hashlib.sha256(repr(tuple(map(str, row))).encode()).hexdigest()[:16]

    def provenance(self) -> dict[str, Any]:
        """Return the recipes that made the articles' present texts, and the last run that ended."""
        run = self.connection.execute(_RUN).mappings().one_or_none()
        return {
            "recipes": [dict(row) for row in self.connection.execute(_RECIPES).mappings()],
            "run": {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in run.items()}
            if run
            else None,
        }  # fmt: skip

    def _query(self, table: str, what: str, tail: str = "") -> tuple[str, dict[str, Any]]:
        source = _ALL[table].query or table
        which = _ALL[table].which
        if not self.choice.is_all:
            source = _ALL[table].chosen_query or source
        if self.choice.is_all or which is None:
            return f"select {what} from {source} as wanted {tail}", {}  # noqa: S608 - our own words alone
        condition, given = _chosen(self.choice)
        chosen = f"select article_id, address, content_hash, story_id from coverage where {condition}"  # noqa: S608
        query = f"with chosen as materialized ({chosen}) select {what} from {source} as wanted where ({which}) {tail}"  # noqa: S608
        return query, given


@contextmanager
def snapshot(engine: Engine, choice: Choice | None = None) -> Iterator[Snapshot]:
    """Open the database as of now, to read the tables of some articles, or of all.

    Raises:
        NotFound: the choice names a source that there is not.
        Refuse: its query cannot be read.
    """
    choice = choice or Choice()
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        find_sources(connection, choice.sources)
        _check_query(connection, choice.query)
        yield Snapshot(connection, choice)


def _chosen(choice: Choice) -> tuple[str, dict[str, Any]]:
    """Return the condition on `coverage` that a choice means, with its values."""
    parts, given = ["true"], dict[str, Any]()
    if choice.query is not None:
        asked, given = _asked(choice.query)
        # Each language's words are looked for among its own documents, with the index.
        parts.append(f"""content_hash in (
            select document.content_hash from (select distinct config from search) as known
            join search on search.config = known.config and search.vector @@ ({asked})
            join document on document.id = search.document_id
        )""")  # noqa: S608 - our own words alone; what was typed is among the values
    if choice.sources:
        parts.append("source = any(:sources)")
        given["sources"] = list(choice.sources)
    if choice.since:
        parts.append("published_on >= :since")
        given["since"] = choice.since
    if choice.until:
        parts.append("published_on <= :until")
        given["until"] = choice.until
    return " and ".join(parts), given


def _asked(query: str) -> tuple[str, dict[str, Any]]:
    return tsquery(search_terms(query), "known.config::regconfig")


def _check_query(connection: Connection, query: str | None) -> None:
    """Refuse a search that would choose nothing whatever the texts say."""
    if query is None:
        return
    groups = search_terms(query)
    if not any(not term.excluded for group in groups for term in group):
        said = "only says what must not be there" if groups else "has no word in it"
        raise Refuse(
            "search", f"The search {query!r} {said}. Give a word to look for, or a phrase in quotation marks."
        )
    asked, given = _asked(query)
    known = f"select bool_or(numnode({asked}) > 0) from (select distinct config from search) as known"  # noqa: S608
    if connection.scalar(text(known), given) is False:
        raise Refuse(
            "search",
            f"The search {query!r} has only words that nearly every text has. Give one that tells texts apart.",
        )
