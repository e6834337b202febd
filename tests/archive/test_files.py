"""Locks on open files, at the moments where a writer that begins and a recovery meet."""

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.archive import files
from pipeline.archive.files import create_locked, open_abandoned


def _just_before_the_lock(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen between the opening of a file and its first lock."""
    pending = [happens]
    real = fcntl.flock

    def flock(*args: int) -> None:
        while pending:
            pending.pop()()
        real(*args)

    monkeypatch.setattr(files.fcntl, "flock", flock)


def test_a_writer_whose_empty_file_was_removed_makes_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.open"
    _just_before_the_lock(monkeypatch, path.unlink)

    with create_locked(path) as stream:
        stream.write(b"kept")
        assert open_abandoned(path) is None

    assert path.read_bytes() == b"kept"


def test_a_file_that_another_recovery_has_closed_is_let_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.open"
    path.write_bytes(b"recovered")
    _just_before_the_lock(monkeypatch, lambda: path.rename(tmp_path / "a"))

    assert open_abandoned(path) is None


def test_a_file_is_abandoned_once_its_writer_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "a.open"
    with create_locked(path):
        assert open_abandoned(path) is None

    found = open_abandoned(path)

    assert found is not None
    assert open_abandoned(path) is None  # one recovery at a time
    found.close()
    assert open_abandoned(tmp_path / "gone.open") is None
