"""Documents' rows, many at once: locked, inserted with their fingerprints, and kept up to date."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pipeline.items import Prepared
from pipeline.store.bulk import copy_rows
from pipeline.store.models import Document, Fingerprint


@dataclass(slots=True, eq=False)
class TextRow:
    """A document's row without its text; `id` is 0 until it is stored."""

    id: int
    sha256: bytes
    language: str | None
    language_origin: str | None
    matched_as: str
    unchecked: bool
    changed: bool = False
    refingered: Prepared | None = None

    def learn(self, prepared: Prepared) -> None:
        """Take over what this recipe, or this capture, knows better of the text."""
        language = prepared.language
        if language is not None and _language_key(language.value, language.origin) < _language_key(
            self.language, self.language_origin
        ):
            self.language, self.language_origin = language.value, language.origin
            self.changed = True
        if self.matched_as != scheme(prepared):
            self.matched_as, self.unchecked = scheme(prepared), True
            self.changed, self.refingered = True, prepared


@dataclass(frozen=True, slots=True)
class NewText:
    """A text to be inserted, and the content hash to insert it under."""

    row: TextRow
    prepared: Prepared
    content_hash: str
    hash_origin: str


def new_row(prepared: Prepared) -> TextRow:
    """Return the row of a text that is not stored yet."""
    language = prepared.language
    return TextRow(
        0,
        prepared.sha256,
        language.value if language else None,
        language.origin if language else None,
        scheme(prepared),
        unchecked=True,
    )


def scheme(prepared: Prepared) -> str:
    """Name the canonical form and the fingerprint scheme that a text was matched by."""
    return f"{prepared.recipe.canonical}/{prepared.recipe.fingerprint}"


def lock_texts(session: Session, digests: Collection[bytes]) -> dict[bytes, TextRow]:
    """Return the documents that have these texts, by their SHA-256, locked until the transaction ends."""
    if not digests:
        return {}
    rows = session.execute(
        select(
            Document.id,
            Document.sha256,
            Document.language,
            Document.language_origin,
            Document.matched_as,
            Document.relations_checked_at.is_(None),
        )
        .where(Document.sha256.in_(digests))
        # Writers that take their locks in one order do not stand in each other's way.
        .order_by(Document.sha256)
        .with_for_update(key_share=True)
    )
    return {row.sha256: TextRow(*row) for row in rows}


def insert_texts(session: Session, texts: Iterable[NewText]) -> list[NewText]:
    """Insert new documents with their fingerprints; return those that no other writer stored meanwhile."""
    waiting = {text.row.sha256: text for text in sorted(texts, key=lambda text: text.row.sha256)}
    if not waiting:
        return []
    statement = insert(Document).on_conflict_do_nothing().returning(Document.id, Document.sha256)
    rows = [
        {
            "sha256": text.row.sha256,
            "content_hash": text.content_hash,
            "hash_origin": text.hash_origin,
            "text": text.prepared.text,
            "word_count": text.prepared.word_count,
            "matched_as": text.row.matched_as,
            "language": text.row.language,
            "language_origin": text.row.language_origin,
        }
        for text in waiting.values()
    ]
    inserted = []
    for row in session.execute(statement, rows):
        text = waiting[row.sha256]
        text.row.id = row.id
        inserted.append(text)
    _write_fingerprints(session, {text.row.id: text.prepared for text in inserted})
    return inserted


def update_texts(session: Session, rows: Iterable[TextRow]) -> None:
    """Write what stored documents learned, and the fingerprints of those that are matched otherwise now."""
    changed = sorted((row for row in rows if row.changed), key=lambda row: row.id)
    told = [
        {"id": row.id, "language": row.language, "language_origin": row.language_origin} for row in changed
    ]
    if told:
        session.execute(update(Document), told)
    refingered = {row.id: row.refingered for row in changed if row.refingered is not None}
    if refingered:
        session.execute(delete(Fingerprint).where(Fingerprint.document_id.in_(refingered)))
        _write_fingerprints(session, refingered)
        session.execute(
            update(Document),
            [
                {
                    "id": document_id,
                    "word_count": prepared.word_count,
                    "matched_as": scheme(prepared),
                    "relations_checked_at": None,
                }
                for document_id, prepared in refingered.items()
            ],
        )


def _write_fingerprints(session: Session, prepared: dict[int, Prepared]) -> None:
    copy_rows(
        session,
        Fingerprint,
        ("hash", "document_id"),
        ((value, row_id) for row_id, text in prepared.items() for value in text.fingerprint.tolist()),
    )


def _language_key(value: str | None, origin: str | None) -> tuple[int, str]:
    """Order what is said of a language: declared before stated before detected, whoever came first."""
    ranks = {"declared": 0, "html-lang": 1, "detected": 2}
    return ranks.get(origin or "", 3), value or ""
