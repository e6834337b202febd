"""The schema, as SQLAlchemy models; `migrations/` builds exactly this, and a test holds the two together.

Every time is a `timestamptz`. A fact that is not known is null, never a stand-in value. Every fact that
was read from somewhere has its origin beside it.
"""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

import pipeline.store.asking_models
import pipeline.store.crawl_models
import pipeline.store.extraction_models
import pipeline.store.furniture_models
import pipeline.store.import_models
import pipeline.store.story_models  # noqa: F401 - their tables belong to the same schema
from pipeline.store.base import Base, describe_tables, id_, one_of, references

HEAD_REVISION = "0008"
"""The newest migration; a database at another revision is not used."""

_CONTENT_HASH = "~ '^[0-9a-f]{16}$'"


class Source(Base):
    """An outlet."""

    __tablename__ = "source"
    __table_args__ = (CheckConstraint("key ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="key"),)

    id: Mapped[int] = id_()
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    country: Mapped[str | None]
    language: Mapped[str | None]
    timezone: Mapped[str | None]


class SourceHost(Base):
    """A host name that belongs to an outlet; no host belongs to two."""

    __tablename__ = "source_host"

    host: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[int] = references("source.id", ondelete="CASCADE", index=True)


class Recipe(Base):
    """The versions of extractor, residue rules, canonical form and fingerprint scheme that made a row."""

    __tablename__ = "recipe"
    __table_args__ = (UniqueConstraint("extractor", "residue", "canonical", "fingerprint"),)

    id: Mapped[int] = id_()
    extractor: Mapped[str]
    residue: Mapped[str]
    canonical: Mapped[str]
    fingerprint: Mapped[str]


class Run(Base):
    """One crawl, import or reprocess."""

    __tablename__ = "run"
    __table_args__ = (
        one_of("kind", "seeds", "crawl", "ingest", "reprocess"),
        one_of("status", "running", "finished", "failed", "interrupted"),
        CheckConstraint("(status = 'running') = (finished_at is null)", name="finished"),
    )

    id: Mapped[int] = id_()
    kind: Mapped[str] = mapped_column(comment="what started it: seeds, crawl, ingest or reprocess")
    status: Mapped[str] = mapped_column(
        server_default="running", comment="interrupted: its process ended before it could say how"
    )
    started_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))
    finished_at: Mapped[datetime | None]
    recipe_id: Mapped[int] = references("recipe.id", index=True)
    arguments: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    settled_to: Mapped[int | None] = mapped_column(
        BigInteger,
        comment="the newest document whose relations were made independent of the order of arrival at its end",
    )


class Capture(Base):
    """Bytes as they were fetched or imported; the bytes are in the archive file, from `archive_offset`."""

    __tablename__ = "capture"
    __table_args__ = (
        UniqueConstraint("address", "sha256"),
        CheckConstraint("octet_length(sha256) = 32", name="sha256"),
        CheckConstraint("byte_count >= 0 and archive_offset >= 0 and archive_length > 0", name="sizes"),
    )

    id: Mapped[int] = id_()
    address: Mapped[str] = mapped_column(comment="where the bytes came from")
    sha256: Mapped[bytes] = mapped_column(comment="digest of the bytes")
    media_type: Mapped[str]
    byte_count: Mapped[int] = mapped_column(BigInteger)
    captured_at: Mapped[datetime]
    headers: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    facts: Mapped[dict[str, Any]] = mapped_column(
        server_default="{}", comment="what was declared of it: content hash, title, date, time zone, source"
    )
    source_id: Mapped[int | None] = references("source.id", index=True)
    run_id: Mapped[int] = references("run.id", index=True)
    version_id: Mapped[int | None] = mapped_column(
        BigInteger,
        ForeignKey("version.id", use_alter=True),
        index=True,
        comment="the version it led to, or confirmed; null where nothing came of it",
    )
    recipe_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("recipe.id"), index=True, comment="the recipe it was last prepared by"
    )
    archive_file: Mapped[str] = mapped_column(
        comment="a file of the archive folder; `.open` follows while it is written to"
    )
    archive_offset: Mapped[int] = mapped_column(BigInteger)
    archive_length: Mapped[int] = mapped_column(BigInteger)
    turned_down: Mapped[str | None] = mapped_column(
        comment="why its text is not wanted, in a word; it is prepared again only by those who judge it again"
    )


class Document(Base):
    """One cleaned text. Its identity is the SHA-256 of the text; its handle is the content hash."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("sha256 = sha256(convert_to(text, 'UTF8'))", name="sha256"),
        CheckConstraint(f"content_hash {_CONTENT_HASH}", name="content_hash"),
        one_of("hash_origin", "declared", "computed"),
        CheckConstraint("word_count > 0", name="word_count"),
        ForeignKeyConstraint(
            ["content_hash", "id"],
            ["content_hash.hash", "content_hash.document_id"],
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
        Index("ix_document_unchecked", "id", postgresql_where=sql("relations_checked_at is null")),
    )

    id: Mapped[int] = id_()
    sha256: Mapped[bytes] = mapped_column(unique=True)
    content_hash: Mapped[str] = mapped_column(
        unique=True, comment="the public handle: 16 lowercase hex digits"
    )
    hash_origin: Mapped[str] = mapped_column(
        comment="declared by a seed's name, or computed: the first digits of sha256"
    )
    text: Mapped[str] = mapped_column(comment="the clean text in canonical form, one paragraph a line")
    word_count: Mapped[int]
    matched_as: Mapped[str] = mapped_column(
        comment="canonical form and fingerprint scheme of its fingerprint"
    )
    language: Mapped[str | None]
    language_origin: Mapped[str | None]
    stored_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))
    relations_checked_at: Mapped[datetime | None] = mapped_column(
        comment="null until its relations were looked for"
    )


class ContentHash(Base):
    """Every content hash that was ever shown, with the document it resolves to."""

    __tablename__ = "content_hash"
    __table_args__ = (
        UniqueConstraint("hash", "document_id"),
        CheckConstraint(f"hash {_CONTENT_HASH}", name="hash"),
        one_of("origin", "declared", "computed"),
    )

    hash: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[int] = references("document.id", index=True)
    origin: Mapped[str]
    capture_sha256: Mapped[bytes | None] = mapped_column(
        comment="digest of the seed's bytes that declared the hash: with them it may move to another document"
    )


class Article(Base):
    """One publication at one canonical address (or one seed file that no address is known of)."""

    __tablename__ = "article"

    id: Mapped[int] = id_()
    address: Mapped[str] = mapped_column(unique=True)
    source_id: Mapped[int | None] = references("source.id", index=True)
    stored_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))


class Version(Base):
    """An article's document as of a time; a new one only when the cleaned text changed."""

    __tablename__ = "version"
    __table_args__ = (
        UniqueConstraint("article_id", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("(title is null) = (title_origin is null)", name="title"),
        CheckConstraint("(published_on is null) = (published_origin is null)", name="published"),
        CheckConstraint("published_at is null or published_on is not null", name="published_at"),
        CheckConstraint(
            "published_on is not null or (published_is_guess is null and published_reason is null)",
            name="published_reason",
        ),
        CheckConstraint("(modified_on is null) = (modified_origin is null)", name="modified"),
        CheckConstraint("modified_at is null or modified_on is not null", name="modified_at"),
        CheckConstraint("(standfirst is null) = (standfirst_origin is null)", name="standfirst"),
        CheckConstraint("(section is null) = (section_origin is null)", name="section"),
        CheckConstraint("(publisher is null) = (publisher_origin is null)", name="publisher"),
        CheckConstraint(
            "(picture is null) = (picture_origin is null) and (picture_caption is null or picture is not null)",
            name="picture",
        ),
        CheckConstraint(
            "(declared_language is null) = (declared_language_origin is null)", name="declared_language"
        ),
    )

    id: Mapped[int] = id_()
    article_id: Mapped[int] = references("article.id", ondelete="CASCADE")
    number: Mapped[int] = mapped_column(comment="counts the article's versions from 1")
    document_id: Mapped[int] = references("document.id", index=True)
    capture_id: Mapped[int] = references("capture.id", index=True)
    recipe_id: Mapped[int] = references("recipe.id", index=True)
    first_seen_at: Mapped[datetime] = mapped_column(comment="when its text was first captured at the address")
    title: Mapped[str | None]
    title_origin: Mapped[str | None] = mapped_column(
        comment="where it was stated: declared, headline, json-ld, ..."
    )
    published_on: Mapped[date | None] = mapped_column(comment="the day at the place of publication")
    published_at: Mapped[datetime | None] = mapped_column(
        comment="the instant, where time and zone are known"
    )
    published_origin: Mapped[str | None] = mapped_column(
        comment="where it was stated: declared, json-ld, banner, dateline, ..."
    )
    published_is_guess: Mapped[bool | None] = mapped_column(
        comment="the place does not say that it is the date"
    )
    published_reason: Mapped[str | None] = mapped_column(comment="why that date was chosen, in words")
    modified_on: Mapped[date | None] = mapped_column(
        comment="the day of the last modification that is stated"
    )
    modified_at: Mapped[datetime | None]
    modified_origin: Mapped[str | None]
    standfirst: Mapped[str | None] = mapped_column(comment="what stands between headline and text")
    standfirst_origin: Mapped[str | None]
    section: Mapped[str | None]
    section_origin: Mapped[str | None]
    publisher: Mapped[str | None]
    publisher_origin: Mapped[str | None]
    picture: Mapped[str | None] = mapped_column(comment="the lead picture's address")
    picture_caption: Mapped[str | None]
    picture_origin: Mapped[str | None]
    declared_language: Mapped[str | None]
    declared_language_origin: Mapped[str | None]
    detected_language: Mapped[str | None] = mapped_column(comment="as the text itself tells it")
    markdown: Mapped[str | None] = mapped_column(
        comment="the text with marks for headings, lists, quotes and tables; null where it has none of them"
    )
    line_numbers: Mapped[list[int]] = mapped_column(
        ARRAY(Integer),
        server_default="{}",
        comment="for each line of the text, which of the extractor's lines it was, from 1",
    )
    superseded_run_id: Mapped[int | None] = mapped_column(
        BigInteger,
        ForeignKey("run.id"),
        index=True,
        comment="the re-processing since which its captures give another text, or none; null while it holds",
    )


class Author(Base):
    """Who wrote a version's text, as it states it."""

    __tablename__ = "author"
    __table_args__ = (one_of("kind", "person", "organization"),)

    version_id: Mapped[int] = references("version.id", ondelete="CASCADE", primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(comment="organization: a newsroom, an agency")
    origin: Mapped[str] = mapped_column(comment="where it was stated")


class VersionFlag(Base):
    """What a version says of its kind: behind a paywall, a live blog."""

    __tablename__ = "version_flag"
    __table_args__ = (one_of("name", "paywall", "live-blog"),)

    version_id: Mapped[int] = references("version.id", ondelete="CASCADE", primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(comment="where it was stated")


class Credit(Base):
    """Whom a version credits with its words or cites, and what says so."""

    __tablename__ = "credit"
    __table_args__ = (
        one_of("kind", "source", "cited"),
        one_of("place", "dateline", "tail", "byline", "prose", "markup", "line"),
    )

    version_id: Mapped[int] = references("version.id", ondelete="CASCADE", primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(
        primary_key=True, comment="the rule whose line it was, else what in page or text says it"
    )
    kind: Mapped[str] = mapped_column(
        server_default="source", comment="source: the words are theirs; cited: they are referred to in prose"
    )
    place: Mapped[str] = mapped_column(
        server_default="line", comment="line: one that was removed from the text"
    )
    evidence: Mapped[str | None] = mapped_column(comment="the text that says so")


class StatedDate(Base):
    """A date that a version states, as exactly as it states it."""

    __tablename__ = "stated_date"
    __table_args__ = (
        one_of("kind", "published", "modified", "page"),
        one_of("precision", "day", "minute", "zone"),
    )

    version_id: Mapped[int] = references("version.id", ondelete="CASCADE", primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(comment="what it dates; `page`: only the day the page was looked at")
    origin: Mapped[str] = mapped_column(comment="where it was stated")
    raw: Mapped[str] = mapped_column(comment="the text that was read")
    day: Mapped[date]
    time_of_day: Mapped[time | None] = mapped_column(comment="local time, where one was stated")
    at: Mapped[datetime | None] = mapped_column(comment="the instant, where time and zone are known")
    zone: Mapped[str | None] = mapped_column(
        comment="as stated, else the source's; null where neither is known"
    )
    precision: Mapped[str] = mapped_column(
        server_default="day",
        comment="day; minute, on a clock of unknown zone; zone: the minute, as an instant",
    )
    is_guess: Mapped[bool] = mapped_column(
        server_default="false", comment="the place does not say that it is the article's date"
    )


class RemovedLine(Base):
    """A line of residue, with the rule that removed it."""

    __tablename__ = "removed_line"
    __table_args__ = (
        one_of("position", "head", "body", "tail"),
        one_of("rule_class", "safe", "judged", "optional", "learned"),
        CheckConstraint("confidence between 0 and 1", name="confidence"),
    )

    version_id: Mapped[int] = references("version.id", ondelete="CASCADE", primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, comment="counts the extractor's lines from 1")
    rule: Mapped[str] = mapped_column(primary_key=True, index=True)
    text: Mapped[str]
    position: Mapped[str] = mapped_column(
        server_default="body", comment="head: above the first paragraph that was kept; tail: below the last"
    )
    rule_class: Mapped[str] = mapped_column(server_default="safe")
    confidence: Mapped[float] = mapped_column(
        server_default="1", comment="from 0 to 1, by the evidence; no measured probability"
    )


class Fingerprint(Base):
    """The winnowed shingle hashes of the documents."""

    __tablename__ = "fingerprint"

    hash: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    document_id: Mapped[int] = references("document.id", ondelete="CASCADE", primary_key=True, index=True)


class Relation(Base):
    """How two documents are related, with the evidence. The shorter one has no more words than the other."""

    __tablename__ = "relation"
    __table_args__ = (
        one_of("kind", "identical", "near", "contains", "quotes"),
        CheckConstraint("shorter_id <> longer_id", name="distinct"),
        CheckConstraint(
            "jaccard between 0 and 1 and containment between 0 and 1"
            " and containment_longer between 0 and 1 and unquoted between 0 and 1",
            name="shares",
        ),
        Index(
            "ix_relation_sentences",
            "shorter_id",
            "longer_id",
            postgresql_where=sql("sentences_at is null"),
        ),
    )

    shorter_id: Mapped[int] = references("document.id", ondelete="CASCADE", primary_key=True)
    longer_id: Mapped[int] = references("document.id", ondelete="CASCADE", primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(comment="how the longer one stands to the shorter: contains it, ...")
    jaccard: Mapped[float] = mapped_column(comment="distinct shingles of both over those of either")
    containment: Mapped[float] = mapped_column(
        comment="share of the shorter one's shingles in the longer one"
    )
    containment_longer: Mapped[float] = mapped_column(comment="share of the longer one's in the shorter one")
    longest_run: Mapped[int] = mapped_column(comment="words in the longest passage that both have")
    unquoted: Mapped[float] = mapped_column(
        comment="share of the shorter one's words outside quotation marks that lie in shared runs of 8 words"
    )
    shared_shingles: Mapped[int] = mapped_column(comment="distinct 5-word shingles that both have")
    sentences_at: Mapped[datetime | None] = mapped_column(
        comment="null until the sentences that both have were looked for"
    )


class Story(Base):
    """The documents that are one text in circulation; one of them is its lead."""

    __tablename__ = "story"
    __table_args__ = (
        # Deferred, since two stories may exchange their leads in one fold.
        UniqueConstraint("lead_id", deferrable=True, initially="DEFERRED"),
        # Every story's lead is one of its own documents.
        ForeignKeyConstraint(
            ["id", "lead_id"],
            ["story_document.story_id", "story_document.document_id"],
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
    )

    id: Mapped[int] = id_()
    lead_id: Mapped[int] = mapped_column(BigInteger)
    lead_reason: Mapped[str] = mapped_column(comment="why that document leads, in words")


class StoryDocument(Base):
    """A document's place in a story. A text in circulation has one of its own; a digest appears in others besides."""

    __tablename__ = "story_document"
    __table_args__ = (
        one_of("role", "lead", "copy", "digest", "revision"),
        Index(
            "uq_story_document_home",
            "document_id",
            unique=True,
            postgresql_where=sql("role in ('lead', 'copy')"),
        ),
        Index("ix_story_document_document_id", "document_id"),
        Index("ix_story_document_digest", "document_id", postgresql_where=sql("role = 'digest'")),
    )

    story_id: Mapped[int] = references("story.id", ondelete="CASCADE", primary_key=True)
    document_id: Mapped[int] = references("document.id", ondelete="CASCADE", primary_key=True)
    role: Mapped[str] = mapped_column(
        comment="digest: it contains this story and others; revision: its article prints another text now"
    )


class LedgerEntry(Base):
    """What became of one address in one run; each address of a run is accounted for exactly once."""

    __tablename__ = "ledger"
    __table_args__ = (
        one_of(
            "outcome",
            "new",
            "new version",
            "updated",
            "unchanged",
            "rejected",
            "failed",
            "refused",
            "skipped",
            "read",
            "left",
        ),
        CheckConstraint(
            "(outcome in ('rejected', 'failed', 'refused', 'skipped', 'left')) = (reason is not null)",
            name="reason",
        ),
    )

    run_id: Mapped[int] = references("run.id", ondelete="CASCADE", primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(
        comment="read: a page that leads to others; left: not come to in this run, for the next one"
    )
    reason: Mapped[str | None] = mapped_column(
        comment="a word for counting, where nothing came of the address"
    )
    message: Mapped[str | None] = mapped_column(comment="a sentence for people")
    capture_id: Mapped[int | None] = references("capture.id", index=True)
    version_id: Mapped[int | None] = references("version.id", index=True)
    recorded_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))
    source_id: Mapped[int | None] = references("source.id", index=True)


describe_tables()
