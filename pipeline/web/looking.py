"""What a search page was asked, read from its address, and what the search found."""

from datetime import date
from typing import Any

from pipeline.errors import NotFound
from pipeline.store.naming import name_documents
from pipeline.store.searching import KINDS, search
from pipeline.store.sourcepage import list_outlets
from pipeline.web.answering import Asked, BadRequest, Paging, Room
from pipeline.web.rendering import LONGEST, cut

Row = dict[str, Any]

HITS = 20


def look_for(room: Room, asked: Asked) -> Row:
    """Return what a question finds, with the filters that were read and the sources to choose of.

    Raises:
        BadRequest: a filter is not what it must be.
        Refuse: the question is longer than any.
    """
    question = asked.get("q").replace("\0", "")
    filters = _filters(asked)
    number = asked.page()
    found: Row = {"hits": [], "found": 0, "more": False, "note": None}
    if question:
        try:
            found = search(
                room.engine,
                question,
                sources=[filters["source"]] if filters["source"] else (),
                since=_day(filters["since"]),
                until=_day(filters["until"]),
                kinds=[filters["kind"]] if filters["kind"] else (),
                language=filters["language"] or None,
                every=filters["all"],
                limit=HITS,
                offset=(number - 1) * HITS,
            )
        except NotFound as error:
            found["note"] = str(error)
    names = name_documents(room.engine, [hit["content_hash"] for hit in found["hits"] if not hit["title"]])
    for hit in found["hits"]:
        hit["marked_title"], hit["snippet"] = _begin(hit["marked_title"]), _begin(hit["snippet"])
        hit["opening"] = names[hit["content_hash"]]["opening"] if hit["content_hash"] in names else None
    return {
        "question": question,
        "filters": filters,
        "hits": found["hits"],
        "found": found["found"],
        "more": found["more"],
        "note": found["note"],
        "paging": Paging(number, HITS, found["found"]).as_row(found["hits"] if question else (1,)),
        "sources": [{"key": row["key"], "name": row["name"]} for row in list_outlets(room.engine)],
    }


def _begin(parts: list[Row]) -> list[Row]:
    """Return the parts of a marked text up to as many characters as a page shows of one line."""
    begun, left = [], LONGEST
    for part in parts:
        begun.append({**part, "text": cut(part["text"], left)})
        left -= len(part["text"])
        if left <= 0:
            break
    if len(begun) < len(parts) and begun[-1]["text"][-1:] != "…":
        begun.append({"text": " …", "hit": False})
    return begun


def _filters(asked: Asked) -> Row:
    kind, language = asked.get("kind"), asked.get("language")
    if kind and kind not in KINDS:
        raise BadRequest(f"{kind[:40]!r} is no kind of publication; those are {', '.join(KINDS)}.")
    if len(language) > 12:
        raise BadRequest("A language is given by its code, such as en or de.")
    for name in ("since", "until"):
        _day(asked.get(name))
    return {
        "source": asked.get("source")[:100].replace("\0", ""),
        "since": asked.get("since"),
        "until": asked.get("until"),
        "kind": kind,
        "language": language.replace("\0", ""),
        "all": asked.get("all") == "1",
    }


def _day(stated: str) -> date | None:
    if not stated:
        return None
    try:
        return date.fromisoformat(stated)
    except ValueError:
        raise BadRequest(f"{stated[:20]!r} is no day; write it like 2024-12-04.") from None
