"""Discovers articles by the Wayback Machine's index of captures."""

from typing import ClassVar

from pipeline.events import Way
from spiders.base import FrontierSpider


class WaybackSpider(FrontierSpider):
    """Visits the sources that are discovered by the Wayback Machine's index of captures."""

    name = "wayback"
    ways: ClassVar[tuple[Way, ...]] = ("wayback",)
