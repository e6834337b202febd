"""Telling whether what triggers keep of the articles is what a count of the bare rows gives."""

import runpy
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

from pipeline.settings import CHECKOUT

_KEPT = (
    "coverage",
    "stories",
    "copies",
    "sources_overlap",
    "quote_carriers",
    "timeline",
    "removed_lines",
    "credits",
)


@cache
def _made() -> dict[str, Any]:
    return runpy.run_path(str(Path(CHECKOUT) / "migrations" / "versions" / "0007_asking.py"))


@cache
def _bare() -> dict[str, str]:
    """Return the views' statements as they were before anything was kept: they count versions, places and relations."""
    views = {name: query for name, (_, query, _) in _made()["_VIEWS"].items()}
    # One read another view, which is another one now.
    views["sources_overlap"] = views["sources_overlap"].replace(
        "from coverage", f"from ({views['coverage']}) as coverage"
    )
    views["timeline"] = views["timeline"].replace("from coverage", f"from ({views['coverage']}) as coverage")
    return views


def differences(connection: Connection) -> dict[str, list[object]]:
    """Return the rows that are in a view and not in the count of the bare rows, or the other way round, by view."""
    found: dict[str, list[object]] = {}
    for view in _KEPT:
        bare = _bare()[view]
        columns = ", ".join(_made()["_VIEWS"][view][2])  # others came later
        both = (f"select {columns} from {view}", f"select {columns} from ({bare}) as bare")
        for one, other in (both, both[::-1]):
            rows = connection.execute(text(f"{one} except all {other}")).all()
            if rows:
                found.setdefault(view, []).extend(rows)
    return found


def assert_right(where: Engine | Connection) -> None:
    """Assert that every view says what the bare rows say."""
    if isinstance(where, Engine):
        with where.connect() as connection:
            assert differences(connection) == {}
    else:
        assert differences(where) == {}
