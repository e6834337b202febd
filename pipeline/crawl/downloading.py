"""What a download may be: not too large once unpacked, not packed with something else, not redirected for ever."""

import sys
import zlib

import brotli
from scrapy import Request, Spider
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from pipeline.errors import Quarantine

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


class TooLarge(Quarantine, IgnoreRequest):
    """A response was larger than `DOWNLOAD_MAXSIZE`, as it came or once unpacked, and was dropped."""

    def __init__(self, url: str, limit: int) -> None:
        """Say which request this is, and how many bytes (`limit`) were allowed."""
        super().__init__("too-large", f"{url} was dropped: it has more than {limit:,} bytes.")


class Undecodable(Quarantine, IgnoreRequest):
    """A response's body is not packed as its Content-Encoding says."""

    def __init__(self, url: str, stated: str, fault: Exception) -> None:
        """Say which request this is, what was stated, and what the unpacker said."""
        said = str(fault).rstrip(".") or type(fault).__name__
        super().__init__(
            "undecodable", f"{url} was dropped: its body is not the {stated} that it claims to be ({said})."
        )


class TooManyRedirects(Quarantine, IgnoreRequest):
    """A request was redirected more than `REDIRECT_MAX_TIMES` times."""

    def __init__(self, url: str) -> None:
        """Say to which address the last redirect was not followed from."""
        super().__init__("too-many-redirects", f"{url} was given up: it goes on redirecting without an end.")


class Compression(HttpCompressionMiddleware):
    """Scrapy's unpacking, in which a bomb and a false Content-Encoding are errors of their own classes."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Unpack a body; raises `TooLarge` and `Undecodable`."""
        del spider  # Scrapy's old signature
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            raise TooLarge(request.url, self._max_size) from error
        except (OSError, EOFError, zlib.error, brotli.error, zstd.ZstdError) as error:
            stated = ", ".join(
                value.decode("latin-1") for value in response.headers.getlist("Content-Encoding")
            )
            raise Undecodable(request.url, stated, error) from error


class Redirects(RedirectMiddleware):
    """Scrapy's redirects, which take each target to its own host's slot and tell it nothing of where they came from.

    A target passes every middleware again, so its host's robots.txt is asked; only http and https are followed.
    """

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Follow a redirect; raises `TooManyRedirects`."""
        del spider  # Scrapy's old signature
        try:
            result = super().process_response(request, response)
        except IgnoreRequest as error:
            raise TooManyRedirects(request.url) from error
        if isinstance(result, Request):
            result.meta.pop("download_slot", None)  # the downloader's note of the host that redirected
        return result

    def handle_referer(self, request: Request, response: Response) -> None:
        """Send no Referer."""
        del response
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        """Do not look for the Referer middleware, which is off, and do not warn that it is."""
