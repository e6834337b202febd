"""Advisory locks that go with their process: held on a connection of their own, and taken again when it breaks."""

from threading import Lock
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from pipeline.errors import Retry

Key = tuple[int, int]


class Guard:
    """Holds advisory locks for as long as it is open.

    A server that restarts forgets all locks; `ensure` takes them again, or says that another process has one. It
    may be called by several threads at once: a second connection would find the locks held by the first.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._held: set[Key] = set()
        self._ensuring = Lock()

    def hold(self, key: Key) -> None:
        """Take a lock, waiting for it if need be."""
        connection = self._connect()
        connection.execute(text("select pg_advisory_lock(:a, :b)"), {"a": key[0], "b": key[1]})
        connection.commit()
        self._held.add(key)

    def try_hold(self, key: Key) -> bool:
        """Take a lock if it is free; tell whether it is ours."""
        if self._try(self._connect(), key):
            self._held.add(key)
            return True
        return False

    def ensure(self) -> None:
        """See that all locks are still held, on a new connection if the old one broke.

        Raises:
            Retry: another process has one of them by now.
            DBAPIError: the server does not answer.
        """
        with self._ensuring:
            self._ensure()

    def _ensure(self) -> None:
        if self._connection is not None:
            try:
                self._connection.execute(text("select 1"))
                self._connection.commit()
            except DBAPIError:
                self._drop()
            else:
                return
        try:
            self._take_again()
        except BaseException:
            # A connection with some of the locks, or with a fault, would pass for one with all of them next time.
            self._drop()
            raise

    def _take_again(self) -> None:
        connection = self._connect()
        for key in sorted(self._held):
            if not self._try(connection, key):
                raise Retry(
                    "The database was restarted, and another newsfold took over what this one was at. "
                    "What was committed is kept; this one stops."
                )

    def close(self) -> None:
        """Give all locks back."""
        self._drop()
        self._held.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _connect(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _drop(self) -> None:
        """End the connection itself: one that went back to the pool would keep its locks."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    @staticmethod
    def _try(connection: Connection, key: Key) -> bool:
        held = connection.scalar(text("select pg_try_advisory_lock(:a, :b)"), {"a": key[0], "b": key[1]})
        connection.commit()
        return bool(held)
