"""What crawls did, as tables: whatever the addresses, they fit the terminal."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from pipeline.printing.crawl_summary import next_sentences, summary_page
from pipeline.printing.crawl_tables import ledger_table, said_of, shortened
from pipeline.store.history import OUTCOMES

LONG = "http://monitor.test/wp-json/wp/v2/posts?" + "&".join(
    f"field{number}=value%20{number}" for number in range(60)
)


def _rendered(renderable: Any, width: int) -> str:
    console = Console(width=width, force_terminal=False)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get()


@given(st.text(min_size=1, max_size=300), st.integers(1, 200))
def test_an_address_is_cut_to_its_room_and_keeps_its_ends(address: str, room: int) -> None:
    cut = shortened(address, room)
    assert len(cut) <= max(room, 24)
    if len(address) <= room:
        assert cut == address
    begin, _, end = cut.partition("…") if cut != address else (address, "", "")
    assert address.startswith(begin)
    assert address.endswith(end)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (f"{LONG} is not there: its server answered 404.", "It is not there: its server answered 404."),
        (f"{LONG}: The page has no text.", "The page has no text."),
        ("Another crawl has it.", "Another crawl has it."),
        (None, ""),
    ],
)
def test_a_message_calls_its_own_address_it(message: str | None, said: str) -> None:
    assert said_of({"address": LONG, "message": message}, 40) == said


@pytest.mark.parametrize("width", [80, 100, 119, 120, 140, 200])
def test_a_ledger_takes_one_line_for_each_address_however_long(width: int) -> None:
    ledger = [
        {"address": LONG, "outcome": "read", "reason": None, "message": None},
        {
            "address": LONG + "&page=2",
            "outcome": "skipped",
            "reason": "before-window",
            "message": "It is old.",
        },
    ]
    run = {
        "run": 3,
        "kind": "crawl",
        "status": "finished",
        "outcomes": {"read": 1, "skipped": 1},
        "ledger": ledger,
    }
    lines = _rendered(ledger_table(run, width), width).splitlines()
    assert max(map(len, lines)) <= width
    assert sum("http://monitor.test/" in line for line in lines) == 2
    assert sum("page=2" in line for line in lines) == 1
    assert sum("value" in line for line in lines) == 2  # no address goes on in a second line
    assert any("before-window" in line for line in lines)


def test_a_ledger_says_how_much_of_it_is_shown() -> None:
    entry = {"address": "http://a.test/", "outcome": "left", "reason": "limit", "message": None}
    run = {
        "run": 1,
        "kind": "crawl",
        "status": "finished",
        "outcomes": {"new": 6, "left": 1},
        "ledger": [entry],
    }
    assert "1 of 7 addresses" in _rendered(ledger_table(run, 100), 100)


def _summary(**facts: Any) -> dict[str, Any]:
    row = {"found": 12345, "fetched": 12345, **dict.fromkeys(OUTCOMES, 12345), "failure": None}
    return {
        "run": 12,
        "event": "an-event",
        "status": "finished",
        "sources": [
            {**row, "source": f"a-source-with-a-long-key-{number}", "name": "A"} for number in range(3)
        ],
        "reasons": [],
        "busy": [],
        "fault": None,
        "due_now": 0,
        "next_due_at": None,
        **facts,
    }


@pytest.mark.parametrize("width", [80, 100, 120, 140])
def test_a_summary_of_large_figures_fits(width: int) -> None:
    failed = {"outcome": "failed", "reason": "gone", "addresses": 3, "example": f"{LONG} is not there."}
    shown = _rendered(summary_page(_summary(reasons=[failed]), width), width)
    assert max(map(len, shown.splitlines())) <= width
    for figure in ("12345", "37035", "a-source"):
        assert figure in shown
    assert "failed, gone: 3. http://monitor.test/" in shown


def test_what_comes_next_is_said() -> None:
    idle = _summary(sources=[], next_due_at="2026-11-22T12:34:58+00:00")
    assert next_sentences(idle) == [
        "Nothing was due. `--revisit` visits at once what is not due yet.",
        "The next address is due at 2026-11-22 12:34 UTC.",
        "`newsfold runs 12` shows what became of each address.",
    ]
    left = {
        "outcome": "left",
        "reason": "limit",
        "addresses": 7,
        "example": "No more than 5 were to be fetched.",
    }
    said = next_sentences(_summary(reasons=[left], busy=["agency", "wire"]))
    assert said[:3] == [
        "7 addresses are left for the next run:",
        "  7 limit: No more than 5 were to be fetched.",
        "Another crawl is at agency, wire; nothing was done there.",
    ]
