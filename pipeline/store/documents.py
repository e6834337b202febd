"""Documents and their content hashes.

A document's identity is the SHA-256 of its text. Its content hash is the one it was declared under, else
the first digits of that SHA-256. A declared hash belongs to its seed: when a new recipe makes another text of
the same bytes, the hash moves along, and every hash that was ever shown goes on resolving.
"""

from dataclasses import dataclass

from sqlalchemy import delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pipeline.errors import Refuse
from pipeline.items import Prepared
from pipeline.prepare import computed_hash
from pipeline.store.models import Article, Capture, ContentHash, Document, Fingerprint, LedgerEntry, Version


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored document, whether its relations are unchecked, and which article declared its hash before."""

    document_id: int
    unchecked: bool
    declared_by: int | None


def store_document(session: Session, prepared: Prepared, capture_sha: bytes) -> Stored:
    """Store a text, or join it to the document that has it, and bind its declared hash.

    Raises:
        Refuse: the declared hash is bound to another text.
    """
    declared = prepared.content_hash if prepared.hash_origin == "declared" else None
    if declared:
        # One writer at a time binds a hash: two that both found it free would both take it.
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(declared, 0))))
    bound = session.get(ContentHash, declared, with_for_update=True) if declared else None
    moves = False
    declared_by = None
    if declared and bound:
        owner = _declaring_article(session, declared)
        declared_by = owner.id if owner else None
        holder = session.get_one(Document, bound.document_id)
        if holder.sha256 != prepared.sha256:
            moves = bound.capture_sha256 == capture_sha
            if not moves:
                raise Refuse("hash-bound", _bound_message(session, declared, holder, owner))
    document = session.scalar(select(Document).filter_by(sha256=prepared.sha256).with_for_update())
    if document is None:
        document = _insert(session, prepared)
    else:
        _bring_up_to_date(session, document, prepared)
    if declared:
        _bind(session, declared, bound, document, capture_sha, moves=moves)
    return Stored(document.id, document.relations_checked_at is None, declared_by)


def _insert(session: Session, prepared: Prepared) -> Document:
    """Insert a new document under its computed hash, with its fingerprint."""
    own_hash = computed_hash(prepared.sha256)
    holder = session.get(ContentHash, own_hash)
    # Another writer may have stored this very text since it was looked for; only another text collides.
    if holder is not None and session.get_one(Document, holder.document_id).sha256 != prepared.sha256:
        raise Refuse(
            "hash-collision",
            f"The text's computed content hash {own_hash} already belongs to another text. That is a chance "
            "of one in 2^64: declare another hash for this one, in its file's name.",
        )
    inserted = session.scalar(
        insert(Document)
        .values(
            sha256=prepared.sha256,
            content_hash=own_hash,
            hash_origin="computed",
            text=prepared.text,
            word_count=prepared.word_count,
            matched_as=_scheme(prepared),
            language=prepared.language.value if prepared.language else None,
            language_origin=prepared.language.origin if prepared.language else None,
        )
        .on_conflict_do_nothing()
        .returning(Document.id)
    )
    if inserted is not None:
        if prepared.hash_origin == "computed":
            session.add(ContentHash(hash=own_hash, document_id=inserted, origin="computed"))
            session.flush()
        _write_fingerprint(session, inserted, prepared)
    # Where another writer stored the same text meanwhile, it is that writer's document.
    return session.scalars(select(Document).filter_by(sha256=prepared.sha256).with_for_update()).one()


def _scheme(prepared: Prepared) -> str:
    return f"{prepared.recipe.canonical}/{prepared.recipe.fingerprint}"


def _write_fingerprint(session: Session, document_id: int, prepared: Prepared) -> None:
    # One array in, many rows out: a long text has hundreds of hashes.
    hashes = func.unnest(prepared.fingerprint.tolist()).column_valued("hash")
    session.execute(
        insert(Fingerprint).from_select(["hash", "document_id"], select(hashes, literal(document_id)))
    )


def _bring_up_to_date(session: Session, document: Document, prepared: Prepared) -> None:
    """Give a known document what this recipe, or this capture, knows better of it."""
    language = prepared.language
    if language is not None and _language_key(language.value, language.origin) < _language_key(
        document.language, document.language_origin
    ):
        document.language, document.language_origin = language.value, language.origin
    if document.matched_as != _scheme(prepared):
        session.execute(delete(Fingerprint).where(Fingerprint.document_id == document.id))
        _write_fingerprint(session, document.id, prepared)
        document.word_count = prepared.word_count
        document.matched_as = _scheme(prepared)
        document.relations_checked_at = None
    session.flush()


def _language_key(value: str | None, origin: str | None) -> tuple[int, str]:
    """Order what is said of a language: declared before stated before detected, whoever came first."""
    ranks = {"declared": 0, "html-lang": 1, "detected": 2}
    return ranks.get(origin or "", 3), value or ""


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
            .order_by(Article.id)
            .limit(1)
        )
    imported_from = session.scalar(
        select(LedgerEntry.address)
        .join(Version, Version.capture_id == LedgerEntry.capture_id)
        .where(Version.document_id == holder.id)
        .order_by(LedgerEntry.run_id)
        .limit(1)
    )
    whence = [name for name in (imported_from, owner.address if owner else None) if name]
    opening = holder.text[:60].rsplit(" ", 1)[0]
    return (
        f"The content hash {declared} that it declares is bound to another text, the one of "
        f"{' as '.join(dict.fromkeys(whence))} ({holder.word_count} words, beginning “{opening} …”). "
        "To keep both, import this one under a name without that hash."
    )
