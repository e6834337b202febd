"""Opening an engine by its name, as a command line gives it."""

from collections.abc import Callable
from typing import Literal

from pipeline.engines.base import PAGE_SECONDS, Engine
from pipeline.engines.inline import InlineEngine
from pipeline.engines.local import LocalEngine
from pipeline.errors import SetupError

Name = Literal["local", "dask"]


def open_engine(
    name: Name = "local",
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    seconds: float = PAGE_SECONDS,
    facts: Callable[[], object] | None = None,
) -> Engine:
    """Open an engine; use it in a `with`.

    Args:
        name: `local` for processes on this machine, `dask` for a cluster.
        workers: how many processes; 0 works in this one; by default one a core. A cluster has its own.
        scheduler: the address of the cluster's scheduler; without one, `dask` makes a cluster on this machine.
        seconds: what one item may take.
        facts: a function of a module whose answer must be the same on every worker, such as the recipe.

    Raises:
        SetupError: the extra is not installed, or the cluster cannot be used.
    """
    if name == "local":
        if scheduler is not None:
            raise SetupError(
                f"The local engine has no scheduler: leave {scheduler} out, or say --engine dask."
            )
        return InlineEngine() if workers == 0 else LocalEngine(workers, seconds=seconds)
    try:
        from pipeline.engines.dask import DaskEngine  # noqa: PLC0415 - an extra that most installations lack
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"dask", "distributed"}:
            raise
        raise SetupError(
            "The engine dask needs the extra of that name: pip install --require-hashes -r requirements/dask.txt"
        ) from error
    return DaskEngine(scheduler, workers=workers, seconds=seconds, facts=facts)
