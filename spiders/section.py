"""Discovers articles by the links of a section, to a depth."""

from typing import ClassVar

from pipeline.events import Way
from spiders.base import FrontierSpider


class SectionSpider(FrontierSpider):
    """Visits the sources that are discovered by the links of a section, to a depth."""

    name = "section"
    ways: ClassVar[tuple[Way, ...]] = ("section",)
