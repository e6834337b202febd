"""Outlets' rows."""

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from pipeline.items import Source
from pipeline.store.models import Source as SourceRow
from pipeline.store.models import SourceHost
from pipeline.store.sources import source_rows


def write(engine: Engine, *sources: Source, known: tuple[Source, ...] = ()) -> dict[str, int]:
    with Session(engine) as session, session.begin():
        return source_rows(session, sources, known)


def names(engine: Engine) -> dict[str, str]:
    with Session(engine) as session:
        return {row.key: row.name for row in session.scalars(select(SourceRow))}


def hosts(engine: Engine) -> dict[str, str]:
    with Session(engine) as session:
        query = select(SourceHost.host, SourceRow.key).join(SourceRow, SourceRow.id == SourceHost.source_id)
        return {row.host: row.key for row in session.execute(query)}


def test_each_outlet_has_one_row_however_often_it_is_told(engine: Engine) -> None:
    one, other = Source("one", "One", ("a.test",)), Source("other", "Other", ("b.test",))
    ids = write(engine, one, other, one)
    assert write(engine, other, one) == ids
    assert names(engine) == {"one": "One", "other": "Other"}
    assert hosts(engine) == {"a.test": "one", "b.test": "other"}


def test_the_later_description_counts_and_adds_its_hosts(engine: Engine) -> None:
    write(engine, Source("one", "Onne", ("a.test",)))
    write(engine, Source("one", "Uno", ("b.test",)), Source("one", "One", ("c.test",)))
    assert names(engine) == {"one": "One"}
    assert hosts(engine) == {"a.test": "one", "b.test": "one", "c.test": "one"}


def test_what_was_told_before_makes_a_missing_row_and_changes_none(engine: Engine) -> None:
    write(engine, Source("one", "One"))
    ids = write(engine, known=(Source("one", "Onne"), Source("other", "Other")))
    assert sorted(ids) == ["one", "other"]
    assert names(engine) == {"one": "One", "other": "Other"}


def test_a_host_stays_with_the_outlet_that_had_it_first(engine: Engine) -> None:
    write(engine, Source("one", "One", ("a.test",)), Source("other", "Other", ("a.test",)))
    write(engine, Source("other", "Other", ("a.test",)))
    assert hosts(engine) == {"a.test": "one"}


def test_no_outlets_are_no_rows(engine: Engine) -> None:
    assert write(engine) == {}
