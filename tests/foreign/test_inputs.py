"""What a file is, is told by what is in it; what it is not is said."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from pipeline.errors import Quarantine
from pipeline.foreign.inputs import inputs_of
from tests.foreign.archives import arc, page, warc, write, zst


@pytest.mark.parametrize(
    ("name", "data", "sort"),
    [
        ("a.warc.gz", warc([1]), "archive"),
        ("no-suffix", warc([1], packed=False), "archive"),
        ("a.warc.zst", zst([1], dictionary=True), "archive"),
        ("a.arc.gz", arc([1], packed=True), "archive"),
        ("a.warc.gz", b"\x1f\x8b\x08damaged", "archive"),
        ("a.jsonl.gz", gzip.compress(b'{"url": 1}\n', mtime=0), "lines"),
        ("a.jsonl", b"broken from the first line\n", "lines"),
        ("dump", b'{"url": 1}\n', "lines"),
        ("a.json", b'{\n  "url": 1\n}', "document"),
        ("a.html", page(1), "page"),
        ("page", b"\n<!doctype html><p>x", "page"),
        ("a.txt", b"Some words", "page"),
    ],
)
def test_what_a_file_is(tmp_path: Path, name: str, data: bytes, sort: str) -> None:
    (one,) = inputs_of(write(tmp_path, name, data))
    assert (one.sort, one.member, one.size, one.name) == (sort, None, len(data), name)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [("a.png", b"\x89PNG", "unknown-format"), ("a.jsonl.gz", b"\x1f\x8b\x08damaged", "damaged"), ("b", b"", "unknown-format")],
)  # fmt: skip
def test_what_cannot_be_imported_is_said(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    with pytest.raises(Quarantine, match=name) as caught:
        inputs_of(write(tmp_path, name, data))
    assert caught.value.reason == reason


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "none.warc", "unreadable"), (tmp_path, "a-folder")):
        with pytest.raises(Quarantine) as caught:
            inputs_of(path)
        assert caught.value.reason == reason


def test_a_wacz_holds_its_archives_and_a_zip_without_them_is_none(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("archive/b.warc.gz", warc([2]))
        archive.writestr("archive/a.warc", warc([1], packed=False), zipfile.ZIP_DEFLATED)
        archive.writestr("indexes/index.cdx", b"x")
        archive.writestr("datapackage.json", b"{}")
    found = inputs_of(write(tmp_path, "a.wacz", file.getvalue()))
    assert [one.name for one in found] == ["a.wacz!archive/a.warc", "a.wacz!archive/b.warc.gz"]
    assert len({one.identity for one in found}) == 2
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("datapackage.json", b"{}")
    with pytest.raises(Quarantine, match="zip file without archives"):
        inputs_of(write(tmp_path, "b.wacz", empty.getvalue()))


def test_a_file_is_known_again_by_its_name_size_and_ends(tmp_path: Path) -> None:
    data = warc(range(3))
    first = inputs_of(write(tmp_path, "a.warc.gz", data))
    other = tmp_path / "other"
    other.mkdir()
    assert inputs_of(write(other, "a.warc.gz", data))[0].identity == first[0].identity
    assert inputs_of(write(tmp_path, "b.warc.gz", data))[0].identity != first[0].identity
    assert inputs_of(write(tmp_path, "a.warc.gz", data + warc([9])))[0].identity != first[0].identity
