"""The name resolver of a crawl: it knows the public internet, and nothing of the machine and network it runs on.

A page, a feed or a redirect may name any host. One that leads to this machine, to the local network or to a cloud's
metadata service would let a stranger's web site read what only we may reach. Every connection that Scrapy makes asks
this resolver, literal addresses included, and connects to the very address that was judged here: a name that
changes its answer between the check and the connection gains nothing.
"""

import os
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any, Self

import idna
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingHostnameResolver, HostResolution
from scrapy.utils.datatypes import LocalCache
from twisted.internet import address as twisted_address
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from pipeline.errors import Quarantine

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase

ALLOW_LOOPBACK = "NEWSFOLD_ALLOW_LOOPBACK"
"""With this variable set to 1, loopback is let through, and names under `.test` lead there. For tests only."""

_Receiver = Any  # an IResolutionReceiver: mypy reads zope's interfaces, which have no self, as classes

_GLOBAL_UNICAST = IPv6Network("2000::/3")  # all that has ever been given out (RFC 4291, IANA)
_RELAYED = (
    IPv6Network("2002::/16"),
    IPv6Network("2001::/32"),
)  # 6to4 and Teredo: an IPv4 address in disguise
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052


class PrivateAddress(Quarantine, IgnoreRequest):
    """A request was not sent, because its host's address is not one of the public internet."""

    def __init__(self, url: str, found: str) -> None:
        """Say which request this is, and to which address (`found`) it would have gone."""
        super().__init__(
            "private-address",
            f"{url} was not fetched: its host has the address {found}, which is not on the public internet.",
        )
        self.url = url
        self.found = found


def is_public(address: str) -> bool:
    """Whether an IP address, in its plain spelling, belongs to a host on the public internet.

    IPv4 addresses inside IPv6 ones (mapped, NAT64) are judged as what they are; 6to4 and Teredo are refused
    altogether, as nothing has been reachable by them since RFC 7526. Multicast is no host.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or (IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        if inner is not None:
            ip = inner
        elif ip not in _GLOBAL_UNICAST or any(ip in network for network in _RELAYED):
            return False
    return ip.is_global and not ip.is_multicast


def is_loopback(address: str) -> bool:
    """Whether an IP address is this machine's own (127.0.0.0/8, ::1, or the former mapped into IPv6)."""
    ip = ip_address(address)
    mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    return (mapped or ip).is_loopback


class PublicResolver(CachingHostnameResolver):
    """Scrapy's caching resolver of IPv4 and IPv6 names (setting `TWISTED_DNS_RESOLVER`), less all that is not public.

    A name with even one address that is not public is refused whole. To Twisted a refused name is one without
    addresses; `refused(host)` then tells what was found. Names under `.test` (RFC 6761) are never looked up.
    """

    def __init__(self, reactor: "ReactorBase", cache_size: int, *, allow_loopback: bool = False) -> None:
        super().__init__(reactor, cache_size)
        installed: Any = self.original_resolver
        system = installed.system if isinstance(installed, PublicResolver) else installed
        self.system: Any = system
        self.original_resolver: Any = _Guard(self)
        self._allow_loopback = allow_loopback
        self._refused: LocalCache[str, str] = LocalCache(10_000)

    @classmethod
    def from_crawler(cls, crawler: "Crawler", reactor: "ReactorBase") -> Self:
        """Make the resolver that the settings and the environment describe."""
        settings = crawler.settings
        cache_size = settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0
        return cls(reactor, cache_size, allow_loopback=os.environ.get(ALLOW_LOOPBACK) == "1")

    def may_connect(self, address: str) -> bool:
        """Whether a connection to an IP address is allowed."""
        return is_public(address) or (self._allow_loopback and is_loopback(address))

    def refused(self, host: str) -> str | None:
        """The address for which a host was refused when it was last looked up, or None."""
        found: str | None = self._refused.get(_key(host))
        return found

    def refuse(self, host: str, found: str) -> None:
        """Remember that a host was refused, and for which address."""
        self._refused[_key(host)] = found

    def resolveHostName(  # noqa: N802 -- Twisted's name
        self,
        resolutionReceiver: _Receiver,  # noqa: N803 -- Twisted's name
        hostName: str,  # noqa: N803 -- Twisted's name
        portNumber: int = 0,  # noqa: N803 -- Twisted's name
        addressTypes: Sequence[type[Any]] | None = None,  # noqa: N803 -- Twisted's name
        transportSemantics: str = "TCP",  # noqa: N803 -- Twisted's name
    ) -> Any:
        """Part of Twisted's `IHostnameResolver`."""
        self._refused.pop(_key(hostName), None)
        top = hostName.rstrip(".").rpartition(".")[2].lower()
        if top == "test" or not _can_be_looked_up(hostName):
            resolution = HostResolution(hostName)
            resolutionReceiver.resolutionBegan(resolution)
            if top == "test" and self._allow_loopback:
                resolutionReceiver.addressResolved(
                    twisted_address.IPv4Address("TCP", "127.0.0.1", portNumber)
                )
            resolutionReceiver.resolutionComplete()
            return resolution
        return super().resolveHostName(
            resolutionReceiver, hostName, portNumber, addressTypes, transportSemantics
        )


def installed_resolver(crawler: "Crawler") -> PublicResolver:
    """The resolver in use by the reactor; installed now if Scrapy has not done so, as its runners do not."""
    from twisted.internet import reactor as running  # noqa: PLC0415 -- the import installs a reactor

    reactor: Any = running
    if not isinstance(reactor.nameResolver, PublicResolver):
        PublicResolver.from_crawler(crawler, reactor).install_on_reactor()
    resolver: PublicResolver = reactor.nameResolver
    return resolver


def _key(host: str) -> str:
    """A host's name in ASCII: Scrapy names it so, while Twisted decodes it first."""
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host.lower()


def _can_be_looked_up(host: str) -> bool:
    """Whether Python can hand a name to the system; on one it cannot, Twisted's resolver would never answer."""
    try:
        return bool(host.encode("idna"))
    except UnicodeError:
        return False


@implementer(IHostnameResolver)
class _Guard:
    """The system's resolver behind a judge; it stands before the cache, so that only what passed is kept."""

    def __init__(self, owner: PublicResolver) -> None:
        self._owner = owner

    def resolveHostName(  # noqa: N802 -- Twisted's name
        self, receiver: _Receiver, name: str, *how: Any
    ) -> Any:
        return self._owner.system.resolveHostName(_Judge(self._owner, receiver, name), name, *how)


@implementer(IResolutionReceiver)
class _Judge:
    """Collects a name's addresses, and passes on all of them or none."""

    def __init__(self, owner: PublicResolver, receiver: _Receiver, name: str) -> None:
        self._owner = owner
        self._receiver = receiver
        self._name = name
        self._addresses: list[Any] = []

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 -- Twisted's name
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802 -- Twisted's name
        self._addresses.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802 -- Twisted's name
        bad = [each.host for each in self._addresses if not self._owner.may_connect(each.host)]
        if bad:
            self._owner.refuse(self._name, bad[0])
        else:
            for address in self._addresses:
                self._receiver.addressResolved(address)
        self._receiver.resolutionComplete()
