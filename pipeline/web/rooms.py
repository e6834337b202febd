"""The pages about texts: the front page, stories, a story, a document, two documents beside each other."""

from collections import Counter
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine

from pipeline.errors import NotFound
from pipeline.store import comparing, queries, shelf, storypage
from pipeline.store.naming import name_documents
from pipeline.store.originals import list_originals
from pipeline.store.reader import milliseconds
from pipeline.store.reading import reading_engine
from pipeline.store.showing import show_document
from pipeline.web.answering import Asked, BadRequest, Page, Paging, Room
from pipeline.web.aside import SECONDS, TooLong, aside
from pipeline.web.quotes import widest
from pipeline.web.rendering import named
from pipeline.web.timeline import coverage

Row = dict[str, Any]

LEADING = 9
STORIES = 24
PRINTED = 20
COPIES = 20
LINES = 600
RELATED = 50
MOST_WORDS = 60_000
"""Two texts longer than this together are not compared while somebody waits."""


def front(room: Room, _asked: Asked) -> Page:
    """The event: what there is, when it was printed, and the stories that most outlets printed."""
    total, leading = shelf.page_stories(room.engine, limit=LEADING)
    # They come by outlets: where some have several, those of one outlet are no news beside them.
    stories = [story for story in leading if story["outlets"] > 1] or leading
    facts = {
        "event": room.event,
        "totals": shelf.count_all(room.engine),
        "timeline": coverage(room.engine),
        "stories": stories,
        "more": total - len(stories),
        "quotes": widest(room),
    }
    return Page("front.html", room.event, facts, rows=[_story_row(story) for story in stories])


def stories(room: Room, asked: Asked) -> Page:
    """All stories by reach."""
    number = asked.page()
    at_least = 2 if asked.get("shared") == "1" else 0
    total, rows = shelf.page_stories(
        room.engine, offset=(number - 1) * STORIES, limit=STORIES, outlets=at_least
    )
    facts = {"stories": rows, "shared": bool(at_least), "paging": Paging(number, STORIES, total).as_row(rows)}
    return Page("stories.html", "Stories", facts, rows=[_story_row(row) for row in rows])


def story(room: Room, asked: Asked) -> Page:
    """One story: who carried it when, and what each copy took of it."""
    number = asked.page()
    found = storypage.show_story(room.engine, asked.words["word"], limit=COPIES, offset=(number - 1) * COPIES)
    total = (number - 1) * COPIES + len(found["copies_in_full"]) + found["more"]
    give_openings(room, found)
    publications = shelf.publications_of(room.engine, found)
    facts = {
        "story": found,
        "publications": publications,
        "quotes": widest(room, story=f"story:{found['id']}"),
        "paging": Paging(number, COPIES, total).as_row(found["copies_in_full"]),
    }
    return Page(
        "story.html", named(found["lead"]["title"], found["lead"]["opening"]), facts, rows=publications
    )


def document(room: Room, asked: Asked) -> Page:
    """One document: its text, what was removed around it, where each fact comes from, what it is related to."""
    found = show_document(room.engine, asked.words["word"])
    shown = _shown(found["articles"], asked.get("article"))
    lines = _lines(found["text"], shown)
    residue = asked.get("residue") == "1"
    number = asked.page()
    paging = Paging(number, LINES, len(lines))
    related = queries.list_relations(room.engine, found["content_hash"])[:RELATED]
    for one in related:
        one["other"] = one["longer"] if one["shorter"] == found["content_hash"] else one["shorter"]
    names = name_documents(room.engine, {one["other"] for one in related})
    for one in related:
        one["named"] = names.get(one["other"], {"title": None, "opening": None, "outlet": None})
    history = comparing.list_versions(room.engine, found["content_hash"])
    addresses = Counter(version["address"] for version in history)
    printed_pages = Paging(asked.page("articles"), PRINTED, len(found["articles"]))
    printed = found["articles"][printed_pages.offset :][:PRINTED]
    titles = [article["title"]["value"] for article in found["articles"] if article["title"]]
    title = named(titles[0] if titles else None, found["opening"])
    facts = {
        "document": found,
        "lines": lines[paging.offset : paging.offset + LINES],
        "has_residue": any(line["rule"] for line in lines),
        "residue": residue,
        "shown": shown["address"] if shown else None,
        "printed": printed,
        "printed_pages": printed_pages.as_row(printed),
        "history": [version for version in history if addresses[version["address"]] > 1],
        "originals": list_originals(room.engine, found["content_hash"]),
        "related": related,
        "paging": paging.as_row(lines[paging.offset : paging.offset + LINES]),
    }
    return Page("document.html", title, facts, rows=lines)


def compare(room: Room, asked: Asked) -> Page:
    """Two documents beside each other, with what they share, in place or moved, and what is quotation.

    Raises:
        BadRequest: they are too long for that, or have too much in common.
    """
    hashes = [shelf.full_hash(room.engine, asked.words[name]) for name in ("one", "other")]
    words = shelf.count_words(room.engine, hashes)
    if words > MOST_WORDS:
        raise BadRequest(
            f"These two texts have {words:,} words, and the page compares no more than {MOST_WORDS:,}. "
            f"On the command line any two can be: newsfold diff {hashes[0]} {hashes[1]}"
        )
    try:
        # Texts of few different words have so many passages in common that a few seconds become minutes.
        found = aside(_compared, room.engine.url.render_as_string(hide_password=False), *hashes)
    except TooLong:
        raise BadRequest(
            "These two texts have so many passages in common that comparing them takes longer than a page may take. "
            f"The command line waits: newsfold diff {hashes[0]} {hashes[1]}"
        ) from None
    mark_firsts(found["rows"])
    only_shared = asked.get("shared") == "1"
    kept, gaps = _sharing(found["rows"])
    unshared = len(found["rows"]) - len(kept)
    if not only_shared:
        kept, gaps = found["rows"], []
    paging = Paging(asked.page(), LINES, len(kept))
    rows = kept[paging.offset : paging.offset + LINES]
    facts = {
        **found,
        "rows": rows,
        "only_shared": only_shared,
        "unshared": unshared,
        "unshared_after": unshared - sum(gaps) if only_shared and paging.number == paging.pages else 0,
        "gaps": gaps[paging.offset : paging.offset + LINES],
        "paging": paging.as_row(rows),
    }
    return Page("compare.html", "Side by side", facts, rows=found["passages"])


def _compared(database: str, one: str, other: str) -> Row:
    return comparing.compare_documents(_engine(database), one, other)


@lru_cache(maxsize=2)
def _engine(database: str) -> Engine:
    """Return the engine that a process to the side keeps; the server ends what is asked after the process was killed."""
    return reading_engine(database, milliseconds(SECONDS))


def _sharing(rows: list[list[list[Row] | None]]) -> tuple[list[list[list[Row] | None]], list[int]]:
    """Return the rows with a shared passage on either side, and before each how many without one were left out."""
    kept, gaps, waiting = [], [], 0
    for row in rows:
        if any(part["passage"] for side in row for part in side or ()):
            kept.append(row)
            gaps.append(waiting)
            waiting = 0
        else:
            waiting += 1
    return kept, gaps


def mark_firsts(rows: list[list[list[Row] | None]]) -> None:
    """Mark, on either side, the first segment of each shared passage: there its number stands, and links lead there."""
    for side in (0, 1):
        seen: set[int | None] = {None}
        for row in rows:
            for part in row[side] or ():
                part["first"] = part["passage"] not in seen
                seen.add(part["passage"])


def give_openings(room: Room, story: Row) -> None:
    """Give the copies, round-ups and earlier texts of a story their `opening`, to be named by where they have no title."""
    rows = [*story["copies_in_full"], *story["digests_in_full"], *story["revisions"]]
    names = name_documents(room.engine, {row["content_hash"] for row in rows if not row["title"]})
    for row in rows:
        row["opening"] = names[row["content_hash"]]["opening"] if row["content_hash"] in names else None


def _shown(articles: list[Row], address: str) -> Row | None:
    """Return the article whose removed lines are shown among the text's: the one that is named, else one that has some.

    Raises:
        NotFound: none of them has this address.
    """
    if address:
        for article in articles:
            if article["address"] == address:
                return article
        raise NotFound(f"No article with the address {address[:200]} prints this text now.")
    placed = [article for article in articles if article["lines"]]
    return next((article for article in placed if article["removed"]), placed[0] if placed else None)


def _lines(text: str, article: Row | None) -> list[Row]:
    """Return a document's lines, with those that were removed from an article in their places."""
    if article is not None and article["lines"]:
        return list(article["lines"])
    return [{"line": number, "text": line, "rule": None} for number, line in enumerate(text.split("\n"), 1)]


def _story_row(row: Row) -> Row:
    """Return a story as a row of a spreadsheet."""
    lead = row["lead"]
    return {
        "lead": lead["content_hash"],
        "title": lead["title"],
        "outlet": lead["outlet"],
        "address": lead["address"],
        "published_on": lead["published"]["on"] if lead["published"] else None,
        "published_at": lead["published"]["at"] if lead["published"] else None,
        "outlets": row["outlets"],
        "outlet_names": "; ".join(row["outlet_names"]),
        "copies": row["copies"],
        **row["kinds"],
        "digests": row["digests"],
        "first_seen_on": row["first_seen"]["on"],
        "last_seen_on": row["last_seen"]["on"],
        "seen_as": row["seen_as"],
    }
