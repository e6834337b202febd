"""Articles, as rows: found by address, made, and renamed once their real address is known."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pipeline.store.models import Article


@dataclass(frozen=True, slots=True)
class Claimed:
    """Which article a capture belongs to: its address, and what else may tell which one it is.

    `provisional` is the address it went by before its real one was known; `declared_by` the id of the article
    that declared the same content hash before; `source_id` its outlet's row.
    """

    address: str
    provisional: str | None = None
    declared_by: int | None = None
    source_id: int | None = None


@dataclass(slots=True, eq=False)
class FoundArticle:
    """An article's row, locked until the transaction ends; `made` tells that it is new."""

    id: int
    address: str
    source_id: int | None
    made: bool = False
    changed: bool = False


def find_articles(session: Session, claims: Sequence[Claimed]) -> list[tuple[FoundArticle, bool]]:
    """Return each claim's article, locked; made if need be. The claims are met in their order.

    Beside each stands whether the claim has its address, or was only led to it by what it declares.

    What was imported before its address was known is the same article, and takes the address when it is.
    """
    names = {claim.address for claim in claims} | {claim.provisional for claim in claims if claim.provisional}
    known = _locked(session, names)
    found = []
    for claim in claims:
        article = known.get(claim.address) or _under_another_name(session, claim, known)
        if article is None:
            article = known[claim.address] = FoundArticle(0, claim.address, claim.source_id, made=True)
        if claim.source_id is not None and article.source_id != claim.source_id:
            article.source_id, article.changed = claim.source_id, True
        found.append((article, article.address == claim.address))
    distinct = list(dict.fromkeys(article for article, _ in found))
    # A renamed article may have made room for a new one.
    _update(session, [article for article in distinct if article.changed and not article.made])
    _insert(session, [article for article in distinct if article.made])
    return found


def _under_another_name(
    session: Session, claim: Claimed, known: dict[str, FoundArticle]
) -> FoundArticle | None:
    if claim.provisional is None:
        return None
    if claim.address != claim.provisional:
        article = known.pop(claim.provisional, None)
        if article is not None:
            article.address, article.changed = claim.address, True
            known[claim.address] = article
        return article
    if claim.declared_by is None:
        return None
    for article in known.values():
        if article.id == claim.declared_by:
            return article
    row = session.execute(_columns().where(Article.id == claim.declared_by).with_for_update()).first()
    return FoundArticle(row.id, row.address, row.source_id) if row else None


def _columns() -> Select[int, str, int | None]:
    return select(Article.id, Article.address, Article.source_id)


def _locked(session: Session, addresses: Collection[str]) -> dict[str, FoundArticle]:
    # Writers that take their locks in one order do not stand in each other's way.
    query = _columns().where(Article.address.in_(addresses)).order_by(Article.address)
    rows = session.execute(query.with_for_update())
    return {row.address: FoundArticle(row.id, row.address, row.source_id) for row in rows}


def _update(session: Session, articles: Collection[FoundArticle]) -> None:
    if articles:
        rows = [
            {"id": article.id, "address": article.address, "source_id": article.source_id}
            for article in sorted(articles, key=lambda article: article.id)
        ]
        session.execute(update(Article), rows)


def _insert(session: Session, articles: Collection[FoundArticle]) -> None:
    if not articles:
        return
    waiting = {article.address: article for article in sorted(articles, key=lambda article: article.address)}
    statement = insert(Article).on_conflict_do_nothing().returning(Article.id, Article.address)
    rows = [{"address": article.address, "source_id": article.source_id} for article in waiting.values()]
    for row in session.execute(statement, rows).all():
        waiting.pop(row.address).id = row.id
    # What another writer made meanwhile is that writer's article.
    for address, theirs in (_locked(session, waiting) if waiting else {}).items():
        ours = waiting[address]
        ours.id, ours.made, ours.changed = theirs.id, False, theirs.source_id != ours.source_id
        if ours.source_id is None:
            ours.source_id, ours.changed = theirs.source_id, False
    _update(session, [article for article in waiting.values() if article.changed])
