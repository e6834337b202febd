"""What `newsfold show` reads back: every field with its origin, and the removed lines in their places."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import Engine

from pipeline.items import Capture
from pipeline.printing.console import document_page
from pipeline.settings import Settings
from pipeline.store.ingest import Arrival
from pipeline.store.queries import list_documents
from pipeline.store.showing import show_document
from tests.builders import take_in
from tests.clean.test_extract import ARTICLE, PARAGRAPHS, linked, page

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

HEAD = linked(
    {
        **ARTICLE,
        "author": {"@type": "Person", "name": "Ann Lee"},
        "publisher": {"@type": "Organization", "name": "Harbour Post"},
        "articleSection": "World",
        "isAccessibleForFree": False,
        "description": "What the nine states have promised each other, and what the ferries will get of it.",
        "image": {"url": "/ferry.jpg", "caption": "A ferry"},
    }
)
BODY = "<h1>Nine states agree on the ferries</h1><p>Advertisement</p><h2>What was said</h2>"


@pytest.fixture
def row(engine: Engine, settings: Settings):
    address = "https://harbour.example/2025/03/11/ferries"
    capture = Capture(
        address, page(HEAD, BODY), "text/html", datetime(2025, 4, 1, tzinfo=UTC), timezone="Europe/Kyiv"
    )
    take_in(engine, Path(settings.archive), Arrival(address, capture))
    [document] = list_documents(engine)
    return show_document(engine, document["content_hash"])


def test_every_field_is_read_back_with_its_origin(row):
    [article] = row["articles"]
    assert article["authors"] == [{"name": "Ann Lee", "kind": "person", "origin": "json-ld"}]
    assert article["publisher"] == {"value": "Harbour Post", "origin": "json-ld"}
    assert article["section"] == {"value": "World", "origin": "json-ld"}
    assert article["standfirst"]["origin"] == "json-ld"
    assert article["flags"] == [{"name": "paywall", "origin": "json-ld"}]
    assert article["picture"] == {
        "address": "https://harbour.example/ferry.jpg",
        "caption": "A ferry",
        "origin": "json-ld",
    }
    assert article["languages"] == {"declared": {"value": "en", "origin": "html-lang"}, "detected": "en"}
    assert article["published"]["reason"] == "the page's JSON-LD states it; address agrees on the day"
    assert article["published"]["is_guess"] is False
    assert article["modified"]["on"] == "2025-03-12"
    assert [(date["origin"], date["precision"], date["is_guess"]) for date in article["dates"]] == [
        ("json-ld", "zone", False),
        ("json-ld", "day", False),
        ("address", "day", True),
    ]
    assert article["markdown"].startswith("## What was said\n\n")


def test_kept_and_removed_lines_stand_in_their_places(row):
    [article] = row["articles"]
    kept = [line["text"] for line in article["lines"] if line["rule"] is None]
    assert kept == row["text"].split("\n") == ["What was said", *PARAGRAPHS]
    gone = [line for line in article["lines"] if line["rule"]]
    assert [line["text"] for line in gone] == [line["text"] for line in article["removed"]]
    assert [line["line"] for line in article["lines"]] == sorted(line["line"] for line in article["lines"])


def test_a_page_of_it_shows_the_residue_faded(row):
    console = Console(width=200, record=True, file=StringIO())
    console.print(document_page(row, residue=True))
    shown = console.export_text(styles=True)
    assert "removed lines faded" in shown
    for line in row["articles"][0]["removed"]:
        assert f"\x1b[2;9m{line['text'][:20]}" in shown
    assert "Ann Lee (json-ld)" in shown
    assert "the page's JSON-LD states it" in shown
