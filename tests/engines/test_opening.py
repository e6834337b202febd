"""Engines by their names."""

import sys

import pytest

from pipeline.engines.inline import InlineEngine
from pipeline.engines.local import LocalEngine
from pipeline.engines.opening import open_engine
from pipeline.errors import SetupError


def test_the_local_engine_has_a_worker_a_core_unless_told_otherwise() -> None:
    assert isinstance(open_engine(), LocalEngine)
    assert isinstance(open_engine(workers=0), InlineEngine)
    three = open_engine(workers=3)
    assert isinstance(three, LocalEngine)
    assert three.workers == 3


def test_a_scheduler_is_dasks() -> None:
    with pytest.raises(SetupError, match="say --engine dask"):
        open_engine(scheduler="tcp://10.0.0.5:8786")


def test_an_extra_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "distributed"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "pipeline.engines.dask", raising=False)
    with pytest.raises(SetupError, match=r"requirements/dask\.txt"):
        open_engine("dask")
