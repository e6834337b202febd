"""Discovers articles by RSS, Atom, RDF and JSON feeds."""

from typing import ClassVar

from pipeline.events import Way
from spiders.base import FrontierSpider


class FeedSpider(FrontierSpider):
    """Visits the sources that are discovered by RSS, Atom, RDF and JSON feeds."""

    name = "feed"
    ways: ClassVar[tuple[Way, ...]] = ("feed",)
