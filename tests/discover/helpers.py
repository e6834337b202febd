"""What these tests share: a page of the site by its address, and what the truth says of a host."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from pipeline.discover.found import Found
from tests.site import truth
from tests.site.client import Got, get
from tests.site.server import Site


def fetch(site: Site, address: str) -> Got:
    parts = urlsplit(address)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return get(site, parts.hostname or "", path)


def trouble(site: Site, path: str) -> tuple[bytes, str]:
    return get(site, "trouble.test", path).body, site.url("trouble.test", path)


def addresses(found: Iterable[Found]) -> list[str]:
    return [one.address for one in found]


def true_addresses(site: Site, host: str) -> list[str]:
    return [article.address(site.port) for article in truth.of_host(host)]
