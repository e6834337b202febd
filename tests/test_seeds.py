"""Reading a folder of seeds: what a name declares, what the sidecar adds, what is set aside."""

import os
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import SetupError
from pipeline.seeds import read_folder
from pipeline.settings import MAX_FILE_BYTES
from pipeline.sidecar import read_sidecar
from pipeline.store.ingest import Arrival, Rejection
from tests.builders import NOON
from tests.conftest import SEEDS


def read(folder: Path) -> dict[str, Arrival | Rejection]:
    """Return what a folder gives, by file name."""
    found = {}
    for item in read_folder(folder, NOON):
        address = item.ledger_address if isinstance(item, Arrival) else item.outcome.address
        found[address.rsplit("/", 1)[-1]] = item
    return found


def reason(item: Arrival | Rejection) -> str | None:
    return item.outcome.reason if isinstance(item, Rejection) else None


def test_the_seeds_carry_what_their_sidecar_declares() -> None:
    items = read(SEEDS)
    assert len(items) == 5
    agency = items["003_b089da3e3180315c.txt"]
    assert isinstance(agency, Arrival)
    assert agency.capture.address == "https://en.interfax.com.ua/news/general/1031892.html"
    assert agency.capture.timezone == "Europe/Kyiv"
    assert agency.capture.declared.content_hash == "b089da3e3180315c"
    release = items["001_3751b706b1349350.txt"]
    assert isinstance(release, Arrival)
    assert release.capture.declared.published == date(2024, 12, 4)
    assert release.capture.source is not None
    assert release.capture.source.name == "NATO"


@pytest.mark.parametrize(
    ("name", "declares"),
    [
        ("000_d7bdffae1666519a.txt", "d7bdffae1666519a"),
        ("17_d7bdffae1666519a.html", "d7bdffae1666519a"),
        ("d7bdffae1666519a.txt", "d7bdffae1666519a"),
        ("notes.txt", None),
        ("005_rutte.txt", None),
        ("2024_12_04.txt", None),
        ("003_20241204.txt", None),
        ("005_face.txt", None),
        ("01_foreignministers.txt", None),
        ("2024_responsibilities.txt", None),
        ("20241204162800.txt", None),
    ],
)
def test_a_name_declares_a_hash_or_none(tmp_path: Path, name: str, declares: str | None) -> None:
    (tmp_path / name).write_text("A text.")
    item = read(tmp_path)[name]
    assert isinstance(item, Arrival)
    assert item.capture.declared.content_hash == declares


@pytest.mark.parametrize(
    "name",
    [
        "005_D7BDFFAE1666519A.txt",
        "005_zzzzzzzzzzzzzzzz.txt",
        "005_d7bdffae16665.txt",
        "005_d7bdffae1666519ab.txt",
        "D7BDFFAE1666519A.txt",
        "005-d7bdffae1666519a.txt",
        "005_d7bdffae1666519a (1).txt",
    ],
)
def test_a_malformed_hash_is_refused_with_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("A text.")
    [item] = read(tmp_path).values()
    assert reason(item) == "malformed-hash"
    assert isinstance(item, Rejection)
    assert name in (item.outcome.message or "")


def test_a_file_without_hash_or_sidecar_is_known_by_its_place(tmp_path: Path) -> None:
    (tmp_path / "a text.txt").write_text("A text.")
    [item] = read(tmp_path).values()
    assert isinstance(item, Arrival)
    assert item.capture.address == (tmp_path / "a text.txt").as_uri()


def test_each_bad_file_costs_itself_alone(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("A text.")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    with (tmp_path / "big.txt").open("wb") as big:
        big.truncate(MAX_FILE_BYTES + 1)
    assert {name: reason(item) for name, item in read(tmp_path).items()} == {
        "good.txt": None,
        "gone.txt": "unreadable",
        "folder.txt": "not-a-file",
        "pipe.txt": "not-a-file",
        "picture.png": "not-a-seed",
        "big.txt": "too-large",
    }


def test_a_file_that_vanishes_while_the_folder_is_read_costs_itself_alone(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("A text.")
    items = read_folder(tmp_path, NOON)
    next(items)
    (tmp_path / "b.txt").unlink()
    assert [reason(item) for item in items] == ["unreadable"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_costs_itself_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A text.")
    (tmp_path / "a.txt").chmod(0)
    assert reason(read(tmp_path)["a.txt"]) == "unreadable"


def test_a_missing_folder_and_one_without_seeds_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot be read"):
        read_folder(tmp_path / "nowhere", NOON)
    with pytest.raises(SetupError, match="no seed documents"):
        read_folder(tmp_path, NOON)


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("[source", "not valid TOML"),
        ("[sources.a]\nname = 'A'", "sources is not a key"),
        ("[source.a]\nnam = 'A'", "source.a.nam is not a key"),
        ("[source.a]\ncountry = 'BE'", "has no name"),
        ("[source.'A b']\nname = 'A'", "small letters"),
        ("[source.a]\nname = 'A'\ntimezone = 'Europe/Nowhere'", "line 3: source.a.timezone"),
        ("[source.a]\nname = 'A'\nhosts = 'a.test'", "must be a list"),
        ("[seed.x]\nsource = 'a'", "has no .source.a"),
        ("[seed.x]\npublished = '2024-12-04'", "not a date"),
        ("[seed.x]\ntitle = 5", "must be a text"),
        ("[seed]\nx = 5", "must be a table"),
        ("[seed.x]\nurl = 'https://a.test'", "line 2: seed.x.url"),
        ('[seed.x]\nlanguage = "\\u0000"', "NUL"),
    ],
)
def test_a_wrong_sidecar_is_a_sentence_that_names_the_file_and_the_key(
    tmp_path: Path, toml: str, says: str
) -> None:
    path = tmp_path / "seeds.toml"
    path.write_text(toml)
    with pytest.raises(SetupError, match=says) as caught:
        read_sidecar(path)
    assert str(path) in str(caught.value)


def test_a_name_that_is_no_text_costs_itself_alone(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("A text.")
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.pdf"))).write_bytes(b"%PDF")
    items = list(read_folder(tmp_path, NOON))
    [bad] = [item for item in items if isinstance(item, Rejection)]
    assert bad.outcome.reason == "not-a-seed"
    assert (bad.outcome.message or "").encode()
    assert len(items) == 2


def test_an_entry_of_the_sidecar_that_fits_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A text.")
    (tmp_path / "seeds.toml").write_text("[seed.'b.txt']\ntitle = 'B'\n[seed.'a.txt']\ntitle = 'A'\n")
    [told] = [item for item in read_folder(tmp_path, NOON) if isinstance(item, Rejection)]
    assert told.outcome.reason == "no-such-seed"
    assert "'b.txt'" in (told.outcome.message or "")
