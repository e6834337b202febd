"""The crawl's own tables: the frontier, the hosts it asks, and how each source's crawls went."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.base import Base, id_, one_of, references


class FrontierEntry(Base):
    """An address that a crawl knows, what became of it, and when it is to be visited (again)."""

    __tablename__ = "frontier"
    __table_args__ = (
        UniqueConstraint("event", "address"),
        one_of("state", "waiting", "kept", "read", "rejected", "failed", "gone", "skipped", "twin"),
        CheckConstraint(
            "(state in ('rejected', 'failed', 'gone', 'skipped')) <= (reason is not null)", name="reason"
        ),
        CheckConstraint("(state = 'twin') = (same_as_id is not null)", name="twin"),
        CheckConstraint("is_article or reading is not null", name="use"),
        Index("ix_frontier_due", "event", "source_id", "due_at", postgresql_where=sql("due_at is not null")),
        Index("ix_frontier_state", "event", "state"),
    )

    id: Mapped[int] = id_()
    event: Mapped[str] = mapped_column(comment="the key of the event whose crawl it belongs to")
    address: Mapped[str] = mapped_column(comment="in canonical form")
    source_id: Mapped[int] = references("source.id", index=True)
    host: Mapped[str] = mapped_column(comment="the host that would be asked")
    is_article: Mapped[bool] = mapped_column(comment="whether it may be an article")
    reading: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="how to read it for further addresses; null: it is not read so"
    )
    is_wanted: Mapped[bool] = mapped_column(
        server_default="false", comment="asked for by name: kept whatever its date and topic"
    )
    listed: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="what the page that led to it said of it"
    )
    fetch_address: Mapped[str | None] = mapped_column(
        comment="where its bytes are, when not there: an archive's copy"
    )
    copied_at: Mapped[datetime | None] = mapped_column(comment="when the archive took that copy")
    fallback: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="an archive's copy, for when the address itself fails"
    )
    state: Mapped[str] = mapped_column(
        server_default="waiting", comment="twin: another address of same_as_id"
    )
    due_at: Mapped[datetime | None] = mapped_column(comment="when to visit it; null: never again")
    run_id: Mapped[int | None] = references(
        "run.id", index=True, comment="the run that has taken it up and is at it"
    )
    same_as_id: Mapped[int | None] = references("frontier.id", index=True)
    capture_id: Mapped[int | None] = references("capture.id", index=True)
    attempts: Mapped[int] = mapped_column(server_default="0", comment="failures in a row")
    pause: Mapped[int | None] = mapped_column(comment="seconds between its visits, as learned so far")
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    status: Mapped[int | None] = mapped_column(comment="the last HTTP status")
    reason: Mapped[str | None] = mapped_column(comment="a word for counting")
    message: Mapped[str | None] = mapped_column(comment="a sentence for people")
    score: Mapped[float | None] = mapped_column(comment="how much it is on the topic, from 0 to 1")
    judged_by: Mapped[str | None] = mapped_column(
        comment="digest of the event's criteria that it was judged by; others may take it back"
    )
    found_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))
    visited_at: Mapped[datetime | None] = mapped_column(comment="the last visit that was answered")
    changed_at: Mapped[datetime | None] = mapped_column(comment="the last visit that brought something new")


class Host(Base):
    """A host that is crawled: when it may be asked again, by any process, and whether it turned us away."""

    __tablename__ = "host"
    __table_args__ = (CheckConstraint("(blocked_until is null) = (blocked_reason is null)", name="blocked"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    turn_at: Mapped[datetime | None] = mapped_column(comment="the last turn to ask it that was given out")
    held_until: Mapped[datetime | None] = mapped_column(comment="no turn before, as it asked for")
    blocked_until: Mapped[datetime | None]
    blocked_reason: Mapped[str | None] = mapped_column(comment="a sentence")
    blocks: Mapped[int] = mapped_column(server_default="0", comment="blocks in a row; each lasts longer")


class SourceVisit(Base):
    """How the crawls of a source went, for one event."""

    __tablename__ = "source_visit"
    __table_args__ = (CheckConstraint("ways <> ''", name="ways"),)

    event: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("source.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    ways: Mapped[str] = mapped_column(comment="how it is discovered")
    started_at: Mapped[datetime | None]
    succeeded_at: Mapped[datetime | None] = mapped_column(
        comment="the last crawl in which a way of discovering it, or one of its pages, was answered well"
    )
    failure: Mapped[str | None] = mapped_column(
        comment="a sentence: why its last crawl failed; null: it did not"
    )
