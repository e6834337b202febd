"""What documents are called where a list names them: title, outlet, and how the text begins."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

Row = dict[str, Any]

# What an article prints now names its text before what one printed once, which only a text without the former is named
# by; then the earliest dated one lends its title, and one with a title goes before those without. What was withdrawn
# when a capture was read anew names nothing.
_NAMES = text("""
    select distinct on (document.id) document.content_hash, version.title, left(document.text, 90) as opening,
           printing.outlet
    from document
    left join version on version.document_id = document.id and version.superseded_run_id is null
    left join article on article.id = version.article_id
    left join printing on printing.article_id = version.article_id
    where document.content_hash = any(cast(:hashes as text[]))
    order by document.id, printing.version_id is distinct from version.id, version.title is null,
             version.published_on nulls last, version.published_at nulls last, article.address
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
