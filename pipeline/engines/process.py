"""What every process needs that works for another one: to end with it, and to raise only what can be sent."""

import fcntl
import multiprocessing
import os
import pickle
from collections.abc import Callable
from multiprocessing.connection import wait
from typing import TypeVar

_Result = TypeVar("_Result")


def end_with_parent() -> None:
    """Be killed when the parent is, even in the middle of work that never ends.

    The pipe to the parent closes when it dies; the kernel tells us so with a signal that ends a process, and needs
    no Python for it, which the work may be keeping busy.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    pipe = parent.sentinel
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    if wait([pipe], 0):
        os._exit(1)


def soundly(work: Callable[[], _Result]) -> _Result:
    """Do some work; what goes wrong with it is raised as something that can be sent between processes.

    An error that cannot be read at the other end would take the pool down, and what else it is at.
    """
    try:
        return work()
    except SystemExit as error:
        raise RuntimeError(f"SystemExit: {error}") from None
    except Exception as error:
        try:
            pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
        except Exception:  # noqa: BLE001 - whatever it is, it must not be sent
            raise RuntimeError(f"{type(error).__name__}: {error}") from None
        raise
