"""A site that changes between crawls, and an event file that does: nothing that was kept is lost, nothing goes on for ever."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.builders import prose
from tests.crawl.end_to_end.conftest import NewDesk
from tests.crawl.end_to_end.harness import Desk

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

EVENT = """
[event]
key = "moods"
name = "Moods"
first_day = {first}
last_day = 2024-12-10
[topic.required.a]
en = ["ministers"]
[source.{key}]
name = "The Main"
hosts = ["main.test"]
delay = 0.0
[[source.{key}.way]]
way = "listing"
addresses = ["http://main.test:{port}/list"]
item = "{item}"
{more}
"""
SHUT = """
[source.shut]
name = "Shut"
hosts = ["shut.test"]
delay = 0.0
[[source.shut.way]]
way = "addresses"
addresses = ["http://shut.test:{port}/no"]
"""


@dataclass
class Moody:
    """A site with a listing of articles; `mood` says how it feels. `asked` holds host and path of each request."""

    port: int = 0
    mood: str = ""
    articles: int = 3
    asked: list[str] = field(default_factory=list)

    def answer(self, host: str, path: str) -> tuple[int, str, dict[str, str]]:
        if path == "/robots.txt":
            return 404, "none", {}
        self.asked.append(host + path)
        if host == "shut.test":
            return 429, "no", {"Retry-After": "3000"}
        if path == "/list":
            links = "".join(
                f'<div class="a"><a href="/news/{n}">News {n}</a></div>' for n in range(self.articles)
            )
            return (404, "gone", {}) if self.mood == "no list" else (200, links, {})
        if path.startswith("/news/") and self.mood == "elsewhere":
            return 302, "", {"Location": f"http://shut.test:{self.port}{path}"}
        if path.startswith("/news/") and self.mood == "maintenance":
            return 302, "", {"Location": "/maintenance"}
        number = 99 if path == "/maintenance" else int(path.rpartition("/")[2])
        lead = "" if path == "/maintenance" else "The ministers met on Tuesday. "
        body = f"<h1>Day {number}</h1><p>{lead}{prose(number)}</p>"
        stated = '<meta property="article:published_time" content="2024-12-03T10:00:00Z">'
        return 200, f"<html><head>{stated}</head><body><article>{body}</article></body></html>", {}


@pytest.fixture
def moody() -> Iterator[Moody]:
    site = Moody()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, body, headers = site.answer(self.headers["Host"].partition(":")[0], self.path)
            self.send_response(status)
            for name, value in {
                "Content-Type": "text/html",
                "Content-Length": str(len(body)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()


def _event(
    site: Moody, key: str = "main", item: str = "div.a", first: str = "2024-12-01", more: str = ""
) -> str:
    more = more.replace("{port}", str(site.port))
    return EVENT.format(key=key, item=item, first=first, port=site.port, more=more)


def _states(desk: Desk) -> dict[str, tuple[str, str]]:
    rows = desk.rows(
        "select address, state, key from frontier join source on source.id = source_id where is_article"
    )
    return {row.address.rpartition("/")[2]: (row.state, row.key) for row in rows}


def test_a_site_in_maintenance_costs_no_article(new_desk: NewDesk, moody: Moody) -> None:
    desk = new_desk()
    event = desk.event(_event(moody))
    desk.crawl(event)
    moody.mood = "maintenance"
    desk.crawl(event, "--revisit")
    assert set(_states(desk).values()) == {("kept", "main")}
    assert {row.reason for row in desk.ledger().values() if row.outcome == "rejected"} == {"off-topic"}
    assert desk.rows("select count(*), max(number) from version") == [(3, 1)]
    moody.mood = ""
    desk.crawl(event, "--revisit")
    assert {row.outcome for row in desk.ledger().values()} <= {"unchanged", "read"}


def test_a_corrected_event_file_reads_known_pages_as_it_says(new_desk: NewDesk, moody: Moody) -> None:
    desk = new_desk()
    desk.crawl(desk.event(_event(moody, item="div.wrong")), code=2)
    desk.crawl(desk.event(_event(moody)))
    assert set(_states(desk).values()) == {("kept", "main")}


@pytest.mark.thorough
def test_a_source_may_get_another_key(new_desk: NewDesk, moody: Moody) -> None:
    desk = new_desk()
    desk.crawl(desk.event(_event(moody, key="old")), "--limit", "1")
    desk.crawl(desk.event(_event(moody, key="new")))
    assert set(_states(desk).values()) == {("kept", "new")}


def test_what_was_kept_stays_when_the_window_is_narrowed(new_desk: NewDesk, moody: Moody) -> None:
    desk = new_desk()
    desk.crawl(desk.event(_event(moody)))
    desk.crawl(desk.event(_event(moody, first="2024-12-05")), "--revisit")
    assert set(_states(desk).values()) == {("kept", "main")}


@pytest.mark.thorough
def test_a_list_that_is_gone_is_a_failure(new_desk: NewDesk, moody: Moody) -> None:
    desk = new_desk()
    event = desk.event(_event(moody))
    desk.crawl(event)
    moody.mood = "no list"
    desk.crawl(event, "--revisit", code=2)
    [row] = desk.rows("select failure from source_visit")
    assert "404" in row.failure


@pytest.mark.thorough
def test_addresses_that_lead_to_a_blocked_host_are_asked_once(new_desk: NewDesk, moody: Moody) -> None:
    desk = new_desk()
    moody.articles, moody.mood = 150, "elsewhere"
    desk.crawl(desk.event(_event(moody, more=SHUT)), code=2)
    asked = [one for one in moody.asked if one.startswith("main.test/news/")]
    assert len(asked) == len(set(asked))
    [row] = desk.rows("select blocks, blocked_until > now() as held from host where name = 'shut.test'")
    assert (row.blocks, row.held) == (1, True)
