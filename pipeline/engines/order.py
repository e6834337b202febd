"""Putting what an engine gives back into the order in which it was asked for."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from pipeline.engines.base import Engine, Lost, Result


class Numbered(Protocol):
    """A reference that knows its place in the order, from 0."""

    @property
    def number(self) -> int:
        """The place in the order."""
        ...


Place = TypeVar("Place", bound=Numbered)


def in_order(
    engine: Engine, work: Callable[[Sequence[Place]], Sequence[Result]], batches: Iterable[Sequence[Place]]
) -> Iterator[tuple[Place, Result | Lost[Place]]]:
    """Map work that gives a result for each reference, and yield the results in the order of the references.

    What waits for those before it is held in memory: results should be small, or of much the same cost.
    """
    waiting: dict[int, tuple[Place, Result | Lost[Place]]] = {}
    due = 0
    for outcome in engine.map(work, batches):
        if isinstance(outcome, Lost):
            waiting[outcome.item.number] = outcome.item, outcome
        else:
            for place, result in zip(outcome.batch, outcome.result, strict=True):
                waiting[place.number] = place, result
        while due in waiting:
            yield waiting.pop(due)
            due += 1
