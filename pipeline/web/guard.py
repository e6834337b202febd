"""What every answer goes through: only reading, only from hosts we are known by, and headers that forbid the rest."""

import ipaddress
import re
from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of our own pages: no scripts at all, and nothing from anywhere else."""

_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "cache-control": "private, no-cache",
}

_HOST = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<name>[^:\[\]]+))(?::[0-9]*)?")


class Guard:
    """Refuses what is not reading, and hosts that are not ours; gives each answer the headers that keep it safe.

    A page of somebody else's can have its own name resolve to this machine and then read our answers (DNS rebinding).
    It cannot have a browser send our name, so only `localhost`, bare addresses and the given names are answered.
    """

    def __init__(self, app: ASGIApp, refuse: ASGIApp, names: Collection[str] = ()) -> None:
        self._app, self._refuse = app, refuse
        self._names = {"localhost", *(name.lower().rstrip(".") for name in names)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("content-security-policy", POLICY)
            await send(message)

        hosts = Headers(scope=scope).getlist("host")
        if len(hosts) != 1 or not self.knows(hosts[0]):
            scope["refused"] = "host"
        elif scope["method"] not in ("GET", "HEAD"):
            scope["refused"] = "method"
        await (self._refuse if "refused" in scope else self._app)(scope, receive, send_guarded)

    def knows(self, host: str) -> bool:
        """Tell whether a Host header names us: by one of our names or by a bare address, with any port."""
        said = _HOST.fullmatch(host.strip().lower())
        if said is None:
            return False
        try:
            if said["six"]:
                return "%" not in said["six"] and bool(ipaddress.IPv6Address(said["six"]))
            return said["name"].rstrip(".") in self._names or bool(ipaddress.IPv4Address(said["name"]))
        except ValueError:
            return False
