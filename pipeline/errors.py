"""Every error newsfold raises on purpose, and what each one says should happen next.

An error's message is a sentence for the person at the keyboard: what happened, to which file or
address, and what to do. Its class tells the code the next step:

* `Retry`: nothing is wrong with the input; the same call may succeed later.
* `Quarantine`: this input cannot be used; set it aside with its reason and go on with the rest.
* `Refuse`: the request itself contradicts what is already known; do nothing, and say so.
* `SetupError`: newsfold cannot start as it is set up; nothing was done.
"""

from collections.abc import Callable


class NewsfoldError(Exception):
    """The base of all deliberate errors; `str(error)` is one complete sentence or more."""


class Retry(NewsfoldError):
    """A passing fault (a server that is starting, a lost connection): try again later."""


class Quarantine(NewsfoldError):
    """This one input cannot be used. `reason` is a short stable word for the ledger."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> "tuple[Callable[..., Quarantine | Refuse], tuple[object, ...]]":
        """Be sent between processes: whatever a subclass asks for, its reason and its sentence say it all."""
        return _rebuilt, (type(self), self.reason, str(self))


class Refuse(NewsfoldError):
    """The input contradicts stored facts and was not stored. `reason` is a word for the ledger."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> "tuple[Callable[..., Quarantine | Refuse], tuple[object, ...]]":
        """Be sent between processes: whatever a subclass asks for, its reason and its sentence say it all."""
        return _rebuilt, (type(self), self.reason, str(self))


class SetupError(NewsfoldError):
    """The settings, the machine or the database do not allow newsfold to start."""


class NotFound(NewsfoldError):
    """What the user named does not exist, or the name fits more than one thing."""


def _rebuilt(kind: type[Quarantine] | type[Refuse], reason: str, message: str) -> Quarantine | Refuse:
    error = kind.__new__(kind, message)
    error.args = (message,)
    error.reason = reason
    return error
