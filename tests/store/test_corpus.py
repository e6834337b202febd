"""A corpus matched at once: the same relations and stories as one look-up after the other, however it came to be."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from pipeline.engines.inline import InlineEngine
from pipeline.engines.local import LocalEngine
from pipeline.settings import Settings
from pipeline.store import queries
from pipeline.store.corpus import relate_corpus, settle
from pipeline.store.models import Document, Relation, Story, StoryDocument
from pipeline.store.relate import sweep
from tests.builders import arrival, prose, take_in

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

_COLUMNS = "kind, round(jaccard::numeric, 9), round(containment::numeric, 9), longest_run, shared_shingles"


@pytest.fixture
def folder(settings: Settings) -> Path:
    return settings.archive


def _relations(engine: Engine) -> set[tuple[object, ...]]:
    """The relations, by what they are between: ids depend on who came first."""
    query = f"""
        select encode(shorter.sha256, 'hex'), encode(longer.sha256, 'hex'), {_COLUMNS}, unquoted, containment_longer
        from relation join document as shorter on shorter.id = shorter_id
        join document as longer on longer.id = longer_id
    """
    with Session(engine) as session:
        return {tuple(row) for row in session.execute(text(query))}


def _stories(engine: Engine) -> set[tuple[object, ...]]:
    return {
        (story["lead"], tuple(sorted(one["content_hash"] for one in story["documents"])))
        for story in queries.list_stories(engine)
    }


def _forget(engine: Engine) -> None:
    """Leave the documents as a bulk load does."""
    with Session(engine) as session, session.begin():
        session.execute(update(Document).values(relations_checked_at=None))
        for table in (Relation, StoryDocument, Story):
            session.execute(table.__table__.delete())


def _mixed() -> list[tuple[str, str]]:
    """Copies of each kind, quotations, short texts and unrelated ones; nothing that is everywhere."""
    quoted = "“" + " ".join(prose(7, 40).split()) + "”"
    items = []
    for seed in range(10, 16):
        body = prose(seed, 200)
        lines = body.splitlines()
        items += [
            (f"whole{seed}", body),
            (f"layout{seed}", " ".join(lines)),
            (f"trimmed{seed}", "\n".join(lines[:-1])),
            (f"wrapped{seed}", f"{prose(seed + 100, 400)}\n{body}"),
            (f"quotes{seed}", f"{prose(seed + 200, 150)}\n{quoted}"),
            (f"brief{seed}", lines[0]),
            (f"alone{seed}", prose(seed + 300)),
        ]
    return items


def test_the_relations_are_those_of_single_look_ups(engine: Engine, folder: Path) -> None:
    take_in(engine, folder, *(arrival(f"https://a.test/{name}", body) for name, body in _mixed()))
    before = _relations(engine), _stories(engine)
    assert {row[2] for row in before[0]} == {"identical", "near", "contains", "quotes"}
    _forget(engine)

    with LocalEngine(2) as work:
        matched = relate_corpus(engine, work)
    assert (_relations(engine), _stories(engine)) == before
    assert matched.changed == len(before[0])
    assert matched.lost == ()
    assert sweep(engine) == 0

    assert relate_corpus(engine, InlineEngine()).changed == 0


@pytest.mark.parametrize(
    ("cap", "batch", "outlets", "standing"),
    # One by one, the first cannot know that the passage will be everywhere.
    [(10, 1, 24, 13), (50, 64, 120, 60)],
)
def test_what_is_everywhere_comes_out_the_same_in_any_order_and_both_ways(
    engine: Engine,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    cap: int,
    batch: int,
    outlets: int,
    standing: int,
) -> None:
    monkeypatch.setattr("pipeline.store.ingest.BATCH", batch)
    for module in ("relate", "pairs"):
        monkeypatch.setattr(f"pipeline.store.{module}.CANDIDATES_PER_HASH", cap)
    wire, passage = prose(1, 100), prose(999, 40)
    items = [(f"outlet{n}", f"{wire}\n{prose(2000 + n, 10)}") for n in range(outlets)]
    items += [(f"standing{n}", f"{prose(3000 + n, 60)}\n{passage}") for n in range(standing)]

    for start in range(0, len(items), 90):
        some = items[start : start + 90]
        take_in(engine, folder, *(arrival(f"https://a.test/{name}", body) for name, body in some))
        with Session(engine) as session:
            newest = list(session.scalars(select(Document.id).order_by(Document.id.desc()).limit(len(some))))
        settle(engine, InlineEngine(), newest)
    incrementally = _relations(engine), _stories(engine)

    assert relate_corpus(engine, InlineEngine()).changed == 0
    _forget(engine)
    relate_corpus(engine, InlineEngine())

    assert (_relations(engine), _stories(engine)) == incrementally
    assert sorted(len(members) for _, members in incrementally[1]) == [1] * standing + [outlets]
    assert {row[2] for row in incrementally[0]} == {"near"}
    # Each outlet meets so many others before it, not all of them.
    assert len(incrementally[0]) == outlets * cap - cap * (cap + 1) // 2


def test_a_relation_that_does_not_hold_goes_and_only_where_it_was_looked_for(
    engine: Engine, folder: Path
) -> None:
    take_in(engine, folder, *(arrival(f"https://a.test/{n}", prose(n)) for n in range(4)))
    with Session(engine) as session, session.begin():
        ids = sorted(session.scalars(select(Document.id)))
        for shorter, longer in (ids[:2], ids[2:]):
            values = dict.fromkeys(("jaccard", "containment", "containment_longer", "unquoted"), 1.0)
            session.add(
                Relation(
                    shorter_id=shorter,
                    longer_id=longer,
                    kind="near",
                    longest_run=9,
                    shared_shingles=9,
                    **values,
                )
            )

    assert relate_corpus(engine, InlineEngine(), ids[:1]).changed == 1
    assert len(_relations(engine)) == 1
    assert relate_corpus(engine, InlineEngine()).changed == 1
    assert _relations(engine) == set()
