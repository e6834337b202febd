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


def test_json_survives_half_a_character() -> None:
    assert as_json({"a": "\ud800"}) == b'{\n "a": "?"\n}'
