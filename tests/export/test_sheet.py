"""CSV as a spreadsheet opens it: what it would compute or take for a number is kept a text, and comes back whole."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.export.sheet import LONGEST_CELL, SheetWriter, guarded, unguarded
from pipeline.store.columns import Column, Kind

COLUMNS = [
    Column("number", Kind.INTEGER),
    Column("share", Kind.NUMBER),
    Column("sure", Kind.BOOLEAN),
    Column("day", Kind.DATE),
    Column("at", Kind.DATETIME),
    Column("title", Kind.TEXT),
    Column("credits", Kind.TEXTS),
]


@pytest.mark.parametrize(
    "words",
    [
        '=HYPERLINK("http://evil.test","x")', "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1",
        "1234567890123456", "12345678901234e5", "1E9", "0012", "3.14", "1,5", "50%", "2024-12-04", "3/4", "12:30",
        "'=1+1", "''-1",
        # LibreOffice took each of these for a number, a date or a truth in one of its languages.
        "Dec 4", "December 4, 2024", "Mar-05", "May 2024", "Sept 11", "5 January", "4. Dezember 2024", "31 грудня 2024",
        "12/4/2024 14:28", "12:30:45.5", "10:30 AM", "2:30 pm", "1 1/2", "$5", "100 $", "€100", "5 €", "(5)", "(1,234)",
        "TRUE", "false", "١٢", "２０２４", "二〇二四", "'Dec 4",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_would_compute_or_convert_stays_a_text(words: str) -> None:
    assert guarded(words) == f"'{words}"
    assert unguarded(guarded(words)) == words


@pytest.mark.parametrize(
    "words",
    [
        "Rutte: War in Ukraine",
        "'Shadow fleet' sails",
        "d7bdffae1666519a",
        "3 dead",
        "– 5",
        "",
        " =1",
        "e5",
        "4 ministers",
        "May day",
        "True story",
        "Dec 4: ministers meet",
        "12345678beefcafe",
        "#1",
        "§ 5",
    ],
)
def test_what_a_spreadsheet_leaves_alone_is_left_alone(words: str) -> None:
    assert guarded(words) == words == unguarded(words)


@given(st.text(alphabet="'=+-@19e., \t\rab:/€(mayx"))
def test_every_text_comes_back_as_it_was(words: str) -> None:
    assert unguarded(guarded(words)) == words


def test_a_file_is_what_excel_takes_for_utf_8_with_real_numbers_and_dates(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    writer = SheetWriter(path, COLUMNS, {})
    at = datetime(2024, 12, 4, 14, 28, 9, 500000, tzinfo=UTC)
    writer.write(
        [(-3, -0.5, True, date(2024, 12, 4), at, '=1+1, "zwei"\nЗміна', ["NATO", "dpa"]), (None,) * 7]
    )
    writer.close()
    body = path.read_bytes()
    assert body.startswith(b"\xef\xbb\xbfnumber,")
    assert body.count(b"\r\n") == 3
    [heading, row, empty] = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))
    assert heading == [column.name for column in COLUMNS]
    # A minus sign before a number is a number's, and no formula's.
    assert row == [
        "-3",
        "-0.5",
        "true",
        "2024-12-04",
        "2024-12-04 14:28:09",
        '\'=1+1, "zwei"\nЗміна',
        "NATO; dpa",
    ]
    assert empty == [""] * 7
    assert not writer.notes


def test_a_text_longer_than_a_cell_is_cut_and_said_so(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    writer = SheetWriter(path, [Column("text", Kind.TEXT)], {})
    writer.write([("ä" * LONGEST_CELL,), ("ä" * (LONGEST_CELL + 1),)])
    writer.close()
    csv.field_size_limit(10 * LONGEST_CELL)
    [_, [whole], [cut]] = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
    assert whole == "ä" * LONGEST_CELL
    assert len(cut) == LONGEST_CELL
    assert cut.endswith("ä […]")
    assert writer.notes["text"].startswith("1 of its cells")


def test_a_sign_that_excel_counts_twice_is_counted_twice(tmp_path: Path) -> None:
    writer = SheetWriter(tmp_path / "a.csv", [Column("text", Kind.TEXT)], {})
    cells = [writer._cell("text", Kind.TEXT, "x" + "🕊" * number) for number in (16_383, 16_384)]
    writer.close()
    assert [cell.endswith("[…]") for cell in cells] == [False, True]
    assert len(cells[1].encode("utf-16-le")) // 2 in (LONGEST_CELL - 1, LONGEST_CELL)
