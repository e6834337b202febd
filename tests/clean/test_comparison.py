"""The comparison with readability is left out only where it could change nothing."""

from collections.abc import Callable
from copy import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml.html import HtmlElement
from trafilatura.external import try_readability
from trafilatura.utils import trim

from pipeline.clean import comparison, sparing
from pipeline.clean.body import body_lines
from pipeline.clean.tree import read_tree
from tests.builders import prose
from tests.corpus.loading import corpus

Compared = Callable[[str], bool]


@pytest.fixture
def is_compared(monkeypatch: pytest.MonkeyPatch) -> Compared:
    """Tells whether readability is asked about a page."""
    asked: list[HtmlElement] = []
    compare = comparison.compare_extraction

    def count(*given_: HtmlElement) -> object:
        asked.append(given_[1])
        return compare(*given_)

    monkeypatch.setattr(comparison, "compare_extraction", count)

    def look(body: str) -> bool:
        asked.clear()
        body_lines(tree_of(body))
        return bool(asked)

    return look


def tree_of(body: str) -> HtmlElement:
    tree = read_tree(f"<html><head><title>Story</title></head><body>{body}</body></html>")
    assert tree is not None
    return tree


def article(words: int = 240) -> str:
    return "<article>" + "".join(f"<p>{line}</p>" for line in prose(7, words).split("\n")) + "</article>"


def links(number: int) -> str:
    return (
        "<div><ul>"
        + "".join(f"<li><a href='/{n}'>Otters seen {n} times</a></li>" for n in range(number))
        + "</ul></div>"
    )


def test_the_lines_of_every_page_are_those_of_the_extractor_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    trees = [tree for page in corpus() if (tree := read_tree(page.decoded)) is not None]
    spared = [body_lines(tree) for tree in trees]
    monkeypatch.setattr(sparing, "OURS", sparing.THEIRS)
    assert spared == [body_lines(tree) for tree in trees]


def test_readability_is_not_asked_about_a_page_that_is_its_article(is_compared: Compared) -> None:
    assert not is_compared(article())


def test_readability_is_not_asked_for_the_sake_of_menus(is_compared: Compared) -> None:
    assert not is_compared(links(100) + article() + f"<footer>{links(50)}</footer>")


@pytest.mark.parametrize(
    "beside",
    [
        f"<section>{'<p>Nothing but text beside it, and much of it at that.</p>' * 100}</section>",
        links(400).replace("</a>", "</a> and text"),
        "<div><a href='/'>" + "one, two, three, " * 300 + "</a></div>",
        "<div>" + "<a href='/'><p>A long link that may be the article itself</p></a>" * 100 + "</div>",
        "<p>one</p><xmp></xmp><p>two</p>",
    ],
)
def test_readability_is_asked_where_there_is_doubt(is_compared: Compared, beside: str) -> None:
    assert is_compared(article() + beside)


def test_readability_is_asked_about_little_text_and_tables(is_compared: Compared) -> None:
    assert is_compared(article(20))
    assert is_compared(
        "<article>"
        + "<table><tr><td>Otters are seen in the harbour</td><td>3</td></tr></table>" * 20
        + "</article>"
    )


_TEXTS = st.sampled_from(
    ["", " ", "a", "one two", "one, two, ", "Otters were seen in the harbour on Tuesday, again. "]
)
_NAMES = st.sampled_from(["", ' class="article"', ' class="footer"', ' class="comment"', ' id="main"'])
_TAGS = st.sampled_from(
    [
        "div",
        "p",
        "a",
        "ul",
        "li",
        "section",
        "span",
        "h2",
        "td",
        "table",
        "form",
        "br",
        "header",
        "iframe",
        "b",
        "script",
        "title",
    ]
)


def _element(parts: tuple[str, str, str, str, str]) -> str:
    tag, names, text, inner, tail = parts
    at = ' href="/" src="https://www.youtube.com/embed/1"' if tag in {"a", "iframe"} else ""
    return f"<{tag}{names}{at}>{text}{inner}</{tag}>{tail}"


_PAGES = st.recursive(
    _TEXTS,
    lambda inner: st.lists(
        st.tuples(_TAGS, _NAMES, _TEXTS, inner, _TEXTS).map(_element), min_size=1, max_size=6
    ).map("".join),
    max_leaves=30,
)


@settings(max_examples=100)
@given(_PAGES)
def test_readability_never_finds_more_than_the_bound(body: str) -> None:
    tree = tree_of(body)
    found = len(trim(etree.tostring(try_readability(copy(tree)), method="text", encoding="unicode")))
    assert found == 0 or not comparison._has_no_more(copy(tree), found - 1)
