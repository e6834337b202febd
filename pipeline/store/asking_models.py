"""The tables that questions are asked of: what articles print now, words for search, and the sentences that travel."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.base import Base, id_, references


class Printing(Base):
    """What an article prints now, and how that stands in its story; triggers keep it up to date."""

    __tablename__ = "printing"
    __table_args__ = (Index("ix_printing_story_id_outlet", "story_id", "outlet"),)

    article_id: Mapped[int] = references(
        "article.id", ondelete="CASCADE", primary_key=True, autoincrement=False
    )
    version_id: Mapped[int] = mapped_column(BigInteger, index=True, comment="its newest version that holds")
    document_id: Mapped[int] = mapped_column(BigInteger, index=True, comment="that version's text")
    source_id: Mapped[int | None] = mapped_column(BigInteger)
    outlet: Mapped[str | None] = mapped_column(comment="the source's name, else the address's host")
    published_on: Mapped[date | None]
    published_at: Mapped[datetime | None]
    first_seen_at: Mapped[datetime]
    story_id: Mapped[int | None] = mapped_column(
        BigInteger, comment="the story that the text has its place in"
    )
    role: Mapped[str | None] = mapped_column(comment="lead or copy")
    kind: Mapped[str | None] = mapped_column(
        comment="how it stands to the story's lead; lead: of the articles that print that text, it stands for it"
    )


class Search(Base):
    """A document's words as full-text search finds them; triggers keep them up to date."""

    __tablename__ = "search"
    __table_args__ = (Index("ix_search_vector", "vector", postgresql_using="gin"),)

    document_id: Mapped[int] = references(
        "document.id", ondelete="CASCADE", primary_key=True, autoincrement=False
    )
    config: Mapped[str] = mapped_column(index=True, comment="the text search configuration of its language")
    vector: Mapped[str] = mapped_column(TSVECTOR, comment="titles weigh A, the text B")


class Sentence(Base):
    """A sentence that stands in more than one document."""

    __tablename__ = "sentence"

    id: Mapped[int] = id_()
    key: Mapped[int] = mapped_column(BigInteger, unique=True, comment="a hash of its folded words")
    text: Mapped[str] = mapped_column(comment="as one of the documents has it")
    word_count: Mapped[int]


class Carrier(Base):
    """A document that carries a sentence, whole or in part, and where."""

    __tablename__ = "carrier"

    sentence_id: Mapped[int] = references("sentence.id", ondelete="CASCADE", primary_key=True)
    document_id: Mapped[int] = references("document.id", ondelete="CASCADE", primary_key=True, index=True)
    start: Mapped[int] = mapped_column(comment="characters of the text before it")
    length: Mapped[int] = mapped_column(comment="in characters")
    word_count: Mapped[int] = mapped_column(comment="words of the sentence that are there")
    is_quoted: Mapped[bool] = mapped_column(comment="most of them in quotation marks")
