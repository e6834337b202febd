"""The front page's timeline: the coverage counted over time, and what of it no plot can show."""

from typing import Any

from sqlalchemy import Engine

from pipeline.plots import COLOURS
from pipeline.store.overtime import coverage_over_time
from pipeline.web.bars import groups_of

Row = dict[str, Any]


def coverage(engine: Engine) -> Row:
    """Return the coverage over time by outlet, with the `groups` that are told apart and a sentence on what it `lacks`.

    Of more outlets than there are colours the smaller ones are counted together.
    """
    found = coverage_over_time(engine, by="source", most=len(COLOURS))
    return {
        **found,
        "title": f"Articles by {found['step']}{', UTC' if found['step'] == 'hour' else ''}, by outlet",
        "groups": groups_of(found["rows"]),
        "lacks": _lacks(found),
    }


def _lacks(found: Row) -> str | None:
    parts = []
    if found["undated"]:
        parts.append(f"{found['undated']:,} without a date")
    if found["day_only"]:
        parts.append(f"{found['day_only']:,} of which only the day is known")
    return f"Not in the plot: {' and '.join(parts)}." if parts else None
