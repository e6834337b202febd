"""What an engine is: something that maps work over batches of references, in any order, each at least once.

A reference is small (a file with an offset and a length, a pair of ids): what it refers to is read by whoever does the
work. Work may be done twice, since a process can die between doing it and saying so; what it writes must
bear that.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Literal, Protocol, Self, TypeVar

from pipeline.errors import NewsfoldError, Quarantine, Refuse

Item = TypeVar("Item")
Result = TypeVar("Result")

Reason = Literal["killed", "timeout", "failed"]

PAGE_SECONDS = 20.0
"""How long one item may take; most take 25 ms."""

TRIES = 3
"""How often an item that is alone with a process must end it before the item is blamed: systems kill, too."""

_SHARE = 20  # of the time of one item, that each further item of a batch adds: 1 s for what takes 25 ms


@dataclass(frozen=True, slots=True)
class Done(Generic[Item, Result]):
    """A batch, or a part of one, that was worked on, and what came of it."""

    batch: Sequence[Item]
    result: Result


@dataclass(frozen=True, slots=True)
class Lost(Generic[Item]):
    """The one item that cannot be worked on. `reason` is a word for the ledger, `message` a sentence."""

    item: Item
    reason: Reason
    message: str


class Engine(Protocol):
    """Maps work over batches. Use it in a `with`; what is still under way at its end is given up."""

    def map(
        self, work: Callable[[Sequence[Item]], Result], batches: Iterable[Sequence[Item]]
    ) -> Iterator[Done[Item, Result] | Lost[Item]]:
        """Work on every batch and yield what came of each, in the order in which they end.

        Every item comes back in exactly one `Done` or `Lost`. A batch that fails, takes too long or ends
        its process is tried again in halves, until the item that does it is alone. `batches` is read as results are
        taken, a few ahead, so neither end fills the memory.

        Args:
            work: a function of a module, or a `functools.partial` of one, that takes a batch. What it needs beside
                the batch (a database, rules) it opens once a process, in a cached function of its own.
            batches: lists or tuples of small references.

        Raises:
            NewsfoldError: `work` raised one that speaks of more than its input, as `Retry` and `SetupError` do.
        """
        ...

    def close(self) -> None:
        """Give up what is under way, and end what the engine started."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Closing:
    """The `with` of an engine."""

    def close(self) -> None:
        """Give up what is under way, and end what the engine started."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class Attempt(Generic[Item]):
    """A batch to be worked on, and how often it already ended its process while it was a single item."""

    batch: Sequence[Item]
    failures: int = 0

    def seconds(self, each: float) -> float:
        """Return how long the attempt may take, in seconds, where one item may take `each`."""
        return each * (1 + (len(self.batch) - 1) / _SHARE)

    def after(self, reason: Reason, said: str, *, times: int = 1) -> "list[Attempt[Item]] | Lost[Item]":
        """Return what to do after it failed so many times: other attempts, or giving its one item up.

        `said` is a sentence on the fault, without the item.
        """
        if len(self.batch) > 1:
            middle = len(self.batch) // 2
            return [Attempt(self.batch[:middle]), Attempt(self.batch[middle:])]
        failures = self.failures + times
        if reason == "killed" and failures < TRIES:
            return [Attempt(self.batch, failures)]
        return Lost(self.batch[0], reason, said)


def next_attempt(source: Iterator[Sequence[Item]]) -> Attempt[Item] | None:
    """Return the next batch that is not empty, as an attempt; None after the last one."""
    return next((Attempt(batch) for batch in source if batch), None)


def is_about_more(error: BaseException) -> bool:
    """Tell an error that would meet every other batch too, such as a database that went away."""
    return isinstance(error, NewsfoldError) and not isinstance(error, Quarantine | Refuse)


def said_of(error: BaseException) -> str:
    """Return a sentence on an error that some work raised."""
    if isinstance(error, NewsfoldError):
        return str(error)
    return f"Working on it failed with {type(error).__name__}: {error}".rstrip(": ") + "."
