"""Coverage over time: how many articles appeared in each hour or on each day, of which source or story."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from pipeline.errors import Refuse
from pipeline.plots import OTHERS
from pipeline.store.lookup import resolve_story

Row = dict[str, Any]

_MOST_BARS = 24 * 14
_GROUPS = {"none": "null::text", "source": "printing.outlet", "story": "printing.story_id::text"}
_DATED = {"day": "printing.published_on", "hour": "printing.published_at"}
_STEPS = {"day": "printing.published_on", "hour": "date_trunc('hour', printing.published_at, 'UTC')"}

_LARGEST = """
    with sized as (
        select {group} as name, row_number() over (order by count(*) desc, {group}) as place, count(*) over () as groups
        from printing
        where {dated} is not null and {which}
        group by {group}
    ), large as materialized (
        select name from sized where groups <= :most or place < :most
    )
"""

_COUNTED = """
    {large}
    select {when} as at, {group} as "group", count(*) as articles
    from printing {among}
    where {dated} is not null and {which}
    group by 1, 2
    order by 1, 3 desc, 2
"""

_KNOWN = """
    select min(published_on) as first, max(published_on) as last, count(*) - count(published_on) as undated,
           count(published_at) as with_hour, count(published_on) as with_day
    from printing
    where {which}
"""


def coverage_over_time(
    engine: Engine,
    *,
    by: str = "none",
    step: str = "auto",
    sources: Collection[str] = (),
    story: str | None = None,
    most: int | None = None,
) -> Row:
    """Return how many articles appeared when.

    Args:
        engine: the database.
        by: none, source or story: what each row's `group` is.
        step: hour (UTC; articles of which only the day is known are counted as `day_only`), day (at the place of
            publication), or auto: hours where that is a fortnight at most and most articles state one.
        sources: keys of sources.
        story: a story's number, or a hash.
        most: groups at most: of more than that the smaller ones are put together, as `OTHERS`.

    Returns:
        `step`; `rows` with `when`, `group` and `articles`, in order of time, with rows of 0 for the steps in which
        nothing appeared; `undated` and `day_only`: articles that are not in them.

    Raises:
        NotFound: there is no such story.
        Refuse: `by` or `step` is another word.
    """
    if by not in _GROUPS or step not in {"auto", "hour", "day"}:
        raise Refuse(
            "option", f"Coverage is counted by hour or day, and by source or story; not by {by}, {step}."
        )
    which = ["true"]
    values: Row = {}
    with Session(engine) as session:
        if sources:
            which.append("source_id in (select id from source where key = any(cast(:sources as text[])))")
            values["sources"] = list(sources)
        if story:
            which.append("story_id = :story")
            values["story"] = resolve_story(session, story)
        condition = " and ".join(which)
        known = session.execute(text(_KNOWN.format(which=condition)), values).one()
        if step == "auto":
            short = known.first is not None and (known.last - known.first).days * 24 <= _MOST_BARS
            step = "hour" if short and known.with_hour * 2 > known.with_day else "day"
        words = {
            "when": _STEPS[step],
            "dated": _DATED[step],
            "group": _GROUPS[by],
            "which": condition,
            "large": "",
            "among": "",
        }
        if most is not None and by != "none":
            words["large"] = _LARGEST.format(**words)
            words["among"] = f"left join large on large.name = {words['group']}"
            words["group"] = (
                f"case when large.name is null and {words['group']} is not null then :others else large.name end"
            )
            values |= {"most": most, "others": OTHERS}
        statement = _COUNTED.format(**words)
        rows = session.execute(text(statement), values).all()
    found = [{"when": _label(row.at), "group": row.group, "articles": row.articles} for row in rows]
    return {
        "step": step,
        "by": by,
        "rows": _filled(found, rows, step),
        "undated": known.undated,
        "day_only": known.with_day - known.with_hour if step == "hour" else 0,
    }


def _label(at: date | datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M") if isinstance(at, datetime) else at.isoformat()


def _filled(found: list[Row], rows: Any, step: str) -> list[Row]:
    """Add a row of none for each step in which nothing appeared, where there are not too many."""
    if not rows:
        return []
    pace = timedelta(hours=1) if step == "hour" else timedelta(days=1)
    at, last = rows[0].at, rows[-1].at
    if (last - at) / pace > _MOST_BARS:
        return found
    there = {row["when"] for row in found}
    group = found[0]["group"]
    gaps = []
    while at < last:
        if _label(at) not in there:
            gaps.append({"when": _label(at), "group": group, "articles": 0})
        at += pace
    return sorted([*found, *gaps], key=lambda row: str(row["when"]))
