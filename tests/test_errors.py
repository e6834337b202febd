"""Errors that are sent between processes."""

import pickle

import pytest

from pipeline.crawl.session import Locked
from pipeline.errors import NewsfoldError, NotFound, Quarantine, Refuse, Retry, SetupError


class _Narrow(Quarantine):
    """A subclass that asks for something else than what it passes on."""

    def __init__(self, url: str) -> None:
        super().__init__("narrow", f"{url} is too narrow.")


class _Firm(Refuse):
    def __init__(self, first: str, *, second: int) -> None:
        super().__init__("firm", f"{first} {second}.")


@pytest.mark.parametrize(
    "error",
    [
        Quarantine("no-article", "There is no article in it."),
        Refuse("hash-taken", "Another text has it."),
        _Narrow("https://example.org/"),
        _Firm("No", second=2),
        Retry("Later."),
        SetupError("Not so."),
        Locked("Another crawl is at it."),
        NotFound("There is none."),
    ],
)
def test_an_error_comes_out_of_another_process_as_it_went_in(error: NewsfoldError) -> None:
    there = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own

    assert type(there) is type(error)
    assert str(there) == str(error)
    assert there.args == error.args
    assert getattr(there, "reason", None) == getattr(error, "reason", None)
    assert pickle.dumps(there) == pickle.dumps(error)
