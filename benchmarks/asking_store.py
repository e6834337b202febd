"""A made-up store to ask of: outlets, stories and their copies, sentences that travel, in as many documents as are wanted."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, Engine, text

BEGIN = datetime(2024, 12, 1, tzinfo=UTC)
"""The first of the seven days of coverage."""

OUTLETS, WORDS = 300, 300

_DAYS = 7
_SENTENCES = 8  # of a story's lead, which each of its copies carries
_LANGUAGES = ("en",) * 17 + ("de", "fr", None)
# What texts about one event all have: a name in nine of ten, and a phrase in every second one.
_NAME, _PHRASE, _BODY = "Nato", "secretary general", "foreign ministers"


class Place(NamedTuple):
    """A document's place: its number, its story's and its lead's (all from 1), its role, and its article's number."""

    document: int
    story: int
    lead: int
    role: str
    article: int


def fill_store(engine: Engine, size: int) -> None:
    """Fill an empty database with made-up documents, all but the rows that triggers would have made of them.

    Words are drawn as languages use them: a few often, most seldom. A third of the documents are copies, in stories of
    up to sixty; one in twelve texts stands at two outlets word for word; one story in twenty had another text before.
    """
    draw = np.random.default_rng(7)
    places = list(_places(draw, size))
    articles = max(place.article for place in places)
    outlets = draw.integers(1, OUTLETS + 1, 2 * articles)
    minutes = draw.integers(0, _DAYS * 24 * 60, 2 * articles)
    with engine.begin() as connection:
        connection.execute(text("set local session_replication_role = replica"))
        connection.execute(
            text("""
                with used as (
                    insert into recipe (extractor, residue, canonical, fingerprint) values ('e', 'r', 'c', 'f')
                    returning id
                ) insert into run (kind, recipe_id) select 'seeds', id from used
            """)
        )
        connection.execute(
            text(
                "insert into source (key, name) select 's' || n, 'Outlet ' || n from generate_series(1, :n) n"
            ),
            {"n": OUTLETS},
        )
        _copy(
            connection,
            "document (sha256, content_hash, hash_origin, text, word_count, matched_as, language, relations_checked_at)",
            _documents(draw, places),
        )
        connection.execute(
            text(
                "insert into content_hash (hash, document_id, origin) select content_hash, id, 'computed' from document"
            )
        )
        again = [place for place in places if place.role != "revision" and place.document % 12 == 0]
        _copy(
            connection,
            "article (address, source_id)",
            (
                (f"https://outlet{outlets[n]}.example/{n}", int(outlets[n]))
                for n in range(1, articles + len(again) + 1)
            ),
        )
        _copy(
            connection,
            "version (article_id, number, document_id, capture_id, recipe_id, first_seen_at, title, title_origin,"
            " published_on, published_at, published_origin, published_is_guess)",
            _versions(places, again, articles, minutes),
        )
        _copy(connection, "story_document (story_id, document_id, role)", _roles(draw, places))
        connection.execute(
            text("""
                insert into story (lead_id, lead_reason)
                select document_id, 'it is the longest' from story_document where role = 'lead' order by story_id
            """)
        )
        _copy(
            connection,
            "relation (shorter_id, longer_id, kind, jaccard, containment, containment_longer, longest_run, unquoted,"
            " shared_shingles, sentences_at)",
            _relations(draw, places),
        )
        _sentences(connection, places)
        connection.execute(
            text(
                "insert into removed_line (version_id, line, rule, text) select id, 1, 'ad-marker', 'AD' from version"
            )
        )
        connection.execute(
            text("""
                insert into credit (version_id, name, origin)
                select id, 'Outlet ' || 1 + id % 300, 'credit-line' from version where id % 5 = 0
            """)
        )


def _copy(connection: Connection, into: str, rows: Iterable[tuple[Any, ...]]) -> None:
    cursor: Any = connection.connection.cursor()
    with cursor.copy(f"copy {into} from stdin") as copy:
        for row in rows:
            copy.write_row(row)


def _places(draw: np.random.Generator, size: int) -> Iterator[Place]:
    document = story = article = 0
    while document < size:
        story += 1
        lead = document + 1
        copies = min(int(draw.pareto(1.3)), 60)
        for copy in range(min(copies + 1, size - document)):
            document += 1
            article += 1
            yield Place(document, story, lead, "copy" if copy else "lead", article)
        if story % 20 == 0 and document < size:
            document += 1
            yield Place(document, story, lead, "revision", article - copies)


def _versions(
    places: list[Place], again: list[Place], articles: int, minutes: Any
) -> Iterator[tuple[Any, ...]]:
    revised = {place.article for place in places if place.role == "revision"}
    printed = [(place, place.article) for place in places]
    printed += [(place, articles + number) for number, place in enumerate(again, 1)]
    for place, article in printed:
        number = 2 if place.role != "revision" and article in revised else 1
        at = BEGIN + timedelta(minutes=int(minutes[article]))
        title = f"w{article % 30000} w{article % 7} of the day"
        stated = (at.date(), at, "json-ld", False) if article % 20 else (None, None, None, None)
        yield article, number, place.document, 1, 1, BEGIN, title, "json-ld", *stated


def _roles(draw: np.random.Generator, places: list[Place]) -> Iterator[tuple[Any, ...]]:
    for place in places:
        yield place.story, place.document, place.role
    # Round-ups, which have two earlier stories beside each other.
    leads = [place for place in places if place.role == "lead"]
    for place in leads[100::500]:
        for story in sorted(set(draw.integers(1, place.story, 2).tolist())):
            yield story, place.document, "digest"


def _relations(draw: np.random.Generator, places: list[Place]) -> Iterator[tuple[Any, ...]]:
    for place in places:
        if place.role == "copy":
            kind = "contains" if place.document % 4 == 0 else "near"
            if place.document % 31:  # the others are linked by way of another copy
                yield place.lead, place.document, kind, 0.8, 0.9, 0.9, 100, 0.9, 200, BEGIN
        elif place.role == "lead" and place.document > 1:
            other = int(draw.integers(1, place.document))
            yield other, place.document, "quotes", 0.1, 0.2, 0.2, 30, 0.1, 40, BEGIN


def _sentences(connection: Connection, places: list[Place]) -> None:
    leads = sorted({place.lead for place in places if place.role == "copy"})
    _copy(
        connection,
        "sentence (key, text, word_count)",
        ((lead * _SENTENCES + n, f"Sentence {n} of {lead}", 12) for lead in leads for n in range(_SENTENCES)),
    )
    connection.execute(
        text("""
            insert into carrier (sentence_id, document_id, start, length, word_count, is_quoted)
            select sentence.id, place.document_id, 10 * (sentence.key % :each), 60, 12, false
            from sentence
            join story on story.lead_id = sentence.key / :each
            join story_document as place on place.story_id = story.id and place.role in ('lead', 'copy')
        """),
        {"each": _SENTENCES},
    )


def _documents(draw: np.random.Generator, places: list[Place]) -> Iterator[tuple[Any, ...]]:
    for place in places:
        words = [f"w{word}" for word in np.minimum(draw.zipf(1.25, WORDS), 60_000)]
        if place.document % 10:
            words[20] = words[90] = _NAME
        if place.document % 2:
            words[40] = words[150] = words[220] = _PHRASE
        if place.document % 3:
            words[60] = _BODY
        words.append(f"n{place.document}")
        body = "".join(
            f"{word}.\n" if number % 40 == 39 else f"{word} " for number, word in enumerate(words)
        ).strip()
        digest = hashlib.sha256(body.encode()).digest()
        language = _LANGUAGES[place.lead % len(_LANGUAGES)]
        yield digest, digest.hex()[:16], "computed", body, len(body.split()), "w/f", language, BEGIN
