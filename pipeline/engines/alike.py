"""Whether two machines would give the same results: the versions of what takes part in them."""

import platform
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from pipeline.errors import SetupError

_PACKAGES = ("newsfold", "trafilatura", "lxml", "numpy", "distributed")


@dataclass(frozen=True, slots=True)
class Alike:
    """What must be the same everywhere. `asks` is a function of a module whose answer must be, too."""

    facts: tuple[tuple[str, str], ...]
    asks: Callable[[], object] | None = None

    @classmethod
    def of_here(cls, asks: Callable[[], object] | None = None) -> "Alike":
        """Return what is so in this process."""
        return cls(_facts(asks), asks)

    def hold_here(self) -> None:
        """See whether this process, which may have joined late, is like the one that asks.

        Raises:
            SetupError: it differs; the sentence says in what.
        """
        if told := differences(self, Alike.of_here(self.asks)):
            raise SetupError(f"The worker on {platform.node()} would give other results: {told}.")


def differences(here: Alike, there: Alike) -> str:
    """Return in words how another process differs from this one; nothing where it does not."""
    mine, other = dict(here.facts), dict(there.facts)
    return ", ".join(
        f"its {name} is {other.get(name, 'missing')} and ours {mine.get(name, 'missing')}"
        for name in sorted(mine.keys() | other.keys())
        if mine.get(name) != other.get(name)
    )


@cache
def _facts(asks: Callable[[], object] | None) -> tuple[tuple[str, str], ...]:
    facts = {"Python": ".".join(platform.python_version_tuple()[:2])}
    for package in _PACKAGES:
        try:
            facts[package] = version(package)
        except PackageNotFoundError:
            facts[package] = "missing"
    if asks is not None:
        facts[asks.__name__] = str(asks())
    return tuple(facts.items())
