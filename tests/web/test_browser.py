"""The reading room in Chromium, on what a crawl of the local site brought: opened, clicked through, checked with axe."""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

from pipeline.settings import CHECKOUT
from tests.builders import take_in
from tests.crawl.end_to_end.conftest import new_desk, site  # noqa: F401 - fixtures
from tests.crawl.end_to_end.harness import NEWSFOLD, SITE_EVENT, Desk
from tests.web.conftest import HOSTILE, HOSTILE_ADDRESS, page

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

SCREENSHOTS = CHECKOUT / "docs" / "screenshots"
_AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# Both palettes are checked where they have the most colours; to look for faults takes a second a page.
_IN_LIGHT = ("front", "story", "compare", "search")


def faults(tab: Page) -> list[tuple[str, list[str]]]:
    """Return which rules of accessibility a page breaks, and where first."""
    found = Axe().run(tab, context={"exclude": [["iframe"]]}, options=_AXE).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]


@dataclass
class Room:
    """A reading room that is open, and what browsers complained of in it."""

    address: str
    desk: Desk
    complaints: list[str] = field(default_factory=list)

    def open(
        self, browser: Browser, path: str, *, dark: bool = False, width: int = 1280, height: int = 900
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            base_url=self.address,
        )
        tab = context.new_page()

        def complain(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                self.complaints.append(f"{tab.url}: {message.text}")

        tab.on("console", complain)
        tab.on("pageerror", lambda error: self.complaints.append(f"{tab.url}: {error}"))
        tab.on("request", lambda request: self._watch(request.url))
        tab.goto(path)
        return tab

    def _watch(self, url: str) -> None:
        if not url.startswith((self.address, "data:")):
            self.complaints.append(f"asked for {url}")

    def story(self) -> str:
        """The content hash that the story of the widest reach with a cut copy is led by."""
        rows = self.desk.rows(
            "select content_hash from document join story on lead_id = document.id join relation on longer_id = lead_id"
            " and kind = 'contains' join story_document as place on place.document_id = shorter_id"
            " and place.story_id = story.id order by content_hash limit 1"
        )
        return rows[0].content_hash

    def residue(self) -> str:
        """The content hash of the text of which most lines were removed."""
        rows = self.desk.rows(
            "select content_hash from document join version on version.document_id = document.id"
            " join removed_line on version_id = version.id group by 1 order by count(*) desc, 1 limit 1"
        )
        return rows[0].content_hash


@pytest.fixture(scope="module")
def room(browser: Browser, new_desk, site) -> Iterator[Room]:  # noqa: F811
    desk = new_desk()
    event = desk.event(SITE_EVENT)
    desk.crawl(event)
    take_in(desk.engine, desk.home / "archive", page(HOSTILE_ADDRESS, HOSTILE))
    begun = desk.begin("serve", "--port", "0", "--event", str(event))
    try:
        yield Room(_address_of(begun), desk)
    finally:
        begun.terminate()
        begun.process.wait(20)


def _address_of(begun) -> str:
    for _ in range(300):
        said = re.search(r"http://127\.0\.0\.1:\d+", begun._stdout.read_text())
        if said:
            return said[0]
        if not begun.is_running:
            pytest.fail(f"newsfold serve ended: {begun.said()}")
        try:
            begun.process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
    pytest.fail("newsfold serve did not open within 30 s")


def paths(room: Room) -> dict[str, str]:
    lead = room.story()
    [copy] = room.desk.rows(
        "select content_hash from document join relation on shorter_id = id and kind = 'contains'"
        " where longer_id = (select id from document where content_hash = :lead) order by 1 limit 1", lead=lead,
    )  # fmt: skip
    [original] = room.desk.rows(
        "select encode(sha256, 'hex') as sha256 from capture where address = :address",
        address=HOSTILE_ADDRESS,
    )
    [sentence] = room.desk.rows(
        "select sentence_id as id from carrier group by 1 order by count(*) desc, 1 limit 1"
    )
    return {
        "front": "/",
        "stories": "/stories",
        "story": f"/story/{lead}",
        "document": f"/document/{lead}?residue=1",
        "compare": f"/compare/{lead}/{copy.content_hash}",
        "sources": "/sources",
        "source": "/source/syndicator",
        "search": "/search?q=minister",
        "quotes": f"/quotes?story={lead}",
        "quote": f"/quote/q{sentence.id}",
        "runs": "/runs",
        "run": "/run/1",
        "original": f"/original/{original.sha256}",
        "fault": "/search?since=soon",
    }


def test_each_page_is_quiet_accessible_and_no_wider_than_its_window(room: Room, browser: Browser) -> None:
    before = len(room.complaints)
    for name, path in paths(room).items():
        for dark, width in ((False, 1280), (True, 390)):
            tab = room.open(browser, path, dark=dark, width=width)
            assert tab.locator("h1").count() == 1, path
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
            if not dark and name not in _IN_LIGHT:
                tab.context.close()
                continue
            assert faults(tab) == [], (path, dark)
            tab.context.close()
        if name == "fault":  # Chromium names every status of 400 and above in the console.
            room.complaints[before:] = [
                line for line in room.complaints[before:] if "status of 400" not in line
            ]
    assert room.complaints[before:] == []


def test_the_check_for_accessibility_finds_a_page_that_is_spoilt(room: Room, browser: Browser) -> None:
    tab = room.open(browser, "/sources")
    tab.evaluate(
        """() => {
            document.querySelector("h1").style.color = "#ccc";
            document.querySelector("label[for=q]").remove();
            document.querySelector("#q").removeAttribute("placeholder");
        }"""
    )
    assert sorted(rule for rule, _ in faults(tab)) == ["color-contrast", "label"]
    tab.context.close()


def test_a_reader_goes_from_the_front_page_to_two_texts_beside_each_other(
    room: Room, browser: Browser
) -> None:
    tab = room.open(browser, "/stories")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    assert tab.url.endswith("#main")
    tab.goto(f"/story/{room.story()}")
    assert tab.locator("svg.axis .mark").count() >= 2
    tab.get_by_role("link", name="Beside the lead").first.click()
    assert tab.locator("td .p").count() > 2
    number = tab.locator("a.num").first
    target = number.get_attribute("href")
    number.click()
    assert tab.url.endswith(target)
    tab.locator(".pair .head a").last.click()
    gone = tab.locator(".gone")
    if gone.count():
        assert not gone.first.is_visible()
        tab.get_by_label("Show what was removed, faded").check()
        assert gone.first.is_visible()
    tab.locator("#q").fill("minister")
    tab.locator("#q").press("Enter")
    assert tab.locator(".hits mark").count() > 0
    tab.locator(".hits .head a").first.click()
    assert "/document/" in tab.url
    tab.context.close()


def test_a_hostile_page_runs_nothing_even_in_a_tab_of_its_own(room: Room, browser: Browser) -> None:
    before = len(room.complaints)
    path = paths(room)["original"]
    tab = room.open(browser, path)
    tab.on("dialog", lambda dialog: room.complaints.append(f"dialog: {dialog.message}"))
    frame = tab.frames[1]
    assert "kept" in frame.locator("body").inner_text()
    frame.add_script_tag(content="window.owned = 1")  # a script within, which the sandbox must stop
    assert frame.evaluate("window.owned") is None
    tab.goto(f"{path}/frame")
    tab.wait_for_timeout(300)
    assert tab.title() != "owned"
    assert tab.url.endswith("/frame")
    assert tab.evaluate("window.origin") == "null"
    complaints = [line for line in room.complaints[before:] if "Blocked script execution" not in line]
    assert complaints == []
    tab.context.close()


def test_the_report_is_one_accessible_file_that_asks_for_nothing(
    room: Room, browser: Browser, tmp_path: Path
) -> None:
    out = tmp_path / "report.html"
    event = room.desk.event(SITE_EVENT)
    environment = {
        **os.environ,
        "NEWSFOLD_HOME": str(room.desk.home),
        "DATABASE_URL": room.desk.database_url or "",
    }
    subprocess.run(
        [NEWSFOLD, "report", "--out", out, "--event", event], env=environment, check=True, timeout=60
    )
    asked: list[str] = []
    tab = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(out.as_uri())
    assert asked == [out.as_uri()]
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    tab.locator("summary").last.click()
    assert tab.locator("svg").count() >= 2
    assert faults(tab) == []
    tab.context.close()


@pytest.mark.skipif(
    "NEWSFOLD_SCREENSHOTS" not in os.environ,
    reason="NEWSFOLD_SCREENSHOTS=1 takes the README's screenshots anew",
)
def test_screenshots_are_taken(room: Room, browser: Browser) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    wanted = paths(room)
    wanted["document"] = f"/document/{room.residue()}?residue=1"
    [near] = room.desk.rows(
        "select longer.content_hash as one, shorter.content_hash as other from relation"
        " join document as longer on longer.id = longer_id join document as shorter on shorter.id = shorter_id"
        " where kind = 'near' order by relation.unquoted, 1 limit 1"
    )
    wanted["compare"] = f"/compare/{near.one}/{near.other}"
    names = set()
    for name, page_name, dark, width, height in (
        ("front", "front", False, 1280, 844),
        ("front-phone", "front", True, 390, 844),
        ("story", "story", False, 1280, 844),
        ("story-phone", "story", False, 390, 844),
        ("compare", "compare", True, 1280, 600),
        ("document", "document", False, 1120, 600),
        ("quotes", "quote", False, 1120, 760),
        ("search", "search", True, 1120, 620),
    ):
        tab = room.open(browser, wanted[page_name], dark=dark, width=width, height=height)
        tab.screenshot(path=SCREENSHOTS / f"{name}.png")
        tab.context.close()
        names.add(f"{name}.png")
        assert (SCREENSHOTS / f"{name}.png").stat().st_size < 150_000, name
    assert {path.name for path in SCREENSHOTS.glob("*.png")} == names
