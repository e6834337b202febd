"""Documents and their content hashes.

A document's identity is the SHA-256 of its text. Its content hash is the one it was declared under, else
the first digits of that SHA-256. A declared hash belongs to its seed: when a new recipe makes another text of
the same bytes, the hash moves along, and every hash that was ever shown goes on resolving.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from pipeline.errors import Refuse
from pipeline.items import Prepared
from pipeline.prepare import computed_hash
from pipeline.store.bulk import copy_rows
from pipeline.store.models import Article, Capture, ContentHash, Document, LedgerEntry, Version
from pipeline.store.texts import NewText, TextRow, insert_texts, lock_texts, new_row, update_texts

_LOCK_HASHES = sql("""
    select pg_advisory_xact_lock(hashtextextended(declared.hash, 0))
    from unnest(cast(:hashes as text[])) as declared (hash)
""")


@dataclass(frozen=True, slots=True)
class Text:
    """A text on its way in: what was prepared, and the digest of the capture it was prepared from."""

    prepared: Prepared
    capture_sha: bytes

    @property
    def declared(self) -> str | None:
        """The content hash that it declares, if any."""
        return self.prepared.content_hash if self.prepared.hash_origin == "declared" else None

    @property
    def own_hash(self) -> str:
        """The content hash it has unless it is declared another."""
        return computed_hash(self.prepared.sha256)


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored document, whether its relations are unchecked, and which article declared its hash before."""

    document_id: int
    unchecked: bool
    declared_by: int | None = None


def contested(texts: Sequence[Text]) -> bool:
    """Tell whether one text declares a hash that concerns another: what becomes of them depends on their order.

    Such texts must be stored one after the other; all others, together.
    """
    concerns = [{text.prepared.sha256, text.own_hash, text.prepared.content_hash} for text in texts]
    times = Counter(key for keys in concerns for key in keys)
    return any(
        times[key] > 1 for text, keys in zip(texts, concerns, strict=True) if text.declared for key in keys
    )


def store_documents(session: Session, texts: Sequence[Text]) -> list[Stored | Refuse]:
    """Store texts that do not contest each other, or join them to the documents that have them.

    Returns for each its document, or why it was refused: the hash that it declares is bound to another text.
    """
    declared = sorted(text.declared for text in texts if text.declared)
    if declared:
        # One writer at a time binds a hash: two that both found it free would both take it.
        session.execute(_LOCK_HASHES, {"hashes": declared})
    known = lock_texts(session, {text.prepared.sha256 for text in texts})
    missing = [text for text in texts if text.prepared.sha256 not in known]
    holders = _holders(session, {*declared, *(text.own_hash for text in missing)})
    new: dict[bytes, NewText] = {}
    free = [text for text in missing if not text.declared or text.declared not in holders]
    for text in free:
        sha256 = text.prepared.sha256
        if sha256 in new:
            new[sha256].row.learn(text.prepared)
        elif holders.get(text.own_hash, sha256) == sha256:
            new[sha256] = NewText(
                new_row(text.prepared), text.prepared, text.prepared.content_hash, text.prepared.hash_origin
            )
    rows = _insert_new(session, new, free)
    late = new.keys() - rows.keys()
    if late:  # Another writer stored them meanwhile.
        known.update(lock_texts(session, late))
    for text in texts:
        if not text.declared and text.prepared.sha256 in known:
            known[text.prepared.sha256].learn(text.prepared)
    update_texts(session, known.values())
    rows.update({sha256: row for sha256, row in known.items() if sha256 not in rows})
    bound = {text.prepared.sha256 for text in new.values() if text.row.id}
    return [_settle(session, text, rows, is_new=text.prepared.sha256 in bound) for text in texts]


def _settle(session: Session, text: Text, rows: Mapping[bytes, TextRow], *, is_new: bool) -> Stored | Refuse:
    """Say which document a text is; what it declares of a text or a hash that is known is looked at by itself."""
    if text.declared and not is_new:
        try:
            return _store_declared(session, text.declared, text)
        except Refuse as refusal:
            return refusal
    row = rows.get(text.prepared.sha256)
    return _collision(text.own_hash) if row is None else Stored(row.id, row.unchecked)


def _insert_new(
    session: Session, new: Mapping[bytes, NewText], texts: Sequence[Text]
) -> dict[bytes, TextRow]:
    """Insert new documents and bind their hashes; return the rows of those that nobody else inserted."""
    inserted = insert_texts(session, new.values())
    shas = {text.prepared.sha256: text.capture_sha for text in texts if text.declared}
    copy_rows(
        session,
        ContentHash,
        ("hash", "document_id", "origin", "capture_sha256"),
        [(text.content_hash, text.row.id, text.hash_origin, shas.get(text.row.sha256)) for text in inserted],
    )
    return {text.row.sha256: text.row for text in inserted}


def _holders(session: Session, hashes: Collection[str]) -> dict[str, bytes]:
    """Return the SHA-256 of the text that each of these content hashes is bound to."""
    if not hashes:
        return {}
    query = (
        select(ContentHash.hash, Document.sha256)
        .join(Document, Document.id == ContentHash.document_id)
        .where(ContentHash.hash.in_(hashes))
    )
    return {row.hash: row.sha256 for row in session.execute(query)}


def _collision(own_hash: str) -> Refuse:
    return Refuse(
        "hash-collision",
        f"The text's computed content hash {own_hash} already belongs to another text. That is a chance "
        "of one in 2^64: declare another hash for this one, in its file's name.",
    )


def _store_declared(session: Session, declared: str, text: Text) -> Stored:
    """Store a text that declares a content hash, where the text or the hash is known.

    Raises:
        Refuse: the declared hash is bound to another text.
    """
    prepared = text.prepared
    # What was read of these rows before may have been written over since, past the session.
    session.flush()
    session.expire_all()
    bound = session.get(ContentHash, declared, with_for_update=True)
    moves = False
    declared_by = None
    if bound:
        owner = _declaring_article(session, declared)
        declared_by = owner.id if owner else None
        holder = session.get_one(Document, bound.document_id)
        if holder.sha256 != prepared.sha256:
            moves = bound.capture_sha256 == text.capture_sha
            if not moves:
                raise Refuse("hash-bound", _bound_message(session, declared, holder, owner))
    row = lock_texts(session, {prepared.sha256}).get(prepared.sha256)
    if row is None:
        document = _insert(session, prepared)
    else:
        row.learn(prepared)
        update_texts(session, [row])
        document = session.get_one(Document, row.id)
    _bind(session, declared, bound, document, text.capture_sha, moves=moves)
    return Stored(document.id, row is None or row.unchecked, declared_by)


def _insert(session: Session, prepared: Prepared) -> Document:
    """Insert a new document under its computed hash, with its fingerprint."""
    own_hash = computed_hash(prepared.sha256)
    # Another writer may have stored this very text since it was looked for; only another text collides.
    if _holders(session, [own_hash]).get(own_hash, prepared.sha256) != prepared.sha256:
        raise _collision(own_hash)
    for text in insert_texts(session, [NewText(new_row(prepared), prepared, own_hash, "computed")]):
        if prepared.hash_origin == "computed":
            session.add(ContentHash(hash=own_hash, document_id=text.row.id, origin="computed"))
            session.flush()
    # Where another writer stored the same text meanwhile, it is that writer's document.
    return session.scalars(select(Document).filter_by(sha256=prepared.sha256).with_for_update()).one()


def _bind(
    session: Session,
    declared: str,
    bound: ContentHash | None,
    document: Document,
    capture_sha: bytes,
    *,
    moves: bool,
) -> None:
    """Make a declared hash resolve to a document, and be its handle unless it was declared another before."""
    if bound is None:
        bound = ContentHash(
            hash=declared, document_id=document.id, origin="declared", capture_sha256=capture_sha
        )
        session.add(bound)
    elif bound.document_id != document.id and moves:
        _release(session, declared, session.get_one(Document, bound.document_id))
        bound.document_id = document.id
    if bound.origin == "computed":
        bound.origin, bound.capture_sha256 = "declared", capture_sha
    if document.hash_origin == "computed" or document.content_hash == declared:
        document.content_hash = declared
        document.hash_origin = "declared"
    session.flush()


def _release(session: Session, declared: str, document: Document) -> None:
    """Give a document that loses its declared hash another: an older declared one, else its computed one."""
    if document.content_hash != declared:
        return
    other = session.scalar(
        select(ContentHash.hash)
        .where(ContentHash.document_id == document.id, ContentHash.hash != declared)
        .where(ContentHash.origin == "declared")
        .order_by(ContentHash.hash)
        .limit(1)
    )
    own_hash = computed_hash(document.sha256)
    if other is None and session.get(ContentHash, own_hash) is None:
        session.add(ContentHash(hash=own_hash, document_id=document.id, origin="computed"))
    document.content_hash = other or own_hash
    document.hash_origin = "declared" if other else "computed"
    session.flush()


def _declaring_article(session: Session, declared: str) -> Article | None:
    """Return the article whose capture declared a hash and was taken in under it."""
    return session.scalar(
        select(Article)
        .join(Version, Version.article_id == Article.id)
        .join(Capture, Capture.id == Version.capture_id)
        .where(Capture.facts["content_hash"].astext == declared)
        .order_by(Article.id)
        .limit(1)
    )


def _bound_message(session: Session, declared: str, holder: Document, owner: Article | None) -> str:
    """Say which text a hash is bound to: where it came from, and how it begins."""
    if owner is None:
        owner = session.scalar(
            select(Article)
            .join(Version, Version.article_id == Article.id)
            .where(Version.document_id == holder.id)
            .order_by(Version.id)
            .limit(1)
        )
    imported_from = session.scalar(
        select(LedgerEntry.address)
        .join(Version, Version.capture_id == LedgerEntry.capture_id)
        .where(Version.document_id == holder.id)
        .order_by(LedgerEntry.run_id, Version.id, LedgerEntry.address)
        .limit(1)
    )
    whence = [name for name in (imported_from, owner.address if owner else None) if name]
    opening = holder.text[:60].rsplit(" ", 1)[0]
    return (
        f"The content hash {declared} that it declares is bound to another text, the one of "
        f"{' as '.join(dict.fromkeys(whence))} ({holder.word_count} words, beginning “{opening} …”). "
        "To keep both, import this one under a name without that hash."
    )
