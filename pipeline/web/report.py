"""The report: front page, timeline, stories and comparisons as one file that needs nothing outside itself."""

from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from pipeline.store import comparing, shelf, storypage
from pipeline.web.answering import Room, printable
from pipeline.web.quotes import widest
from pipeline.web.rendering import environment, stylesheet
from pipeline.web.rooms import COPIES, LINES, MOST_WORDS, give_openings, mark_firsts
from pipeline.web.timeline import coverage

Row = dict[str, Any]

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""The Content-Security-Policy that the file carries: it runs nothing and asks for nothing, wherever it is opened."""

SENTENCES = 6
_BESIDE = 2  # copies of each story that are set beside its lead


def make_report(room: Room, *, stories: int = 20, now: datetime | None = None) -> str:
    """Return the report as HTML: the `stories` of the widest reach in full, the rest as a number.

    Of each story the copies that differ most from its lead are set beside it, where the two are short enough.
    """
    total, ranked = shelf.page_stories(room.engine, limit=stories)
    return printable(
        environment()
        .get_template("report.html")
        .render(
            room=room,
            totals=shelf.count_all(room.engine),
            timeline=coverage(room.engine),
            quotes=widest(room, most=SENTENCES),
            stories=[_in_full(room, story) for story in ranked],
            more=total - len(ranked),
            css=Markup(stylesheet()),  # noqa: S704 - our own file
            policy=POLICY,
            made_at=(now or datetime.now(UTC)).isoformat(),
        )
    )


def _in_full(room: Room, ranked: Row) -> Row:
    # The hash would do, unless another story's number looks like one.
    story = storypage.show_story(room.engine, f"story:{ranked['id']}", limit=COPIES)
    give_openings(room, story)
    lead = story["lead"]["content_hash"]
    differing = {
        copy["content_hash"]: copy for copy in story["copies_in_full"] if copy["content_hash"] != lead
    }
    chosen = sorted(
        differing.values(), key=lambda copy: (copy["taken"] + copy["of_lead"], copy["content_hash"])
    )
    compared = [_beside(room, lead, copy["content_hash"]) for copy in chosen[:_BESIDE]]
    return {
        **story,
        "publications": shelf.publications_of(room.engine, story),
        "compared": [found for found in compared if found is not None],
    }


def _beside(room: Room, lead: str, copy: str) -> Row | None:
    if shelf.count_words(room.engine, [lead, copy]) > MOST_WORDS:
        return None
    found = comparing.compare_documents(room.engine, lead, copy)
    mark_firsts(found["rows"])
    return {**found, "left_out": max(0, len(found["rows"]) - LINES), "rows": found["rows"][:LINES]}
