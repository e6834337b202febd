"""Writing what was prepared: the articles, their documents, and a version where the cleaned text changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from pipeline.errors import Refuse
from pipeline.items import Capture, Claim, Prepared
from pipeline.store.articles import Claimed, FoundArticle, find_articles
from pipeline.store.details import Details, details_of, read_details, write_details
from pipeline.store.documents import Stored, Text, store_documents
from pipeline.store.models import Version

SEED_ADDRESS = "urn:newsfold:seed:"
"""Prefix of the address of a seed file that no real address is known of; its content hash follows."""


@dataclass(frozen=True, slots=True)
class Found:
    """A prepared capture whose row is written: what was made of it, its row, and its outlet's row."""

    capture: Capture
    sha256: bytes
    prepared: Prepared
    capture_id: int
    source_id: int | None
    recipe_id: int

    @property
    def article_address(self) -> str:
        """The address of its article: the canonical one, where that is another than the capture's."""
        return self.prepared.article_address or self.capture.address


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """What storing a capture led to: a word of the ledger, and whether its document still needs a look."""

    outcome: str
    version_id: int
    document_id: int
    unchecked: bool


@dataclass(slots=True, eq=False)
class Draft:
    """A version as it will be; `id` is 0 until it has a row, `details` None until they are needed."""

    article: FoundArticle
    number: int
    document_id: int
    capture_id: int
    recipe_id: int
    first_seen_at: datetime
    title: str | None = None
    title_origin: str | None = None
    published_on: date | None = None
    published_at: datetime | None = None
    published_origin: str | None = None
    published_is_guess: bool | None = None
    published_reason: str | None = None
    modified_on: date | None = None
    modified_at: datetime | None = None
    modified_origin: str | None = None
    standfirst: str | None = None
    standfirst_origin: str | None = None
    section: str | None = None
    section_origin: str | None = None
    publisher: str | None = None
    publisher_origin: str | None = None
    picture: str | None = None
    picture_caption: str | None = None
    picture_origin: str | None = None
    declared_language: str | None = None
    declared_language_origin: str | None = None
    detected_language: str | None = None
    markdown: str | None = None
    line_numbers: list[int] = field(default_factory=list)
    superseded_run_id: int | None = None
    id: int = 0
    details: Details = field(default_factory=Details)
    touched: bool = True
    restated: bool = True

    def said(self) -> tuple[object, ...]:
        """Return all that an analyst sees of it, to tell whether it changed."""
        return (*(getattr(self, name) for name in _SAID), self.details)

    def row(self) -> dict[str, Any]:
        """Return its row, without the id."""
        row = {name: getattr(self, name) for name in VERSION_COLUMNS}
        return {"article_id": self.article.id, **row}


_SAID = (
    "title", "title_origin", "published_on", "published_at", "published_origin", "published_is_guess",
    "published_reason", "modified_on", "modified_at", "modified_origin", "standfirst", "standfirst_origin", "section",
    "section_origin", "publisher", "publisher_origin", "picture", "picture_caption", "picture_origin",
    "declared_language", "declared_language_origin", "detected_language", "markdown", "line_numbers",
)  # fmt: skip
VERSION_COLUMNS = (
    "number", "document_id", "capture_id", "recipe_id", "first_seen_at", "superseded_run_id", *_SAID
)  # fmt: skip


def store_versions(session: Session, run_id: int, found: Sequence[Found]) -> list[StoredVersion | Refuse]:
    """Store prepared captures, in their order, each as its article's newest version where it is one.

    Returns for each what it led to, or why it was refused: it declares a content hash that is bound to
    another text. No two of them may meet in a declared hash (see `documents.contested`).
    """
    documents = store_documents(session, [Text(item.prepared, item.sha256) for item in found])
    accepted = [
        (item, stored) for item, stored in zip(found, documents, strict=True) if isinstance(stored, Stored)
    ]
    articles = find_articles(
        session,
        [
            Claimed(
                item.article_address, item.capture.provisional_address, stored.declared_by, item.source_id
            )
            for item, stored in accepted
        ],
    )
    newest = _newest(session, accepted, [article for article, _ in articles])
    results = []
    drafts: dict[Draft, None] = {}
    for (item, stored), (article, has_address) in zip(accepted, articles, strict=True):
        known = newest.get(article)
        if known is not None and known.document_id == stored.document_id and not has_address:
            # The same seed, found without its sidecar: it adds nothing to what is known.
            draft, outcome = known, "unchanged"
        else:
            draft, outcome = _next(item, stored, article, known)
            if known is not None and draft is not known and known.capture_id == item.capture_id:
                # The same bytes give another text by another recipe: the site changed nothing.
                known.superseded_run_id, known.touched = run_id, True
                drafts[known] = None
        newest[article] = draft
        drafts[draft] = None
        results.append((draft, outcome, stored))
    write_versions(session, [draft for draft in drafts if draft.touched])
    versions = iter(
        StoredVersion(outcome, draft.id, stored.document_id, stored.unchecked or outcome != "unchanged")
        for draft, outcome, stored in results
    )
    return [stored if isinstance(stored, Refuse) else next(versions) for stored in documents]


def _newest(
    session: Session, accepted: Sequence[tuple[Found, Stored]], articles: Sequence[FoundArticle]
) -> dict[FoundArticle, Draft]:
    """Return the newest version of each article that has one, with its details where its text came again."""
    by_id = {article.id: article for article in articles if not article.made}
    if not by_id:
        return {}
    columns = (Version.id, Version.article_id, *(getattr(Version, name) for name in VERSION_COLUMNS))
    query = (
        select(*columns)
        .where(Version.article_id.in_(by_id))
        .order_by(Version.article_id, Version.number.desc())
        .ext(distinct_on(Version.article_id))
    )
    newest = {}
    for row in session.execute(query):
        stored = {name: getattr(row, name) for name in VERSION_COLUMNS}
        article = by_id[row.article_id]
        newest[article] = Draft(article, **stored, id=row.id, touched=False, restated=False)
    again = {
        newest[article].id
        for (_, stored), article in zip(accepted, articles, strict=True)
        if article in newest and newest[article].document_id == stored.document_id
    }
    details = read_details(session, again)
    for draft in newest.values():
        draft.details = details.get(draft.id, draft.details)
    return newest


def _next(item: Found, stored: Stored, article: FoundArticle, newest: Draft | None) -> tuple[Draft, str]:
    """Return an article's newest version once it has taken in a capture, and the word for the ledger."""
    details = details_of(item.prepared)
    if newest is None or newest.document_id != stored.document_id:
        number = newest.number + 1 if newest else 1
        first_seen_at = item.capture.captured_at
        draft = Draft(article, number, stored.document_id, item.capture_id, item.recipe_id, first_seen_at)
        take_over(draft, item.prepared, details)
        return draft, "new version" if newest else "new"
    before = newest.said()
    newest.restated = newest.restated or newest.details != details
    newest.touched, newest.capture_id, newest.recipe_id = True, item.capture_id, item.recipe_id
    newest.superseded_run_id = None
    take_over(newest, item.prepared, details)
    return newest, "unchanged" if newest.said() == before else "updated"


def take_over(draft: Draft, prepared: Prepared, details: Details) -> None:
    """Take over a capture's details, and its title and date, unless the version has declared ones.

    The same text may arrive by a crawl after somebody declared what is known of it.
    """
    title, published = prepared.title, prepared.published
    if draft.title_origin != "declared" or (title is not None and title.origin == "declared"):
        draft.title = title.value if title else None
        draft.title_origin = title.origin if title else None
    if draft.published_origin != "declared" or (published is not None and published.origin == "declared"):
        draft.published_on = published.day if published else None
        draft.published_at = published.at if published else None
        draft.published_origin = published.origin if published else None
        draft.published_is_guess = published.is_guess if published else None
        draft.published_reason = prepared.published_reason if published else None
    modified, picture = prepared.modified, prepared.picture
    draft.modified_on = modified.day if modified else None
    draft.modified_at = modified.at if modified else None
    draft.modified_origin = modified.origin if modified else None
    draft.standfirst, draft.standfirst_origin = _pair(prepared.standfirst)
    draft.section, draft.section_origin = _pair(prepared.section)
    draft.publisher, draft.publisher_origin = _pair(prepared.publisher)
    draft.picture = picture.address if picture else None
    draft.picture_caption = picture.caption if picture else None
    draft.picture_origin = picture.origin if picture else None
    draft.declared_language, draft.declared_language_origin = _pair(prepared.declared_language)
    draft.detected_language = prepared.detected_language
    draft.markdown = prepared.markdown
    draft.line_numbers = [number + 1 for number in prepared.line_numbers]
    draft.details = details


def _pair(claim: Claim | None) -> tuple[str | None, str | None]:
    return (claim.value, claim.origin) if claim else (None, None)


def write_versions(session: Session, drafts: Sequence[Draft]) -> None:
    """Insert the versions that have no row yet, and give each its id; update the others, and what they state."""
    new = {(draft.article.id, draft.number): draft for draft in drafts if not draft.id}
    known = [draft for draft in drafts if draft.id]
    if known:
        rows = [{"id": draft.id, **draft.row()} for draft in sorted(known, key=lambda draft: draft.id)]
        session.execute(update(Version), rows)
    stale = [draft.id for draft in known if draft.restated]
    if new:
        statement = insert(Version).returning(Version.id, Version.article_id, Version.number)
        for row in session.execute(statement, [draft.row() for draft in new.values()]):
            new[row.article_id, row.number].id = row.id
    write_details(session, {draft.id: draft.details for draft in drafts if draft.restated}, stale)
