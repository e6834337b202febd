"""Bibliographies: whatever stands in a headline, an entry stays one, and nothing is made up."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.export.citing import BibtexWriter, CslWriter, bibtex_entry, citation_key, csl_item, escaped
from pipeline.store.columns import Column, Kind

ARTICLE: dict[str, Any] = {
    "article_id": 7,
    "address": "https://www.a.test/x_y%20z~{1}",
    "source": "a-test",
    "outlet": "Smith & Sons",
    "title": "100 % of {NATO} costs $5_000 #1 \\o/ ~ ^",
    "published_on": date(2024, 12, 4),
    "captured_on": date(2024, 12, 9),
    "language": "en",
    "content_hash": "b089da3e3180315c",
    "opening": "How it begins with some words and\nmore",
    "authors": [
        {"name": "Ann Lee", "kind": "person"},
        {"name": "Black and White", "kind": "person"},
        {"name": "dpa", "kind": "organization"},
    ],
}


def fields(entry: str) -> dict[str, str]:
    """Read an entry as BibTeX does: a value ends where its braces are even, escaped ones counted as well."""
    found = {}
    for start in re.finditer(r"^  (\w+) = ", entry, re.MULTILINE):
        depth, at = 0, start.end()
        for at in range(start.end(), len(entry)):
            depth += {"{": 1, "}": -1}.get(entry[at], 0)
            if depth == 0 and entry[at] in "},\n":
                break
        found[start[1]] = entry[start.end() : at + 1].strip(",\n")
    return found


def test_an_entry_has_what_is_known_in_latex_words() -> None:
    read = fields(bibtex_entry(ARTICLE))
    assert read["title"] == (
        r"{{100 \% of {\textbraceleft}NATO{\textbraceright} costs \$5\_000 \#1 \textbackslash{}o/ "
        r"\textasciitilde{} \textasciicircum{}}}"
    )
    assert read["author"] == "{Ann Lee and {Black and White} and {dpa}}"
    assert read["howpublished"] == r"{Smith \& Sons}"
    assert (read["year"], read["month"], read["day"]) == ("{2024}", "dec", "{4}")
    assert read["url"] == "{https://www.a.test/x_y%20z~%7B1%7D}"
    assert read["urldate"] == "{2024-12-09}"
    assert (
        bibtex_entry(ARTICLE).count("www.a.test") == 1
    )  # a style that knows both fields would print it twice


def test_nothing_is_made_up_where_nothing_is_stated() -> None:
    bare = ARTICLE | {
        "address": "urn:newsfold:seed:b089da3e3180315c",
        "source": None,
        "outlet": None,
        "title": None,
        "published_on": None,
        "language": None,
        "authors": [],
    }
    read = fields(bibtex_entry(bare))
    assert set(read) == {"note"}
    assert "begins “How it begins with some words …”" in read["note"]
    item = csl_item(bare)
    assert set(item) == {"id", "type", "note"}
    assert citation_key(bare).startswith("text-undated-")


def test_a_key_is_the_addresses_and_no_row_numbers() -> None:
    assert citation_key(ARTICLE) == citation_key(ARTICLE | {"article_id": 8, "title": "Another"})
    assert citation_key(ARTICLE) != citation_key(ARTICLE | {"address": "https://www.a.test/2"})
    assert re.fullmatch(r"a-test-2024-[0-9a-f]{12}", citation_key(ARTICLE))


@given(st.text(max_size=60))
def test_no_headline_breaks_an_entry(title: str) -> None:
    depth = 0
    for sign in escaped(title):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0
    assert "\n" not in escaped(title)


@pytest.mark.parametrize("number", [0, 1, 3])
def test_files_are_whole_at_any_length(tmp_path: Path, number: int) -> None:
    columns = [Column(name, Kind.TEXT) for name in ARTICLE]
    rows = [tuple((ARTICLE | {"address": f"https://a.test/{index}"}).values()) for index in range(number)]
    for kind, name in ((BibtexWriter, "a.bib"), (CslWriter, "a.json")):
        writer = kind(tmp_path / name, columns, {})
        for row in rows:
            writer.write([row])
        writer.close()
    items = json.loads((tmp_path / "a.json").read_text())
    assert [item["URL"] for item in items] == [f"https://a.test/{index}" for index in range(number)]
    assert (tmp_path / "a.bib").read_text().count("@misc{") == number
