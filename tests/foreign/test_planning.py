"""What is wanted of an archive is told by heads; what is not is counted by its reason, and nothing is lost."""

import gzip
import io
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from warcio.warcwriter import WARCWriter

from pipeline.foreign.filters import Filters
from pipeline.foreign.planning import Planner
from pipeline.foreign.references import Damaged, PassedOver, Reference
from pipeline.items import Source
from tests.foreign.archives import AT, answer, page, raw_record, response, sha1, warc, write

OUTLET = Source("gazette", "The Gazette", ("gazette.test",))


def _plan(path: Path, **wanted: object) -> tuple[list[Reference], Counter[str], list[Damaged]]:
    planner = Planner(Filters(**wanted), lambda _: OUTLET)  # type: ignore[arg-type]
    steps = list(planner.archive(str(path), None, lambda _: None))
    reasons = Counter(step.reason for step in steps if isinstance(step, PassedOver))
    return (
        [step for step in steps if isinstance(step, Reference)],
        reasons,
        [step for step in steps if isinstance(step, Damaged)],
    )


def _mixed(folder: Path) -> Path:
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True)
    response(
        writer,
        "http://gazette.test/en",
        page(1),
        headers={"Content-Type": "text/html", "Content-Language": "en-GB, fr"},
    )
    response(
        writer,
        "http://news.gazette.test/de",
        page(2),
        headers={"Content-Type": "text/html", "Content-Language": "de"},
    )
    response(writer, "http://other.test/late", page(3), at="2025-01-01T00:00:00Z")
    response(writer, "http://other.test/gone", page(4), status="404 Not Found")
    response(writer, "http://other.test/i.png", b"\x89PNG", headers={"Content-Type": "image/png"})
    response(writer, "http://other.test/bare", page(5), headers={})
    response(writer, "http://other.test/xhtml", page(6), headers={"Content-Type": "application/xhtml+xml"})
    return write(folder, "mixed.warc.gz", file.getvalue())


@pytest.mark.parametrize(
    ("wanted", "kept", "reasons"),
    [
        ({}, ["en", "de", "late", "bare", "xhtml"], {"status-404": 1, "media-type": 1}),
        ({"hosts": ("gazette.test",)}, ["en", "de"], {"host": 5}),
        ({"hosts": ("zette.test",)}, [], {"host": 7}),
        ({"until": date(2024, 12, 4)}, ["en", "de", "bare", "xhtml"], {"after-until": 1, "status-404": 1, "media-type": 1}),
        ({"since": date(2024, 12, 5)}, ["late"], {"before-since": 6}),
        ({"languages": frozenset(["fr"])}, ["en", "late", "bare", "xhtml"], {"language": 1, "status-404": 1, "media-type": 1}),
        ({"statuses": frozenset([404])}, ["gone"], {"status-200": 6}),
        ({"types": frozenset(["image/png"])}, ["i.png"], {"media-type": 5, "status-404": 1}),
    ],
)  # fmt: skip
def test_heads_tell_what_is_wanted(
    tmp_path: Path, wanted: dict[str, object], kept: list[str], reasons: dict[str, int]
) -> None:
    path = _mixed(tmp_path)
    references, passed, damaged = _plan(path, **wanted)
    names = ["en", "de", "late", "gone", "i.png", "bare", "xhtml"]
    every, _, _ = _plan(path, statuses=frozenset([200, 404]), types=frozenset(["text/html", "image/png", "application/xhtml+xml"]))  # fmt: skip
    places = dict(zip((one.offset for one in every), names, strict=True))
    assert [places[one.offset] for one in references] == kept
    assert passed == reasons
    assert damaged == []


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "dns:gazette.test", "urn:pageinfo:x", "file:///etc/passwd", "http://", ""],
)
def test_what_is_no_web_address_is_passed_over(tmp_path: Path, address: str) -> None:
    references, passed, _ = _plan(write(tmp_path, "a.warc", answer(address, page(1))))
    assert references == []
    assert passed == {"no-web-address": 1}


def test_records_that_hold_no_capture_are_counted_by_their_type(tmp_path: Path) -> None:
    data = b"".join(
        raw_record({"WARC-Type": kind, "WARC-Target-URI": "http://a.test/", "WARC-Date": AT}, b"x")
        for kind in ("warcinfo", "request", "metadata", "request", "invented")
    )
    assert _plan(write(tmp_path, "a.warc", data))[1] == {
        "warcinfo": 1,
        "request": 2,
        "metadata": 1,
        "other-record": 1,
    }


def test_resources_and_conversions_are_taken_where_they_are_text(tmp_path: Path) -> None:
    kinds = [("resource", "text/html"), ("resource", "image/png"), ("conversion", "text/plain"), ("conversion", "text/html")]  # fmt: skip
    data = b"".join(
        raw_record(
            {
                "WARC-Type": kind,
                "Content-Type": media_type,
                "WARC-Date": AT,
                "WARC-Target-URI": f"http://a.test/{n}",
            },
            b"some words",
        )
        for n, (kind, media_type) in enumerate(kinds)
    )
    references, passed, _ = _plan(write(tmp_path, "a.warc", data))
    assert len(references) == 2
    assert passed == {"media-type": 2}


def test_identified_languages_of_three_letters_are_understood(tmp_path: Path) -> None:
    fields = {"WARC-Type": "conversion", "Content-Type": "text/plain", "WARC-Date": AT}
    data = b"".join(
        raw_record(
            {**fields, "WARC-Target-URI": f"http://a.test/{code}", "WARC-Identified-Content-Language": code},
            b"words",
        )
        for code in ("ukr", "eng,deu")
    )
    references, passed, _ = _plan(write(tmp_path, "a.warc", data), languages=frozenset(["uk"]))
    assert [one.offset for one in references] == [0]
    assert passed == {"language": 1}


def test_a_record_without_a_date_or_an_answer_is_damage(tmp_path: Path) -> None:
    data = answer("http://a.test/", page(1)).replace(AT.encode(), b"some day") + answer("http://a.test/", b"x").replace(b"HTTP/1.1 200", b"HTTPS!!! 200")  # fmt: skip
    references, _, damaged = _plan(write(tmp_path, "a.warc", data))
    assert references == []
    assert ["no date" in damaged[0].sentence, "no HTTP answer" in damaged[1].sentence] == [True, True]


def test_a_revisit_refers_to_an_earlier_answer_by_its_digest(tmp_path: Path) -> None:
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True)
    response(writer, "http://a.test/1", page(1))
    for address, digest in (("http://a.test/2", sha1(page(1))), ("http://a.test/3", sha1(page(9)))):
        writer.write_record(writer.create_revisit_record(address, digest, "http://a.test/1", AT))
    (first, second), passed, _ = _plan(write(tmp_path, "a.warc.gz", file.getvalue()))
    assert second.body_of is not None
    assert second.body_of.position == first.position
    assert passed == {"revisit-unresolved": 1}


def test_a_second_capture_of_an_address_is_marked(tmp_path: Path) -> None:
    references, _, _ = _plan(write(tmp_path, "a.warc", answer("http://a.test/", page(1)) * 2))
    assert [one.is_repeat for one in references] == [False, True]


def test_every_record_is_a_step_in_a_file_of_one_member_too(tmp_path: Path) -> None:
    path = write(tmp_path, "a.warc.gz", gzip.compress(warc(range(5), packed=False)))
    references, passed, _ = _plan(path)
    assert len(references) == 5
    assert {one.offset for one in references} == {0}
    assert {one.software for one in references} == {"maker 1.0"}
    assert passed == {"warcinfo": 1}
