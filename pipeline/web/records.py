"""The pages about the work: sources and their health, runs and their ledgers, archived originals, search."""

from typing import Any

from pipeline.errors import NotFound
from pipeline.store import history, shelf, sourcepage
from pipeline.store.originals import read_original
from pipeline.web.answering import Asked, BadRequest, Page, Paging, Room
from pipeline.web.looking import look_for

Row = dict[str, Any]

RUNS = 25
LEDGER = 200
ARTICLES = 50


def sources(room: Room, _asked: Asked) -> Page:
    """All sources."""
    rows = sourcepage.list_outlets(room.engine)
    return Page("sources.html", "Sources", {"sources": rows}, rows=rows)


def source(room: Room, asked: Asked) -> Page:
    """One source: its health, its articles, what is removed of its pages and why."""
    number = asked.page()
    found = sourcepage.show_source(room.engine, asked.words["word"].replace("\0", "\ufffd"))
    total, articles = shelf.page_articles(
        room.engine, found["key"], offset=(number - 1) * ARTICLES, limit=ARTICLES
    )
    facts = {
        "source": found,
        "articles": articles,
        "paging": Paging(number, ARTICLES, total).as_row(articles),
    }
    return Page("source.html", found["name"], facts, rows=articles)


def runs(room: Room, asked: Asked) -> Page:
    """The runs, the newest first."""
    number = asked.page()
    rows = history.list_runs(room.engine, limit=RUNS + 1, offset=(number - 1) * RUNS)
    # Runs are not counted: whether there are more is all that the page needs.
    total = (number - 1) * RUNS + len(rows)
    facts = {"runs": rows[:RUNS], "paging": Paging(number, RUNS, total).as_row(rows)}
    return Page("runs.html", "Runs", facts, rows=rows[:RUNS])


def run(room: Room, asked: Asked) -> Page:
    """One run's ledger: what became of each address.

    Raises:
        NotFound: there is no such run.
        BadRequest: the ledger knows no such outcome.
    """
    word, outcome, number = asked.words["word"], asked.get("outcome"), asked.page()
    if not (word.isascii() and word.isdigit() and len(word) <= 18):
        raise NotFound(f"{word!r} is no run: they are numbered. The page of the runs lists those there are.")
    if outcome and outcome not in history.OUTCOMES:
        raise BadRequest(
            f"A ledger knows no outcome {outcome[:40]!r}; it knows {', '.join(history.OUTCOMES)}."
        )
    found = history.show_run(
        room.engine,
        int(word),
        outcomes=[outcome] if outcome else (),
        limit=LEDGER,
        offset=(number - 1) * LEDGER,
    )
    documents = shelf.led_to(room.engine, int(word), [entry["address"] for entry in found["ledger"]])
    for entry in found["ledger"]:
        entry["content_hash"] = documents.get(entry["address"])
    total = found["outcomes"].get(outcome, 0) if outcome else sum(found["outcomes"].values())
    facts = {
        "run": found,
        "outcome": outcome,
        "paging": Paging(number, LEDGER, total).as_row(found["ledger"]),
    }
    return Page("run.html", f"Run {word}", facts, rows=found["ledger"])


def original(room: Room, asked: Asked) -> Page:
    """An archived page in its frame."""
    found = read_original(room.engine, room.archive, asked.words["word"])
    facts = {
        "sha256": asked.words["word"],
        "address": found.address,
        "captured_at": found.captured_at,
        "media_type": found.media_type,
        "bytes": len(found.body),
        "content_hash": found.content_hash,
        "as_text": asked.get("text") == "1",
    }
    return Page("original.html", "As it was archived", facts)


def search(room: Room, asked: Asked) -> Page:
    """What a question finds."""
    found = look_for(room, asked)
    question = found["question"]
    rows = [{name: value for name, value in hit.items() if name != "marked_title"} for hit in found["hits"]]
    for row in rows:
        row["snippet"] = "".join(part["text"] for part in row["snippet"])
    return Page("search.html", f"Search: {question}" if question else "Search", found, rows=rows)
