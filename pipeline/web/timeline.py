"""The front page's timeline: the coverage counted over time, and its plot."""

from typing import Any

from markupsafe import Markup
from sqlalchemy import Engine

from pipeline.plots import COLOURS, timeline_svg
from pipeline.store.overtime import coverage_over_time

Row = dict[str, Any]


def coverage(engine: Engine) -> Row:
    """Return the coverage over time by outlet (the smaller ones together), its `svg`, and a sentence on what it lacks.

    The `svg` is empty where nothing is dated.
    """
    found = coverage_over_time(engine, by="source", most=len(COLOURS))
    title = f"Articles by {found['step']}{', UTC' if found['step'] == 'hour' else ''}, by outlet"
    # The plot's own module escapes what it is given.
    svg = Markup(timeline_svg(found["rows"], title=title)) if found["rows"] else Markup("")  # noqa: S704
    return {**found, "title": title, "svg": svg, "lacks": _lacks(found)}


def _lacks(found: Row) -> str | None:
    parts = []
    if found["undated"]:
        parts.append(f"{found['undated']:,} without a date")
    if found["day_only"]:
        parts.append(f"{found['day_only']:,} of which only the day is known")
    return f"Not in the plot: {' and '.join(parts)}." if parts else None
