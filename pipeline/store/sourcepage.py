"""One source in full: how its crawls go, what the rules removed of its pages, and what was learned of them."""

from typing import Any

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from pipeline.errors import NotFound
from pipeline.store.furniture import list_furniture
from pipeline.store.models import Source, SourceHost
from pipeline.store.passages import list_passages
from pipeline.store.sourcebook import Told, list_sources

Row = dict[str, Any]

# The newest version alone: what an older one lost was counted there already.
_RULES = text("""
    select removed_line.rule, removed_line.rule_class as class, count(*) as lines,
           count(distinct removed_line.version_id) as articles,
           (array_agg(removed_line.text order by version.first_seen_at desc, version.id desc, line))[1] as last
    from removed_line
    join version on version.id = removed_line.version_id and version.superseded_run_id is null
    join article on article.id = version.article_id
    where article.source_id = :source
    group by removed_line.rule, removed_line.rule_class
    order by count(*) desc, removed_line.rule
""")

_SHELF = text("""
    select source.key, source.name, source.country, source.language, articles.number as articles,
           visit.succeeded_at as last_success_at, visit.failure
    from source
    cross join lateral (select count(*) as number from article where source_id = source.id) as articles
    left join lateral (
        select max(succeeded_at) as succeeded_at, max(failure) as failure
        from source_visit where source_id = source.id
    ) as visit on true
    order by articles.number desc, source.key
""")


def list_outlets(engine: Engine) -> list[Row]:
    """Return every source: how many articles it has, when it was last crawled well, why its last crawl failed."""
    with Session(engine) as session:
        return [
            {
                **row,
                "last_success_at": row["last_success_at"].isoformat() if row["last_success_at"] else None,
            }
            for row in session.execute(_SHELF).mappings()
        ]


def show_source(engine: Engine, key: str) -> Row:
    """Return a source: its hosts, its health in each event that it was crawled for, rules' hits, furniture, passages.

    Raises:
        NotFound: there is no source of that key.
    """
    with Session(engine) as session:
        source = session.scalars(select(Source).where(Source.key == key)).one_or_none()
        if source is None:
            raise NotFound(f"There is no source {key!r}. The page of the sources lists those there are.")
        hosts = session.scalars(
            select(SourceHost.host).filter_by(source_id=source.id).order_by(SourceHost.host)
        )
        visits = session.execute(
            text("select event, ways from source_visit where source_id = :source order by event"),
            {"source": source.id},
        ).all()
        row: Row = {
            "key": source.key,
            "name": source.name,
            "country": source.country,
            "language": source.language,
            "timezone": source.timezone,
            "hosts": list(hosts),
            "rules": [dict(rule) for rule in session.execute(_RULES, {"source": source.id}).mappings()],
        }
    row["health"] = [
        {"event": visit.event, **list_sources(engine, visit.event, [Told(key, row["name"], visit.ways)])[0]}
        for visit in visits
    ]
    row["furniture"] = list_furniture(engine, [key])
    row["passages"] = list_passages(engine, [key])
    return row
