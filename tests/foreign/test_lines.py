"""Lines of JSON as newsfold documents them and as others write them; a broken one costs itself alone."""

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from backports import zstd

from pipeline.errors import Quarantine
from pipeline.foreign.filters import Filters
from pipeline.foreign.inputs import inputs_of
from pipeline.foreign.lines import fields_of, read_line
from pipeline.foreign.loose import plan_lines
from pipeline.foreign.planning import Planner, Step
from pipeline.foreign.reading import Loose, read_reference
from pipeline.foreign.references import Damaged, Reference
from pipeline.prepare import prepare
from tests.builders import prose
from tests.foreign.archives import write


def _line(**said: Any) -> bytes:
    return json.dumps(said).encode() + b"\n"


def _plan(path: Path, base: str | None = None) -> list[Step]:
    (one,) = inputs_of(path)
    planner = Planner(Filters(), lambda _: None)
    return list(plan_lines(one, planner, Loose(base), lambda _: None))


@pytest.mark.parametrize(
    "said",
    [
        {"url": "u", "text": "t", "date": "2024-12-04", "title": "T", "language": "en"},
        {"url": "u", "maintext": "t", "date_publish": "2024-12-04", "title": "T", "language": "en", "source_domain": "x"},
        {"link": "u", "content": "t", "published": "2024-12-04", "headline": "T", "lang": "en_GB"},
        {"requested_url": "u", "plain_text": "t", "publish_date": "2024-12-04", "title": "T", "language": "EN-us"},
    ],
)  # fmt: skip
def test_the_names_of_others_are_understood(said: dict[str, Any]) -> None:
    found = fields_of(json.dumps(said).encode(), "x")
    assert (found.url, found.text, found.title, found.language) == ("u", "t", "T", "en")
    assert found.published == date(2024, 12, 4)


@pytest.mark.parametrize(
    ("stated", "read"),
    [
        ("2024-12-04 16:28:00", datetime(2024, 12, 4, 16, 28)),  # noqa: DTZ001 - on a clock of unknown zone
        ("2024-12-04T16:28:00Z", datetime(2024, 12, 4, 16, 28, tzinfo=UTC)),
        ("Wed, 04 Dec 2024 16:28:00 GMT", datetime(2024, 12, 4, 16, 28, tzinfo=UTC)),
        (1733329680, datetime(2024, 12, 4, 16, 28, tzinfo=UTC)),
        (1733329680000, datetime(2024, 12, 4, 16, 28, tzinfo=UTC)),
    ],
)
def test_dates_keep_the_precision_that_they_have(stated: object, read: datetime) -> None:
    assert fields_of(json.dumps({"text": "t", "date": stated}).encode(), "x").published == read


def test_a_date_that_is_none_is_told_and_no_more() -> None:
    found = fields_of(b'{"text": "t", "date": "last week"}', "x")
    assert found.published is None
    assert found.notes == ("The date 'last week' was not understood.",)


@pytest.mark.parametrize("packs", [bytes, gzip.compress, zstd.compress], ids=["plain", "gzip", "zstd"])
def test_a_broken_line_costs_itself_alone_and_names_its_number(tmp_path: Path, packs: Any) -> None:
    good = [_line(url=f"http://a.test/{n}", text=prose(n)) for n in range(3)]
    data = (
        b"\xef\xbb\xbf" + good[0] + b'{"url": \n\n' + good[1] + b"[1]\n" + b"\xff\n" + good[2].rstrip(b"\n")
    )
    steps = _plan(write(tmp_path, "a.jsonl", packs(data)))
    damaged = [step for step in steps if isinstance(step, Damaged)]
    assert [step.place for step in damaged] == ["a.jsonl, line 2", "a.jsonl, line 5", "a.jsonl, line 6"]
    assert {step.reason for step in damaged} == {"broken-line"}
    references = [step for step in steps if isinstance(step, Reference)]
    bodies = [
        read_line(one, None, None).capture.body.decode()
        for one in (references[2], references[0], references[1])
    ]
    assert bodies == [prose(2), prose(0), prose(1)]


def test_lines_in_gzip_that_is_cut_off_are_read_up_to_there(tmp_path: Path) -> None:
    data = gzip.compress(b"".join(_line(url=f"http://a.test/{n}", text=prose(n)) for n in range(50)))
    steps = _plan(write(tmp_path, "a.jsonl.gz", data[:-200]))
    assert isinstance(steps[-1], Damaged)
    assert f"in line {len(steps)}" in steps[-1].sentence
    assert 10 < len(steps) < 51


def test_lines_over_several_gzip_members_are_one_file(tmp_path: Path) -> None:
    data = b"".join(_line(url=f"http://a.test/{n}", text=prose(n)) for n in range(4))
    path = write(tmp_path, "a.jsonl.gz", gzip.compress(data[:700]) + gzip.compress(data[700:]))
    references = [step for step in _plan(path) if isinstance(step, Reference)]
    assert read_line(references[3], None, None).capture.body.decode() == prose(3)


def test_a_file_that_is_one_object_is_one_line(tmp_path: Path) -> None:
    said = json.dumps({"url": "http://a.test/1", "maintext": prose(1)}, indent=4).encode()
    (reference,) = _plan(write(tmp_path, "a.json", said))
    assert isinstance(reference, Reference)
    assert read_line(reference, None, None).capture.body.decode() == prose(1)


def test_html_of_a_line_is_read_as_the_characters_that_it_is(tmp_path: Path) -> None:
    words = "Міністри закордонних справ країн НАТО зустрілися у Брюсселі, щоб говорити про війну та мир. " * 8
    html = (
        f"<html><head><meta charset=windows-1251></head><body><article><p>{words}</p></article></body></html>"
    )
    path = write(
        tmp_path, "a.jsonl", _line(url="/1", html=html, date_download="2024-12-05 00:00:00", title="Назва")
    )
    (reference,) = _plan(path, "http://a.test/")
    assert isinstance(reference, Reference)
    capture = read_line(reference, "http://a.test/", None).capture
    assert (capture.address, capture.captured_at) == ("http://a.test/1", datetime(2024, 12, 5, tzinfo=UTC))
    prepared = prepare(capture)
    assert prepared.text.startswith("Міністри закордонних")
    assert prepared.title is not None
    assert (prepared.title.value, prepared.title.origin) == ("Назва", "declared")


def test_a_line_without_an_address_is_broken(tmp_path: Path) -> None:
    (step,) = _plan(write(tmp_path, "a.jsonl", _line(text=prose(1))))
    assert isinstance(step, Damaged)
    assert step.sentence == "a.jsonl, line 1 has no url."


def test_an_address_that_the_base_cannot_complete_costs_its_line_alone(tmp_path: Path) -> None:
    lines = _line(url="//[x", text=prose(1)) + _line(url="/2", text=prose(2))
    damaged, good = _plan(write(tmp_path, "a.jsonl", lines), "http://a.test/")
    assert isinstance(damaged, Damaged)
    assert (damaged.place, damaged.reason) == ("a.jsonl, line 1", "no-address")
    assert "makes no address with http://a.test/" in damaged.sentence
    assert isinstance(good, Reference)


@pytest.mark.parametrize("stated", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-10:00"])
def test_a_moment_that_has_no_utc_is_told_and_no_more(stated: str) -> None:
    found = fields_of(json.dumps({"text": "t", "captured_at": stated, "date": stated}).encode(), "x")
    assert (found.captured, found.published) == (None, None)
    assert found.notes == tuple(
        f"The {what} {stated!r} was not understood." for what in ("date", "time of capture")
    )


@pytest.mark.parametrize("error", [ValueError("odd"), OverflowError("odd")])
def test_a_line_that_fails_in_a_way_nobody_foresaw_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    path = write(tmp_path, "a.jsonl", _line(url="http://a.test/1", text=prose(1)))
    (reference,) = _plan(path)
    assert isinstance(reference, Reference)

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("pipeline.foreign.lines.tidy_address", fail)
    (step,) = _plan(path)
    assert isinstance(step, Damaged)
    assert (step.reason, step.sentence) == ("broken-line", "a.jsonl, line 1 cannot be read: odd.")
    with pytest.raises(Quarantine, match=r"line 1 cannot be read: odd\."):
        read_reference(reference, Loose())


@pytest.mark.parametrize(
    "raw", [b"[" * 100_000, b"nul", b'{"a": "\\ud800"', b"", b'{"text": "", "html": null}']
)
def test_hostile_lines_are_refused(raw: bytes) -> None:
    with pytest.raises(Quarantine, match=r"^here "):
        fields_of(raw, "here")


def test_what_cannot_be_stored_is_replaced_in_every_field() -> None:
    found = fields_of(
        rb'{"url": "https://x.test/", "text": "a\ud800\u0000b", "title": "A \ud800 title\u0000", "lang": "e\udc00n"}',
        "here",
    )
    assert (found.text, found.title, found.language) == ("a?b", "A ? title", "e?n")
