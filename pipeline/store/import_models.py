"""The tables of imports: how far each file was read, and what was passed over in each run."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.base import Base, id_, references


class ImportFile(Base):
    """A file that was imported, or begun to be, with certain filters; up to its place every record is committed."""

    __tablename__ = "import_file"
    __table_args__ = (
        UniqueConstraint("identity", "criteria"),
        CheckConstraint("octet_length(identity) = 32", name="identity"),
        CheckConstraint("byte_count >= 0 and file_offset >= 0 and inner_offset >= 0", name="sizes"),
    )

    id: Mapped[int] = id_()
    identity: Mapped[bytes] = mapped_column(
        comment="SHA-256 of its name, its size, and its first and last 64 KiB"
    )
    criteria: Mapped[str] = mapped_column(comment="a digest of the filters and the event it was read with")
    name: Mapped[str]
    byte_count: Mapped[int] = mapped_column(BigInteger)
    file_offset: Mapped[int] = mapped_column(
        BigInteger, server_default="0", comment="where the member begins that is read next"
    )
    inner_offset: Mapped[int] = mapped_column(
        BigInteger, server_default="0", comment="how far into that member's unpacked bytes"
    )
    run_id: Mapped[int] = references("run.id", index=True)
    begun_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))
    finished_at: Mapped[datetime | None] = mapped_column(comment="null: it was not read to its end")


class ImportTally(Base):
    """How many records of a run were passed over without a line in its ledger, by the reason."""

    __tablename__ = "import_tally"
    __table_args__ = (CheckConstraint("records > 0", name="records"),)

    run_id: Mapped[int] = references("run.id", ondelete="CASCADE", primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    records: Mapped[int] = mapped_column(BigInteger)
