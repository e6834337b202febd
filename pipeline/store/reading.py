"""Opening the database to read it and nothing else: no transaction writes, and no statement runs for ever."""

from sqlalchemy import URL, Engine, create_engine

from pipeline.settings import Settings
from pipeline.store.database import open_database
from pipeline.store.reader import milliseconds, reader_address

READING_SECONDS = 30.0
"""Longer than any question of ours takes on 100,000 documents, short enough for somebody who waits."""


def open_reading(
    settings: Settings, *, seconds: float = READING_SECONDS, views_will_do: bool = False
) -> Engine:
    """Return an engine whose transactions are read-only and whose statements end after some seconds.

    A statement that would write fails with SQLSTATE 25006, one that takes too long with 57014. The schema is
    checked first, and that of the embedded database brought up to date, as `open_database` does; `views_will_do` is
    as there.

    The embedded server is read by a login that may do nothing else, whatever a statement says. On another server the
    rights are those of the login that DATABASE_URL names: there `newsfold db role` makes one of less.

    Raises:
        Refuse: the seconds are none, or more than a day has.
        SetupError: no server answers, it is too old, its schema is not the one this newsfold knows, or the login may
            not read it.
    """
    timeout = milliseconds(seconds)
    engine = open_database(settings, views_will_do=views_will_do)
    url = reader_address(engine) if settings.database_url is None else engine.url
    engine.dispose()
    return reading_engine(url, timeout)


def reading_engine(url: URL | str, timeout: int) -> Engine:
    """Return an engine whose transactions are read-only and whose statements end after so many milliseconds.

    For a database whose address is known and was checked; nothing is connected to yet.
    """
    return create_engine(
        url,
        pool_pre_ping=True,  # a reading room outlives the restarts of its server
        pool_timeout=3,  # seconds, where others are reading with every connection
        connect_args={
            "application_name": "newsfold-reading",
            "connect_timeout": 10,
            "client_encoding": "utf8",
            "options": f"-c timezone=UTC -c default_transaction_read_only=on -c statement_timeout={timeout}",
        },
    )
