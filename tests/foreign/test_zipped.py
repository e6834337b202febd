"""A deflated member is unpacked once, however often it is gone to; what cannot be is said, with what to do."""

import zipfile
from pathlib import Path

import pytest

from pipeline.archive.scan import Broken
from pipeline.foreign import zipped
from pipeline.foreign.filters import Filters
from pipeline.foreign.opening import Opened
from pipeline.foreign.planning import Planner
from pipeline.foreign.reading import Loose, read_reference
from pipeline.foreign.references import Damaged, Reference
from tests.foreign.archives import page, warc

MEMBER = "archive/a.warc.gz"


def _wacz(folder: Path, data: bytes) -> str:
    path = folder / "a.wacz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MEMBER, data)
    return str(path)


def test_a_deflated_member_is_unpacked_once_for_planning_and_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = warc(range(30))
    path = _wacz(tmp_path, data)
    taken = 0
    read = zipfile.ZipExtFile.read

    def counted(self: zipfile.ZipExtFile, n: int | None = -1) -> bytes:
        nonlocal taken
        found = read(self, n)
        taken += len(found)
        return found

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    steps = Planner(Filters(), lambda _: None).archive(path, MEMBER, lambda _: None)
    references = [step for step in steps if isinstance(step, Reference)]
    # Backwards, and from the two sides of an import.
    bodies = [read_reference(one, Loose()).capture.body for one in reversed(references)]
    assert bodies == [page(number) for number in reversed(range(30))]
    assert taken == len(data)


def test_a_member_too_large_to_unpack_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipped, "_MOST_UNPACKED", 100)
    (step,) = Planner(Filters(), lambda _: None).archive(_wacz(tmp_path, warc([1])), MEMBER, lambda _: None)
    assert isinstance(step, Damaged)
    assert step.sentence.startswith("a.wacz!archive/a.warc.gz is ")
    assert step.sentence.endswith("pack that again without compression, as a WACZ should be: `zip -0`.")


@pytest.mark.parametrize("spoils", [b"\xff" * 40, b"\0"], ids=["the packing", "a byte"])
def test_a_deflated_member_that_is_damaged_is_said(tmp_path: Path, spoils: bytes) -> None:
    path = _wacz(tmp_path, warc(range(3)))
    raw = bytearray(Path(path).read_bytes())
    raw[600 : 600 + len(spoils)] = spoils
    Path(path).write_bytes(raw)
    with pytest.raises(Broken, match="from its zip file: "):
        Opened(path, MEMBER)
