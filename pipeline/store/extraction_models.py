"""The record of what each recipe made of each capture, and of what a re-processing changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.base import Base, one_of, references


class Extraction(Base):
    """What one recipe made of one capture: a document, or the reason why there is none."""

    __tablename__ = "extraction"

    capture_id: Mapped[int] = references("capture.id", primary_key=True)
    recipe_id: Mapped[int] = references("recipe.id", primary_key=True, index=True)
    run_id: Mapped[int] = references("run.id", index=True)
    document_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("document.id"), index=True, comment="null where it gave no text"
    )
    reason: Mapped[str | None] = mapped_column(comment="why it gave no text, in a word")
    message: Mapped[str | None] = mapped_column(comment="and in a sentence")
    made_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))


class Change(Base):
    """What a re-processing changed of one capture's article; what stayed as it was has no row."""

    __tablename__ = "change"
    __table_args__ = (one_of("kind", "text", "facts", "appeared", "vanished"),)

    run_id: Mapped[int] = references("run.id", primary_key=True)
    capture_id: Mapped[int] = references("capture.id", primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(
        comment="text: another text; facts: the same text with other facts or removed lines; appeared: a text where "
        "there was none; vanished: none where there was one"
    )
    article_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("article.id", ondelete="CASCADE"), index=True
    )
    before_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("document.id"), index=True, comment="the document before"
    )
    after_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("document.id"), index=True, comment="the document afterwards"
    )
    story_before: Mapped[int | None] = mapped_column(
        BigInteger, comment="the number of the story that the text before was in"
    )
    facts: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default="{}", comment="which other facts changed: title, published, credits, ..."
    )
    lines: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB,
        server_default="[]",
        comment="lines that were removed now (`removed`) or are no more (`restored`), with their rules, and lines that "
        "the extractor found only now (`found`) or no more (`lost`)",
    )
