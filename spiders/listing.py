"""Discovers articles by listing pages, dated ones and those with a next page."""

from typing import ClassVar

from pipeline.events import Way
from spiders.base import FrontierSpider


class ListingSpider(FrontierSpider):
    """Visits the sources that are discovered by listing pages, dated ones and those with a next page."""

    name = "listing"
    ways: ClassVar[tuple[Way, ...]] = ("listing",)
