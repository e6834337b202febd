"""Discovers articles by sitemaps and sitemap indexes."""

from typing import ClassVar

from pipeline.events import Way
from spiders.base import FrontierSpider


class SitemapSpider(FrontierSpider):
    """Visits the sources that are discovered by sitemaps and sitemap indexes."""

    name = "sitemap"
    ways: ClassVar[tuple[Way, ...]] = ("sitemap",)
