"""Header fields from strangers become lines that say one thing each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.archive.fields import all_of, first_of, folded, http_head, read_fields, tidy_address


def test_a_head_is_written_as_it_came() -> None:
    headers = (("Set-Cookie", "a=1"), ("set-cookie", "b=2"), ("ETag", '"x"'))

    head = http_head(404, "Not Found", headers, 0)

    assert head == b'HTTP/1.1 404 Not Found\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nETag: "x"\r\n\r\n'


def test_what_only_concerned_the_connection_is_left_out() -> None:
    assert http_head(200, "OK", (("transfer-ENCODING", "chunked"),), 5) == b"HTTP/1.1 200 OK\r\n\r\n"


@pytest.mark.parametrize("stated", ["5", "999", "-1", "5, 5", ""])
def test_a_length_is_that_of_the_body_and_stands_once(stated: str) -> None:
    head = http_head(200, "", (("Content-length", stated), ("Content-Length", "7")), 5)

    assert head == b"HTTP/1.1 200 \r\nContent-length: 5\r\n\r\n"


def test_the_length_that_a_304_states_is_of_what_it_does_not_send() -> None:
    assert b"Content-Length: 99\r\n" in http_head(304, "Not Modified", (("Content-Length", "99"),), None)


def test_latin_1_is_written_byte_for_byte_and_anything_wider_as_utf_8() -> None:
    head = http_head(200, "Sch\u00f6n", (("A", "caf\u00e9\x85"), ("B", "новини"), ("C", "\ud800")), 0)

    assert head == b"HTTP/1.1 200 Sch\xf6n\r\nA: caf\xe9\x85\r\nB: " + "новини".encode() + b"\r\nC: ?\r\n\r\n"


@given(
    st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=5),
    st.text(),
    st.integers(min_value=100, max_value=999),
)
def test_no_header_forges_another(headers: list[tuple[str, str]], phrase: str, status: int) -> None:
    head = http_head(status, phrase, headers, None)

    kept = [name for name, _ in headers if name.strip() and name.strip().lower() != "transfer-encoding"]
    assert head.endswith(b"\r\n\r\n")
    assert head.count(b"\n") == head.count(b"\r") == len(kept) + 2
    assert len(read_fields(head[:-4], "latin-1")) == len(kept)


@given(
    st.lists(
        st.tuples(st.from_regex("[a-zA-Z][a-z-]*", fullmatch=True), st.text(st.characters(max_codepoint=255)))
    )
)
def test_a_head_reads_back_but_for_blanks_around_values(headers: list[tuple[str, str]]) -> None:
    clean = tuple(
        (name, value.translate(dict.fromkeys(b"\r\n\0", " ")).strip(" \t"))
        for name, value in headers
        if name.lower() != "transfer-encoding"
    )

    assert read_fields(http_head(200, "OK", headers, None)[:-4], "latin-1") == clean


def test_a_line_that_begins_with_a_blank_continues_the_one_before() -> None:
    fields = read_fields(b"HTTP/1.0 200 OK\nX: one\n\ttwo\nno field\r\n: y\r\nx:three", "utf-8")

    assert fields == (("X", "one two"), ("", "y"), ("x", "three"))
    assert list(all_of(fields, "X")) == ["one two", "three"]
    assert first_of(fields, "x") == "one two"
    assert first_of(fields, "z") is None


@pytest.mark.parametrize(
    ("address", "tidy"),
    [
        ("https://example.org/новини?a=1&b=%20#c", "https://example.org/новини?a=1&b=%20#c"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://example.org/\r\nWARC-Type: x", "https://example.org/%0D%0AWARC-Type:%20x"),
        ("https://example.org/\x85\0", "https://example.org/%C2%85%00"),
        ("https://example.org/\ud800", "https://example.org/%3F"),
    ],
)
def test_an_address_is_quoted_where_it_would_break_a_header(address: str, tidy: str) -> None:
    assert tidy_address(address) == tidy


def test_repeated_fields_are_one_by_lower_case_name() -> None:
    fields = (("Vary", "Accept"), ("ETag", '"x"'), ("vary", "Cookie"))

    assert folded(fields) == {"vary": "Accept, Cookie", "etag": '"x"'}
