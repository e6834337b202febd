"""What the extractor makes of a page, and of one that is laid out in tables."""

from lxml import html

from pipeline.clean.body import body_lines
from tests.builders import prose

PARAGRAPHS = prose(7, 240).split("\n")


def page(body: str) -> html.HtmlElement:
    return html.document_fromstring(f"<html><head><title>Story</title></head><body>{body}</body></html>")


def test_a_page_that_is_laid_out_in_a_table_gives_its_paragraphs() -> None:
    cell = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    menu = "<td><a href='/a'>Home</a><br><a href='/b'>World</a></td>"
    tree = page(f"<table width='900'><tr>{menu}<td>{cell}</td></tr></table>")
    before = html.tostring(tree)
    assert [line for line in body_lines(tree) if line in PARAGRAPHS] == PARAGRAPHS
    assert html.tostring(tree) == before


def test_a_table_of_results_stays_a_table() -> None:
    text = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    rows = "<tr><td>Otters</td><td>3</td></tr><tr><td>Herons</td><td>1</td></tr>"
    lines = body_lines(page(f"<article>{text}<table>{rows}</table></article>"))
    assert [line.strip() for line in lines if line.startswith("|")] == ["| Otters | 3 |", "| Herons | 1 |"]


def test_a_page_without_an_article_has_no_lines() -> None:
    assert body_lines(page("")) == []
