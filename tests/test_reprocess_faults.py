"""What must not happen when what was stored is prepared again: lost processes, rules undone, pages turned down."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from pipeline import reprocess as again
from pipeline.changes import Summary
from pipeline.engines.base import Done
from pipeline.engines.inline import InlineEngine
from pipeline.items import Capture, Declared, Prepared, Source
from pipeline.settings import Settings
from pipeline.store.changes import read_changes
from pipeline.store.ingest import Arrival, Verdict
from pipeline.store.outdated import Choice
from pipeline.store.stories import refold
from tests.builders import NOON, prose, take_in

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

SOURCE = Source("odd", "Odd", ("odd.test",))
LINE = "Skogsbladet walks among the tall trees of Norrland with its faithful readers"
EMPTY = "AD\nAD\nAD\n"
Preparing = Callable[..., Prepared]


def arrival(
    number: int, body: str, day: int = 0, *, declared: str | None = None, verdict: Verdict | None = None
) -> Arrival:
    address = f"https://odd.test/{number}"
    at = NOON + timedelta(days=day)
    capture = Capture(
        address, body.encode(), "text/plain", at, source=SOURCE, declared=Declared(content_hash=declared)
    )
    return Arrival(address, capture, verdict=verdict)


def rows(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def run(
    engine: Engine, settings: Settings, *, every: bool = True, works: Any = None
) -> again.Reprocessed | None:
    steps = list(again.reprocess(engine, settings, works or InlineEngine(), Choice(every=every)))
    return steps[-1][0] if steps else None


@pytest.fixture
def rule(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Another recipe takes a line away; a call undoes it."""
    real: Preparing = again.prepare

    def other(capture: Capture, furniture: Any) -> Prepared:
        return real(replace(capture, body=capture.body.replace(LINE.encode(), b"")), furniture)

    monkeypatch.setattr(again, "prepare", other)
    return lambda: monkeypatch.setattr(again, "prepare", real)


STORIES = "select document_id, story_id, role from story_document order by 1, 2"


def test_what_was_turned_down_stays_so(engine: Engine, settings: Settings) -> None:
    off = Verdict("off-topic", "It is of something else.")
    take_in(
        engine,
        settings.archive,
        arrival(1, prose(1), verdict=off),
        arrival(2, prose(2)),
        arrival(2, prose(3), 1, verdict=off),
    )
    before = rows(engine, "select article_id, number, document_id from version")
    assert run(engine, settings, every=False) is None
    run(engine, settings)
    assert rows(engine, "select article_id, number, document_id from version") == before
    assert len(before) == 1


def test_a_text_that_comes_again_after_another_is_found_again(
    engine: Engine, settings: Settings, rule: Callable[[], None]
) -> None:
    one, other = prose(1), prose(2)
    take_in(engine, settings.archive, arrival(1, one), arrival(1, other, 1), arrival(1, f"{one}\n{LINE}", 2))
    done = run(engine, settings)
    assert done is not None
    assert done.report.outcomes["failed"] == 0
    holding = "select number, document_id from version where superseded_run_id is null order by number"
    [first, middle, last] = rows(engine, holding)
    assert first[1] == last[1] != middle[1]


def test_a_declared_hash_comes_back_with_its_text(
    engine: Engine, settings: Settings, rule: Callable[[], None]
) -> None:
    take_in(engine, settings.archive, arrival(1, f"{prose(1)}\n{LINE}", declared="00000000deadbeef"))
    bearer = "select id from document where content_hash = '00000000deadbeef'"
    holds = "select document_id from version where superseded_run_id is null"
    first = rows(engine, bearer)
    run(engine, settings)
    assert first != rows(engine, bearer) == rows(engine, holds)
    rule()
    run(engine, settings)
    assert rows(engine, bearer) == rows(engine, holds) == first


def test_a_crash_between_writing_and_relating_is_made_good(
    engine: Engine, settings: Settings, rule: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first article's new text is that of the second, which was related long ago.
    take_in(
        engine,
        settings.archive,
        arrival(1, f"{prose(1)}\n{LINE}"),
        arrival(2, prose(1)),
        arrival(3, f"{LINE}\n{prose(9)}"),
    )
    relate = again.relate

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(again, "relate", killed)
    with pytest.raises(KeyboardInterrupt):
        run(engine, settings)
    monkeypatch.setattr(again, "relate", relate)
    run(engine, settings, every=False)
    found = rows(engine, STORIES)
    refold(engine, [row[0] for row in rows(engine, "select id from document")])
    assert rows(engine, STORIES) == found


class _Twice(InlineEngine):
    """An engine whose worker dies once after its commit, and is given the batch again."""

    def map(self, work: Any, batches: Any) -> Iterator[Any]:
        for batch in batches:
            try:
                yield Done(batch, work(batch))
            except RuntimeError:
                yield Done(batch, work(batch))


def test_a_worker_lost_after_its_commit_leaves_no_text_without_a_story(
    engine: Engine, settings: Settings, rule: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(engine, settings.archive, arrival(1, f"{prose(1)}\n{LINE}"))
    relate, calls = again.relate, []

    def once(database: Engine, ids: Sequence[int]) -> int:
        calls.append(ids)
        if len(calls) == 1:
            raise RuntimeError("killed")
        return relate(database, ids)

    monkeypatch.setattr(again, "relate", once)
    run(engine, settings, works=_Twice())
    assert rows(engine, "select count(*) from document where relations_checked_at is null") == [(0,)]
    holds = "select document_id from version where superseded_run_id is null"
    assert {row[0] for row in rows(engine, holds)} <= {row[0] for row in rows(engine, STORIES)}


def test_a_text_that_appears_is_told_of_as_it_was_foreseen(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(engine, settings.archive, arrival(1, EMPTY))
    real: Preparing = again.prepare
    monkeypatch.setattr(
        again, "prepare", lambda capture, f: real(replace(capture, body=prose(5).encode()), f)
    )
    foreseen = Summary()
    for _, report in again.look_ahead(engine, settings, InlineEngine(), Choice(every=True)):
        foreseen.add(report.changes)
    done = run(engine, settings)
    assert done is not None
    assert done.run is not None
    told = Summary()
    told.add(read_changes(engine, done.run.id))
    assert told.kinds == foreseen.kinds == {"appeared": 1}


def test_what_gave_no_text_and_cannot_be_read_is_tried_again(engine: Engine, settings: Settings) -> None:
    take_in(engine, settings.archive, arrival(1, EMPTY))
    away = [path.rename(f"{path}.away") for path in settings.archive.glob("*.gz")]
    done = run(engine, settings)
    assert done is not None
    assert done.report.outcomes == {"failed": 1}
    for path in away:
        path.rename(path.with_suffix(""))
    done = run(engine, settings)
    assert done is not None
    assert done.report.outcomes == {"rejected": 1}
