"""The blocks of a page as an extractor would give them that lets everything through, and where each stood."""

from lxml import html

from pipeline.clean.structure import Place, read_places

_BLOCKS = ("p", "h1", "h2", "h3", "h4", "li", "figcaption", "time", "button", "label", "address", "td")


def blocks(markup: str) -> tuple[list[str], list[Place | None]]:
    """Return a body's lines, the items of its lists marked, and their places."""
    tree = html.fromstring(f"<html><body><article>{markup}</article></body></html>")
    lines = [
        ("- " if node.tag == "li" else "") + " ".join(node.text_content().split())
        for node in tree.iter(*_BLOCKS)
    ]
    return lines, read_places(tree, lines, "https://outlet.example/2024/12/04/cables")
