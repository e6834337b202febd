"""What the residue rules did: how many lines each removed, on which hosts, and the last of them."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from pipeline.store.models import Article, RemovedLine, Version

_HOST = func.coalesce(func.substring(Article.address, r"^https?://(?:www\.)?([^/:]+)"), "")


def rules_at_work(engine: Engine, host: str | None = None, *, last: int = 3) -> dict[str, dict[str, Any]]:
    """Return, for each rule that removed a line: its hits by host, the most first, and the last lines it removed.

    Lines count once a version; those of a host alone where one is given (`www.` makes no difference). Texts that
    came from no web address have the host "".
    """
    wanted = host.lower().removeprefix("www.") if host else None
    hits = (
        select(RemovedLine.rule, _HOST.label("host"), func.count().label("hits"))
        .join(Version, Version.id == RemovedLine.version_id)
        .join(Article, Article.id == Version.article_id)
        .group_by(RemovedLine.rule, _HOST)
        .order_by(func.count().desc(), _HOST)
    )
    place = func.row_number().over(
        partition_by=RemovedLine.rule,
        order_by=(Version.first_seen_at.desc(), Version.id.desc(), RemovedLine.line),
    )
    lines = (
        select(RemovedLine.rule, RemovedLine.text, _HOST.label("host"), place.label("place"))
        .join(Version, Version.id == RemovedLine.version_id)
        .join(Article, Article.id == Version.article_id)
    )
    if wanted is not None:
        hits, lines = (query.where(_HOST.op("=")(wanted)) for query in (hits, lines))
    numbered = lines.subquery()
    found: dict[str, dict[str, Any]] = defaultdict(lambda: {"hits": 0, "hosts": {}, "last": []})
    with Session(engine) as session:
        for row in session.execute(hits):
            found[row.rule]["hits"] += row.hits
            found[row.rule]["hosts"][row.host] = row.hits
        newest = select(numbered).where(numbered.c.place <= last).order_by(numbered.c.rule, numbered.c.place)
        for row in session.execute(newest):
            found[row.rule]["last"].append(row.text)
    return dict(found)
