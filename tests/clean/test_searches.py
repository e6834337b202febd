"""The extractor's searches find what they found before, and are spared where they would find nothing."""

import pytest
from lxml import etree
from trafilatura import xpaths

from pipeline.clean.searches import spared
from pipeline.clean.tree import read_tree
from tests.corpus.loading import corpus

EXPRESSIONS = [*xpaths.RAW_TREE_PRUNE_XPATH, *xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH]
NAMES = [
    "mvp-post-add-box", "infinite-scroll", "a infinitescroll", "elementor-share-buttons", "comments", "Comment", "commentary",
    "comol", "disqus_thread", "x disqus_thread", "dsq-comments", "post-comments", "a\ncomment", "a comment", "plain", "",
]  # fmt: skip
BOXES = "".join(
    f'<{tag} {attribute}="{name}">{heading}</{tag}>'
    for tag in ("div", "section", "ul", "p", "details")
    for name in NAMES
    for attribute in ("id", "class")
    for heading in ("", "<h1>a</h1>")
)


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=range(len(EXPRESSIONS)))
def test_the_same_is_found(expression: etree.XPath) -> None:
    search = spared(expression)
    boxes = read_tree(f"<html><body>{BOXES}</body></html>")
    assert boxes is not None
    assert search(boxes) == expression(boxes) != []
    for page in corpus():
        tree = read_tree(page.decoded)
        if tree is not None:
            assert search(tree) == expression(tree)
    for box in boxes[0]:
        assert search(box.getparent()) == expression(box.getparent())
        box.drop_tree()
    assert search(boxes) == []


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=range(len(EXPRESSIONS)))
def test_the_form_of_each_expression_is_known(expression: etree.XPath) -> None:
    assert spared(expression) is not expression


@pytest.mark.parametrize(
    "path",
    [
        ".//div[@id='a']",
        ".//*[self::div][contains(@class, 'a') or @role='b']",
        ".//*[self::div][not(contains(@class, 'a'))]",
    ],
)
def test_an_expression_of_another_form_stays_as_it_is(path: str) -> None:
    expression = etree.XPath(path)
    assert spared(expression) is expression
