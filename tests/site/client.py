"""A plain client for tests: one request, one answer, by the host's name."""

import http.client
import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from lxml import etree, html

from tests.site.server import Site


@dataclass(frozen=True)
class Got:
    status: int
    headers: dict[str, str]
    body: bytes

    def find(self, query: str) -> list[str]:
        """What an XPath finds in the page or feed."""
        is_xml = "xml" in self.headers["content-type"]
        tree: Any = etree.fromstring(self.body) if is_xml else html.fromstring(self.body)
        return [str(found) for found in tree.xpath(query)]

    @property
    def text(self) -> str:
        """The words a reader sees, on one line, so that a line can be looked for in it."""
        return plain("".join(self.find("//text()[not(ancestor::head or ancestor::script)]")))


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", unescape(text)).strip()


def get(site: Site, host: str, path: str = "/", **headers: str) -> Got:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request("GET", path, headers={"Host": f"{host}:{site.port}", **named})
        answer = connection.getresponse()
        body = answer.read()
        return Got(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)
    finally:
        connection.close()
