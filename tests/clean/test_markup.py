import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean.markup import without_absurd_tags


def attributes(number: int, value: str = '"1"') -> str:
    return " ".join(f"a{n}={value}" for n in range(number))


@pytest.mark.parametrize("value", ['"1"', "'1'", "1", '">"', "'a > b'", '""'])
def test_a_tag_with_absurdly_many_attributes_loses_them_all(value):
    assert without_absurd_tags(f"<p>a</p><p {attributes(1000, value)}>b</p>") == "<p>a</p><p>b</p>"


def test_attributes_without_values_or_spaces_count_too():
    assert without_absurd_tags(f"<p {' '.join(f'a{n}' for n in range(1000))}>b") == "<p>b"
    assert without_absurd_tags(f"<p/{'/'.join(f'a{n}' for n in range(1000))}>b") == "<p>b"


def test_a_tag_that_is_only_long_stays_as_it_is():
    long = f'<div data-props="{"{a: 1} " * 5000}" {attributes(200)}>b</div>'
    assert without_absurd_tags(long) == long


@given(st.text(alphabet="<>p \"'=/a1\n-!", max_size=400))
def test_markup_of_usual_size_is_never_changed(markup):
    assert without_absurd_tags(markup) == markup


@pytest.mark.parametrize(
    "unit", ["<a ", '<a ="', "<a ='", "<", "=", '="', "<a", "<p a", "\"'=", "<p a=b ", "<p a='>' "]
)
def test_broken_markup_of_a_megabyte_is_read_in_time(unit):
    start = time.perf_counter()
    without_absurd_tags(unit * (1_000_000 // len(unit)))
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("before", [0, 1, 1023, 1024, 1025, 2049, 3000])
@pytest.mark.parametrize("within", [-1, 0, 1])
def test_a_long_tag_is_found_wherever_it_stands(before, within):
    """Pages are read in steps: no step may pass over a tag."""
    text = "a" * before + "<i>" + "b" * (1024 + within)
    assert without_absurd_tags(f"{text}<p {attributes(400)}>c<b>") == f"{text}<p>c<b>"
