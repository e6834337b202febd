"""A page is loaded as trafilatura would load it."""

import pytest
import trafilatura
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml.html import HtmlElement

from pipeline.clean.tree import read_tree
from tests.corpus.loading import pages_of

LONG = "<!-- of 5,000 characters -->" + "<i>a</i> " * 700


def as_it_stands(tree: HtmlElement | None) -> bytes | None:
    return None if tree is None else etree.tostring(tree)


@pytest.mark.parametrize(
    "page",
    [
        "",
        " ",
        "no markup",
        "<p>one</p>",
        "<p>one</p><p>two</p>",
        "{}",
        "<html></html>",
        "<html/><p>one</p><p>two</p>",
        "<!DOCTYPE html SYSTEM 'about:legacy-compat'/><html/>\n<p>one</p><p>two</p>",
        '<?xml version="1.0" encoding="utf-16"?>\n<html><body><p>Übung</p><p>two</p></body></html>',
        '<html><head><meta charset="windows-1251"></head><body><p>Übung “a” \U0001f600</p></body></html>',
        "<html><body><p>a\x01b\x0bc\ufffed\uffffe\x7ff\x00g</p></body></html>",
        f"<!doctype html><html><body>{LONG}<p>a\x01b\uffffc</p>\n\n<p>two</p></body></html>",
        f"<!doctype html>\n<html><body><pre>\r\n{LONG}\n  a\x1fb\n</pre></body></html>",
        "<html><body><!-- a --><p>one<!-- b -->two<?php echo 1 ?>three</p><!-- open",
        "<html><body>one</body><body>two<p>three</p></body></html>",
        "\xa0\n<html><body><p>one</p></body></html>",
    ],
)
def test_the_tree_is_the_one_that_trafilatura_loads(page: str) -> None:
    assert as_it_stands(read_tree(page)) == as_it_stands(trafilatura.load_html(page))


def test_the_trees_of_whole_pages_are_those_that_trafilatura_loads() -> None:
    for page in pages_of("seen"):
        assert as_it_stands(read_tree(page.decoded)) == as_it_stands(trafilatura.load_html(page.decoded))


@given(st.text(alphabet="<>/!-p b\n\0\x01é“\uffff\U0001f600=\"'&#;htmlody", max_size=300))
def test_any_characters_give_what_trafilatura_loads(markup: str) -> None:
    assert as_it_stands(read_tree(markup)) == as_it_stands(trafilatura.load_html(markup))


def test_no_element_asks_python_for_its_class() -> None:
    tree = read_tree("<html><body><form><input name='a'><label>a</label></form></body></html>")
    assert tree is not None
    assert {type(one) for one in tree.iter()} == {HtmlElement}
