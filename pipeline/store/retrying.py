"""Transactions that are run again when PostgreSQL ended them to let another one pass."""

from sqlalchemy.exc import DBAPIError, OperationalError
from tenacity import retry, retry_if_exception, stop_after_attempt, wait_random_exponential


def _is_passing(error: BaseException) -> bool:
    """Tell a deadlock or a serialization failure, which the same transaction may survive next time."""
    return isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", "") in {"40P01", "40001"}


retry_passing = retry(
    retry=retry_if_exception(_is_passing),
    stop=stop_after_attempt(8),
    wait=wait_random_exponential(multiplier=0.05, max=2),
    reraise=True,
)
"""Run a transaction again when PostgreSQL ended it for the sake of another one."""


def is_lost(error: BaseException) -> bool:
    """Tell a database that went away, or is starting or stopping, from a fault in what it was asked."""
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    # Without a state the connection broke before the server could say anything.
    state = getattr(error.orig, "sqlstate", None)
    return isinstance(error, OperationalError) and (state is None or state.startswith(("08", "57P", "53")))
