"""What the head of an answer says of its page."""

import pytest

from pipeline.archive.pages import kept_headers, page_type


@pytest.mark.parametrize(
    ("stated", "body", "read_as"),
    [
        ("text/html; charset=utf-8", b"", "text/html"),
        ("Application/XHTML+XML", b"", "text/html"),
        ("text/html, text/html", b"", "text/html"),  # two fields of this name, folded into one
        ("text/plain", b"<p>", "text/plain"),
        ("", b"\r\n <!doctype html>", "text/html"),
        ("", b"%PDF", "application/octet-stream"),
        (" ; charset=utf-8", b"{}", "application/octet-stream"),
    ],
)
def test_a_page_is_read_as_what_it_says_it_is_or_looks_like(stated: str, body: bytes, read_as: str) -> None:
    assert page_type(stated, body) == read_as


def test_what_says_something_of_the_page_is_kept() -> None:
    headers = {"server": "x", "etag": '"1"', "date": "Wed", "set-cookie": "a=1"}

    assert kept_headers(headers) == {"etag": '"1"', "date": "Wed"}
