"""What is asked for again, and when: passing faults, twice at most, and as late as the server says."""

from typing import TYPE_CHECKING

from OpenSSL.SSL import Error as TLSError
from scrapy import Request, Spider
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from scrapy.utils.response import response_status_message
from service_identity import VerificationError
from twisted.python.failure import Failure

from pipeline.crawl.challenge import challenge_reason
from pipeline.crawl.heads import headers_of
from pipeline.crawl.politeness import LONGEST_WAIT, asked_to_wait, gate_of, host_of

if TYPE_CHECKING:
    from collections.abc import Iterator

BACKOFF = (1.0, 4.0)
"""Seconds that a host is left alone before the first and the second retry, where it does not say how long."""


def is_tls_failure(error: BaseException) -> bool:
    """Whether a connection failed because of its certificate or its encryption, which no retry mends."""
    return any(isinstance(cause, TLSError | VerificationError) for cause in _causes(error))


class Retries(RetryMiddleware):
    """Scrapy's retry middleware, which waits (in `DOWNLOADER_MIDDLEWARES`, in place of Scrapy's).

    The whole host is held at the gate meanwhile, so no other host waits. A response that will not be retried is
    handed on, with `request.meta["retry_after"]` in seconds if it stated a time; one of more than `LONGEST_WAIT`
    ends the matter at once. Nor is anything retried that stays as it is: challenges, failures of TLS, and whatever
    this package itself refused; a name that was not found is looked up once more.
    """

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Return the request to be sent again, or the response."""
        del spider  # Scrapy's old signature
        if response.status not in self.retry_http_codes or request.meta.get("dont_retry", False):
            return response
        asked = asked_to_wait(response)
        too_long = asked is not None and asked > LONGEST_WAIT
        hopeless = too_long or challenge_reason(response.status, headers_of(response), response.body)
        again = None if hopeless else self._retry(request, response_status_message(response.status))
        if again is None:
            if asked is not None:
                request.meta["retry_after"] = asked
            return response
        if asked is None:  # a stated wait is held by the download handler
            await self._back_off(again)
        return again

    async def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception, spider: Spider | None = None
    ) -> Request | None:
        """Return the request to be sent again, or None for the errback to be called."""
        del spider  # Scrapy's old signature
        tried = request.meta.get("retry_times", 0)
        if (
            request.meta.get("dont_retry", False)
            or not isinstance(exception, self.exceptions_to_retry)
            or is_tls_failure(exception)
            or (isinstance(exception, CannotResolveHostError) and tried >= 1)
        ):
            return None
        again = self._retry(request, exception)
        if again is not None:
            await self._back_off(again)
        return again

    async def _back_off(self, again: Request) -> None:
        tried = again.meta["retry_times"]
        await gate_of(self.crawler).hold(host_of(again), BACKOFF[min(tried, len(BACKOFF)) - 1])


def _causes(error: BaseException | None) -> "Iterator[BaseException]":
    """An error, what it came from, and the reasons that Twisted wraps in a list."""
    while error is not None:
        yield error
        for reason in getattr(error, "reasons", ()):
            yield from _causes(reason.value if isinstance(reason, Failure) else reason)
        error = error.__cause__
