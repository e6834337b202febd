"""Finding a document by its content hash, whole or in part, present or former."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.errors import NotFound
from pipeline.store.models import ContentHash


def resolve(session: Session, prefix: str) -> int:
    """Return the id of the one document whose content hash, present or former, begins with a prefix.

    Raises:
        NotFound: there is none, or there are several.
    """
    wanted = prefix.strip().lower()
    if not wanted or not all(char in "0123456789abcdef" for char in wanted):
        raise NotFound(
            f"{prefix!r} is no content hash: those are 16 hex digits, of which the first few are enough. "
            "`newsfold documents` lists them."
        )
    rows = session.execute(
        select(ContentHash.hash, ContentHash.document_id)
        .where(ContentHash.hash.startswith(wanted))
        .order_by(ContentHash.hash)
        .limit(11)
    ).all()
    found: set[int] = {row.document_id for row in rows}
    if not found:
        raise NotFound(f"No document's content hash begins with {prefix}. `newsfold documents` lists them.")
    if len(found) > 1:
        listed = ", ".join(row.hash for row in rows[:10]) + (" and more" if len(rows) > 10 else "")
        raise NotFound(f"Several content hashes begin with {prefix}: {listed}. Give more digits.")
    return found.pop()
