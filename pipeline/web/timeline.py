"""The front page's timeline: the coverage counted over time, and its plot."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from pipeline.store.overtime import coverage_over_time
from pipeline.web.bars import coverage_bars, groups_of, said_when

Row = dict[str, Any]


def coverage(engine: Engine) -> Row:
    """Return the coverage over time by outlet, with `svg` (empty where nothing is dated) and a sentence on what it lacks."""
    found = coverage_over_time(engine, by="source")
    title = f"Articles by {found['step']}{', UTC' if found['step'] == 'hour' else ''}, by outlet"
    for row in found["rows"]:
        row["said"] = said_when(datetime.fromisoformat(row["when"]), found["step"])
    return {
        **found,
        "title": title,
        "groups": groups_of(found["rows"]),
        "svg": coverage_bars(found["rows"], found["step"]),
        "lacks": _lacks(found),
    }


def _lacks(found: Row) -> str | None:
    parts = []
    if found["undated"]:
        parts.append(f"{found['undated']:,} without a date")
    if found["day_only"]:
        parts.append(f"{found['day_only']:,} of which only the day is known")
    return f"Not in the plot: {' and '.join(parts)}." if parts else None
