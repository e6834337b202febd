"""No request leaves for anything but the public internet, however its address is spelled."""

from types import SimpleNamespace
from typing import Any

import pytest
from twisted.internet import address as twisted_address
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.testing import MemoryReactorClock

from pipeline.crawl.resolver import PublicResolver, is_loopback, is_public
from tests.crawl.probe import crawl
from tests.site.hosts.trouble import PRIVATE
from tests.site.server import Site

PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    "address", ["1.1.1.1", PUBLIC, "2606:4700:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"]
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "192.168.1.1"),
        *("100.64.0.1", "0.0.0.0", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),  # noqa: S104 -- no binding
        *("::", "::1", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::a00:1", "64:ff9b::7f00:1"),
        *(
            "64:ff9b:1::a00:1",
            "2002:a00:1::",
            "2002:101:101::",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "100::1",
        ),
    ],
)
def test_addresses_that_are_not(address: str) -> None:
    assert not is_public(address)


def test_loopback_is_told_from_other_private_addresses() -> None:
    assert all(is_loopback(address) for address in ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"))
    assert not any(is_loopback(address) for address in ("10.0.0.1", "100.64.0.1", "fe80::1", PUBLIC))


class _System:
    """A name server that answers each question with the next of its answers."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    def resolveHostName(self, receiver: Any, _: str, port: int = 0, *__: object) -> None:  # noqa: N802 -- Twisted's
        receiver.resolutionBegan(None)
        for host in self.answers.pop(0):
            kind = twisted_address.IPv6Address if ":" in host else twisted_address.IPv4Address
            receiver.addressResolved(kind("TCP", host, port))
        receiver.resolutionComplete()


def _connect(
    system: _System, name: str, *, times: int = 1, cache: int = 0, **options: bool
) -> tuple[Any, Any]:
    """Let Twisted connect to a name; the reactor's list of connections, and the resolver."""
    reactor = MemoryReactorClock()
    resolver = PublicResolver(SimpleNamespace(nameResolver=system), cache, **options)  # type: ignore[arg-type]
    reactor.nameResolver = resolver
    for _ in range(times):
        attempt = HostnameEndpoint(reactor, name, 80).connect(Factory.forProtocol(Protocol))
        attempt.addErrback(lambda _: None)
    return [(host, port) for host, port, *_ in reactor.tcpClients], resolver


def test_a_public_name_is_connected_to() -> None:
    connections, resolver = _connect(_System([PUBLIC]), "a.example")
    assert connections == [(PUBLIC, 80)]
    assert resolver.refused("a.example") is None


@pytest.mark.parametrize("found", [["10.0.0.1"], [PUBLIC, "127.0.0.1"], ["::1", PUBLIC]])
def test_a_name_with_a_private_address_is_refused_whole(found: list[str]) -> None:
    connections, resolver = _connect(_System(found), "b.example")
    assert connections == []
    assert resolver.refused("B.example") == next(host for host in found if host != PUBLIC)


def test_a_name_that_changes_its_answer_is_judged_by_the_one_that_is_used() -> None:
    connections, resolver = _connect(_System([PUBLIC], ["169.254.169.254"]), "rebind.example", times=2)
    assert connections == [(PUBLIC, 80)]
    assert resolver.refused("rebind.example") == "169.254.169.254"
    connections, resolver = _connect(_System(["10.0.0.1"], [PUBLIC]), "mended.example", times=2, cache=9)
    assert connections == [(PUBLIC, 80)]
    assert resolver.refused("mended.example") is None


def test_what_was_judged_good_is_kept() -> None:
    system = _System([PUBLIC], ["10.0.0.1"])
    connections, _ = _connect(system, "kept.example", times=2, cache=9)
    assert connections == [(PUBLIC, 80)] * 2
    assert system.answers == [["10.0.0.1"]]


def test_a_name_in_another_script_is_remembered_as_scrapy_names_it() -> None:
    _, resolver = _connect(_System(["10.0.0.1"]), "xn--bcher-kva.example")
    assert resolver.refused("xn--bcher-kva.example") == "10.0.0.1"


def test_only_the_tests_variable_makes_test_names_lead_somewhere() -> None:
    assert _connect(_System(), "agency.test")[0] == []
    assert _connect(_System(), "agency.test.", allow_loopback=True)[0] == [("127.0.0.1", 80)]
    assert _connect(_System(["127.0.0.1"]), "c.example", allow_loopback=True)[0] == [("127.0.0.1", 80)]
    assert _connect(_System(["192.168.0.1"]), "d.example", allow_loopback=True)[0] == []


def test_a_name_that_python_cannot_look_up_has_no_address() -> None:
    assert _connect(_System(), f"{'a' * 64}.example")[0] == []


SPELLINGS = [
    *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "0.0.0.0", "localhost"),  # noqa: S104 -- no binding
    *("[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]"),
]


def test_no_spelling_of_loopback_is_crawled(site: Site) -> None:
    urls = [f"http://{host}:{site.port}/fine" for host in SPELLINGS]
    done = crawl([*urls, site.url("trouble.test", "/fine")], loopback=False)
    assert {url: done[url].error for url in urls} == dict.fromkeys(urls, "PrivateAddress")
    assert done[site.url("trouble.test", "/fine")].error == "RobotsUnreachable"
    assert site.requests == []
    says = done[urls[1]].says
    assert says == (
        f"{urls[1]} was not fetched: its host has the address 127.0.0.1, which is not on the public internet."
    )
    assert done[urls[1]].reason == "private-address"


def test_redirects_to_where_a_crawler_must_not_go(site: Site) -> None:
    private = ["/redirect/private-10", "/redirect/metadata", "/redirect/zero"]
    schemes = ["/redirect/file", "/redirect/data", "/redirect/ftp"]
    assert set(private) | set(schemes) < set(PRIVATE)
    done = crawl([site.url("trouble.test", path) for path in private + schemes])
    for path in private:
        assert done[site.url("trouble.test", path)].error == "PrivateAddress"
        assert PRIVATE[path] in done[site.url("trouble.test", path)].says
    for path in schemes:
        assert done[site.url("trouble.test", path)].status == 302


def test_robots_txt_is_no_way_round(site: Site) -> None:
    url = site.url("private.robots.test", "/fine")
    done = crawl([url, "http://10.0.0.1/"])
    assert done[url].error == "RobotsUnreachable"
    assert "10.0.0.1/robots.txt was not fetched" in done[url].says
    assert done["http://10.0.0.1/"].error == "PrivateAddress"
