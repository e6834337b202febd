"""What a listing says of a document in a line, from its articles."""

from collections.abc import Mapping
from typing import Any


def brief(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document's hash, title, sources, earliest date and words."""
    articles = document["articles"]
    titles = [article["title"]["value"] for article in articles if article["title"]]
    published = [article["published"] for article in articles if article["published"]]
    return {
        "content_hash": document["content_hash"],
        "title": titles[0] if titles else None,
        "opening": document["opening"],
        "sources": sorted({article["source"]["name"] for article in articles if article["source"]}),
        "published": min(published, key=lambda date: (date["on"], date["at"] or "~")) if published else None,
        "words": document["words"],
    }
