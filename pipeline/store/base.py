"""What all tables share: naming, types, and the shapes of columns that recur."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    Time,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The base of all tables: one naming convention, and the types that Python's annotations mean."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a plain class attribute
        str: Text,
        int: Integer,
        float: Double,
        bytes: LargeBinary,
        date: Date,
        time: Time,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
    }


def id_() -> Mapped[int]:
    """Return a primary key that PostgreSQL counts by itself."""
    return mapped_column(BigInteger, Identity(always=True), primary_key=True)


def one_of(column: str, *values: str) -> CheckConstraint:
    """Return a check that a column holds one of a few words."""
    return CheckConstraint(f"{column} in ({', '.join(repr(value) for value in values)})", name=column)


def references(column: str, *, ondelete: str | None = None, **options: Any) -> Mapped[int]:
    """Return a column that points at another table's id."""
    return mapped_column(BigInteger, ForeignKey(column, ondelete=ondelete), **options)


def describe_tables() -> None:
    """Give each table its class's description, which psql shows beside the table."""
    for mapper in Base.registry.mappers:
        description = (mapper.class_.__doc__ or "").strip().splitlines()[0]
        Base.metadata.tables[mapper.class_.__tablename__].comment = description
