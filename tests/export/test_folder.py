"""The folder of an export: nothing is written over, and what was interrupted goes on."""

import hashlib
import json
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import Refuse, SetupError
from pipeline.export.folder import JOURNAL, PACKAGE, ExportFolder

ASKED = {"format": "csv", "tables": ["coverage"]}


def writing(words: str) -> Callable[[Path], dict[str, int]]:
    def make(path: Path) -> dict[str, int]:
        path.write_text(words)
        return {"rows": len(words)}

    return make


def torn(path: Path) -> dict[str, int]:
    path.write_text("torn")
    raise KeyboardInterrupt


def test_a_file_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    folder = ExportFolder(tmp_path / "out", ASKED, "1")

    def half(path: Path) -> dict[str, int]:
        path.write_text("half")
        assert path.name == "a.csv.part"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folder.add("a.csv", half)
    assert not (tmp_path / "out" / "a.csv").exists()
    folder.add("a.csv", writing("whole"))
    folder.close({"name": "x"})
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.csv", "datapackage.json"]
    noted = folder.finished["a.csv"]
    assert noted == {"rows": 5, "bytes": 5, "hash": f"sha256:{hashlib.sha256(b'whole').hexdigest()}"}


def test_what_was_interrupted_goes_on_and_keeps_what_is_finished(tmp_path: Path) -> None:
    first = ExportFolder(tmp_path, ASKED, "1")
    first.add("a.csv", writing("first"))
    with pytest.raises(KeyboardInterrupt):
        first.add("b.csv", torn)
    first.close()
    assert (tmp_path / "b.csv.part").read_text() == "torn"
    second = ExportFolder(tmp_path, ASKED, "1")
    assert second.resumed
    second.add("a.csv", writing("second"))
    second.add("b.csv", writing("b"))
    second.close({})
    assert [(tmp_path / name).read_text() for name in ("a.csv", "b.csv")] == ["first", "b"]


def test_a_torn_journal_and_a_file_that_went_missing_are_made_anew(tmp_path: Path) -> None:
    first = ExportFolder(tmp_path, ASKED, "1")
    first.add("a.csv", writing("first"))
    first.close()
    (tmp_path / "a.csv").unlink()
    second = ExportFolder(tmp_path, ASKED, "1")
    second.add("a.csv", writing("second"))
    second.close()
    assert (tmp_path / "a.csv").read_text() == "second"
    journal = (tmp_path / JOURNAL).read_text()
    (tmp_path / "a.csv").unlink()
    (tmp_path / JOURNAL).write_text(journal[: len(journal) // 2])
    third = ExportFolder(tmp_path, ASKED, "1")
    assert not third.resumed
    third.close()


@pytest.mark.parametrize(
    ("asked", "state", "reason"), [({"format": "jsonl"}, "1", "other-export"), (ASKED, "2", "changed")]
)
def test_what_is_no_continuation_is_refused(
    tmp_path: Path, asked: dict[str, object], state: str, reason: str
) -> None:
    ExportFolder(tmp_path, ASKED, "1").close()
    journal = json.loads((tmp_path / JOURNAL).read_text())
    with pytest.raises(Refuse) as refused:
        ExportFolder(tmp_path, asked, state)
    assert refused.value.reason == reason
    assert json.loads((tmp_path / JOURNAL).read_text()) == journal


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("mine")
    folder = ExportFolder(tmp_path, ASKED, "1")
    with pytest.raises(Refuse, match="is there already"):
        folder.add("a.csv", writing("yours"))

    def overtaken(path: Path) -> dict[str, int]:
        (tmp_path / "b.csv").write_text("mine")
        return writing("yours")(path)

    with pytest.raises(Refuse, match="is there already"):
        folder.add("b.csv", overtaken)
    assert (tmp_path / "a.csv").read_text() == (tmp_path / "b.csv").read_text() == "mine"
    folder.close({})
    with pytest.raises(Refuse, match="finished export"):
        ExportFolder(tmp_path, ASKED, "1")


def test_two_exports_do_not_fill_one_folder(tmp_path: Path) -> None:
    folder = ExportFolder(tmp_path, ASKED, "1")
    with pytest.raises(Refuse, match="Another export"):
        ExportFolder(tmp_path, ASKED, "1")
    folder.close()
    ExportFolder(tmp_path, ASKED, "1").close()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(Refuse, match="is a file"):
        ExportFolder(tmp_path / "out", ASKED, "1")


@pytest.mark.parametrize("moment", ["link", "unlink", "fsync"])
@pytest.mark.parametrize("time", range(1, 6))
def test_a_kill_at_any_moment_leaves_what_can_be_gone_on_with(tmp_path: Path, moment: str, time: int) -> None:
    """A process is killed right after, or in, one of the calls that change the folder; the next one finishes the export."""
    child = os.fork()
    if child == 0:  # nothing but a signal ends it
        try:
            _die_at(moment, time)
            folder = ExportFolder(tmp_path, ASKED, "1")
            for name in ("a.csv", "b.csv"):
                folder.add(name, writing(name))
            folder.close({"name": "x"})
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    if not (tmp_path / PACKAGE).exists():
        folder = ExportFolder(tmp_path, ASKED, "1")
        folder.add("a.csv", writing("a.csv"))
        folder.add("b.csv", writing("b.csv"))
        folder.close({"name": "x"})
    assert [(tmp_path / name).read_text() for name in ("a.csv", "b.csv")] == ["a.csv", "b.csv"]
    assert json.loads((tmp_path / PACKAGE).read_text()) == {"name": "x"}


def _die_at(moment: str, time: int) -> None:
    """Have this process end at a call, the first or a later one, once that has done its work."""
    done, calls = getattr(os, moment), []

    def last(*given: Any, **named: Any) -> None:
        done(*given, **named)
        calls.append(given)
        if len(calls) == time:
            os.kill(os.getpid(), signal.SIGKILL)

    setattr(os, moment, last)


def test_a_file_of_somebody_else_is_left_even_where_one_of_that_name_was_whole(tmp_path: Path) -> None:
    first = ExportFolder(tmp_path, ASKED, "1")
    first._entries["whole"] = {"a.csv": {"bytes": 1, "hash": "sha256:0"}}
    first._write()
    first.close()
    (tmp_path / "a.csv").write_text("mine")
    second = ExportFolder(tmp_path, ASKED, "1")
    with pytest.raises(Refuse, match="not written over"):
        second.add("a.csv", writing("a"))
    second.close()
    assert (tmp_path / "a.csv").read_text() == "mine"


def test_an_unfinished_file_of_somebody_else_is_left(tmp_path: Path) -> None:
    for name in ("a.csv.part", "datapackage.json.part"):
        (tmp_path / name).write_text("mine")
    folder = ExportFolder(tmp_path, ASKED, "1")
    with pytest.raises(Refuse, match=r"a\.csv\.part is there already"):
        folder.add("a.csv", writing("yours"))
    with pytest.raises(Refuse, match=r"datapackage\.json\.part is there already"):
        folder.close({})
    assert (tmp_path / "a.csv.part").read_text() == (tmp_path / "datapackage.json.part").read_text() == "mine"


@pytest.mark.parametrize("name", [JOURNAL, "datapackage.json.part", "a.csv.part", "a.csv", PACKAGE])
@pytest.mark.parametrize("dangling", [False, True])
def test_no_link_is_followed_out_of_the_folder(tmp_path: Path, name: str, *, dangling: bool) -> None:
    out, target = tmp_path / "out", tmp_path / "target"
    out.mkdir()
    if not dangling:
        target.write_text("mine")
    (out / name).symlink_to(target)

    def export() -> None:
        folder = ExportFolder(out, ASKED, "1")
        folder.add("a.csv", writing("yours"))
        folder.close({})

    with pytest.raises(Refuse):
        export()
    assert target.exists() is not dangling
    assert dangling or target.read_text() == "mine"
    assert (out / name).is_symlink()


@pytest.mark.parametrize("words", ["mine\n", "{}", "[1]", '{"a": 1}\n{"asked": 1}'])
def test_a_file_that_is_no_journal_is_left(tmp_path: Path, words: str) -> None:
    (tmp_path / JOURNAL).write_text(words)
    with pytest.raises(Refuse, match="is there already"):
        ExportFolder(tmp_path, ASKED, "1")
    assert (tmp_path / JOURNAL).read_text() == words


def test_a_folder_that_cannot_be_written_is_a_sentence_and_goes_on_after(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone" / "further")
    for place in (tmp_path / "file" / "sub", tmp_path / "nowhere"):
        with pytest.raises(SetupError, match=r"cannot be written to .*: .*\."):
            ExportFolder(place, ASKED, "1")
    with pytest.raises(SetupError, match=r"cannot be written to .*: File name too long\."):
        ExportFolder(tmp_path / ("x" * 256), ASKED, "1")
    (tmp_path / "locked").mkdir(mode=0o000)
    somebody = os.geteuid()
    os.seteuid(somebody or 65534)  # root may enter whatever it likes
    try:
        with pytest.raises(SetupError, match=r"cannot be written to .*: Permission denied\."):
            ExportFolder(tmp_path / "locked" / "out", ASKED, "1")
    finally:
        os.seteuid(somebody)
    folder = ExportFolder(tmp_path / "out", ASKED, "1")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(SetupError, match=r"cannot be written to .*: File too large"):
            folder.add("a.csv", writing("x" * 100_000))
        folder.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    again = ExportFolder(tmp_path / "out", ASKED, "1")
    again.add("a.csv", writing("x" * 100_000))
    again.close({})
    assert (tmp_path / "out" / "a.csv").stat().st_size == 100_000
