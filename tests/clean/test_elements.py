import pytest
from lxml.html import fromstring

from pipeline.clean.elements import first, joined, read_meta, seen_text


def test_meta_elements_are_read_by_each_of_their_names_with_entities_put_right():
    tree = fromstring(
        "<html><head><meta property='og:title' name='Title' content='Ships &amp;amp; crews'><meta name=a content=''>"
        "<meta itemprop=x content=one><meta itemprop=x content=two></head></html>"
    )
    meta = read_meta(tree)
    assert meta == {"og:title": ["Ships & crews"], "title": ["Ships & crews"], "x": ["one", "two"]}
    assert first(meta, "a", "x") == "one"
    assert first(meta, "b") is None


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One<br>two<script>x()</script> three</p>", "One two three"),
        ("<div><p>One</p><p>two</p></div>", "One two"),
        ("<p>One <span hidden>no</span><b style='display:none'>no</b>two</p>", "One two"),
        ("<p>In<b>divid</b>ual</p>", "Individual"),
    ],
)
def test_text_is_what_a_reader_sees(html, text):
    assert seen_text(fromstring(html)) == text


@pytest.mark.parametrize(
    ("stated", "whole"),
    [
        ("/b?x=1#top", "https://a.example/b?x=1"),
        ("//c.example/d", "https://c.example/d"),
        ("javascript:void(0)", None),
        ("  ", None),
        ("http://[bad", None),
    ],
)
def test_an_address_is_made_whole_or_is_none(stated, whole):
    assert joined("https://a.example/1", stated) == whole
