"""The table of learned furniture: what a host sets beside every story, and the evidence."""

from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.base import Base, id_, one_of


class Furniture(Base):
    """A line, or a run of up to four, that recurs on a host across distinct stories, with the evidence."""

    __tablename__ = "furniture"
    __table_args__ = (
        UniqueConstraint("host", "region", "lines"),
        one_of("region", "head", "tail", "anywhere"),
        CheckConstraint("cardinality(lines) between 1 and 4", name="lines"),
        CheckConstraint("stories > 0 and documents >= stories and pages >= stories", name="evidence"),
    )

    id: Mapped[int] = id_()
    host: Mapped[str]
    region: Mapped[str] = mapped_column(
        comment="head: above the first paragraph; tail: below the last; anywhere"
    )
    lines: Mapped[list[str]] = mapped_column(
        ARRAY(Text), comment="folded: without case, every number alike; in order"
    )
    sample: Mapped[str] = mapped_column(comment="the lines as they last stood on a page")
    path: Mapped[str | None] = mapped_column(
        comment="the way to the first line in the page, where it was always the same; else null"
    )
    stories: Mapped[int] = mapped_column(comment="distinct stories of the host that have it")
    documents: Mapped[int] = mapped_column(comment="distinct documents of the host that have it")
    pages: Mapped[int] = mapped_column(comment="distinct stories of the host that were looked at")
    first_seen_at: Mapped[datetime] = mapped_column(comment="when the first page that has it was captured")
    learned_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))
    forgotten_at: Mapped[datetime | None] = mapped_column(
        comment="when it was taken back by hand: it is not used, and not learned again"
    )
