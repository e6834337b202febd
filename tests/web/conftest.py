"""A room whose database has copies, a text of two versions, and a hostile page; one for each module."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from starlette.testclient import TestClient

from pipeline.items import Capture, Declared, Source
from pipeline.settings import Settings
from pipeline.store.database import open_database
from pipeline.store.ingest import Arrival
from pipeline.store.reading import open_reading
from pipeline.web.answering import Room
from pipeline.web.app import make_app
from tests.builders import NOON, arrival, prose, take_in

ONE, TWO, THREE = prose(1, 90), prose(2, 60), prose(3, 60)
WIRE = Source(key="wire", name="The <b>Wire</b>", hosts=("a.test",), language="en")
HOSTILE_ADDRESS = "https://evil.test/page"
HOSTILE = f"""<!doctype html><html onload="fetch('/stolen')"><head><title>"><script>alert(1)</script></title>
<base href="https://evil.test/"><meta http-equiv="refresh" content="0;url=https://evil.test/gone">
<link rel="stylesheet" href="https://evil.test/a.css"><style>body{{background:url(https://evil.test/b.png)}}</style>
<script>document.title = "owned"; parent.postMessage("owned", "*")</script></head><body onclick="alert(1)">
<h1>Cables &lt;script&gt;alert(2)&lt;/script&gt; cut</h1>
<article>{"".join(f"<p>{line}</p>" for line in prose(9, 150).splitlines())}<p>Read also: The week in pictures</p></article>
<a href="javascript:alert(1)">run</a> <a href=" java&#10;script:alert(1)">run</a> <a href="https://ok.test/">go</a>
<form action="https://evil.test/take"><input name="a"><button formaction="javascript:alert(1)">send</button>kept</form>
<svg onload="alert(1)"><script>alert(1)</script><animate onbegin="alert(1)"></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;"></table></math>
<iframe srcdoc="<script>alert(1)</script>"></iframe><object data="x"></object><embed src="x">
<img src="https://evil.test/t.gif" onerror="alert(1)" srcset="https://evil.test/u.gif 2x" alt="pic">
<img src="data:image/png;base64,AAAA"><img src="data:image/svg+xml;base64,AAAA">
<p style="background:url(https://evil.test/c.png)">styled</p><template shadowrootmode="open"><script>1</script></template>
</body></html>"""

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")

TWINS = ("https://twin.test/1", "https://twin.test/2")
"""Two pages of one text, with another line to be removed in each."""


def page(address: str, markup: str) -> Arrival:
    """Return a web page on its way in."""
    capture = Capture(
        address=address, body=markup.encode(), media_type="text/html", captured_at=NOON, declared=Declared()
    )
    return Arrival(address, capture)


@pytest.fixture(scope="module")
def room(_databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room with something in it."""
    name, home = _databases.take(), tmp_path_factory.mktemp("home")
    settings = Settings(home, _databases.url(name))
    engine = open_database(settings)
    take_in(
        engine,
        settings.archive,
        arrival("https://a.test/1", f"{ONE}\n{TWO}", title='Cables "cut" & <i>mended</i>', source=WIRE),
        arrival("https://b.test/1", f"{TWO}\n{ONE}\nOur own line is this one here."),
        arrival("https://c.test/1", THREE, title="=HYPERLINK(1)"),
        page(HOSTILE_ADDRESS, HOSTILE),
        *(
            arrival(address, f"{prose(4, 80)}\nRead also: {what}")
            for address, what in zip(TWINS, ("One thing", "Another"), strict=True)
        ),
    )
    take_in(
        engine, settings.archive, arrival("https://c.test/1", f"{THREE}\nCorrected.", title="=HYPERLINK(1)")
    )
    engine.dispose()
    reading = open_reading(settings, seconds=5)
    yield Room(reading, settings.archive, "An event")
    reading.dispose()
    _databases.give_back(name)


@pytest.fixture(scope="module")
def client(room: Room) -> TestClient:
    """A browser of few words."""
    return TestClient(
        make_app(room, ["reading.example.org"]), base_url="http://localhost", raise_server_exceptions=False
    )


@pytest.fixture(scope="module")
def empty(_databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A browser in a room with nothing in it."""
    name, home = _databases.take(), tmp_path_factory.mktemp("home")
    reading = open_reading(Settings(home, _databases.url(name)), seconds=5)
    yield TestClient(make_app(Room(reading, home, "An event")), base_url="http://localhost")
    reading.dispose()
    _databases.give_back(name)


@pytest.fixture(scope="module")
def endless(_databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A browser in a room of two texts whose titles have no end."""
    name, home = _databases.take(), tmp_path_factory.mktemp("home")
    settings = Settings(home, _databases.url(name))
    engine = open_database(settings)
    long = Source(key="long", name="Long", hosts=("long.test",), language="en")
    title = "\x1b[2J" + "endless " * 12_500
    take_in(
        engine,
        settings.archive,
        arrival("https://long.test/1", f"{ONE}\n{TWO}", title=title, source=long),
        arrival(
            "https://long.test/2", f"{TWO}\n{ONE}\nOur own line is this one here.", title=title, source=long
        ),
    )
    engine.dispose()
    reading = open_reading(settings, seconds=5)
    yield TestClient(make_app(Room(reading, settings.archive, "An event")), base_url="http://localhost")
    reading.dispose()
    _databases.give_back(name)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    path = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if path is None:
        why = "there is no Chromium: apt install chromium, then python -m pytest tests/web"
        if os.environ.get("CI"):
            pytest.fail(f"CI must test the pages in a browser, and {why}")
        pytest.skip(why)
    with sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()
