"""The tables beside the stories: ids that lead elsewhere, analysts' rulings, learned passages."""

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.base import Base, id_, one_of, references


class StoryForward(Base):
    """The id of a story that another one took in, with the story it leads to."""

    __tablename__ = "story_forward"

    old_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    story_id: Mapped[int] = references("story.id", ondelete="CASCADE", index=True)
    lead_id: Mapped[int] = references("document.id", ondelete="CASCADE", index=True)
    kept_lead_id: Mapped[int] = references("document.id", ondelete="CASCADE", index=True)
    forwarded_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))


class Ruling(Base):
    """What an analyst ruled of two documents, or took back; rows are added and never changed."""

    __tablename__ = "ruling"
    __table_args__ = (
        one_of("kind", "merge", "split", "undo"),
        CheckConstraint(
            "(kind = 'undo') = (undoes_id is not null) and (kind = 'undo') = (one_id is null)"
            " and (one_id is null) = (other_id is null)",
            name="subject",
        ),
        CheckConstraint("one_id <> other_id", name="distinct"),
        CheckConstraint("because <> '' and ruled_by <> ''", name="reasons"),
    )

    id: Mapped[int] = id_()
    kind: Mapped[str] = mapped_column(
        comment="merge: they are one story; split: they are not; undo: another ruling is taken back"
    )
    one_id: Mapped[int | None] = references("document.id", index=True)
    other_id: Mapped[int | None] = references("document.id", index=True)
    undoes_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("ruling.id"), unique=True)
    ruled_by: Mapped[str]
    because: Mapped[str]
    ruled_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))


class Passage(Base):
    """A passage that recurs across distinct stories of one source, and counts for nothing in matching."""

    __tablename__ = "passage"
    __table_args__ = (
        CheckConstraint("cardinality(hashes) > 0", name="hashes"),
        CheckConstraint("stories > 0 and documents >= stories", name="evidence"),
    )

    id: Mapped[int] = id_()
    source_id: Mapped[int] = references("source.id", ondelete="CASCADE", index=True)
    words: Mapped[str] = mapped_column(comment="the passage as it stands in one of the documents")
    hashes: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), comment="the fingerprint hashes it has")
    stories: Mapped[int] = mapped_column(comment="distinct stories of the source that have it")
    documents: Mapped[int] = mapped_column(comment="documents of the source that have it")
    learned_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))
    forgotten_at: Mapped[datetime | None] = mapped_column(
        comment="when it was taken back by hand: it counts again, and is not learned again"
    )
