"""Putting what an engine gives back into the order in which it was planned: versions follow each other as in the file."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pipeline.engines.base import Done, Lost
from pipeline.errors import Quarantine
from pipeline.foreign.references import Reference
from pipeline.foreign.working import Made

Mark = TypeVar("Mark")


@dataclass(slots=True)
class _Planned(Generic[Mark]):
    """A step in the order of the plan; `made` is set once a reference was worked on."""

    mark: Mark
    reference: Reference | None
    made: Made | None = None


@dataclass(slots=True)
class Ordered(Generic[Mark]):
    """Holds steps until all before them are done.

    What waits is the little that was made of pages, never their bytes.
    """

    _steps: deque[_Planned[Mark]] = field(default_factory=deque)
    _open: dict[Reference, _Planned[Mark]] = field(default_factory=dict)

    def plan(self, mark: Mark, reference: Reference | None) -> None:
        """Add the next step; without a reference it is done at once."""
        step = _Planned(mark, reference)
        self._steps.append(step)
        if reference is not None:
            self._open[reference] = step

    def note(self, outcome: "Done[Reference, list[Made]] | Lost[Reference]") -> None:
        """Note what came of references."""
        if isinstance(outcome, Lost):
            said = f"{outcome.item.place}: {outcome.message}"
            self._open.pop(outcome.item).made = Made(trouble=Quarantine(f"extraction-{outcome.reason}", said))
            return
        for reference, made in zip(outcome.batch, outcome.result, strict=True):
            self._open.pop(reference).made = made

    def __len__(self) -> int:
        return len(self._steps)

    def ready(self) -> Iterator[tuple[Mark, Reference | None, Made | None]]:
        """Give the steps that nothing before them is waited for, in order."""
        steps = self._steps
        while steps and (steps[0].reference is None or steps[0].made is not None):
            step = steps.popleft()
            yield step.mark, step.reference, step.made
