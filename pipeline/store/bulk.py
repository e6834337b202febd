"""Writing many rows at the cost of one: COPY, in the session's own transaction."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pipeline.store.base import Base


def copy_rows(
    session: Session, table: type[Base], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Copy rows into a table; each row has a value a column, in the order of `columns`.

    COPY knows no conflicts: the rows must be new. 1,600 removed lines take 6 ms, as an array a column 11 ms,
    as a statement a row 24 ms, nearly all of it the client's.

    Raises:
        DBAPIError: as SQLAlchemy raises it for any other statement.
    """
    waiting = list(rows)
    if not waiting:
        return
    connection = session.connection()
    statement = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(table.__tablename__), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    cursor = connection.connection.cursor()
    try:
        with cursor.copy(statement) as copy:
            for row in waiting:
                copy.write_row(row)
    except psycopg.Error as error:
        said = statement.as_string()
        raise DBAPIError.instance(said, None, error, psycopg.Error, dialect=connection.dialect) from error
    finally:
        cursor.close()
