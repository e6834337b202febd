"""What documents are called where a list names them: title, outlet, and how the text begins."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

Row = dict[str, Any]

# Of the articles that print a text the earliest dated one lends its title; one with a title goes before those without.
_NAMES = text(r"""
    select distinct on (document.id) document.content_hash, version.title, left(document.text, 90) as opening,
           coalesce(
               source.name, regexp_replace(substring(article.address from '^https?://([^/:]+)'), '^www\.', '')
           ) as outlet
    from document
    left join version on version.document_id = document.id
    left join article on article.id = version.article_id
    left join source on source.id = article.source_id
    where document.content_hash = any(cast(:hashes as text[]))
    order by document.id, version.title is null, version.published_on nulls last, version.published_at nulls last,
             article.address
""")


def name_documents(engine: Engine, hashes: Collection[str]) -> dict[str, Row]:
    """Return the `title` (or None), `opening` and `outlet` of the documents with these content hashes, by hash."""
    if not hashes:
        return {}
    with Session(engine) as session:
        return {
            row.content_hash: {"title": row.title, "opening": row.opening, "outlet": row.outlet}
            for row in session.execute(_NAMES, {"hashes": list(hashes)})
        }
