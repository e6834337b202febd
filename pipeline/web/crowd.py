"""How many questions are answered at once: past that, one is told so at once rather than kept waiting with the rest."""

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

Answer = Callable[[Request], Response]

AT_ONCE = 32
"""Fewer than Starlette has threads (40), so that what waits for none, a refusal among them, never waits for one."""


class Crowd:
    """The questions that are being answered, each on a thread of its own. One that was answered is none any more, however slowly it is read."""

    def __init__(self, most: int | None = None) -> None:
        self._most = AT_ONCE if most is None else most
        self._at_work = 0  # only the event loop's thread counts

    def let_in(self, answer: Answer, refuse: Answer) -> Callable[[Request], Awaitable[Response]]:
        """Return an endpoint that has `answer` answer on a thread; `refuse`, which must be quick, where there are too many."""

        async def endpoint(request: Request) -> Response:
            if self._at_work >= self._most:
                return refuse(request)
            self._at_work += 1
            try:
                return await run_in_threadpool(answer, request)
            finally:
                self._at_work -= 1

        return endpoint
