"""A database from the archive alone is the one that was: in a pool, in one process, with damage that costs itself alone."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from pipeline.engines.inline import InlineEngine
from pipeline.engines.local import LocalEngine
from pipeline.errors import Refuse
from pipeline.imports import import_seeds
from pipeline.rebuild import rebuild
from pipeline.settings import Settings
from pipeline.store.database import open_database
from tests.builders import take_in
from tests.conftest import SEEDS, _administer
from tests.store.printings import assert_right
from tests.store.test_versions import everything
from tests.test_reprocess import arrivals, holding, pages

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)


@pytest.fixture
def filled(engine: Engine, settings: Settings) -> Engine:
    import_seeds(engine, settings, SEEDS)
    take_in(engine, settings.archive, *arrivals(*pages()))
    return engine


@pytest.fixture
def another(server_url: str, _template: str, settings: Settings) -> Iterator[Settings]:
    """Settings with the same archive and another database, which is empty."""
    name = f"test_{os.urandom(6).hex()}"
    _administer(server_url, f"create database {name} template {_template}")
    yield Settings(settings.home, server_url.replace("/newsfold?", f"/{name}?"))
    _administer(server_url, f"drop database {name} with (force)")


@pytest.mark.parametrize("works", [InlineEngine, LocalEngine])
def test_the_archive_alone_gives_the_same_database(
    filled: Engine, another: Settings, works: type[InlineEngine | LocalEngine]
) -> None:
    new = open_database(another)
    with works() as engine:
        *_, done = rebuild(new, another, engine, None)
    assert (done.stored, done.damaged) == (done.pages, [])
    # All but the ledger, which speaks of runs.
    assert everything(new)[:-1] == everything(filled)[:-1]
    assert holding(new) == holding(filled)
    assert_right(new)
    new.dispose()


def test_a_damaged_record_costs_itself_alone(filled: Engine, another: Settings) -> None:
    [path] = sorted(Path(another.archive).glob("*test*.warc.gz"))
    packed = bytearray(path.read_bytes())
    packed[len(packed) // 2] ^= 0xFF
    path.write_bytes(packed)
    new = open_database(another)
    *_, done = rebuild(new, another, InlineEngine(), None)
    assert len(done.damaged) == 1
    assert path.name in done.damaged[0]
    assert len(set(holding(filled)) - set(holding(new))) <= 2
    new.dispose()


def test_a_database_that_holds_something_is_not_touched(filled: Engine, settings: Settings) -> None:
    with pytest.raises(Refuse, match="begin empty"):
        next(rebuild(filled, settings, InlineEngine(), None))
