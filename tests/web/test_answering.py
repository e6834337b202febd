"""Parameters, addresses and CSV."""

import csv
import io

import pytest

from pipeline.web.answering import Asked, BadRequest, Paging, as_csv, as_json


@pytest.mark.parametrize("stated", ["0", "-1", "x", "1e3", "٣", "9999999", "100001"])
def test_what_is_no_page_is_refused(stated: str) -> None:
    with pytest.raises(BadRequest, match="no page"):
        Asked({}, {"page": stated}).page()


def test_an_address_keeps_its_parameters() -> None:
    asked = Asked({}, {"q": "a b&c", "page": "2"}, "/search")
    assert asked.address("csv") == "/search.csv?q=a+b%26c&page=2"
    assert asked.address(page=None) == "/search?q=a+b%26c"
    assert Asked({}).address("json") == "/index.json"


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (25, 1), (26, 2)])
def test_pages_are_counted(total: int, pages: int) -> None:
    assert Paging(1, 25, total).pages == pages


def test_csv_has_no_formula_and_one_level() -> None:
    made = as_csv([{"a": "=1+1", "b": {"on": "x", "at": None}, "c": ["p", "q"]}, {"a": "fine\0", "d": -3}])
    assert made.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(made.decode("utf-8-sig"))))
    assert rows[0] == {"a": "'=1+1", "b_on": "x", "b_at": "", "c": "p; q", "d": ""}
    assert (rows[1]["a"], rows[1]["d"]) == ("fine", "-3")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "＝1+1",
        "\n=1",
        "\t=1",
        "\r=1",
        "1e5",
        "3/4",
        "0012345678901234",
        "@SUM(1)",
        "-2",
        "2024-12-04",
        "'=1",
    ],
)
def test_no_text_is_taken_for_something_else(text: str) -> None:
    [row] = csv.DictReader(io.StringIO(as_csv([{"title": text}]).decode("utf-8-sig"), newline=""))
    assert row["title"] == f"'{text}"


def test_days_of_ours_stay_days_and_controls_are_shown() -> None:
    made = as_csv(
        [
            {
                "published_on": "2024-12-04",
                "published_at": "2024-12-04T10:00:00+00:00",
                "title": "a\x1b[2Jb\x9bc",
            }
        ]
    )
    [row] = csv.DictReader(io.StringIO(made.decode("utf-8-sig")))
    assert list(row.values()) == ["2024-12-04", "2024-12-04 10:00:00", "a\ufffd[2Jb\ufffdc"]


def test_json_survives_half_a_character() -> None:
    assert as_json({"a": "\ud800"}) == b'{\n "a": "?"\n}'
