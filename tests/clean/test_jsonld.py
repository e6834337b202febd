import pytest
import trafilatura

from pipeline.clean.jsonld import read_linked_data, words
from tests.clean.test_extract import linked, page

HEADLINE = "Nine states agree on the ferries"
AT = "https://post.example/ferries"
OWN = {"@type": "NewsArticle", "headline": HEADLINE, "author": {"@id": "#ann"}}
OTHER = {"@type": "NewsArticle", "headline": "Herring came late", "url": "https://post.example/herring"}
ANN = {"@type": "Person", "@id": "#ann", "name": "Ann Lee"}


def read(*values: object):
    tree = trafilatura.load_html(page("".join(map(linked, values))).decode())
    return read_linked_data(tree, (HEADLINE,), (AT,))


@pytest.mark.parametrize(
    "values",
    [
        [[OTHER, OWN, ANN]],
        [{"@graph": [OTHER, ANN, OWN]}],
        [OTHER, OWN, ANN],
        [{"@type": "WebPage", "mainEntity": OWN}, ANN],
        ["{broken", OWN, ANN],
    ],
)
def test_the_pages_own_article_is_found_in_every_shape(values):
    found = read(*values)
    assert found.article["headline"] == HEADLINE
    assert found.names(found.article["author"]) == ["Ann Lee"]


def test_what_the_own_node_lacks_is_taken_from_another_with_the_same_headline_alone():
    found = read(
        [
            OWN,
            {**OTHER, "datePublished": "2024-01-01"},
            {"@type": "Report", "headline": HEADLINE, "articleSection": "Sea"},
        ]
    )
    assert found.article["articleSection"] == "Sea"
    assert "datePublished" not in found.article


def test_nodes_without_end_are_not_all_read():
    assert len(read([{"@type": f"T{n}"} for n in range(500)]).types) == 200


@pytest.mark.parametrize(
    ("value", "text"), [("A &amp;amp; B\n C", "A & B C"), (None, ""), (["A"], ""), (7, "")]
)
def test_words_are_texts_put_right(value, text):
    assert words(value) == text
