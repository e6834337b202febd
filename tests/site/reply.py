"""What goes between the HTTP server and the hosts: a question, a reply, and the rules of conditional GET."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Protocol

Etags = str  # "strong", "weak" or "none"


class Wire(Protocol):
    """A connection that a misbehaving page writes to as it likes."""

    def send(self, data: bytes) -> None:
        """Send at once."""

    def wait(self, seconds: float | None) -> bool:
        """Sleep; true when the site is closing and the page must give up."""

    def reset(self) -> None:
        """Hang up with a reset instead of a goodbye, once the page is done."""


@dataclass
class Reply:
    """An answer. With `raw`, the page writes the wire itself and the connection is closed after it."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    modified: datetime | None = None
    etags: Etags = "strong"
    headers: list[tuple[str, str]] = field(default_factory=list)
    raw: Callable[[Wire], None] | None = None

    @property
    def etag(self) -> str | None:
        """The entity tag of the body, as this reply shows it."""
        if self.etags == "none" or self.status != 200:
            return None
        tag = f'"{hashlib.blake2b(self.body, digest_size=8).hexdigest()}"'
        return f"W/{tag}" if self.etags == "weak" else tag


@dataclass(frozen=True)
class Ask:
    """A request, as a host sees it."""

    host: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]  # by lower-case name
    port: str = ""  # ":8080", as the Host header had it
    switches: Mapping[str, bool] = field(default_factory=dict)
    tries: int = 1  # how often this address was asked for since the start, this time included

    def at(self, host: str, path: str = "/") -> str:
        """An absolute address on one of the site's hosts, at the port through which the asker came."""
        return f"http://{host}{self.port}{path}"

    def here(self, path: str) -> str:
        """An absolute address on this host."""
        return self.at(self.host, path)


def page(html: str, modified: datetime | None = None, etags: Etags = "strong", status: int = 200) -> Reply:
    """A reply of HTML."""
    return Reply(html.encode(), status, modified=modified, etags=etags)


def moved(address: str, status: int = 301) -> Reply:
    """A redirect."""
    body = b"<!DOCTYPE html><title>Moved</title><p>Moved.</p>"
    return Reply(body, status, headers=[("Location", address)], etags="none")


def not_modified(ask: Ask, reply: Reply) -> bool:
    """Whether the asker has this already; the entity tag decides, and the date only without one (RFC 9110)."""
    if reply.status != 200 or reply.raw:
        return False
    tags = ask.headers.get("if-none-match")
    if tags is not None:
        etag = reply.etag
        known = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        return etag is not None and (etag.removeprefix("W/") in known or tags.strip() == "*")
    since = ask.headers.get("if-modified-since")
    if since is None or reply.modified is None:
        return False
    try:
        return reply.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False


def http_date(moment: datetime) -> str:
    """A date as HTTP headers and RSS write it."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
