"""Discovers articles by the REST API of WordPress sites."""

from typing import ClassVar

from pipeline.events import Way
from spiders.base import FrontierSpider


class WordPressSpider(FrontierSpider):
    """Visits the sources that are discovered by the REST API of WordPress sites."""

    name = "wordpress"
    ways: ClassVar[tuple[Way, ...]] = ("wordpress",)
