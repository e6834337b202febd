"""The extractor is spared work in our calls only."""

import pytest
import trafilatura
from lxml import etree
from trafilatura import core
from trafilatura.settings import Extractor

from pipeline.clean import sparing
from pipeline.clean.comparison import compared
from pipeline.clean.sparing import OURS, THEIRS, extract_spared
from pipeline.clean.tree import read_tree
from tests.builders import prose

PAGE = f"<html><body><article><p>{prose(3, 200)}</p></article></body></html>"


def test_in_our_calls_the_names_stand_for_ours_and_afterwards_for_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = []

    def extract(*given: object, **named: object) -> str:
        seen.append({name: vars(core)[name] for name in OURS})
        raise ValueError

    monkeypatch.setattr(sparing.trafilatura, "extract", extract)
    with pytest.raises(ValueError, match=r"^$"):
        extract_spared(etree.Element("html"), Extractor())
    assert seen == [OURS]
    assert {name: vars(core)[name] for name in THEIRS} == THEIRS
    assert vars(core)["compare_extraction"] is not compared
    assert not any(
        isinstance(search, etree.XPath)
        for name in OURS
        if name != "compare_extraction"
        for search in OURS[name]
    )


def test_the_text_is_the_extractors(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = read_tree(PAGE)
    assert tree is not None
    assert extract_spared(tree, Extractor(comments=False)) == trafilatura.extract(
        PAGE, include_comments=False
    )
