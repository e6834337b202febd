"""The tables that questions are asked of: words for full-text search, and the sentences that travel."""

from sqlalchemy import BigInteger, Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.base import Base, id_, references


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
